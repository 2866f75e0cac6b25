"""Plain requests to addresses that should answer, and what time it is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

from bot.clock import Clock

WAIT_S = 5.0
READ_BYTES = 200
_STAMP_S = 0.5
"""A Date header has whole seconds: on average it is this much behind."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, the first bytes, and by how many seconds that machine's clock is ahead of this one's (None
    if it does not tell, or something in between had kept the answer)."""

    status: int
    body: bytes
    ahead_s: float | None


@dataclass(frozen=True, slots=True)
class Silence:
    """No answer. `reason`: half a line for the operator."""

    reason: str


async def ask(http: aiohttp.ClientSession, url: str, clock: Clock) -> Answer | Silence:
    """GET an address, without following redirects."""
    before = clock.now()
    try:
        timeout = aiohttp.ClientTimeout(total=WAIT_S)
        async with http.get(url, allow_redirects=False, timeout=timeout) as response:
            after = clock.now()
            body = await response.content.read(READ_BYTES)
            kept = "Age" in response.headers
            told = None if kept else _time(response.headers.get("Date", ""))
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        return Silence(_reason(error))
    middle = before + (after - before) / 2
    ahead = (told - middle).total_seconds() + _STAMP_S if told else None
    return Answer(response.status, body, ahead)


def _time(header: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(header)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer in {WAIT_S:.0f} s"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return "its certificate is not accepted"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "no address is known for its name"
    if isinstance(error, aiohttp.ClientSSLError):
        return "no secure connection can be made"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "nothing accepts a connection there"
    return type(error).__name__
