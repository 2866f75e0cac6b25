"""All checks of a set-up, those of different services at the same time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.clock import Clock, Ids
from bot.config import Settings
from bot.doctor import clock as clocks
from bot.doctor import database, key, life, line, media, public, settings, telegram
from bot.doctor.findings import Finding, fault

T = TypeVar("T")

LIMIT_S = 14.0
"""No part takes longer, whatever hangs: its own, shorter limits say more of what it was."""
PARTS = 6
SHORTEST_SECRET = 4
"""Characters; a shorter value would stand in many words by chance."""


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at. `faults`: of the settings, as `bot.config.examine` gives them."""

    settings: Settings
    faults: Sequence[str]
    env_file: Path
    http: aiohttp.ClientSession
    clock: Clock
    ids: Ids


async def check_up(patient: Patient, done: Callable[[int], None] = lambda steps: None) -> list[Finding]:
    """Everything that can be found, in the order in which one would mend it. `done(1)` is called after each of `PARTS`."""
    _load(patient.settings)
    read, now = patient.settings, patient.clock.now()
    found_key, about_key = key.look(read)
    spare_key = patient.ids.token(32)

    async def part(name: str, work: Coroutine[Any, Any, list[Finding]]) -> list[Finding]:
        found = await _guarded(name, work)
        done(1)
        return found

    async def stored() -> list[Finding]:
        found = await _in_thread(lambda: database.look(read, found_key, spare_key, now))
        late.extend(found.life)
        return found.base

    async def one(work: Coroutine[Any, Any, Finding]) -> list[Finding]:
        return [await work]

    late: list[Finding] = []
    parts = await asyncio.gather(
        part(database.DATABASE, stored()),
        part(media.CHECK, one(media.check(read, found_key or spare_key, f"doctor-{patient.ids.short(12)}"))),
        part(clocks.CHECK, one(clocks.check(read, patient.http, patient.clock))),
        part(public.CHECK, one(public.check(read, patient.http, patient.clock))),
        part(telegram.TOKEN, telegram.check(read, now)),
        part(line.ACCOUNT, line.check(read)),
    )
    first = [*settings.check(read, patient.faults, patient.env_file), about_key]
    whole = [*first, *(finding for part in parts for finding in part), *late, life.numbers(now)]
    secrets = sorted(_secrets(read, found_key), key=len, reverse=True)
    return [_without(secrets, finding) for finding in whole]


def _load(read: Settings) -> None:
    """Load the platforms' libraries now: it takes seconds on a small machine, and would eat up the parts' time limits."""
    if read.telegram_on:
        import bot.channels.telegram.standing
    if read.line_on:
        import bot.channels.line.webhook  # noqa: F401


async def _guarded(name: str, work: Coroutine[Any, Any, list[Finding]]) -> list[Finding]:
    """One part cannot spoil the others."""
    try:
        async with asyncio.timeout(LIMIT_S):
            return await work
    except TimeoutError:
        return [
            fault(name, f"no answer in {LIMIT_S:.0f} s", "see that its server runs and that this machine reaches it")
        ]
    except Exception as error:  # what it says may hold anything: only its class is shown
        return [fault(name, f"could not be looked at ({type(error).__name__})", "please report this line")]


async def _in_thread(work: Callable[[], T]) -> T:
    """Run blocking work in a thread that nobody waits for at the end: a driver that hangs must not hold the doctor."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: Exception | None) -> None:
        if not future.done():
            future.set_exception(error) if error else future.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result, problem = None, None
        try:
            result = work()
        except Exception as error:
            problem = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result, problem)

    threading.Thread(target=run, name="doctor", daemon=True).start()
    return await future


def _secrets(read: Settings, found_key: str) -> Iterator[str]:
    """What must not be shown, whoever quotes it: an address that a platform repeats, an error of a driver."""
    held = (
        read.telegram_bot_token, read.telegram_webhook_secret, read.line_channel_secret,
        read.line_channel_access_token, read.data_key,
    )  # fmt: skip
    yield from (secret.get_secret_value() for secret in held if secret)
    yield found_key
    try:
        yield make_url(read.database).password or ""
    except (ArgumentError, ValueError):  # ValueError: the port is no number
        yield read.database


def _without(secrets: Sequence[str], finding: Finding) -> Finding:
    says, do = finding.says, finding.do
    for secret in secrets:
        if len(secret) >= SHORTEST_SECRET:
            says, do = says.replace(secret, "(secret)"), do.replace(secret, "(secret)")
    return replace(finding, says=says, do=do)
