"""A fake Telegram and a channel that talks to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram.channel import TelegramChannel
from tests.channels.telegram.updates import GROUP, SECRET, TOKEN
from tests.fakes.telegram import FakeTelegram, TelegramGroup, TelegramPerson


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    """A Telegram without any chat."""
    async with FakeTelegram(TOKEN) as running:
        yield running


@pytest.fixture
def person(fake: FakeTelegram) -> TelegramPerson:
    """Somebody whose chat with the bot is open."""
    fake.chat(700000001).status = "member"
    return TelegramPerson(fake, 700000001)


@pytest.fixture
def group(fake: FakeTelegram) -> TelegramGroup:
    """A group with the bot in it and one topic."""
    made = TelegramGroup(fake, GROUP, forum=(77,))
    made.chat.status = "member"
    return made


@pytest.fixture
async def channel(fake: FakeTelegram) -> AsyncIterator[TelegramChannel]:
    """The channel, without its own rate limits."""
    made = TelegramChannel(TOKEN, SECRET, fake.url, rate_limits=False)
    await made.open()
    yield made
    await made.close()
