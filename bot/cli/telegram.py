"""`telegram`: what is told to Telegram once per deployment."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import show, start

if TYPE_CHECKING:
    from bot.channels.telegram.setup import Profile, TelegramSetup
    from bot.config import Settings
    from handlers.messages import Text

HELP = """\
Set up the Telegram bot.

Example: python -m bot telegram set-commands
"""

app = typer.Typer(help=HELP, no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

Menus = dict[str, list[tuple[str, str]]]


@app.command("set-webhook")
def set_webhook(as_json: Json = False) -> None:
    """Have Telegram bring updates to PUBLIC_URL.

    Example: python -m bot telegram set-webhook
    """
    read = start.settings()
    public = start.public_url(read, "Telegram")
    if read.telegram_webhook_secret is None:
        start.refuse("TELEGRAM_WEBHOOK_SECRET: is not set; without it the bot fetches updates by itself")
    url, secret = f"{public}/webhooks/telegram", read.telegram_webhook_secret.get_secret_value()
    _talk(read, lambda telegram: telegram.set_webhook(url, secret))
    if as_json:
        show.data({"webhook": url})
    else:
        typer.echo(f"updates now come to {url}")


@app.command("set-commands")
def set_commands(as_json: Json = False) -> None:
    """Set the command menus and the bot's descriptions in every language.

    Example: python -m bot telegram set-commands
    """
    from bot.i18n import LANGUAGES
    from handlers import commands

    read = start.settings()
    private, group = menus(commands.described()), menus(commands.described_group())

    async def tell(telegram: TelegramSetup) -> None:
        await telegram.set_commands(private, group)
        await telegram.set_profile(profiles())

    _talk(read, tell)
    if as_json:
        show.data({"languages": LANGUAGES})
    else:
        typer.echo(f"command menus and descriptions set in {', '.join(LANGUAGES)}")


def profiles() -> dict[str, Profile]:
    """The bot's descriptions in each language."""
    from bot.channels.telegram.setup import Profile
    from bot.i18n import LANGUAGES, Catalogues
    from handlers import commands

    catalogues, (long, short) = Catalogues.load(), commands.about()
    return {
        language: Profile(catalogues.text(long, language), catalogues.text(short, language)) for language in LANGUAGES
    }


def menus(described: dict[str, Text]) -> Menus:
    """The commands with their descriptions in each language."""
    from bot.i18n import LANGUAGES, Catalogues

    catalogues = Catalogues.load()
    return {
        language: [(command, catalogues.text(text, language)) for command, text in described.items()]
        for language in LANGUAGES
    }


def _talk(read: Settings, what: Callable[[TelegramSetup], Awaitable[None]]) -> None:
    """Make calls to Telegram; what it refuses is told in one line."""
    from bot.channels.telegram.bot import TokenRefusedError
    from bot.channels.telegram.setup import setup

    if read.telegram_bot_token is None:
        start.refuse("TELEGRAM_BOT_TOKEN: is not set")
    token = read.telegram_bot_token.get_secret_value()

    async def talk() -> int:
        async with setup(token, read.telegram_api_url) as telegram:
            await what(telegram)
        return 0

    try:
        with show.progress("Talking to Telegram"):
            start.run(talk())
    except TokenRefusedError as error:
        start.refuse(str(error))
    except Exception as error:  # the library's errors quote addresses, which hold the token: only their class is shown
        start.refuse(f"Telegram did not do it ({type(error).__name__})")
