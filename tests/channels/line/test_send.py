"""The way out: which call is made, and what each answer of LINE means."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.channels.base import Envelope, Payload, SendError, Sent, Shown
from bot.channels.line.channel import LineChannel
from bot.channels.line.client import Pace
from handlers.messages import Attachment
from tests.channels.line.samples import GROUP, OFFICER, PERSON
from tests.fakes.line import FakeLine

KEY = str(uuid.UUID(int=7))
SECRET_WORDS = "รถสีขาวที่วัด"


def text(words: str = SECRET_WORDS) -> Payload:
    """One text message."""
    return Payload({"messages": [{"type": "text", "text": words}]})


def push(to: str = PERSON, key: str = KEY) -> Envelope:
    """An envelope without a reply token."""
    return Envelope(to, key)


def reply(line: FakeLine, **more: Any) -> Envelope:
    """An envelope with a reply token that LINE has just given out."""
    token = line.event("message", PERSON)["replyToken"]
    return Envelope(PERSON, KEY, reply_token=token, **{"token_fresh": True, **more})


def paths(line: FakeLine) -> list[str]:
    """The last part of each path that was called."""
    return [path.rsplit("/", 1)[-1] for _, path, _ in line.calls]


async def test_reply_is_free(line: FakeLine, channel: LineChannel) -> None:
    """With a token the answer is a reply, costs nothing, and tells the message ids."""
    person = line.person(PERSON)
    sent = await channel.send(text(), reply(line))
    assert isinstance(sent, Sent)
    assert (sent.billed, line.billed, person.seen()) == (0, 0, [SECRET_WORDS])
    assert sent.message_ids == (person.messages()[0]["id"],)


async def test_push_counts_each_member_once_per_call(line: FakeLine, channel: LineChannel) -> None:
    """Five objects pushed to a group of three are one call for us and three messages for LINE."""
    for number in range(3):
        line.person(f"U{number}", group=GROUP)
    payload = Payload({"messages": [{"type": "text", "text": str(n)} for n in range(5)]})
    sent = await channel.send(payload, push(GROUP))
    assert isinstance(sent, Sent)
    assert (sent.billed, len(sent.message_ids), line.billed, line.pushes) == (1, 5, 3, 1)


@pytest.mark.parametrize("seconds", [0, 61])
async def test_spent_token_falls_back_to_push(line: FakeLine, channel: LineChannel, seconds: int) -> None:
    """A token that is used up or too old costs one push and loses nothing."""
    person = line.person(PERSON)
    envelope = reply(line, token_fresh=False)
    if not seconds:
        await channel.send(text("first"), envelope)
    line.advance(seconds)
    sent = await channel.send(text(), envelope)
    assert sent == Sent((person.messages()[-1]["id"],), 1)
    assert paths(line)[-2:] == ["reply", "push"]


async def test_reply_that_went_out_unheard_is_not_repeated(line: FakeLine, channel: LineChannel) -> None:
    """The first try broke off after LINE took it; the second finds the fresh token used and leaves it at that."""
    person = line.person(PERSON)
    envelope = reply(line)
    line.fail("reply", "taken")
    first = await channel.send(text(), envelope)
    assert isinstance(first, SendError)
    assert first.kind == "unclear"
    assert await channel.send(text(), envelope) == Sent()
    assert (person.seen(), line.billed) == ([SECRET_WORDS], 0)


async def test_reply_that_never_arrived_is_repeated(line: FakeLine, channel: LineChannel) -> None:
    """The first try broke off before LINE took it: the token still holds, and the second try is heard."""
    person = line.person(PERSON)
    envelope = reply(line)
    line.fail("reply", "lost", "500")
    assert isinstance(await channel.send(text(), envelope), SendError)
    assert isinstance(await channel.send(text(), envelope), SendError)
    assert isinstance(await channel.send(text(), envelope), Sent)
    assert (person.seen(), line.billed) == ([SECRET_WORDS], 0)


async def test_push_that_went_out_unheard_is_not_doubled(line: FakeLine, channel: LineChannel) -> None:
    """The retry key makes LINE answer 409 with the first call's message ids."""
    person = line.person(PERSON)
    line.fail("push", "taken")
    first = await channel.send(text(), push())
    assert isinstance(first, SendError)
    assert first.kind == "retry"
    assert await channel.send(text(), push()) == Sent((person.messages()[0]["id"],), 1)
    assert (person.seen(), line.billed) == ([SECRET_WORDS], 1)


async def test_quota_and_rate_are_told_apart(line: FakeLine, channel: LineChannel) -> None:
    """A used-up month waits an hour, a call too many a few seconds."""
    line.person(PERSON)
    line.fail("push", "429")
    rate = await channel.send(text(), push())
    line.quota = 0
    quota = await channel.send(text(), push())
    assert isinstance(rate, SendError)
    assert (rate.kind, rate.detail, 0 < rate.retry_after < 60) == ("limited", "rate", True)
    assert quota == SendError("limited", "quota", retry_after=3600.0, lets_pass=True)


async def test_a_reply_needs_no_quota(line: FakeLine, channel: LineChannel) -> None:
    """Reporters are answered even when the month's messages are used up."""
    line.quota = 0
    assert isinstance(await channel.send(text(), reply(line)), Sent)


async def test_unreachable_chats_are_gone(line: FakeLine, channel: LineChannel) -> None:
    """A stranger's id and a group that we were removed from are final; a person who blocked us is not told apart."""
    group, person = line.person(OFFICER, group=GROUP), line.person(PERSON)
    group.chat.bot_is_in, person.chat.blocked = False, True
    for address in ("Uunknown", GROUP):
        answer = await channel.send(text(), push(address))
        assert isinstance(answer, SendError)
        assert answer.kind == "gone"
    assert isinstance(await channel.send(text(), push()), Sent)
    assert (person.seen(), line.billed) == ([], 0)


async def test_nothing_to_show_is_harmless(line: FakeLine, channel: LineChannel) -> None:
    """A payload whose photos are all gone makes no call."""
    [payload] = channel.pack([Shown("", attachments=(Attachment("a1", "photo"),))])
    answer = await channel.send(payload, push())
    assert isinstance(answer, SendError)
    assert (answer.kind, line.calls) == ("harmless", [])


async def test_nobody_listening_is_retried() -> None:
    """A connection that never came about was certainly not taken, be it a reply or a push."""
    channel = LineChannel("s", "t", "http://127.0.0.1:9", "http://127.0.0.1:9")
    await channel.open()
    for envelope in (push(), Envelope(PERSON, KEY, "token")):
        answer = await channel.send(text(), envelope)
        assert isinstance(answer, SendError)
        assert answer.kind == "retry"
    await channel.close()


STATUSES = [
    (400, {"message": "The request body has 1 error(s)"}, "refused"),
    (400, {"message": "Failed to send messages"}, "gone"),
    (401, {"message": "Authentication failed"}, "retry"),
    (403, {"message": "Access to this API is not available for your account"}, "retry"),
    (404, {"message": "Not found"}, "gone"),
    (413, {}, "refused"),
    (429, {"message": "You have reached your monthly limit."}, "limited"),
    (429, {}, "limited"),
    (500, {"message": "x"}, "retry"),
    (503, None, "retry"),
]


@pytest.fixture
async def canned() -> AsyncIterator[dict[str, Any]]:
    """A server that gives one prepared answer to everything; its address is under "url"."""
    answer: dict[str, Any] = {}

    async def serve(_: web.Request) -> web.Response:
        return web.json_response(answer["data"], status=answer["status"], headers=answer.get("headers"))

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    answer["url"] = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield answer
    await runner.cleanup()


@pytest.mark.parametrize(("status", "data", "kind"), STATUSES)
@pytest.mark.parametrize("token", ["", "reply-token"])
async def test_status_table(canned: dict[str, Any], status: int, data: Any, kind: str, token: str) -> None:
    """Each refusal has one meaning, the same for reply and push."""
    canned.update(status=status, data=data)
    channel = LineChannel("s", "t", canned["url"], canned["url"])
    await channel.open()
    answer = await channel.send(text(), Envelope(PERSON, KEY, token))
    await channel.close()
    assert isinstance(answer, SendError)
    assert answer.kind == kind
    assert str(status) in answer.detail or answer.detail in ("quota", "rate")


async def test_retry_after_is_obeyed(canned: dict[str, Any]) -> None:
    """Where LINE names a wait, that is the wait."""
    canned.update(status=429, data={}, headers={"Retry-After": "17"})
    channel = LineChannel("s", "t", canned["url"], canned["url"])
    await channel.open()
    assert await channel.send(text(), push()) == SendError("limited", "rate", retry_after=17.0)
    await channel.close()


async def test_odd_answers_do_not_raise(canned: dict[str, Any]) -> None:
    """A 200 whose body is not as documented still means that the message is out."""
    channel = LineChannel("s", "t", canned["url"], canned["url"])
    await channel.open()
    answers: tuple[Any, ...] = (None, [], {"sentMessages": 5}, {"sentMessages": [None, {}, {"id": "9"}]})
    for data in answers:
        canned.update(status=200, data=data)
        assert isinstance(await channel.send(text(), push()), Sent)
    await channel.close()


async def test_secrets_stay_out_of_logs_and_errors(
    canned: dict[str, Any], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither the token nor words nor ids get into a log line or an error, even if LINE echoes all of them."""
    echo = f"{SECRET_WORDS} {PERSON} access-token"
    details = [{"message": echo, "property": "messages[0].text"}, {"message": echo, "property": echo}]
    channel = LineChannel("s", "access-token", canned["url"], canned["url"])
    await channel.open()
    with caplog.at_level(logging.DEBUG):
        for status in (400, 401, 403, 500):
            canned.update(status=status, data={"message": echo, "details": details})
            answer = await channel.send(text(), Envelope(PERSON, KEY, "reply-token"))
            await channel.busy(PERSON)
            await channel.leave(GROUP)
            await channel.use_menu(PERSON, "lo")
            written = repr(answer) + caplog.text + "".join(capfd.readouterr())
            for secret in ("access-token", "reply-token", SECRET_WORDS, PERSON, GROUP):
                assert secret not in written
    await channel.close()


async def test_member_names_are_kept(line: FakeLine, channel: LineChannel) -> None:
    """An officer's name is asked for once; a stranger has none, and a private chat is never asked about."""
    line.person(OFFICER, "สมชาย", group=GROUP)
    assert [await channel.member_name(GROUP, OFFICER) for _ in range(2)] == ["สมชาย", "สมชาย"]
    assert len(line.calls) == 1
    assert await channel.member_name(GROUP, "Uother") == ""
    assert await channel.member_name(PERSON, PERSON) == ""
    assert await channel.member_name(GROUP, "") == ""
    assert len(line.calls) == 2


async def test_courtesies(line: FakeLine, channel: LineChannel) -> None:
    """The loading sign exists in private chats only; groups can be left; failures harm nobody."""
    line.person(OFFICER, group=GROUP)
    await channel.busy(PERSON)
    await channel.busy(GROUP)
    await channel.leave(PERSON)
    line.fail("loading", "500")
    await channel.busy(PERSON)
    await channel.leave(GROUP)
    assert paths(line) == ["start", "start", "leave"]
    assert line.calls[0][2] == {"chatId": PERSON, "loadingSeconds": 20}
    assert not line.chats[GROUP].bot_is_in


async def test_pace_spreads_calls() -> None:
    """A hundred calls at a thousand a second pass within the burst; the next ones wait for their turn."""
    pace, loop = Pace(1000), asyncio.get_running_loop()
    began = loop.time()
    for _ in range(120):
        await pace.turn()
    assert 0.015 <= loop.time() - began < 1.0


async def test_a_closed_channel_says_so() -> None:
    """Using the channel before `open` is a programming error, not a delivery that failed."""
    with pytest.raises(RuntimeError, match="not open"):
        await LineChannel("s", "t").send(text(), push())
