"""Fetching what people sent: streamed, bounded, and patient where LINE still prepares it."""

from __future__ import annotations

from typing import Any

from bot.channels.base import Fetched, FetchError, MediaSource
from bot.channels.line.channel import LineChannel
from tests.fakes.line import FakeLine


async def fetched(channel: LineChannel, message_id: str, limit: int = 100, kind: str = "photo") -> tuple[Any, bytes]:
    """The outcome of fetching, and the bytes that arrived."""
    arrived = bytearray()

    async def sink(chunk: bytes) -> None:
        arrived.extend(chunk)

    answer = await channel.fetch(MediaSource("m1", kind, {"message_id": message_id}), sink, limit)
    return answer, bytes(arrived)


async def test_content_is_streamed(line: FakeLine, channel: LineChannel) -> None:
    """What a person sent arrives whole, with its type."""
    line.keep("5", b"jpeg", "image/jpeg")
    assert await fetched(channel, "5") == (Fetched(4, "image/jpeg"), b"jpeg")


async def test_content_that_does_not_come(line: FakeLine, channel: LineChannel) -> None:
    """202 is no content, unsent is gone, and too much is not taken."""
    line.keep("5", b"x" * 101, "video/mp4")
    line.fail("content", "202")
    answer, _ = await fetched(channel, "5", kind="video")
    assert answer == FetchError("retry", "preparing", retry_after=2.0)
    answer, arrived = await fetched(channel, "5", kind="video")
    assert isinstance(answer, FetchError)
    assert (answer.kind, arrived) == ("too_big", b"")
    line.fail("content", "500", "429", "lost", "lost")  # aiohttp itself repeats a GET on a broken kept connection
    for _ in range(3):
        answer, _ = await fetched(channel, "5", 200)
        assert isinstance(answer, FetchError)
        assert answer.kind == "retry"
    line.forget("5")
    for message_id in ("5", "6", "../../info"):
        answer, _ = await fetched(channel, message_id)
        assert isinstance(answer, FetchError)
        assert answer.kind == "gone"


async def test_content_that_line_cannot_prepare_is_gone(line: FakeLine, channel: LineChannel) -> None:
    """A video that LINE failed to convert would answer 202 for ever."""
    line.transcoding = "failed"
    line.fail("content", "202")
    answer, _ = await fetched(channel, "5", kind="video")
    assert answer == FetchError("gone", "transcoding failed")


async def test_content_of_unannounced_length_is_cut_off(channel: LineChannel, line: FakeLine) -> None:
    """Without a Content-Length the bytes themselves are counted."""
    line.keep("5", b"x" * 300_000, "video/mp4")
    line.chunked = True
    answer, arrived = await fetched(channel, "5", 100_000)
    assert answer == FetchError("too_big", "streamed")
    assert len(arrived) <= 100_000
