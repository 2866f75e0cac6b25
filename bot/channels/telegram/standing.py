"""How the bot stands with Telegram: whose token it is, what it may do in groups, and where its updates go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from telegram import Bot
from telegram.error import InvalidToken, TelegramError, TimedOut

from bot.channels.telegram.bot import bot
from bot.channels.telegram.channel import ALLOWED_UPDATES
from bot.channels.telegram.fields import whole, words


class NotAnsweredError(Exception):
    """Telegram gave no usable answer. The text is half a line without a token."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What Telegram says of the bot.

    reads_groups    privacy mode is off: it gets everything that is said in its groups
    webhook         the address to which updates go, "" for none; another programme's may hold a token
    not_brought     kinds of updates that we need and Telegram does not bring
    failed_at       when bringing one last failed, with Telegram's words for it
    """

    username: str
    joins_groups: bool
    reads_groups: bool
    webhook: str
    not_brought: tuple[str, ...]
    waiting: int
    failed_at: datetime | None
    failure: str


async def standing(token: str, api_url: str) -> Standing:
    """Ask. Raises `TokenRefusedError` or `NotAnsweredError`."""
    try:
        async with bot(token, api_url) as made:
            return _standing(await _asked(made, "get_Me"), await _asked(made, "get_Webhook_Info"))
    except TimedOut:
        raise NotAnsweredError("Telegram does not answer in time") from None
    except TelegramError as error:  # its text may quote the address, which holds the token
        raise NotAnsweredError(f"Telegram cannot be reached ({type(error).__name__})") from None


async def _asked(made: Bot, method: str) -> Mapping[str, Any]:
    """The plain JSON: the library's objects cannot be built where a test server leaves out a field."""
    try:
        found = await made.do_api_request(method)
    except InvalidToken:  # the library's name for every 404; the token itself was accepted a moment ago
        raise NotAnsweredError("Telegram does not know a method of the Bot API that it should") from None
    if not isinstance(found, dict):
        raise NotAnsweredError("Telegram's answer cannot be read")
    return found


def _standing(me: Mapping[str, Any], info: Mapping[str, Any]) -> Standing:
    allowed, failed = info.get("allowed_updates"), whole(info, "last_error_date")
    brought = set(allowed) if isinstance(allowed, list) and allowed else set(ALLOWED_UPDATES)
    return Standing(
        username=words(me, "username"),
        joins_groups=me.get("can_join_groups") is not False,
        reads_groups=me.get("can_read_all_group_messages") is True,
        webhook=words(info, "url"),
        not_brought=tuple(kind for kind in ALLOWED_UPDATES if kind not in brought),
        waiting=whole(info, "pending_update_count") or 0,
        failed_at=datetime.fromtimestamp(failed, UTC) if failed else None,
        failure=words(info, "last_error_message"),
    )
