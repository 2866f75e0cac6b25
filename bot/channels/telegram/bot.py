"""python-telegram-bot's `Bot`, for what is not on the hot path: polling and setting up."""

from __future__ import annotations

import logging
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

import httpx
from telegram import Bot
from telegram.error import InvalidToken
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

READ_TIMEOUT_S = 15.0


class TokenRefusedError(Exception):
    """Telegram does not know this token. The message holds no part of it."""


@asynccontextmanager
async def bot(token: str, api_url: str) -> AsyncIterator[Bot]:
    """A `Bot` whose token has been checked with one `getMe`. Raises `TokenRefusedError`, or the library's errors.

    The answer of `getMe` is left as JSON: `Bot.initialize` would build an object of it, and a test server that leaves out
    a field of it would end the polling. So `Bot.id` and its like are not there.
    """
    quiet()
    base = api_url.rstrip("/")
    try:
        async with _connection() as calls, _connection() as polls:
            made = Bot(
                token,
                base_url=f"{base}/bot",
                base_file_url=f"{base}/file/bot",
                request=calls,
                get_updates_request=polls,
            )
            await made.do_api_request("get_Me")  # the spelling keeps the library from advising its own `get_me`
            yield made
    except InvalidToken:
        # The library's text quotes the token.
        raise TokenRefusedError("Telegram does not accept TELEGRAM_BOT_TOKEN") from None


def _connection() -> HTTPXRequest:
    """One connection: neither polling nor setting up makes two calls at a time."""
    return HTTPXRequest(
        1, read_timeout=READ_TIMEOUT_S, connect_timeout=READ_TIMEOUT_S, httpx_kwargs={"verify": _trust()}
    )


@cache
def _trust() -> ssl.SSLContext:
    """Whom all connections trust, as httpx has it; read once, since the list of authorities takes 30 ms to read."""
    return httpx.create_ssl_context()


def quiet() -> None:
    """Keep the libraries below warning: httpx logs every address at INFO, and the address holds the token."""
    for name in ("httpx", "httpcore", "telegram"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logging.WARNING, logger.level))
    # It warns of its own future return types, at every 429, on the operator's terminal.
    warnings.filterwarnings("ignore", category=PTBDeprecationWarning)
