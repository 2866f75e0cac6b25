"""The running app between a fake LINE and a fake Telegram: the road and the web side that an operator runs, in the
test's own event loop and on a free port, with every call between them over loopback HTTP.

    async with running(settings_for(database_url, folder, line.url, telegram.url)) as app:
        connect(app.url, line, telegram)
"""

from __future__ import annotations

import asyncio
import io
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import uvicorn
from pydantic import SecretStr

from bot import bootstrap
from bot.asgi import MAX_BODY
from bot.clock import RandomIds, SystemClock
from bot.config import Settings
from bot.invitations import invite
from bot.road import Road
from tests.conftest import DATA_KEY
from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram

PUBLIC_URL = "https://reports.example"
"""What the app believes to be its own address; LINE takes nothing but HTTPS."""
TELEGRAM_SECRET = "a-webhook-secret-of-the-journeys"

__all__ = ["MAX_BODY", "PUBLIC_URL", "TELEGRAM_SECRET", "AheadClock", "App", "connect", "running", "settings_for"]


class AheadClock:
    """The machine's clock, and what a test adds to it."""

    def __init__(self, ahead_s: float = 0.0) -> None:
        self._system = SystemClock()
        self.ahead_s = ahead_s

    def now(self) -> datetime:
        """The time of day, aware, in UTC."""
        return self._system.now() + timedelta(seconds=self.ahead_s)

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""
        return self._system.monotonic() + self.ahead_s

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self.ahead_s += seconds


class _Server(uvicorn.Server):
    """Leaves the signals to pytest, says when it listens, and ends as soon as it may rather than at the next tick."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up, self.leave = asyncio.Event(), asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take no signal."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        self.up.set()

    async def main_loop(self) -> None:
        """Serve until told to leave."""
        await self.on_tick(0)  # the headers that every answer has
        await self.leave.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close what listens and what is connected, and wait for the requests in hand."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.gather(*self.server_state.tasks)


@dataclass
class App:
    """What a test may touch of the app. `clock` can be moved ahead."""

    road: Road
    url: str
    clock: AheadClock
    http: aiohttp.ClientSession
    ids: RandomIds = field(default_factory=RandomIds)

    async def code(self, centre: str, area: str = "") -> str:
        """A one-time code, as `python -m bot centre code` makes them."""
        now = self.clock.now()
        made, _ = await self.road.database.run(lambda uow: invite(uow, self.ids, now, centre, area))
        return made

    async def post(self, path: str, body: bytes, **headers: str) -> int:
        """Post to a webhook whatever the test likes; the status."""
        async with self.http.post(self.url + path, data=io.BytesIO(body), headers=headers) as response:
            return response.status

    async def fetch(self, public: str) -> bytes:
        """What somebody gets who opens one of the app's own links."""
        assert public.startswith(f"{PUBLIC_URL}/media/")
        async with self.http.get(self.url + public.removeprefix(PUBLIC_URL)) as response:
            assert response.status == 200
            return await response.read()

    async def settled(self) -> None:
        """Wait until nothing is left that can be done now."""
        before = -1
        while before != (before := self.road.counters.total()):
            await self.road.idle()
            await self.road.intake.fire_timers()
            await self.road.fetcher.claim()
            await self.road.delivery.claim()
            await self.road.idle()


def settings_for(database_url: str, folder: Path, line_url: str, telegram_url: str, **more: object) -> Settings:
    """Settings with both platforms on, at these addresses."""
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        **{  # type: ignore[arg-type]
            "database_url": SecretStr(database_url),
            "data_key": SecretStr(DATA_KEY),
            "media_url": str(folder / "media"),
            "public_url": PUBLIC_URL,
            "telegram_bot_token": SecretStr("123456:FAKE-token_of-a-test"),
            "telegram_webhook_secret": SecretStr(TELEGRAM_SECRET),
            "telegram_api_url": telegram_url,
            "line_channel_secret": SecretStr("line-secret"),
            "line_channel_access_token": SecretStr("line-token"),
            "line_api_url": line_url,
            "line_data_api_url": line_url,
            "port": 0,
            "rate_limits": False,
            **more,
        },
    )


@asynccontextmanager
async def running(settings: Settings, ahead_s: float = 0.0) -> AsyncIterator[App]:
    """The app, started; stopped in order at the end. `connect` then tells the platforms where it is."""
    database, clock = bootstrap.database(settings), AheadClock(ahead_s)
    road = bootstrap.road(settings, database, bootstrap.channels(settings), clock=clock)
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        bootstrap.web(road), access_log=False, log_config=None, lifespan="off", timeout_keep_alive=600
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve([listening]))
    try:
        await road.start()
        await server.up.wait()
        async with aiohttp.ClientSession() as http:
            yield App(road, f"http://127.0.0.1:{listening.getsockname()[1]}", clock, http)
    finally:
        server.leave.set()
        await serving
        await road.stop()
        database.close()
        listening.close()


def connect(url: str, line: FakeLine, telegram: FakeTelegram) -> None:
    """Tell both platforms where the app listens."""
    line.webhook_url = f"{url}/webhooks/line"
    telegram.webhook = (f"{url}/webhooks/telegram", TELEGRAM_SECRET)
