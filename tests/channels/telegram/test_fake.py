"""The fake behaves like Telegram, so that journeys through it mean something."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, web

from bot.channels.base import Refused, Shown, ShownChoice
from bot.channels.telegram.channel import TelegramChannel
from tests.channels.telegram.test_channel import envelope, packed
from tests.channels.telegram.updates import GROUP, SECRET, TOKEN
from tests.fakes.telegram import FakeTelegram, TelegramGroup, TelegramPerson


class Echo:
    """A small app: answers every event with what it was and two buttons."""

    def __init__(self, channel: TelegramChannel) -> None:
        self.channel = channel
        self.events: list[Any] = []

    async def webhook(self, request: web.Request) -> web.Response:
        """One update."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            accepted = self.channel.accept(headers, await request.read())
        except Refused as refused:
            return web.Response(status=refused.status)
        for raw in accepted.events:
            found = self.channel.parse(raw, lambda: "m")
            assert found.happening
            event = found.happening.event
            self.events.append(event)
            words = getattr(event, "text", "") or getattr(event, "value", "") or type(event).__name__
            choices = (ShownChoice("r:go", "🚗 Go"), ShownChoice("r:stop", "🛑 Stop"))
            if words == "where":
                choices = (ShownChoice("", "📍 Here", asks="location"), ShownChoice("r:list", "📋 List"))
            await self.channel.send(
                packed(self.channel, Shown(f"You: {words}", choices=choices)), envelope(raw.address)
            )
        return web.json_response(accepted.answer) if accepted.answer else web.Response()


@pytest.fixture
async def echo(fake: FakeTelegram, channel: TelegramChannel) -> AsyncIterator[Echo]:
    """The app behind its webhook."""
    made = Echo(channel)
    app = web.Application()
    app.router.add_post("/webhooks/telegram", made.webhook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.webhook = ("http://{}:{}/webhooks/telegram".format(*runner.addresses[0][:2]), SECRET)
    yield made
    await runner.cleanup()


async def test_talk(fake: FakeTelegram, echo: Echo) -> None:
    """A person types, reads, taps and is understood; the tap is acknowledged in the webhook's answer."""
    somchai = TelegramPerson(fake, 700000001)
    assert await somchai.say("hello") == 200
    await somchai.hears("You: hello")
    assert await somchai.tap("Go") == 200
    await somchai.hears("You: r:go")
    assert fake.queries == set()
    assert [call.in_webhook for call in fake.made("answerCallbackQuery")] == [True]
    assert somchai.seen() == ["You: hello", "You: r:go"]


async def test_keyboard(fake: FakeTelegram, echo: Echo) -> None:
    """A key of the reply keyboard sends its words; the location key shares the position."""
    somchai = TelegramPerson(fake, 700000001)
    await somchai.say("where")
    assert [key["text"] for key in somchai.keyboard()] == ["📍 Here", "📋 List"]
    await somchai.tap("List")
    await somchai.hears("You: 📋 List")
    await somchai.share_location(14.6, 104.6)
    await somchai.hears("LocationShared")


async def test_everything_a_person_sends(fake: FakeTelegram, echo: Echo) -> None:
    """Pictures, albums, voice notes, videos, files, stickers and edits arrive as such."""
    mali = TelegramPerson(fake, 700000003, "Mali", "km")
    await mali.send_photo(b"jpeg", "road")
    await mali.send_album([b"a", b"b"])
    await mali.send_voice(b"ogg")
    await mali.send_video(b"mp4")
    await mali.send_document(b"pdf", "application/pdf")
    await mali.send_sticker()
    await mali.edit(1, "new")
    await mali.block()
    await mali.unblock()
    kinds = [getattr(event, "kind", type(event).__name__) for event in echo.events]
    assert kinds == [
        "photo", "photo", "photo", "voice", "video", "file", "OtherSent", "Edited", "Left", "Joined",
    ]  # fmt: skip
    assert echo.events[1].album == echo.events[2].album != ""


async def test_group(fake: FakeTelegram, echo: Echo) -> None:
    """In a group the bot hears of its coming, commands, replies and taps, but no chatter; topics stay apart."""
    group = TelegramGroup(fake, GROUP, forum=(77,))
    officer = TelegramPerson(fake, 700000002, "Mali Dee", "en")
    here, topic = officer.in_group(group), officer.in_group(group, 77)
    await group.add_bot(officer)
    await here.say("lunch?")
    await topic.say("/open")
    await topic.hears("You: /open")
    await topic.reply_to("You: /open", "on my way")
    await topic.hears("You: on my way")
    await topic.tap("Stop", on=group.chat.messages[0])
    await topic.reply_with_photo("You: /open", b"jpeg")
    await group.remove_bot(officer)
    assert [type(event).__name__ for event in echo.events] == [
        "TextSent", "TextSent", "ChoicePicked", "MediaSent", "Left",
    ]  # fmt: skip
    assert here.seen() == []
    assert group.posts() == topic.seen()


async def test_migration(fake: FakeTelegram, echo: Echo) -> None:
    """A group that grows moves to a new id, and the old one says so."""
    group = TelegramGroup(fake, -4123456)
    officer = TelegramPerson(fake, 700000002, "Mali Dee", "en")
    await group.add_bot(officer)
    new = await group.migrate(-1009, officer)
    assert [type(event).__name__ for event in echo.events] == ["Joined", "Migrated"]
    assert new.posts() == []
    assert group.chat.moved_to == -1009


async def test_wrong_secret(fake: FakeTelegram, echo: Echo) -> None:
    """An app with another secret refuses."""
    assert fake.webhook
    fake.webhook = (fake.webhook[0], "other")
    assert await TelegramPerson(fake, 700000001).say("hello") == 401


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"chat_id": 1, "text": "x"}, "chat not found"),
    ("sendMessage", {"chat_id": GROUP, "text": " "}, "message text is empty"),
    ("sendMessage", {"chat_id": GROUP, "text": "x" * 4097}, "message is too long"),
    ("sendMessage", {"chat_id": GROUP, "text": "x", "message_thread_id": 5}, "message thread not found"),
    (
        "sendMessage",
        {"chat_id": GROUP, "text": "x", "reply_parameters": {"message_id": 9}},
        "message to be replied not found",
    ),
    (
        "sendMessage",
        {
            "chat_id": GROUP,
            "text": "x",
            "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "ก" * 22}]]},
        },
        "BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {"chat_id": GROUP, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "url": "tel:191"}]]}},
        "Unsupported URL protocol",
    ),
    (
        "sendMessage",
        {"chat_id": GROUP, "text": "x", "reply_markup": {"keyboard": [[{"text": "a", "request_location": True}]]}},
        "location can be requested in private chats only",
    ),
    ("editMessageText", {"chat_id": GROUP, "message_id": 9, "text": "x"}, "message to edit not found"),
    ("answerCallbackQuery", {"callback_query_id": "q"}, "query is too old"),
    ("sendMediaGroup", {"chat_id": GROUP, "media": []}, "from 2 to 10"),
    ("getFile", {"file_id": "f"}, "invalid file_id"),
    ("sendHologram", {}, "Not Found"),
]


@pytest.mark.parametrize(("method", "params", "words"), REFUSED)
async def test_refusals(
    fake: FakeTelegram, group: TelegramGroup, method: str, params: dict[str, Any], words: str
) -> None:
    """What Telegram refuses, the fake refuses, in Telegram's words."""
    async with ClientSession() as http, http.post(f"{fake.url}/bot{TOKEN}/{method}", json=params) as response:
        answer = await response.json()
    assert response.status in (400, 404)
    assert words in answer["description"]
    fake.problems.clear()


async def test_contract_is_enforced() -> None:
    """A request that the Bot API does not know fails the test that made it, where the reference is there."""
    fake = FakeTelegram()
    async with fake, ClientSession() as http:
        await http.post(f"{fake.url}/bot{fake.token}/getMe", json={"colour": "red"})
        found, fake.problems = fake.problems, []
    from tests.fakes.telegram import CONTRACT

    assert found == (["getMe/colour: unknown in getMe"] if CONTRACT else [])


async def test_waiting_fails_loudly(fake: FakeTelegram) -> None:
    """What never happens is said with what was waited for."""
    with pytest.raises(AssertionError, match="the answer"):
        await fake.wait_for(lambda: False, "the answer", patience_s=0.05)
