"""`line`: what is told to LINE once per deployment."""

from __future__ import annotations

import typer

from bot.cli import start
from bot.cli.telegram import menus
from handlers import commands

app = typer.Typer(help="Set up the LINE official account.", no_args_is_help=True)

MENU = ("report", "mine", "language", "privacy", "hide", "help")
"""Commands of the rich menu, in the order of its six cells."""


@app.callback()
def group() -> None:
    """Keep `line` a group of commands although it has only one."""


@app.command("rich-menu")
def rich_menu() -> None:
    """Make the rich menu of each language and take away those of earlier runs."""
    from bot.channels.line.account import AccountError
    from bot.channels.line.richmenu import create

    read = start.settings()
    if read.line_channel_access_token is None:
        start.refuse("LINE_CHANNEL_ACCESS_TOKEN: is not set")
    described = commands.described()
    items = {
        language: [(f"/{command}", words) for command, words in menu]
        for language, menu in menus({name: described[name] for name in MENU}).items()
    }
    token = read.line_channel_access_token.get_secret_value()

    async def make() -> int:
        return len(await create(token, read.line_api_url, read.line_data_api_url, items))

    try:
        made = start.run(make())
    except AccountError as error:
        start.refuse(str(error))
    typer.echo(f"rich menus made: {made}")
