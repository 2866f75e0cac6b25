"""Fetches what was sent along: source -> temporary file -> sealed original -> the group's copy.

The original is sealed and committed whatever it is; a copy is made only of what could be cleaned. A picture that cannot
be decoded is "kept, no preview": evidence that nobody is shown, and never a reason to lose a report.
"""

from __future__ import annotations

import asyncio
import os
import struct
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO

import structlog

from bot import preview, sound, video
from bot.channels.base import Channel, Fetched, FetchError, MediaSource
from bot.clock import Clock, Ids
from bot.counters import FETCH_ERRORS, MEDIA_STORED, Counters
from bot.retry import backoff
from handlers.events import TOO_BIG
from storage.database import Database
from storage.media import Media
from storage.media_store import MediaStore, TooBig
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

AT_ONCE = 4
PREVIEWS_AT_ONCE = 2
MAX_TRIES = 10
IN_MEMORY = 1 << 20
BLOCK = 256 << 10
SMALL = ".small"
"""Ending of the store key of a copy's small preview."""
_CHILD_NEEDS = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""All of the environment that a process decoding strangers' pictures gets: nothing secret."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What a group may be shown: bytes or the cleaned file itself, its type, and a small preview of a photo."""

    content: bytes | None
    mime: str
    small: bytes = b""


class Fetcher:
    """Fetches media that wait. `accept` takes rows that this process holds."""

    def __init__(
        self,
        database: Database,
        store: MediaStore,
        channels: Mapping[str, Channel],
        clock: Clock,
        ids: Ids,
        owner: str,
        limit_bytes: int,
        counters: Counters,
    ) -> None:
        self._database = database
        self._store = store
        self._channels = channels
        self._clock = clock
        self._ids = ids
        self._owner = owner
        self._limit = limit_bytes
        self._counters = counters
        self._places = asyncio.Semaphore(AT_ONCE)
        self._previews = asyncio.Semaphore(PREVIEWS_AT_ONCE)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._tell: Callable[[str], Awaitable[None]] | None = None

    def tell(self, stored: Callable[[str], Awaitable[None]]) -> None:
        """Call this with the id of each medium that is stored from now on."""
        self._tell = stored

    def accept(self, rows: Sequence[Media]) -> None:
        """Fetch these. Call it after the commit that made or claimed them."""
        for row in rows:
            if row.id not in self._tasks:
                task = asyncio.get_running_loop().create_task(self._fetch(row))
                self._tasks[row.id] = task
                task.add_done_callback(partial(self._forget, row.id))

    async def claim(self) -> None:
        """Take media that are due and that nobody holds."""
        room = 4 * AT_ONCE - len(self._tasks)
        if room > 0:
            now = self._clock.now()
            self.accept(await self._database.run(lambda uow: uow.media.claim(self._owner, now, room)))

    @property
    def busy(self) -> bool:
        """Whether something is being fetched."""
        return bool(self._tasks)

    async def idle(self) -> None:
        """Wait until nothing is being fetched."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def stop(self) -> None:
        """Break off. The platforms keep what was sent: what is not stored yet is fetched again by whoever comes first."""
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _forget(self, media_id: str, _task: asyncio.Task[None]) -> None:
        self._tasks.pop(media_id, None)

    async def _fetch(self, row: Media) -> None:
        async with self._places:
            try:
                await self._attempt(row)
            except Exception as error:  # a full disk, a store that is away: the source is still there
                log.error("media_not_stored", media_id=row.id, exc_info=error)
                await self._again(row, type(error).__name__)

    async def _attempt(self, row: Media) -> None:
        channel = self._channels.get(row.channel)
        if channel is None or row.reference is None:
            await self._database.run(lambda uow: uow.media.failed(row.id, "no source"))
            return
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:

            async def sink(block: bytes) -> None:
                file.write(block)

            source = MediaSource(row.id, row.kind, row.reference)
            result = await channel.fetch(source, sink, self._limit)
            if isinstance(result, Fetched):
                await self._keep(row, file, result)  # type: ignore[arg-type]  # a spooled file has all that is used
            else:
                await self._not_fetched(row, result)

    async def _not_fetched(self, row: Media, error: FetchError) -> None:
        self._counters.up(FETCH_ERRORS, error.kind)
        if error.kind == "retry":
            await self._again(row, error.detail, error.retry_after)
            return
        log.warning("media_failed", media_id=row.id, kind=row.kind, reason=error.kind)
        await self._database.run(lambda uow: self._given_up(uow, row, error))

    def _given_up(self, uow: UnitOfWork, row: Media, error: FetchError) -> None:
        """It will never come. That something was too big, the conversation tells its sender, as soon as it is woken."""
        uow.media.failed(row.id, error.kind, too_big=error.kind == "too_big")
        if error.kind != "too_big" or row.chat_id is None:
            return
        now = self._clock.now()
        for chat in uow.chats.by_ids([row.chat_id], lock=True).values():
            chat.session = chat.session.with_timer(TOO_BIG + row.id, now)
            uow.chats.save([chat], now)

    async def _again(self, row: Media, reason: str, wait: float = 0.0) -> None:
        """Try later, or never again after `MAX_TRIES`."""
        if row.tries + 1 >= MAX_TRIES:
            log.error("media_failed", media_id=row.id, kind=row.kind, reason=reason, tries=row.tries + 1)
            await self._database.run(lambda uow: uow.media.failed(row.id, f"given up: {reason}"))
            return
        seconds = max(wait, backoff(row.tries + 1, self._ids.between(0.0, 1.0)))
        due = self._clock.now() + timedelta(seconds=seconds)
        await self._database.run(lambda uow: uow.media.errored(row.id, due, reason))

    async def _keep(self, row: Media, file: BinaryIO, fetched: Fetched) -> None:
        """Seal the original first, then make the copy."""
        try:
            original = await self._store.put(row.id, _blocks(file), self._limit)
        except TooBig:
            await self._not_fetched(row, FetchError("too_big"))
            return
        copy_key, mime = "", ""
        copy = await self._copy(row, file, original.size, fetched.mime)
        if copy is not None:
            copy_key, mime = f"{row.id}.copy", copy.mime
            content = copy.content if copy.content is not None else _blocks(file)
            await self._store.put(copy_key, content, self._limit)
            if copy.small:
                await self._store.put(copy_key + SMALL, copy.small, self._limit)
        kept = await self._database.run(
            lambda uow: uow.media.stored(
                row.id, size=original.size, mime=fetched.mime, sha256=original.sha256, key=original.key,
                copy_key=copy_key, copy_mime=mime,
            )
        )  # fmt: skip
        if not kept:  # dropped while it was being fetched
            await delete(self._store, [original.key, *([copy_key] if copy_key else [])])
            return
        self._counters.up(MEDIA_STORED)
        log.info("media_stored", media_id=row.id, kind=row.kind, tries=row.tries + 1)
        if self._tell and copy_key:
            await self._tell(row.id)

    async def _copy(self, row: Media, file: BinaryIO, size: int, mime: str) -> Copy | None:
        """The group's copy, or None: "kept, no preview"."""
        try:
            if row.kind == "voice":
                await asyncio.to_thread(sound.blank, file, size)
                return Copy(None, mime)
            if row.kind == "video":
                await asyncio.to_thread(video.blank, file, size)
                return Copy(None, "video/mp4")
            if row.kind == "photo" and size <= preview.MAX_BYTES:
                file.seek(0)
                async with self._previews:
                    return await photo_copy(file.read())
        except Exception as error:  # whatever a hostile file provokes: the original is safe already
            log.warning("no_preview", media_id=row.id, kind=row.kind, exc_info=error)
        return None


async def photo_copy(original: bytes) -> Copy | None:
    """Have a photo decoded and re-encoded by a process that may be killed; None if that does not work out."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(Path(preview.__file__)),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in _CHILD_NEEDS if name in os.environ},
    )  # fmt: skip
    try:
        out, _ = await asyncio.wait_for(child.communicate(original), preview.WALL_S)
    except TimeoutError:
        return None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    frames = _frames(out)
    return Copy(frames[0], "image/jpeg", frames[1]) if child.returncode == 0 and len(frames) == 2 else None


async def delete(store: MediaStore, keys: Sequence[str]) -> None:
    """Delete stored objects together with their small previews."""
    await store.delete([name for key in keys for name in (key, key + SMALL)])


def _frames(out: bytes) -> list[bytes]:
    frames = []
    while len(out) >= 4:
        length = struct.unpack(">I", out[:4])[0]
        frames.append(out[4 : 4 + length])
        out = out[4 + length :]
    return frames


async def _blocks(file: BinaryIO) -> AsyncIterator[bytes]:
    """A file's bytes from its beginning, in blocks."""
    file.seek(0)
    read: Callable[[], bytes] = lambda: file.read(BLOCK)  # noqa: E731 - `iter` wants a callable
    for block in iter(read, b""):
        yield block
