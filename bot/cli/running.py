"""What `serve` and `worker` do: the programme itself."""

from __future__ import annotations

import asyncio
import gc

import structlog
import typer

from bot import bootstrap
from bot.called import CALLED
from bot.cli import serving, start
from bot.config import Settings
from bot.road import Road
from storage.database import Database

log = structlog.get_logger(__name__)

REST_WITHIN_S = 80.0
"""How long all the rest may take to stop, in seconds: systemd kills what has not ended after 90 (TimeoutStopSec)."""


def run(read: Settings, *, web: bool) -> int:
    """Run until a signal comes or a part breaks, with the web side or without; the exit code. Raises `BadSettings`."""
    with start.database(read) as data:
        return start.run(_running(read, data, web=web))


async def _running(read: Settings, data: Database, *, web: bool) -> int:
    """Run until a signal comes or a part breaks; the exit code."""
    listening = serving.listen(read.host, read.port, "PORT", "HOST") if web else None
    road = bootstrap.road(read, data, bootstrap.channels(read))
    server = serving.Server(bootstrap.web(road)) if web else None
    stop, hurry = serving.signals(server)
    _advise(read)
    polling: asyncio.Task[None] | None = None
    at_rest = False
    try:
        await road.start()
        _settle_memory()
        if web and read.telegram_polls:  # Telegram gives its updates to one process only
            polling = road.spawn(_poll(read, road))
        if not web:
            typer.echo("ready")
        await serving.until(stop, road.broken, server=server, listening=listening)
    finally:
        if polling:
            polling.cancel()  # an update in hand is committed all the same, and known when Telegram brings it again
        at_rest = await _come_to_rest(road, hurry)
    return 0 if at_rest and not road.broken.is_set() else 1


async def _come_to_rest(road: Road, hurry: asyncio.Event) -> bool:
    """Let the road finish what it holds. False if it was broken off: nothing is lost then, since all that waits stands in
    the database, but a message on its way may be sent again."""
    resting, asked = asyncio.ensure_future(road.stop()), asyncio.ensure_future(hurry.wait())
    await asyncio.wait({resting, asked}, timeout=REST_WITHIN_S, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    if resting.done():
        await resting
        return True
    log.error("stopped_in_a_hurry", asked=hurry.is_set())
    resting.cancel()
    return False


def _settle_memory() -> None:
    """What was loaded so far stays for good: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()


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
        log.warning("no_channel", advice=f"set TELEGRAM_BOT_TOKEN or the two LINE variables, or try: {CALLED} chat")
    if read.line_on and not read.public_url:
        log.warning("no_public_url", advice="LINE groups get cards without photos until PUBLIC_URL is set")
