"""What every command begins with, and how it refuses."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import typer

from bot import bootstrap, config, logs
from storage.database import Database


def settings() -> config.Settings:
    """The settings, with logging set up after them."""
    read = config.load()
    logs.set_up(read.log_level)
    return read


@contextmanager
def database(read: config.Settings) -> Iterator[Database]:
    """The migrated database, closed afterwards."""
    made = bootstrap.database(read)
    try:
        yield made
    finally:
        made.close()


def refuse(reason: str) -> NoReturn:
    """End with one line and exit code 1."""
    typer.echo(f"mekongwatch: {reason}", err=True)
    raise typer.Exit(1)


def run(work: Coroutine[Any, Any, int]) -> int:
    """Run in an event loop, in the faster one where there is one."""
    if sys.platform == "win32":
        return asyncio.run(work)
    import uvloop

    return uvloop.run(work)
