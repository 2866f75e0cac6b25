"""What every command begins with, and how it refuses."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import typer

if TYPE_CHECKING:
    from bot.config import Settings
    from storage.database import Database


def settings(*, quiet: bool = True) -> Settings:
    """The settings, with logging set up after them. Raises `BadSettings`.

    `quiet`, for commands that say themselves what they do: of the log, errors only, unless LOG_LEVEL asks for DEBUG.
    """
    from bot import config

    read = config.load()
    log("ERROR" if quiet and read.log_level != "DEBUG" else read.log_level)
    return read


def log(level: str) -> None:
    """Set up logging from this level on; Python's warnings (a library's deprecations) go the same way."""
    from bot import logs

    logs.set_up(level)
    logging.captureWarnings(True)


@contextmanager
def database(read: Settings) -> Iterator[Database]:
    """The migrated database, closed afterwards. Raises `BadSettings`, also if its data was sealed with another key."""
    from bot import bootstrap
    from bot.cli.mistakes import WRONG_KEY
    from bot.config import BadSettings

    made = bootstrap.database(read)
    try:
        if not made.run_now(lambda uow: uow.chats.readable()):
            raise BadSettings(WRONG_KEY)
        yield made
    finally:
        made.close()


def public_url(read: Settings, who: str) -> str:
    """PUBLIC_URL, if `who` ("LINE", "Telegram") can bring messages there; else refuses with what is wrong with it."""
    from bot.doctor.public import unfit

    if read.public_url is None:
        refuse(f"PUBLIC_URL: is not set; {who} needs an address to bring messages to")
    wrong = unfit(read.public_url, telegram=who == "Telegram")
    if wrong:
        refuse(f"PUBLIC_URL: {wrong[0]}; {wrong[1]}")
    return read.public_url


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
