"""The channel against the fake: webhooks in, calls out, refusals as data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import Channel, Envelope, MediaSource, Payload, Refused, SendError, Sent, Shown, ShownChoice
from bot.channels.telegram.address import Address
from bot.channels.telegram.channel import SECRET_HEADER, TelegramChannel
from bot.channels.telegram.errors import send_error
from bot.channels.telegram.pacing import Pacing
from handlers.messages import Attachment
from tests.channels.telegram.test_render import CARD, deliverable
from tests.channels.telegram.updates import CARD as CARD_MESSAGE
from tests.channels.telegram.updates import GROUP, PERSON, SECRET, SOMCHAI, TOKEN, in_group, private
from tests.fakes.telegram import FakeTelegram, Fault, TelegramGroup, TelegramPerson
from tests.fakes.telegram_chats import Refusal
from tests.shared import SHARED, needs_shared

RIGHT = {SECRET_HEADER: SECRET}


def body(update: Any) -> bytes:
    """The update as posted."""
    return json.dumps(update).encode()


def envelope(address: int | str = PERSON, card_id: str = "") -> Envelope:
    """Where it goes."""
    return Envelope(str(address), "key", card_id=card_id)


def packed(channel: TelegramChannel, *shown: Shown) -> Payload:
    """The only call of these messages."""
    (payload,) = channel.pack(shown)
    return payload


def test_is_a_channel() -> None:
    """The class keeps the protocol (checked by mypy) and makes no connection when built."""
    channel: Channel = TelegramChannel(TOKEN, SECRET)
    assert channel.name == "telegram"


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: ""}, {SECRET_HEADER: "ก"}])
def test_wrong_secret(headers: dict[str, str]) -> None:
    """A call without the right secret is refused before its body is read."""
    with pytest.raises(Refused) as refused:
        TelegramChannel(TOKEN, SECRET).accept(headers, b"\xff not even JSON")
    assert refused.value.status == 401


def test_no_secret_configured() -> None:
    """Without a secret no webhook call is trusted, an empty one least of all."""
    with pytest.raises(Refused) as refused:
        TelegramChannel(TOKEN, "").accept({SECRET_HEADER: ""}, body(private(text="x")))
    assert refused.value.status == 403


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[]", b"{}", b'{"update_id": "1"}', b'{"update_id": true}', b"null"]
)
def test_not_an_update(content: bytes) -> None:
    """What is no update is refused without repeating it."""
    with pytest.raises(Refused) as refused:
        TelegramChannel(TOKEN, SECRET).accept(RIGHT, content)
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("update", "addresses"),
    [
        (private(text="x"), [str(PERSON)]),
        (private(hologram={}), [str(PERSON)]),
        (in_group(text="lunch?"), []),
        (in_group(text="yes", reply_to_message=CARD_MESSAGE), [str(GROUP)]),
        ({"update_id": 5, "message_reaction": {"chat": {"id": 1}}}, []),
        ({"update_id": 5, "something_new": {}}, []),
        ({"update_id": 5}, []),
        ({"update_id": 5, "message": {"chat": []}}, []),
    ],
)
def test_accept(update: dict[str, Any], addresses: list[str]) -> None:
    """One update is one event; chatter and unknown kinds are taken and dropped."""
    accepted = TelegramChannel(TOKEN, SECRET).accept(RIGHT, body(update))
    assert [event.address for event in accepted.events] == addresses
    assert accepted.answer is None


def test_tap_is_acknowledged_in_the_answer() -> None:
    """The answer to a tapped button takes the waiting sign off it."""
    message = {"message_id": 12, "date": 0, "chat": {"id": PERSON, "type": "private"}}
    query = {"id": "q7", "from": SOMCHAI, "chat_instance": "1", "data": "r:1", "message": message}
    accepted = TelegramChannel(TOKEN, SECRET).accept(RIGHT, body({"update_id": 5, "callback_query": query}))
    assert accepted.answer == {"method": "answerCallbackQuery", "callback_query_id": "q7"}
    assert len(accepted.events) == 1


@needs_shared
def test_samples_are_accepted() -> None:
    """Every sample gets its 200."""
    channel = TelegramChannel(TOKEN, SECRET)
    for sample in sorted((SHARED or Path()).glob("samples/telegram/*.json")):
        channel.accept(RIGHT, sample.read_bytes())


async def test_send(channel: TelegramChannel, person: TelegramPerson) -> None:
    """A message arrives, and its id comes back."""
    result = await channel.send(packed(channel, Shown("Hello", choices=(ShownChoice("a", "🚗 A"),))), envelope())
    assert result == Sent(("1",))
    assert person.seen() == ["Hello"]
    assert person.fresh()[0].buttons == [{"text": "🚗 A", "callback_data": "a"}]


async def test_uploads(channel: TelegramChannel, group: TelegramGroup) -> None:
    """Pictures are uploaded as one album under the card, with names that tell nothing."""
    attachments = (Attachment("a", "photo"), Attachment("b", "photo"))
    card, album = channel.pack([Shown("x", card=CARD, about="K7", purpose="card", attachments=attachments)])
    sent = await channel.send(card, envelope(f"{GROUP}#77"))
    assert isinstance(sent, Sent)
    media = {m: deliverable(m, "photo", "image/jpeg") for m in "ab"}
    result = await channel.send(album, Envelope(f"{GROUP}#77", "key", media=media, card_id=sent.message_ids[0]))
    assert result == Sent(("2", "3"))
    _, first, second = group.chat.messages
    assert (first.album, first.reply_to, first.topic) == (second.album, 1, 77)
    assert first.file is not None
    assert (first.file.content, first.file.name, first.file.mime) == (b"xxx", "photo-1.jpg", "image/jpeg")


async def test_edit(channel: TelegramChannel, group: TelegramGroup) -> None:
    """A card is redrawn in place; the same again is harmless; where it was deleted, the other words are posted."""
    await channel.send(packed(channel, Shown("old", card=CARD, about="K7")), envelope(GROUP))
    redraw = packed(channel, Shown("x", card=CARD, choices=(ShownChoice("g", "Go"),), replace="K7", instead="taken"))
    assert await channel.send(redraw, envelope(GROUP, "1")) == Sent(("1",))
    assert group.chat.messages[0].edits == 1
    again = await channel.send(redraw, envelope(GROUP, "1"))
    assert isinstance(again, SendError)
    assert again.kind == "harmless"
    assert await channel.send(redraw, envelope(GROUP, "99")) == Sent(("2",))
    assert group.posts()[1] == "taken"


async def test_nothing_to_send(channel: TelegramChannel, fake: FakeTelegram) -> None:
    """A redraw without a card and pictures that are gone make no call."""
    assert await channel.send(packed(channel, Shown("x", card=CARD, replace="K7")), envelope(GROUP)) == Sent()
    assert await channel.send(packed(channel, Shown("", attachments=(Attachment("a", "photo"),))), envelope()) == Sent()
    assert fake.calls == []


async def test_deleted_topic(channel: TelegramChannel, group: TelegramGroup) -> None:
    """What was meant for a topic that is gone reaches the group all the same."""
    assert isinstance(await channel.send(packed(channel, Shown("Alert")), envelope(f"{GROUP}#5")), Sent)
    assert group.posts() == ["Alert"]


async def test_refused_reply(channel: TelegramChannel, fake: FakeTelegram, group: TelegramGroup) -> None:
    """Where only the message to reply to is missed, it goes out without."""
    fake.fail("sendMessage", Fault.of(Refusal(400, "Bad Request: message to be replied not found").body))
    await channel.send(packed(channel, Shown("more", under="K7")), envelope(GROUP, "1"))
    assert group.posts() == ["more"]


ERRORS: list[tuple[int, str, str]] = [
    (400, "Bad Request: chat not found", "gone"),
    (400, "Bad Request: PEER_ID_INVALID", "gone"),
    (400, "Bad Request: message is too long", "refused"),
    (400, "Bad Request: query is too old and response timeout expired or query ID is invalid", "harmless"),
    (403, "Forbidden: bot was kicked from the group chat", "gone"),
    (401, "Unauthorized", "retry"),
    (404, "Not Found", "retry"),
    (500, "Internal Server Error", "retry"),
    (502, "Bad Gateway", "retry"),
    (504, "Gateway Timeout", "unclear"),
]


@pytest.mark.parametrize(("code", "description", "kind"), ERRORS)
async def test_errors(
    channel: TelegramChannel, fake: FakeTelegram, person: TelegramPerson, code: int, description: str, kind: str
) -> None:
    """A refusal says what to do about it."""
    fake.fail("sendMessage", Fault.of(Refusal(code, description).body))
    result = await channel.send(packed(channel, Shown("x")), envelope())
    assert isinstance(result, SendError)
    assert result.kind == kind


SAMPLE_KINDS = {
    "400_chat_not_found": "gone", "400_file_too_big": "refused", "400_migrated": "moved", "400_not_modified": "harmless",
    "400_private_chat_not_found": "gone", "400_query_old": "harmless", "401": "retry", "403_blocked": "gone",
    "403_deactivated": "gone", "403_kicked": "gone", "409_two_pollers": "refused", "429": "limited",
}  # fmt: skip


@needs_shared
@pytest.mark.parametrize("name", SAMPLE_KINDS)
def test_sample_errors(name: str) -> None:
    """Every sample of a refusal is understood."""
    answer = json.loads(((SHARED or Path()) / "samples/telegram/api_errors" / f"{name}.json").read_text("utf-8"))
    error = send_error(answer["error_code"], answer)
    assert error.kind == SAMPLE_KINDS[name]
    assert error.retry_after == {"429": 35, "401": 60}.get(name, 0)
    assert error.moved_to == ("-1001234567890" if name == "400_migrated" else "")


def test_error_without_telegrams_json() -> None:
    """A proxy's answer is judged by its status; Telegram's own error names are repeated, its sentences are not."""
    assert send_error(502, {}).kind == "retry"
    assert send_error(429, {}).retry_after == 1
    assert send_error(400, {"description": "Bad Request: BUTTON_URL_INVALID x"}).detail == "400 BUTTON_URL_INVALID"
    assert "secret words" not in send_error(400, {"description": "can't parse 'secret words'"}).detail


async def test_states_of_a_chat(channel: TelegramChannel, person: TelegramPerson, group: TelegramGroup) -> None:
    """Blocked, kicked and migrated chats answer as such."""
    person.chat.status, group.chat.moved_to = "blocked", -1009
    hello = packed(channel, Shown("x"))
    assert await channel.send(hello, envelope()) == SendError("gone", "403 blocked, removed or deleted")
    assert await channel.send(hello, envelope(GROUP)) == SendError(
        "moved", "group became a supergroup", moved_to="-1009"
    )
    assert await channel.send(hello, envelope("no id")) == SendError("refused", "not a Telegram chat id")


async def test_lost_connection(channel: TelegramChannel, fake: FakeTelegram, person: TelegramPerson) -> None:
    """A connection cut after the request may mean that it was taken: unclear. None at all: try again."""
    fake.fail("sendMessage", Fault.cut_off(taken=True))
    result = await channel.send(packed(channel, Shown("x")), envelope())
    assert result == SendError("unclear", "ServerDisconnectedError")
    assert person.seen() == ["x"]
    nowhere = TelegramChannel(TOKEN, SECRET, "http://127.0.0.1:1", rate_limits=False)
    await nowhere.open()
    result = await nowhere.send(packed(channel, Shown("x")), envelope())
    assert result == SendError("retry", "ClientConnectorError")
    await nowhere.close()


async def test_small_calls(channel: TelegramChannel, fake: FakeTelegram, group: TelegramGroup) -> None:
    """Typing is shown, groups are left with all their topics, people never; errors do not matter."""
    await channel.busy(f"{GROUP}#77")
    await channel.busy("5")
    await channel.leave(f"{GROUP}#77")
    await channel.leave(str(PERSON))
    assert [call.method for call in fake.calls] == ["sendChatAction", "sendChatAction", "leaveChat"]
    assert group.chat.status == "left"
    assert await channel.member_name(str(GROUP), "1") == ""


def test_pacing() -> None:
    """30 messages a second in all, 20 a minute in a group; a wait of more than a second takes no place."""
    now = 0.0
    pacing = Pacing(lambda: now)
    group, person = Address(GROUP), Address(PERSON)
    assert [pacing.reserve(group, 1) for _ in range(20)] == [0.0] * 20
    assert pacing.reserve(group, 1) == pytest.approx(3)  # one every three seconds
    assert [pacing.reserve(person, 1) for _ in range(10)] == [0.0] * 10
    assert pacing.reserve(person, 1) == pytest.approx(1 / 30)
    assert pacing.reserve(person, 1) == pytest.approx(2 / 30)
    now = 3.0
    assert pacing.reserve(group, 1) == 0
    assert pacing.reserve(group, 10) == pytest.approx(30)


async def test_own_limits(fake: FakeTelegram, group: TelegramGroup) -> None:
    """Where the wait would be long, the call goes back to the outbox with the time to wait."""
    channel = TelegramChannel(TOKEN, SECRET, fake.url)
    await channel.open()
    hello = packed(channel, Shown("x"))
    results = [await channel.send(hello, envelope(GROUP)) for _ in range(21)]
    await channel.close()
    assert all(isinstance(result, Sent) for result in results[:20])
    late = results[20]
    assert isinstance(late, SendError)
    assert late.kind == "limited"
    assert late.retry_after > 1
    assert len(group.posts()) == 20


def source(file_id: str, mime: str = "image/jpeg") -> MediaSource:
    """Media to fetch."""
    return MediaSource("m", "photo", {"file_id": file_id, "mime": mime})
