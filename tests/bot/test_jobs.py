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
    await jobs.stop()
    await jobs.stop()
    assert rounds[:3] == [0, 1, 2]


async def test_a_round_in_hand_is_finished() -> None:
    """Stopping waits for a round that has begun, and begins none."""
    begun, go_on, finished = asyncio.Event(), asyncio.Event(), 0

    async def work() -> None:
        nonlocal finished
        begun.set()
        await go_on.wait()
        finished += 1

    jobs = Jobs([Job("at once", 3600, work, first_s=0), Job("later", 3600, work)])
    jobs.start()
    await asyncio.wait_for(begun.wait(), 10)
    stopping = asyncio.create_task(jobs.stop())
    assert not (await asyncio.wait({stopping}, timeout=0.05))[0]
    go_on.set()
    await stopping
    assert finished == 1
