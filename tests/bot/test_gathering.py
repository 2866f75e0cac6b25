"""Many callers, one commit."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.gathering import Gathering


async def test_what_comes_meanwhile_goes_together() -> None:
    """The first item goes at once, all that come while it is written go in one batch, each with its own result."""
    batches: list[list[int]] = []
    gate, started = asyncio.Event(), asyncio.Event()

    async def write(batch: Sequence[int]) -> Sequence[int]:
        batches.append(list(batch))
        started.set()
        await gate.wait()
        return [10 * item for item in batch]

    gathering = Gathering(write)
    first = asyncio.create_task(gathering.add(0))
    await started.wait()
    others = [asyncio.create_task(gathering.add(item)) for item in range(1, 5)]
    await asyncio.sleep(0)
    others[1].cancel()
    gate.set()
    assert await first == 0
    results = await asyncio.gather(*others, return_exceptions=True)
    assert results[0::2] == [10, 30] and results[3] == 40 and isinstance(results[1], asyncio.CancelledError)
    assert batches == [[0], [1, 2, 3, 4]]


async def test_a_bad_item_harms_no_other() -> None:
    """When a batch fails, only the item that is to blame hears of it."""

    async def write(batch: Sequence[int]) -> Sequence[int]:
        await asyncio.sleep(0)
        if 13 in batch:
            raise ValueError("bad luck")
        return batch

    gathering = Gathering(write)
    results = await asyncio.gather(*(gathering.add(item) for item in (1, 12, 13, 14)), return_exceptions=True)
    assert results[:2] == [1, 12] and results[3] == 14 and isinstance(results[2], ValueError)
