"""`telegram`: what is told to Telegram once per deployment."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import typer

from bot.cli import start
from bot.i18n import LANGUAGES, Catalogues
from handlers import commands
from handlers.messages import Text

if TYPE_CHECKING:
    from bot.channels.telegram.setup import Profile, TelegramSetup
    from bot.config import Settings

app = typer.Typer(help="Set up the Telegram bot.", no_args_is_help=True)

Menus = dict[str, list[tuple[str, str]]]


@app.command("set-webhook")
def set_webhook() -> None:
    """Have Telegram bring updates to PUBLIC_URL."""
    read = start.settings()
    if read.public_url is None:
        start.refuse("PUBLIC_URL: is not set; Telegram needs an address to bring updates to")
    if read.telegram_webhook_secret is None:
        start.refuse("TELEGRAM_WEBHOOK_SECRET: is not set; without it the bot fetches updates by itself")
    url, secret = f"{read.public_url}/webhooks/telegram", read.telegram_webhook_secret.get_secret_value()
    _talk(read, lambda telegram: telegram.set_webhook(url, secret))
    typer.echo(f"updates now come to {url}")


@app.command("set-commands")
def set_commands() -> None:
    """Set the command menus and the bot's descriptions in every language."""
    read = start.settings()
    private, group = menus(commands.described()), menus(commands.described_group())

    async def tell(telegram: TelegramSetup) -> None:
        await telegram.set_commands(private, group)
        await telegram.set_profile(profiles())

    _talk(read, tell)
    typer.echo(f"command menus and descriptions set in {', '.join(LANGUAGES)}")


def profiles() -> dict[str, Profile]:
    """The bot's descriptions in each language."""
    from bot.channels.telegram.setup import Profile

    catalogues, (long, short) = Catalogues.load(), commands.about()
    return {
        language: Profile(catalogues.text(long, language), catalogues.text(short, language)) for language in LANGUAGES
    }


def menus(described: dict[str, Text]) -> Menus:
    """The commands with their descriptions in each language."""
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
        start.run(talk())
    except TokenRefusedError as error:
        start.refuse(str(error))
    except Exception as error:  # the library's errors quote addresses, which hold the token: only their class is shown
        start.refuse(f"Telegram did not do it ({type(error).__name__})")
