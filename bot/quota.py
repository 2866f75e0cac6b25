"""LINE's own count of the month's messages, for the operator's alarms. Asked by a job, never by a scrape."""

from __future__ import annotations

import structlog

from bot.channels.line.account import AccountError, quota
from bot.counters import LINE_QUOTA_LIMIT, LINE_QUOTA_USED, Counters

log = structlog.get_logger(__name__)

EVERY_S = 3600.0
FIRST_AFTER_S = 60.0
"""A process that starts again and again asks LINE nothing."""


async def ask(access_token: str, api_url: str, counters: Counters) -> None:
    """Note limit and use as they stand; neither, if LINE does not tell."""
    limit: float | None = None
    used: float | None = None
    try:
        found = await quota(access_token, api_url)
        limit, used = found.limit, found.used
    except AccountError as error:
        log.warning("line_quota_unknown", reason=str(error))
    counters.level(LINE_QUOTA_LIMIT, limit)
    counters.level(LINE_QUOTA_USED, used)
