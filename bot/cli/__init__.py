"""The command line: `mekongwatch` and `python -m bot`.

A command is a function in a module beside this one; `app` joins them. Those modules import what is heavy inside of their
functions, so that `--help` and a mistyped word cost no second. Exit codes: 0 done, 1 refused with one line that says
why, 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import contextlib
import gc
import io
import sys
from typing import Annotated

import typer

from bot.called import CALLED, PLAIN, examples_as_called
from bot.cli import backup, centre, chat, doctor, line, places, playground, processes, telegram

TRY, RUN, SET_UP, LOOK_AFTER = "Try it", "Run it", "Set it up", "Look after it"

YOUNG_OBJECTS = 20_000
"""Objects made until the collector looks for cycles. With Python's own number, 700, starting takes a sixth longer, and each
batch of `serve` would set it off several times."""

app = typer.Typer(
    name="mekongwatch",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("try", rich_help_panel=TRY)(playground.try_)
app.command(rich_help_panel=TRY)(chat.chat)
app.command(rich_help_panel=RUN)(processes.serve)
app.command(rich_help_panel=RUN)(processes.worker)
app.command(rich_help_panel=SET_UP)(doctor.doctor)
app.add_typer(centre.app, name="centre", rich_help_panel=SET_UP)
app.add_typer(places.app, name="places", rich_help_panel=SET_UP)
app.add_typer(telegram.app, name="telegram", rich_help_panel=SET_UP)
app.add_typer(line.app, name="line", rich_help_panel=SET_UP)
app.command(rich_help_panel=LOOK_AFTER)(backup.backup)
app.command(rich_help_panel=LOOK_AFTER)(backup.restore)


def _version(wanted: bool) -> None:
    if wanted:
        from bot import __version__

        typer.echo(f"mekongwatch {__version__}")
        raise typer.Exit


@app.callback()
def programme(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """NTS-Mekong Watch: villagers report on LINE or Telegram, the right district centre answers.

    Settings are read from the environment and from the file .env; .env.example explains each.

    Example: python -m bot chat
    """


def main() -> None:
    """Run a command.

    Whatever a person at the keyboard can put right (settings, rights, a full disk, a database that is away) is one line
    on standard error. Anything else is a fault of this programme: it is shown with where it happened, for whoever mends
    it, but without its text and values, which may hold what somebody wrote.
    """
    gc.set_threshold(YOUNG_OBJECTS, 20, 20)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name in Thai must not end a command on a terminal without Thai
            stream.reconfigure(errors="backslashreplace")
    try:
        command = typer.main.get_command(app)
        examples_as_called(command)
        command(prog_name=CALLED if CALLED != PLAIN else None)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        from bot.cli import mistakes

        with contextlib.suppress(OSError):  # nobody may be there to read it
            typer.echo(f"mekongwatch: {mistakes.reason(error) or mistakes.fault(error)}", err=True)
        sys.exit(1)
