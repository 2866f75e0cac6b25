"""Polling hands on every update once it can be handled, and survives everything but its cancellation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import structlog

from bot.channels.telegram.polling import poll
from tests.channels.telegram.updates import TOKEN
from tests.fakes.telegram import FakeTelegram, Fault, TelegramPerson
from tests.fakes.telegram_chats import Refusal

Handle = Callable[[dict[str, Any]], Awaitable[None]]


@asynccontextmanager
async def polling(fake: FakeTelegram, handle: Handle) -> AsyncIterator[list[float]]:
    """A running poll; gives the pauses that it made (they take no time)."""
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        await fake.notify()

    task = asyncio.create_task(poll(TOKEN, fake.url, handle, pause))
    try:
        yield pauses
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Desk:
    """Takes updates; refuses the first `faults` of them."""

    def __init__(self, fake: FakeTelegram, faults: int = 0) -> None:
        self.fake, self.faults = fake, faults
        self.taken: list[str] = []

    async def handle(self, update: dict[str, Any]) -> None:
        """One update."""
        if self.faults:
            self.faults -= 1
            raise OSError("the database is away")
        self.taken.append(update["message"]["text"] if "message" in update else "tap")
        await self.fake.notify()


async def test_poll(fake: FakeTelegram, person: TelegramPerson) -> None:
    """Updates arrive in order as Telegram wrote them, and are not given again; a webhook set before is taken away."""
    fake.webhook = ("http://127.0.0.1:1/never", "")
    desk = Desk(fake)
    async with polling(fake, desk.handle):
        await fake.wait_for(lambda: fake.made("deleteWebhook") and fake.polling)
        for words in ("one", "two", "three"):
            await person.say(words)
        await fake.wait_for(lambda: len(desk.taken) == 3)
        await fake.wait_for(lambda: fake.polling and not fake.updates)
    assert desk.taken == ["one", "two", "three"]
    assert fake.allowed == ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_tap_is_acknowledged(fake: FakeTelegram, person: TelegramPerson) -> None:
    """A polled button tap is acknowledged by a call."""
    person.chat.messages.append(_question(fake, person))
    desk = Desk(fake)
    async with polling(fake, desk.handle):
        await person.tap_value("r:1", person.chat.messages[0])
        await fake.wait_for(lambda: fake.made("answerCallbackQuery"))
    assert desk.taken == ["tap"]


def _question(fake: FakeTelegram, person: TelegramPerson) -> Any:
    from tests.fakes.telegram import BotMessage

    return BotMessage(person.chat.chat_id, person.chat.new_id(), fake.stamp, "Which?")


async def test_update_is_not_lost(fake: FakeTelegram, person: TelegramPerson) -> None:
    """An update that could not be stored comes again after a pause."""
    desk = Desk(fake, faults=2)
    async with polling(fake, desk.handle) as pauses:
        await person.say("one")
        await person.say("two")
        await fake.wait_for(lambda: len(desk.taken) == 2)
    assert desk.taken == ["one", "two"]
    assert pauses == [1.0, 2.0]


async def test_backs_off(fake: FakeTelegram, person: TelegramPerson) -> None:
    """Server errors, too many requests and cut connections are waited out, longer each time."""
    for fault in (Fault(), Fault.too_many(9), Fault.cut_off()):
        fake.fail("getUpdates", fault)
    desk = Desk(fake)
    async with polling(fake, desk.handle) as pauses:
        await person.say("one")
        await fake.wait_for(lambda: desk.taken)
    assert pauses == [1.0, 9.0, 4.0]


async def test_starts_without_network(fake: FakeTelegram, person: TelegramPerson) -> None:
    """A Telegram that is away at the start is waited for."""
    fake.fail("getMe", Fault(), times=2)
    desk = Desk(fake)
    async with polling(fake, desk.handle) as pauses:
        await person.say("one")
        await fake.wait_for(lambda: desk.taken)
    assert pauses == [1.0, 2.0]


async def test_sparse_identity(fake: FakeTelegram, person: TelegramPerson) -> None:
    """Polling needs nothing of the bot's own profile: a test server that tells little of it is as good."""
    fake.bot = {"id": fake.bot["id"]}
    desk = Desk(fake)
    async with polling(fake, desk.handle) as pauses:
        await person.say("one")
        await fake.wait_for(lambda: desk.taken)
    assert not pauses


async def test_two_pollers(fake: FakeTelegram) -> None:
    """A second process with the same token is explained to the operator in one line."""
    fake.fail("getUpdates", Fault.of(Refusal(409, "Conflict: terminated by other getUpdates request").body))
    with structlog.testing.capture_logs() as lines:
        async with polling(fake, Desk(fake).handle) as pauses:
            await fake.wait_for(lambda: pauses)
    assert [line["event"] for line in lines] == [
        "another process polls with the same token, or a webhook was set: stop the other one"
    ]
