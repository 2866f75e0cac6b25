"""What `serve` and `try` share: a listening socket, a server that leaves the signals alone, and waiting for the end."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import typer
import uvicorn

from bot.config import BadSettings

BACKLOG = 2048
CLOSE_WITHIN_S = 5
"""How long open connections may take to finish when the server stops, in seconds."""


class Server(uvicorn.Server):
    """uvicorn without its own signal handling: the rest of the programme has to come to rest in its turn."""

    def __init__(self, app: Any) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                access_log=False,
                proxy_headers=False,  # nothing here depends on who calls
                server_header=False,
                date_header=False,
                log_config=None,
                lifespan="off",
                backlog=BACKLOG,
                timeout_graceful_shutdown=CLOSE_WITHIN_S,
            )
        )

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to `signals`."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and say so."""
        await super().startup(sockets)
        for listening in sockets or []:
            host, port = listening.getsockname()[:2]
            typer.echo(f"ready on http://{f'[{host}]' if ':' in host else host}:{port}")


def listen(host: str, port: int, port_named: str, host_named: str = "--host") -> socket.socket:
    """The listening socket, before anything else starts: a port that is taken is the commonest refusal. Raises
    `BadSettings` under the name of that setting or option which is to blame."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        named = port_named if error.errno in (errno.EADDRINUSE, errno.EACCES) else host_named
        reason = str(error.strerror).partition(" (while")[0]  # Python's own words follow, with the address again
        raise BadSettings(f"{named}: cannot listen on {host}:{port} ({reason})") from None


def signals(server: Server | None) -> tuple[asyncio.Event, asyncio.Event]:
    """What the first SIGINT or SIGTERM sets, and what the second does: whoever presses Ctrl-C again does not want to wait.
    A third one ends the process on the spot as soon as the loop is over."""
    stop, hurry = asyncio.Event(), asyncio.Event()

    def asked() -> None:
        if stop.is_set():
            hurry.set()
            if server:
                server.force_exit = True
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: the loop knows no signals, Ctrl-C raises KeyboardInterrupt
            asyncio.get_running_loop().add_signal_handler(number, asked)
    return stop, hurry


async def until(*ends: asyncio.Event, server: Server | None = None, listening: socket.socket | None = None) -> None:
    """Wait until one of these happens, serving meanwhile; the server finishes its open requests."""
    waiting = [asyncio.ensure_future(end.wait()) for end in ends]
    served = asyncio.ensure_future(server.serve([listening])) if server and listening else None
    await asyncio.wait([*waiting, *([served] if served else [])], return_when=asyncio.FIRST_COMPLETED)
    for end in waiting:
        end.cancel()
    if server and served:
        server.should_exit = True
        await served
