"""`try`: the playground, a web page with villagers' phones and centres' groups."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import start

if TYPE_CHECKING:
    from bot.channels.playground.phones import Phones

TRY_FIRST = (
    "Try first: press Start on the villager's phone, report something, and watch the group of the district beside it."
)

EVERYWHERE = ("0.0.0.0", "::")
NOBODY = ("192.0.2.1", 9)
"""An address that belongs to no machine (RFC 5737); it is asked for the way only, nothing is sent there."""


def try_(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the page; 0 takes any free one.")] = 8080,
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 lets everybody in this machine's network play.")
    ] = "127.0.0.1",
    folder: Annotated[Path, typer.Option(help="Where the playground keeps its database and files.")] = Path(
        "playground"
    ),
    start_over: Annotated[bool, typer.Option("--start-over", help="Wipe what an earlier run left.")] = False,
) -> None:
    """Play villagers, headmen and two district centres on a web page. No token; nothing leaves the machine.

    Example: python -m bot try --port 8081"""
    start.log("ERROR")
    raise typer.Exit(start.run(_playing(port, host, folder, start_over)))


async def _playing(port: int, host: str, folder: Path, start_over: bool) -> int:
    from bot.channels.playground.web import app
    from bot.cli import serving
    from bot.clock import RandomIds, SystemClock
    from bot.sandbox import Sandbox

    listening = serving.listen(host, port, "--port")
    sandbox = Sandbox(folder, SystemClock(), RandomIds())
    page = app(sandbox, sandbox.texts.text, sandbox.rest, host)
    server = serving.Server(page)
    stop, _ = serving.signals(server)
    await sandbox.open()
    try:
        if start_over:
            await sandbox.start_over()
        typer.echo(TRY_FIRST)
        if host in EVERYWHERE:
            typer.echo(f"Others in this network open http://{_own_address()}:{listening.getsockname()[1]}")
        ending = asyncio.ensure_future(_end_streams(stop, sandbox.phones))
        await serving.until(stop, server=server, listening=listening)
        ending.cancel()
    finally:
        await sandbox.close()
    return 0


def _own_address() -> str:
    """By which address this machine is reached from outside, as far as it knows."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(NOBODY)  # of a datagram socket: sends nothing
        except OSError:
            return socket.gethostname()
        return str(way.getsockname()[0])


async def _end_streams(stop: asyncio.Event, phones: Phones) -> None:
    """A page's stream never ends by itself, and the server waits for open requests."""
    await stop.wait()
    phones.close()
