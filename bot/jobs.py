"""What happens by the clock. Triggers live in memory only; what they work on are rows in the database, so that several
processes may all have them, and nothing is lost when one dies."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger(__name__)

GRACE_S = 60
"""A job that comes this late (a busy loop, a machine that slept) still runs, once, instead of being dropped."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every so many seconds."""

    name: str
    every_s: float
    work: Callable[[], Awaitable[None]]


class Jobs:
    """Runs jobs until stopped; one that is still running is not started again."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        for job in jobs:
            self._scheduler.add_job(
                partial(_run, job), "interval", seconds=job.every_s, id=job.name,
                coalesce=True, misfire_grace_time=GRACE_S, max_instances=1,
            )  # fmt: skip

    def start(self) -> None:
        """Start the clock; call it in the running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Start no more jobs."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


async def _run(job: Job) -> None:
    try:
        await job.work()
    except Exception as error:  # the database is away for a moment: the next round tries again
        log.error("job_failed", job=job.name, exc_info=error)
