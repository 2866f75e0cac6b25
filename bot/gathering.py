"""What comes while one commit runs goes together into the next: one statement for many callers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Gathering(Generic[T, R]):
    """Gathers items for `write`, which gives a result for each, in order.

    Should a batch fail, each item is tried alone, so that a bad one harms no other.
    """

    def __init__(self, write: Callable[[Sequence[T]], Awaitable[Sequence[R]]]) -> None:
        self._write = write
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def add(self, item: T) -> R:
        """Write an item together with others; its result. Raises what its writing raised."""
        written: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, written))
        if self._writer is None:
            self._writer = asyncio.get_running_loop().create_task(self._work())
        return await written

    async def idle(self) -> None:
        """Wait until nothing is being written, even what nobody waits for any more."""
        if self._writer is not None:
            await asyncio.wait({self._writer})

    async def _work(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                await self._settle(batch)
            except Exception as error:  # whose fault it was shows when each is tried alone
                for one in batch:
                    await self._alone(one, error, only=len(batch) == 1)
        self._writer = None

    async def _settle(self, batch: Sequence[tuple[T, asyncio.Future[R]]]) -> None:
        results = await self._write([item for item, _ in batch])
        for (_, written), result in zip(batch, results, strict=True):
            if not written.done():  # its caller was cancelled meanwhile
                written.set_result(result)

    async def _alone(self, one: tuple[T, asyncio.Future[R]], error: Exception, *, only: bool) -> None:
        try:
            if only:
                raise error
            await self._settle([one])
        except Exception as problem:  # goes to the caller
            if not one[1].done():
                one[1].set_exception(problem)
