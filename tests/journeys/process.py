"""The app as a process of its own, so that it can be killed: by SIGKILL, at any moment, and started again.

Children are forked from a server that has imported everything already (`multiprocessing`'s "forkserver"): an app is up
in a fraction of a second, and a journey can afford a death at each of its steps.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from multiprocessing.connection import Connection
from pathlib import Path

from bot import logs
from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram
from tests.journeys.app import connect, running, settings_for

LEASES_S = 301
"""A dead process holds what it had in hand for at most so long: events and calls 40 s, downloads 300 s."""
START_WITHIN_S = 30

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["tests.journeys.process", "tests.journeys.warm", "bot.channels.line.channel", "bot.channels.telegram.channel"]
)


def _live(urls: tuple[str, str, str], folder: Path, ahead_s: float, up: Connection) -> None:
    """What the child does: serve until it is killed."""
    errors = os.open(folder / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(errors, 2)
    logs.set_up("INFO", plain=False)

    async def serve() -> None:
        async with running(settings_for(urls[0], folder, *urls[1:]), ahead_s) as app:
            up.send(app.url)
            await asyncio.Event().wait()

    asyncio.run(serve())


class MortalApp:
    """The app's present process. Each next one lives when the leases of the one before are over."""

    def __init__(self, database_url: str, folder: Path, line: FakeLine, telegram: FakeTelegram) -> None:
        self._urls = (database_url, line.url, telegram.url)
        self._folder, self._line, self._telegram = folder, line, telegram
        self._ahead_s = 0.0
        self.url = ""
        self.deaths = 0

    async def start(self) -> None:
        """Start a process, and tell the platforms where it listens."""
        ours, theirs = _FORKS.Pipe(duplex=False)
        self._process = _FORKS.Process(
            target=_live, args=(self._urls, self._folder, self._ahead_s, theirs), daemon=True
        )
        await asyncio.to_thread(self._process.start)
        theirs.close()
        assert await asyncio.to_thread(ours.poll, START_WITHIN_S), self.log()[-2000:]
        self.url = ours.recv()
        ours.close()
        connect(self.url, self._line, self._telegram)

    async def kill(self) -> None:
        """Kill -9."""
        self._process.kill()
        await asyncio.to_thread(self._process.join)
        self._process.close()
        self.deaths += 1

    async def die_and_rise(self) -> None:
        """Kill the process and start the next."""
        await self.kill()
        self._ahead_s += LEASES_S
        await self.start()

    def log(self) -> str:
        """What all processes together have written."""
        path = self._folder / "log.txt"
        return path.read_text("utf-8") if path.exists() else ""
