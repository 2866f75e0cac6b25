"""`line`: what is told to LINE once per deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import show, start
from bot.cli.telegram import menus

if TYPE_CHECKING:
    from bot.config import Settings

HELP = """\
Set up the LINE official account.

Example: python -m bot line set-webhook
"""

app = typer.Typer(help=HELP, no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

MENU = ("report", "mine", "language", "privacy", "hide", "help")
"""Commands of the rich menu, in the order of its six cells."""


@app.command("set-webhook")
def set_webhook(as_json: Json = False) -> None:
    """Have LINE bring events to PUBLIC_URL, and let LINE try it out; exit code 1 if its test call fails.

    Example: python -m bot line set-webhook
    """
    from bot.channels.line import webhook
    from bot.channels.line.account import AccountError

    read = start.settings()
    url = f"{start.public_url(read, 'LINE')}{webhook.PATH}"
    token = _token(read)
    made: list[tuple[webhook.Webhook, webhook.Trial]] = []

    async def tell() -> int:
        await webhook.set_webhook(token, read.line_api_url, url)
        noted = await webhook.webhook(token, read.line_api_url)
        made.append((noted, await webhook.try_webhook(token, read.line_api_url, url)))
        return 0

    try:
        with show.progress("Talking to LINE"):
            start.run(tell())
    except AccountError as error:
        start.refuse(str(error))
    noted, trial = made[0]
    if as_json:
        show.data({"webhook": url, "active": noted.active, "test": trial})
    else:
        typer.echo(f"events now come to {url}")
        typer.echo(f"LINE's test call: {trial.words}")
        for advice in filter(None, (trial.advice, "" if noted.active else webhook.SWITCH)):
            typer.echo(f"→ {advice}")
    if not trial.success:
        raise typer.Exit(1)


@app.command("rich-menu")
def rich_menu(as_json: Json = False) -> None:
    """Make the rich menu of each language and take away those of earlier runs.

    Example: python -m bot line rich-menu
    """
    from bot.channels.line.account import AccountError
    from bot.channels.line.richmenu import create
    from handlers import commands

    read = start.settings()
    token = _token(read)
    described = commands.described()
    items = {
        language: [(f"/{command}", words) for command, words in menu]
        for language, menu in menus({name: described[name] for name in MENU}).items()
    }

    made: dict[str, str] = {}

    async def make() -> int:
        made.update(await create(token, read.line_api_url, read.line_data_api_url, items))
        return 0

    try:
        with show.progress("Making rich menus"):
            start.run(make())
    except AccountError as error:
        start.refuse(str(error))
    if as_json:
        show.data({"rich_menus": made})
    else:
        typer.echo(f"rich menus made: {', '.join(made)}")


def _token(read: Settings) -> str:
    if read.line_channel_access_token is None:
        start.refuse("LINE_CHANNEL_ACCESS_TOKEN: is not set")
    return read.line_channel_access_token.get_secret_value()
