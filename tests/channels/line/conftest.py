"""A fake LINE and the channel that talks to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.line.channel import LineChannel
from tests.fakes.line import FakeLine


@pytest.fixture
async def line() -> AsyncIterator[FakeLine]:
    """The platform; anything it would have refused fails the test."""
    async with FakeLine() as fake:
        yield fake


@pytest.fixture
async def channel(line: FakeLine) -> AsyncIterator[LineChannel]:
    """The channel under test, opened against the fake."""
    made = LineChannel(line.secret, line.token, line.url, line.url, rate_limits=False)
    await made.open()
    yield made
    await made.close()
