"""The load: villagers who report one after another, as many at once as there are slots, and the same number of senders
for the floor."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from itertools import count
from time import perf_counter, process_time

from bench.people import People
from bench.processes import Server
from bench.script import REPORT, Spot
from bench.wire import Caller, calling

STALL_S = 15.0
"""Nothing at all has happened for so long: something is broken, and the run ends."""


class Stalled(Exception):
    """The right answer did not come."""


class Refused(Exception):
    """The server did not take a webhook."""


@dataclass(slots=True)
class Measure:
    """What was counted between two moments. Times in seconds."""

    done: int = 0
    wall: float = 0.0
    cpu: float = 0.0
    database_cpu: float = 0.0
    own_cpu: float = 0.0
    latencies: list[float] = field(default_factory=list)
    reports: int = 0

    @property
    def rate(self) -> float:
        """Per second."""
        return self.done / self.wall

    @property
    def cpu_per_1000(self) -> float:
        """Processor seconds of the server and of the database's own processes per thousand."""
        return 1000 * (self.cpu + self.database_cpu) / max(self.done, 1)

    def quantile(self, part: float) -> float:
        """The latency that this part of all stays below, in milliseconds."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else 0.0


@dataclass(slots=True)
class Load:
    """Against one server. `database_cpu` reads the processor seconds of the database's own processes."""

    people: People
    server: Server
    database_cpu: Callable[[], float]
    slots: int
    _now: Measure = field(default_factory=Measure)
    _stopping: bool = False

    async def floor(self, warm: float, seconds: float) -> Measure:
        """Bare requests, with a villager's words as their body."""
        body = self.people.says(self.people.address(1), "Two boats came to the bank behind the temple.")
        head = self.people.head(body)

        async def sender(caller: Caller) -> None:
            while not self._stopping:
                begun = perf_counter()
                await _post(caller, head, body)
                self._now.done += 1
                self._now.latencies.append(perf_counter() - begun)

        return await self._measured(sender, warm, seconds)

    async def reports(self, spots: Sequence[Spot], warm: float, seconds: float) -> Measure:
        """Whole reports, one villager after the other in each slot."""
        persons = count(1)

        async def slot(caller: Caller) -> None:
            while not self._stopping:
                person = next(persons)
                await self._report(caller, person, spots[person % len(spots)])

        return await self._measured(slot, warm, seconds)

    async def _report(self, caller: Caller, person: int, spot: Spot) -> None:
        address, draft = self.people.address(person), b"0"
        for step in REPORT:
            if self._stopping:
                return
            body = self.people.act(person, spot, step, draft)
            head = self.people.head(body)
            answer = self.people.expects(address, step.shown_in)
            begun = perf_counter()
            await _post(caller, head, body)
            arrived, shown = await answer
            draft = shown or draft
            self._now.done += 1
            self._now.latencies.append(arrived - begun)
        self._now.reports += 1

    async def _measured(
        self, one: Callable[[Caller], Coroutine[None, None, None]], warm: float, seconds: float
    ) -> Measure:
        self._stopping = False
        callers = [await calling(self.server.port) for _ in range(self.slots)]
        running = [asyncio.create_task(one(caller)) for caller in callers]
        try:
            await self._watch(running, warm)
            measure = self._now = Measure()
            begun, cpu, database, own = perf_counter(), self.server.cpu(), self.database_cpu(), process_time()
            await self._watch(running, seconds)
            measure.wall, measure.cpu = perf_counter() - begun, self.server.cpu() - cpu
            measure.database_cpu, measure.own_cpu = self.database_cpu() - database, process_time() - own
            self._now = Measure()
            self._stopping = True
            await self._watch(running, STALL_S, until_over=True)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            for caller in callers:
                caller.close()
        return measure

    async def _watch(self, running: Sequence[asyncio.Task[None]], seconds: float, until_over: bool = False) -> None:
        """Let them run for a while; raises what one of them raises, and `Stalled` if nothing happens any more."""
        ends, before, still_since = perf_counter() + seconds, -1, perf_counter()
        while (left := ends - perf_counter()) > 0:
            over, going = await asyncio.wait(
                running,
                timeout=min(left, 1.0),
                return_when=asyncio.ALL_COMPLETED if until_over else asyncio.FIRST_COMPLETED,
            )
            for task in over:
                task.result()
            if not going:
                return
            if self._now.done != before:
                before, still_since = self._now.done, perf_counter()
            elif perf_counter() - still_since > STALL_S:
                raise Stalled(f"no right answer for {STALL_S:.0f} s; {self.people.still_waiting()} villagers wait")
        if until_over:
            raise Stalled(f"{self.people.still_waiting()} villagers got no right answer")


async def _post(caller: Caller, head: bytes, body: bytes) -> None:
    status = await caller.post(head, body)
    if status != 200:
        raise Refused(f"the server answered {status}")
