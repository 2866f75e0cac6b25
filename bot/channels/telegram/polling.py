"""Long polling, for a machine that Telegram cannot reach: the same updates as by webhook, asked for in batches."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.bot import READ_TIMEOUT_S, TokenRefusedError, bot
from bot.channels.telegram.channel import ALLOWED_UPDATES
from bot.channels.telegram.fields import record, whole, words

LONG_POLL_S = 25
"""Seconds that Telegram holds an empty answer back."""

LONGEST_PAUSE_S = 30.0

Handle = Callable[[dict[str, Any]], Awaitable[None]]
Pause = Callable[[float], Awaitable[None]]

log = structlog.get_logger()


async def poll(bot_token: str, api_url: str, handle: Handle, pause: Pause = asyncio.sleep) -> None:
    """Hand every update to `handle` until cancelled; raises `TokenRefusedError` where trying again is of no use.

    `handle` returns once the update is committed; only then does the offset move on, so a crash in between repeats the
    update and loses none. Where `handle` raises, the same update comes again after a pause.
    """
    failures = 0
    while True:
        try:
            async with bot(bot_token, api_url) as made:
                await made.delete_webhook()
                failures = 0
                await _rounds(made, handle, pause)
        except TelegramError as error:
            failures += 1
            await pause(_waiting(error, failures))


async def _rounds(made: Bot, handle: Handle, pause: Pause) -> None:
    offset, failures = 0, 0
    while True:
        try:
            updates = await _updates(made, offset)
            for update in updates:
                await handle(update)
                offset = max(offset, (whole(update, "update_id") or 0) + 1)
                await _answer(made, update)
            failures = 0
        except InvalidToken:
            raise TokenRefusedError("Telegram does not accept TELEGRAM_BOT_TOKEN any more") from None
        except Exception as error:
            # Also what `handle` raises, say while the database is away: only a cancellation may end the polling.
            failures += 1
            await pause(_waiting(error, failures))


async def _updates(made: Bot, offset: int) -> list[dict[str, Any]]:
    """The next updates as Telegram wrote them. `Bot.get_updates` would build objects, and one update that it cannot
    build would hold up all that follow; this spelling of the method's name gives the plain JSON."""
    found = await made.do_api_request(
        "get_Updates",
        {"offset": offset, "timeout": LONG_POLL_S, "allowed_updates": list(ALLOWED_UPDATES)},
        read_timeout=LONG_POLL_S + READ_TIMEOUT_S,
    )
    return [update for update in found if isinstance(update, dict)] if isinstance(found, list) else []


async def _answer(made: Bot, update: dict[str, Any]) -> None:
    """Take the waiting sign off a tapped button; without a webhook there is no 200 that could carry this call."""
    query_id = words(record(update, "callback_query"), "id")
    if not query_id:
        return
    try:
        await made.answer_callback_query(query_id)
    except TelegramError as error:
        log.debug("button not acknowledged", error=type(error).__name__)


def _waiting(error: Exception, failures: int) -> float:
    """One line for the operator, and the seconds to wait: 1, 2, 4 … 30, or what Telegram asks for."""
    wait = min(2.0 ** (failures - 1), LONGEST_PAUSE_S)
    if isinstance(error, RetryAfter):
        wait = max(wait, _asked(error))
    if isinstance(error, Conflict):
        log.warning("another process polls with the same token, or a webhook was set: stop the other one", wait_s=wait)
    else:
        log.warning("polling interrupted", error=type(error).__name__, wait_s=wait)
    return wait


def _asked(error: RetryAfter) -> float:
    """Seconds that Telegram wants us to wait. The library will give a timedelta one day: both are read."""
    asked = error.retry_after
    return float(asked) if isinstance(asked, (int, float)) else asked.total_seconds()
