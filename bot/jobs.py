"""What happens by the clock. Triggers live in memory only; what they work on are rows in the database, so that several
processes may all have them, and nothing is lost when one dies."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import SystemClock

log = structlog.get_logger(__name__)

GRACE_S = 60
"""A job that comes this late (a busy loop, a machine that slept) still runs, once, instead of being dropped."""
STOP_WITHIN_S = 10.0
"""How long rounds that have begun may take to finish when the programme stops, in seconds."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every so many seconds, for the first time after `first_s` (or as many)."""

    name: str
    every_s: float
    work: Callable[[], Awaitable[None]]
    first_s: float | None = None


class Jobs:
    """Runs jobs until stopped; one that is still running is not started again."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = jobs
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._rounds: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Start the clock; call it in the running event loop."""
        now = SystemClock().now()
        for job in self._jobs:
            self._scheduler.add_job(
                self._round, "interval", (job,), seconds=job.every_s, id=job.name,
                next_run_time=now + timedelta(seconds=job.every_s if job.first_s is None else job.first_s),
                coalesce=True, misfire_grace_time=GRACE_S, max_instances=1,
            )  # fmt: skip
        self._scheduler.start()

    async def stop(self) -> None:
        """Begin no more rounds, and let those in hand finish: what they took from the database would else wait for the
        next process."""
        if self._scheduler.running:
            self._scheduler.pause()
            with suppress(TimeoutError):
                async with asyncio.timeout(STOP_WITHIN_S):
                    while self._rounds:
                        await asyncio.wait(set(self._rounds))
            self._scheduler.shutdown(wait=False)

    async def _round(self, job: Job) -> None:
        task = asyncio.get_running_loop().create_task(_run(job))
        self._rounds.add(task)
        task.add_done_callback(self._rounds.discard)
        await task


async def _run(job: Job) -> None:
    try:
        await job.work()
    except Exception as error:  # the database is away for a moment: the next round tries again
        log.error("job_failed", job=job.name, exc_info=error)
