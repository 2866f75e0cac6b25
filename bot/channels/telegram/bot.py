"""python-telegram-bot's `Bot`, for what is not on the hot path: polling and setting up."""

from __future__ import annotations

import logging
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot
from telegram.error import InvalidToken
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

READ_TIMEOUT_S = 15.0


class TokenRefusedError(Exception):
    """Telegram does not know this token. The message holds no part of it."""


@asynccontextmanager
async def bot(token: str, api_url: str) -> AsyncIterator[Bot]:
    """A `Bot` whose token has been checked with one `getMe`. Raises `TokenRefusedError`, or the library's errors."""
    quiet()
    base = api_url.rstrip("/")
    made = Bot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=HTTPXRequest(read_timeout=READ_TIMEOUT_S, connect_timeout=READ_TIMEOUT_S),
        get_updates_request=HTTPXRequest(1, read_timeout=READ_TIMEOUT_S, connect_timeout=READ_TIMEOUT_S),
    )
    try:
        await made.initialize()
        yield made
    except InvalidToken:
        # The library's text quotes the token.
        raise TokenRefusedError("Telegram does not accept TELEGRAM_BOT_TOKEN") from None
    finally:
        await made.shutdown()


def quiet() -> None:
    """Keep the libraries below warning: httpx logs every address at INFO, and the address holds the token."""
    for name in ("httpx", "httpcore", "telegram"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logging.WARNING, logger.level))
    # It warns of its own future return types, at every 429, on the operator's terminal.
    warnings.filterwarnings("ignore", category=PTBDeprecationWarning)
