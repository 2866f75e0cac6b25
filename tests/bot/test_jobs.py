"""The clock's wiring."""

from __future__ import annotations

import asyncio

from bot.jobs import Job, Jobs


async def test_a_job_that_fails_runs_again() -> None:
    """A failure of one round does not end the job, and a slow round is not overtaken."""
    rounds: list[int] = []
    running, enough = 0, asyncio.Event()

    async def work() -> None:
        nonlocal running
        running += 1
        assert running == 1
        rounds.append(len(rounds))
        await asyncio.sleep(0.03)
        running -= 1
        if len(rounds) >= 3:
            enough.set()
        raise RuntimeError("the database is away")

    jobs = Jobs([Job("work", 0.01, work)])
    jobs.start()
    await asyncio.wait_for(enough.wait(), 10)
    jobs.stop()
    jobs.stop()
    assert rounds[:3] == [0, 1, 2]
