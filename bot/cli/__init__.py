"""The command line: `mekongwatch` and `python -m bot`.

A command is a function in a module beside this one; `app` joins them. Exit codes: 0 done, 1 refused with one line that
says why, 2 wrong usage.
"""

from __future__ import annotations

import sys

import typer

from bot.cli import centre, chat, line, running, telegram
from bot.config import BadSettings
from bot.i18n import UnusableCatalogue
from bot.reference import BadReference

app = typer.Typer(
    name="mekongwatch",
    help="Chat channel of NTS-Mekong Watch.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(running.serve)
app.command()(running.worker)
app.command()(chat.chat)
app.add_typer(centre.app, name="centre")
app.add_typer(telegram.app, name="telegram")
app.add_typer(line.app, name="line")


def main() -> None:
    """Run a command; a refusal is one line on standard error."""
    try:
        app()
    except (BadSettings, BadReference, UnusableCatalogue) as refusal:
        typer.echo(f"mekongwatch: {refusal}", err=True)
        sys.exit(1)
