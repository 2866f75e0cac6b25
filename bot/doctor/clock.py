"""This machine's clock against those of the platforms."""

from __future__ import annotations

import asyncio
from statistics import median

import aiohttp

from bot.clock import Clock
from bot.config import Settings
from bot.doctor.findings import Finding, fault, ok, skipped, span
from bot.doctor.reach import Answer, ask

CHECK = "clock"
ALLOWED_S = 30.0
"""Reply tokens live a minute, buttons of Telegram two and a half; half a minute off spoils the first."""


async def check(settings: Settings, http: aiohttp.ClientSession, clock: Clock) -> Finding:
    """Compare with the Date of the platforms' answers; with that of PUBLIC_URL, which may be this very machine, only
    where no platform tells."""
    platforms = [settings.telegram_api_url] * settings.telegram_on + [settings.line_api_url] * settings.line_on
    found = await _ahead(platforms, http, clock)
    if not found and settings.public_url:
        found = await _ahead([f"{settings.public_url}/healthz"], http, clock)
    if not found:
        return skipped(CHECK, "nothing answered that could be compared with")
    ahead = median(found)
    if abs(ahead) <= ALLOWED_S:
        return ok(CHECK, f"right within {max(abs(ahead), 1):.0f} s")
    do = "let it be set from the network: timedatectl set-ntp true, or install chrony; then restart serve"
    return fault(CHECK, f"this machine's clock is {span(ahead)} {'slow' if ahead > 0 else 'fast'}", do)


async def _ahead(urls: list[str], http: aiohttp.ClientSession, clock: Clock) -> list[float]:
    answers = await asyncio.gather(*(ask(http, url, clock) for url in urls))
    return [a.ahead_s for a in answers if isinstance(a, Answer) and a.ahead_s is not None]
