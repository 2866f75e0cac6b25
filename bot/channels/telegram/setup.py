"""What is told to Telegram once per deployment: the webhook, the command menus, the bot's name and descriptions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeDefault

from bot.channels.telegram.bot import bot
from bot.channels.telegram.channel import ALLOWED_UPDATES

T = TypeVar("T")

Described = Sequence[tuple[str, str]]
"""Commands (without the slash) with what they do, in menu order."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The bot's description in an empty chat (512 characters) and in its profile (120). Its name is the operator's."""

    description: str
    short_description: str


@asynccontextmanager
async def setup(token: str, api_url: str) -> AsyncIterator[TelegramSetup]:
    """Calls of the set-up, over one connection. Raises `TokenRefusedError`, or python-telegram-bot's errors."""
    async with bot(token, api_url) as made:
        yield TelegramSetup(made)


class TelegramSetup:
    """Every text comes per language; `default` names the language for people whose own has none."""

    def __init__(self, made: Bot) -> None:
        self._bot = made

    async def set_webhook(self, url: str, secret: str, allowed_updates: Sequence[str] = ALLOWED_UPDATES) -> None:
        """Have updates posted to `url` (HTTPS, port 443, 80, 88 or 8443) with `secret` in their header."""
        await self._bot.set_webhook(url, secret_token=secret, allowed_updates=list(allowed_updates))

    async def delete_webhook(self) -> None:
        """Have updates kept for polling."""
        await self._bot.delete_webhook()

    async def set_commands(
        self, private: Mapping[str, Described], group: Mapping[str, Described], default: str = "th"
    ) -> None:
        """Set the command menus of private chats and of groups."""
        for scope, menus in ((BotCommandScopeDefault(), private), (BotCommandScopeAllGroupChats(), group)):
            for language, menu in _with_default(menus, default):
                commands = [BotCommand(command, description) for command, description in menu]
                await self._bot.set_my_commands(commands, scope=scope, language_code=language)

    async def set_profile(self, profiles: Mapping[str, Profile], default: str = "th") -> None:
        """Set the descriptions."""
        for language, profile in _with_default(profiles, default):
            await self._bot.set_my_description(profile.description, language_code=language)
            await self._bot.set_my_short_description(profile.short_description, language_code=language)


def _with_default(texts: Mapping[str, T], default: str) -> list[tuple[str | None, T]]:
    """The texts by language code, first those that everybody else sees (None)."""
    return [(None, texts[default]), *texts.items()]
