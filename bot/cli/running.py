"""`serve` and `worker`: the programme itself."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog
import typer
import uvicorn

from bot import bootstrap
from bot.cli import start
from bot.config import BadSettings, Settings
from bot.road import Road
from storage.database import Database

log = structlog.get_logger(__name__)

BACKLOG = 2048
YOUNG_OBJECTS = 20_000
"""Objects made until the collector looks for cycles (Python's own number is 700: several times in each batch)."""
CLOSE_WITHIN_S = 5
"""How long open connections may take to finish when the server stops, in seconds."""


def serve() -> None:
    """Receive webhooks (or poll), hold the conversations and send the answers."""
    read = start.settings()
    with start.database(read) as data:
        raise typer.Exit(start.run(_running(read, data, web=True)))


def worker() -> None:
    """The same without the web side: handles and sends what `serve` processes receive."""
    read = start.settings()
    with start.database(read) as data:
        raise typer.Exit(start.run(_running(read, data, web=False)))


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: the rest of the programme has to come to rest in its turn."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to `_running`."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and say so."""
        await super().startup(sockets)
        for listening in sockets or []:
            host, port = listening.getsockname()[:2]
            typer.echo(f"ready on http://{f'[{host}]' if ':' in host else host}:{port}")


async def _running(read: Settings, data: Database, *, web: bool) -> int:
    """Run until a signal comes or a part breaks; the exit code."""
    listening = _listen(read) if web else None
    road = bootstrap.road(read, data, bootstrap.channels(read))
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: the loop knows no signals, Ctrl-C raises KeyboardInterrupt
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    _advise(read)
    server = _Server(_config(read, road))
    try:
        await road.start()
        _settle_memory()
        if read.telegram_polls:
            road.spawn(_poll(read, road))
        if listening:
            await _either(stop, road.broken, server, listening)
        else:
            typer.echo("ready")
            await _either(stop, road.broken)
    finally:
        await road.stop()
    return 1 if road.broken.is_set() else 0


def _settle_memory() -> None:
    """What was loaded so far stays for good: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 20)


async def _either(
    stop: asyncio.Event, broken: asyncio.Event, server: _Server | None = None, listening: socket.socket | None = None
) -> None:
    """Wait for a signal or a breakage, serving meanwhile; the server finishes its open requests."""
    ends = [asyncio.ensure_future(event.wait()) for event in (stop, broken)]
    served = asyncio.ensure_future(server.serve([listening])) if server and listening else None
    await asyncio.wait([*ends, *([served] if served else [])], return_when=asyncio.FIRST_COMPLETED)
    for end in ends:
        end.cancel()
    if server and served:
        server.should_exit = True
        await served


def _listen(read: Settings) -> socket.socket:
    """The listening socket, before anything else starts: a port that is taken is the commonest refusal."""
    try:
        family = socket.AF_INET6 if ":" in read.host else socket.AF_INET
        return socket.create_server((read.host, read.port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise BadSettings(f"PORT: cannot listen on {read.host}:{read.port} ({error.strerror})") from None


def _config(read: Settings, road: Road) -> uvicorn.Config:
    return uvicorn.Config(
        bootstrap.web(road),
        access_log=False,
        proxy_headers=False,  # nothing here depends on who calls
        server_header=False,
        date_header=False,
        log_config=None,
        lifespan="off",
        backlog=BACKLOG,
        timeout_graceful_shutdown=CLOSE_WITHIN_S,
    )


async def _poll(read: Settings, road: Road) -> None:
    """Fetch Telegram's updates; only for a machine that Telegram cannot reach."""
    from bot.channels.telegram.bot import TokenRefusedError
    from bot.channels.telegram.channel import TelegramChannel
    from bot.channels.telegram.polling import poll

    channel = road.channels["telegram"]
    if not isinstance(channel, TelegramChannel) or read.telegram_bot_token is None:
        return

    async def handle(update: dict[str, object]) -> None:
        events = channel.take(update).events
        if events:
            await road.intake.receive(channel, events)

    try:
        await poll(read.telegram_bot_token.get_secret_value(), read.telegram_api_url, handle)
    except TokenRefusedError as refusal:
        typer.echo(f"mekongwatch: {refusal}", err=True)
        raise


def _advise(read: Settings) -> None:
    """Say what an operator may have forgotten."""
    if not read.telegram_on and not read.line_on:
        log.warning("no_channel", advice="set TELEGRAM_BOT_TOKEN or the two LINE variables, or try: python -m bot chat")
    if read.line_on and not read.public_url:
        log.warning("no_public_url", advice="LINE groups get cards without photos until PUBLIC_URL is set")
