"""What an operator asks LINE about the official account: who it is, and how many messages are left this month.

Plain calls, for `serve` asks the quota too and `doctor` must answer quickly: LINE's SDK, which makes the rich menus, takes
a second of processor time and 33 MB to load.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

TIMEOUT = aiohttp.ClientTimeout(total=30)


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


async def call(
    access_token: str, api_url: str, method: str, path: str, body: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """Make one call below /v2/bot/ and give its answer. Raises `AccountError`."""
    headers = {"Authorization": f"Bearer {access_token}", "Content-Type": "application/json"}
    url, content = f"{api_url.rstrip('/')}/v2/bot/{path}", orjson.dumps(body) if body is not None else None
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT) as session,
            session.request(method, url, data=content, headers=headers) as answer,
        ):
            if answer.status != 200:
                raise refused(answer.status)
            found = orjson.loads(await answer.read())
    except (aiohttp.ClientError, TimeoutError) as error:
        raise AccountError(f"LINE cannot be reached ({type(error).__name__})") from None
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise AccountError("LINE's answer is not understood")
    return found


def refused(status: int) -> AccountError:
    """The error for a status that LINE answered."""
    if status == 401:
        return AccountError("LINE does not accept LINE_CHANNEL_ACCESS_TOKEN (401)", status)
    return AccountError(f"LINE answered {status}", status)


async def quota(access_token: str, api_url: str) -> Quota:
    """This month's limit and use. Raises `AccountError`."""
    plan = await call(access_token, api_url, "GET", "message/quota")
    used = await call(access_token, api_url, "GET", "message/quota/consumption")
    return Quota(plan.get("value") if plan.get("type") == "limited" else None, int(used.get("totalUsage", 0)))


async def bot_info(access_token: str, api_url: str) -> Bot:
    """Name, public id and mode of the account that the token belongs to. Raises `AccountError`."""
    found = await call(access_token, api_url, "GET", "info")
    return Bot(*(str(found.get(name, "")) for name in ("displayName", "basicId", "chatMode")))
