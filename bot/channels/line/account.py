"""What an operator asks LINE about the official account: who it is, and how many messages are left this month.

Off the hot path, so through LINE's own SDK. Its default time-out is five minutes; ours is half a minute.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from linebot.v3.messaging import AsyncApiClient, AsyncMessagingApi, Configuration  # type: ignore[import-untyped]
from linebot.v3.messaging.exceptions import ApiException  # type: ignore[import-untyped]

REQUEST_TIMEOUT = aiohttp.ClientTimeout(total=30)


class AccountError(Exception):
    """LINE did not do what was asked; the text is one line for the operator, without tokens or content.

    `status` is LINE's answer, 0 if there was none."""

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, slots=True)
class Quota:
    """Messages of this month. `limit` is None where the plan has none; a group message counts once per member."""

    limit: int | None
    used: int


@dataclass(frozen=True, slots=True)
class Bot:
    """The official account as people see it. `chat_mode` must be "bot", or webhooks do not arrive as expected."""

    name: str
    basic_id: str
    chat_mode: str


@asynccontextmanager
async def sdk(access_token: str, host: str) -> AsyncIterator[Any]:
    """An SDK client of one host; what goes wrong inside comes out as `AccountError`."""
    client = AsyncApiClient(Configuration(access_token=access_token, host=host.rstrip("/")))
    try:
        yield client
    except ApiException as error:
        raise AccountError(f"LINE answered {error.status}", error.status) from None
    except (aiohttp.ClientError, TimeoutError) as error:
        raise AccountError(f"LINE cannot be reached ({type(error).__name__})") from None
    finally:
        await client.close()


async def quota(access_token: str, api_url: str) -> Quota:
    """This month's limit and use."""
    async with sdk(access_token, api_url) as client:
        api = AsyncMessagingApi(client)
        plan = await api.get_message_quota(_request_timeout=REQUEST_TIMEOUT)
        used = await api.get_message_quota_consumption(_request_timeout=REQUEST_TIMEOUT)
        return Quota(plan.value if str(plan.type.value) == "limited" else None, used.total_usage)


async def bot_info(access_token: str, api_url: str) -> Bot:
    """Name, public id and mode of the account that the token belongs to."""
    async with sdk(access_token, api_url) as client:
        found = await AsyncMessagingApi(client).get_bot_info(_request_timeout=REQUEST_TIMEOUT)
        return Bot(found.display_name, found.basic_id, found.chat_mode)
