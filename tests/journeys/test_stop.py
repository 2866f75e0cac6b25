"""`serve` is asked to stop in the middle of its work (SIGTERM): it finishes what it holds and ends with 0; the next one
does the rest; nobody misses anything, and nobody is told anything twice."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from storage.engines import normalised
from tests.bot.test_cli import started
from tests.conftest import DATA_KEY
from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram
from tests.journeys.app import PUBLIC_URL, TELEGRAM_SECRET, connect

PEOPLE = 40
"""On each platform: more than may be served together, so that some wait in line when the signal comes."""
AT_ONCE = 15
EARLY = 20
"""Of these, all events have their 200 when the signal comes, and their first answers are on their way."""
STOP_WITHIN_S = 10.0
PATIENCE_S = 30.0
ANSWERS = 2
"""To a villager who writes "/start" and something else: the question for the language, twice."""
REFERENCE = 0
"""The villager who is served before anything happens: everybody gets as much as this one."""


class HeldLine(FakeLine):
    """A LINE that takes calls and, while the gate is closed, does not answer them."""

    gate: asyncio.Event
    held = 0

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        held = "/message/" in request.path
        self.held += held
        answer = await super()._serve(request)
        if held:
            await self.gate.wait()
        return answer


class HeldTelegram(FakeTelegram):
    """A Telegram of the same kind."""

    gate: asyncio.Event
    held = 0

    async def _method(self, request: web.Request) -> web.StreamResponse:
        held = request.match_info["method"] == "sendMessage"
        self.held += held
        answer = await super()._method(request)
        if held:
            await self.gate.wait()
        return answer


@pytest.fixture
async def gate() -> asyncio.Event:
    """Open: the platforms answer."""
    opened = asyncio.Event()
    opened.set()
    return opened


@pytest.fixture
async def line(gate: asyncio.Event) -> AsyncIterator[HeldLine]:
    """A LINE."""
    async with HeldLine() as fake:
        fake.gate = gate
        yield fake


@pytest.fixture
async def telegram(gate: asyncio.Event) -> AsyncIterator[HeldTelegram]:
    """A Telegram."""
    async with HeldTelegram() as fake:
        fake.gate = gate
        yield fake


class Platforms:
    """Both platforms: they bring every event until it has its 200."""

    def __init__(self, line: HeldLine, telegram: HeldTelegram) -> None:
        self.line, self.telegram = line, telegram
        self._open: dict[tuple[str, int], dict[str, Any]] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)

    @staticmethod
    def _user(number: int) -> str:
        return f"U{number:032x}"

    def happens(self, numbers: range | list[int]) -> None:
        """These villagers write "/start" and something else on both platforms."""
        for number in numbers:
            user = {"id": 7000 + number, "is_bot": False, "first_name": "Somchai"}
            chat = {"id": 7000 + number, "type": "private", "first_name": "Somchai"}
            self.telegram.chat(7000 + number).status = "member"
            for step, words in enumerate(("/start", "hello")):
                message = {"type": "text", "id": f"{number}{step}", "text": words, "quoteToken": "q"}
                self._open["line", 10 * number + step] = self.line.event("message", self._user(number), message=message)
                said = {"message_id": 10 * number + step + 1, "from": user, "chat": chat, "date": 1, "text": words}
                if words.startswith("/"):
                    said["entities"] = [{"type": "bot_command", "offset": 0, "length": len(words)}]
                self._open["telegram", 10 * number + step] = {"update_id": 10 * number + step + 1, "message": said}

    async def bring(self) -> None:
        """Bring what has no 200 yet, each villager's in order, many villagers at once; a refused connection is no 200."""
        people = sorted({(platform, number // 10) for platform, number in self._open}, key=lambda p: p[::-1])
        await asyncio.gather(*(self._of(*person) for person in people))

    async def _of(self, platform: str, person: int) -> None:
        async with self._turns:
            for key in sorted(k for k in self._open if k[0] == platform and k[1] // 10 == person):
                event = self._open[key]
                try:
                    status = await (self.line.deliver(event) if platform == "line" else self.telegram.post(event))
                except aiohttp.ClientError:
                    return
                if status != 200:
                    return
                del self._open[key]

    async def hold(self, calls: int) -> None:
        """Wait until each platform has so many calls in hand, at least."""
        await self.line.wait_for(lambda: self.line.held >= calls, PATIENCE_S, "calls in hand")
        await self.telegram.wait_for(lambda: self.telegram.held >= calls, "calls in hand", PATIENCE_S)

    async def have_told(self, numbers: Iterable[int]) -> None:
        """Wait until all these villagers have all their answers on both platforms."""
        people = list(numbers)
        await self.line.wait_for(lambda: all(len(self.said(n)[0]) >= ANSWERS for n in people), PATIENCE_S, "answers")
        await self.telegram.wait_for(
            lambda: all(len(self.said(n)[1]) >= ANSWERS for n in people), "answers", PATIENCE_S
        )

    @property
    def unheard(self) -> int:
        """How many events have no 200."""
        return len(self._open)

    def said(self, number: int) -> tuple[list[str], list[str]]:
        """All that the bot has told a villager, on either platform."""
        on_line = [str(m.get("text", m.get("altText"))) for m in self.line.chat(self._user(number)).messages]
        return on_line, [m.text for m in self.telegram.posted(7000 + number)]


class Served:
    """`python -m bot serve` as an operator runs it."""

    def __init__(self, folder: Path, database_url: str, platforms: Platforms) -> None:
        self._folder = folder
        self._platforms = platforms
        self._variables = {
            "DATABASE_URL": database_url, "DATA_KEY": DATA_KEY, "MEDIA_URL": str(folder / "media"), "PORT": "0",
            "PUBLIC_URL": PUBLIC_URL, "RATE_LIMITS": "off",
            "TELEGRAM_BOT_TOKEN": platforms.telegram.token, "TELEGRAM_WEBHOOK_SECRET": TELEGRAM_SECRET,
            "TELEGRAM_API_URL": platforms.telegram.url, "LINE_CHANNEL_SECRET": platforms.line.secret,
            "LINE_CHANNEL_ACCESS_TOKEN": platforms.line.token, "LINE_API_URL": platforms.line.url,
            "LINE_DATA_API_URL": platforms.line.url,
        }  # fmt: skip

    async def start(self) -> None:
        """Start it and tell the platforms where it is."""
        self.process, line = await started(self._folder, "serve", **self._variables)
        self.url = line.split()[-1]
        connect(self.url, self._platforms.line, self._platforms.telegram)

    def ask_to_stop(self) -> None:
        """What systemd does."""
        self.process.send_signal(signal.SIGTERM)

    async def is_deaf(self) -> None:
        """Wait until nobody can connect any more."""
        port = int(self.url.rpartition(":")[2])
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                except ConnectionError:
                    return
                writer.close()

    async def says(self, event: str) -> None:
        """Wait until a line of its log says this."""
        assert self.process.stderr
        async with asyncio.timeout(PATIENCE_S):
            while f'"event": "{event}"' not in (line := (await self.process.stderr.readline()).decode()):
                assert line, f"it ended without a word of {event}"

    async def ended(self) -> tuple[int | None, str]:
        """Its exit code and its log, within the time that a graceful stop may take."""
        _, log = await asyncio.wait_for(self.process.communicate(), STOP_WITHIN_S)
        return self.process.returncode, log.decode()


def rows(database_url: str, where: str) -> int:
    """How many events and calls are not over, of those for which this holds as well."""
    engine = create_engine(normalised(database_url), poolclass=NullPool)
    with engine.connect() as connection:
        counts = [
            connection.execute(text(f"SELECT count(*) FROM {table} WHERE {waits} AND {where}"))
            for table, waits in (("inbox", "state = 'waiting'"), ("outbox", "over_at IS NULL"))
        ]
        return sum(count.scalar_one() for count in counts)


async def test_asked_to_stop_under_load(
    tmp_path: Path, database_url: str, line: HeldLine, telegram: HeldTelegram, gate: asyncio.Event
) -> None:
    """With calls in hand, rows in line, and webhooks still coming."""
    platforms = Platforms(line, telegram)
    served = Served(tmp_path, database_url, platforms)
    await served.start()
    platforms.happens([REFERENCE])
    await platforms.bring()
    await platforms.have_told([REFERENCE])
    told = platforms.said(REFERENCE)

    gate.clear()
    line.held = telegram.held = 0
    platforms.happens(range(1, EARLY + 1))
    await platforms.bring()
    assert platforms.unheard == 0
    await platforms.hold(EARLY)
    platforms.happens(range(EARLY + 1, PEOPLE + 1))
    bringing = asyncio.create_task(platforms.bring())
    served.ask_to_stop()
    await asyncio.gather(served.is_deaf(), bringing)
    platforms.happens([PEOPLE + 1])
    await platforms.bring()
    assert platforms.unheard >= 4, "nobody is told 200 any more"
    await served.says("finishing_calls")
    gate.set()
    code, log = await served.ended()
    assert code == 0, log
    assert rows(database_url, "owner IS NOT NULL") == 0
    assert rows(database_url, "owner IS NULL") > 0, "something was left for the next"

    await served.start()
    await platforms.bring()
    assert platforms.unheard == 0
    everybody = range(1, PEOPLE + 2)
    await platforms.have_told(everybody)
    served.ask_to_stop()
    code, log = await served.ended()
    assert code == 0, log
    assert rows(database_url, "1 = 1") == 0
    for number in everybody:
        assert platforms.said(number) == told


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_asked_twice(
    tmp_path: Path, engine_name: str, database_url: str, line: HeldLine, telegram: HeldTelegram, gate: asyncio.Event
) -> None:
    """Who asks a second time does not want to wait for a platform: the process ends at once, with 1, and says why."""
    platforms = Platforms(line, telegram)
    served = Served(tmp_path, database_url, platforms)
    await served.start()
    gate.clear()
    platforms.happens([1])
    await platforms.bring()
    await platforms.hold(1)
    served.ask_to_stop()
    await served.is_deaf()
    served.ask_to_stop()
    code, log = await served.ended()
    gate.set()
    assert code == 1 and "stopped_in_a_hurry" in log and "Traceback" not in log
