"""Media come in as a stream, whole or not at all."""

from __future__ import annotations

import aiohttp
import pytest

from bot.channels.base import Fetched, FetchError, SendError
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.client import TelegramClient
from tests.channels.telegram.test_channel import source
from tests.channels.telegram.updates import TOKEN
from tests.fakes.telegram import FakeTelegram, Fault
from tests.fakes.telegram_chats import File, Refusal

CONTENT = bytes(range(256)) * 1000


class Basket:
    """Collects what is streamed."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []

    async def put(self, chunk: bytes) -> None:
        """One more chunk."""
        self.chunks.append(chunk)


async def test_fetch(channel: TelegramChannel, fake: FakeTelegram) -> None:
    """A file comes in several chunks, with the type that the message gave."""
    fake.files["f"] = File(CONTENT, "photos/a b.jpg")
    basket = Basket()
    assert await channel.fetch(source("f"), basket.put, 1 << 20) == Fetched(len(CONTENT), "image/jpeg")
    assert b"".join(basket.chunks) == CONTENT
    assert len(basket.chunks) > 1


async def test_too_big(channel: TelegramChannel, fake: FakeTelegram) -> None:
    """A file above our limit or above Telegram's is not fetched."""
    fake.files |= {"f": File(CONTENT, "a.jpg"), "huge": File(bytes((20 << 20) + 1), "b.jpg")}
    basket = Basket()
    assert await channel.fetch(source("f"), basket.put, 100) == FetchError("too_big")
    assert await channel.fetch(source("huge"), basket.put, 1 << 30) == FetchError("too_big")
    assert basket.chunks == []


async def test_unknown_file(channel: TelegramChannel) -> None:
    """A file that Telegram does not know will never come."""
    assert (await channel.fetch(source("f"), Basket().put, 100)) == FetchError("gone", "400 not accepted")


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("getFile", Fault()),
        ("getFile", Fault.of(Refusal(401, "Unauthorized").body)),
        ("getFile", Fault.of(Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable").body)),
        ("getFile", Fault.cut_off()),
        ("download", Fault(status=404)),
        ("download", Fault(status=500)),
        ("download", Fault.cut_off(taken=True)),
    ],
)
async def test_try_again(channel: TelegramChannel, fake: FakeTelegram, method: str, fault: Fault) -> None:
    """What may pass is tried again; the second try succeeds."""
    fake.files["f"] = File(CONTENT, "a.jpg")
    fake.fail(method, fault)
    first = await channel.fetch(source("f"), Basket().put, 1 << 20)
    assert isinstance(first, FetchError)
    assert first.kind == "retry"
    assert isinstance(await channel.fetch(source("f"), Basket().put, 1 << 20), Fetched)


async def test_too_fast(channel: TelegramChannel, fake: FakeTelegram) -> None:
    """Telegram's wish to wait is passed on."""
    fake.fail("getFile", Fault.too_many(7))
    found = await channel.fetch(source("f"), Basket().put, 100)
    assert isinstance(found, FetchError)
    assert (found.kind, found.retry_after) == ("retry", 7)


async def test_silence(fake: FakeTelegram) -> None:
    """A call that is not answered in time is unclear."""
    client = TelegramClient(TOKEN, fake.url, aiohttp.ClientTimeout(total=0.1))
    await client.open()
    fake.fail("getMe", Fault.silence())
    assert await client.call("getMe", {}) == SendError("unclear", "TimeoutError")
    assert len(fake.made("getMe")) == 1
    await client.close()
