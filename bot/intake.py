"""The road in: webhook -> inbox (committed before the 200) -> turns, chat by chat and in order.

Rows just committed are handed over in memory. Events of one chat stand in one line; a batch takes some from every line,
and one transaction handles them all. Should that fail, each chat is tried alone, then each event alone, so that one bad
event harms no other.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from itertools import chain

import structlog

from bot.channels.base import Channel, Parsed, RawEvent
from bot.counters import EVENT_FAILURES, EVENTS, EVENTS_ASIDE, EVENTS_REPEATED, STEPS, TIMER_FAILURES, Counters
from bot.gathering import Gathering
from bot.names import Names
from bot.turns import Turns
from bot.work import Aftermath, Equipment, Waiting
from storage.database import Database
from storage.inbox import InboxRow, NewEvent

log = structlog.get_logger(__name__)

BATCH = 256
PER_CHAT = 8
"""Events of one chat in a batch: a flood of one person does not hold up the others."""
TIMERS_AT_ONCE = 100
TRY_AGAIN_S = 0.5

After = Callable[[Aftermath], Awaitable[None]]


class Intake:
    """Takes events in and plays their turns. `after` is given what remains to do once a batch is committed."""

    def __init__(self, database: Database, equipment: Equipment, after: After, counters: Counters) -> None:
        self._database = database
        self._with = equipment
        self._turns = Turns(equipment)
        self._after = after
        self._arrivals: Gathering[Sequence[NewEvent], None] = Gathering(self._commit)
        self._counters = counters
        self._lines: OrderedDict[tuple[str, str], deque[Waiting]] = OrderedDict()
        self._asking: set[tuple[str, str]] = set()
        self._names = Names(database, equipment.channels, equipment.clock)
        self._tasks: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._resting = asyncio.Event()
        self._resting.set()
        self._stopping = False

    async def receive(self, channel: Channel, events: Sequence[RawEvent]) -> None:
        """Commit events and hand the new ones over. Known ones are dropped without a word."""
        new = [NewEvent(channel.name, e.event_id, e.address, e.group, e.body) for e in events]
        await self._arrivals.add(new)

    async def _commit(self, arrivals: Sequence[Sequence[NewEvent]]) -> Sequence[None]:
        """Commit what several webhooks brought, in the order of their coming."""
        now, owner = self._with.clock.now(), self._with.owner
        new = list(chain.from_iterable(arrivals))
        rows = await self._database.run(lambda uow: uow.inbox.add(new, owner, now))
        for event, row in zip(new, rows, strict=True):
            self._counters.up(EVENTS if row else EVENTS_REPEATED, event.channel)
        self._stand_in_line([row for row in rows if row is not None])
        return [None] * len(arrivals)

    async def run(self) -> None:
        """Handle what stands in line until `stop`."""
        self._ended.clear()
        try:
            while not self._stopping:
                await self._wake.wait()
                self._wake.clear()
                while not self._stopping and (batch := self._batch()):
                    await self._handle(batch)
                if not self._lines:
                    self._resting.set()
        finally:
            self._ended.set()

    async def stop(self) -> None:
        """Finish the batch in hand, and commit what webhooks brought that were broken off. Who stops the whole road gives
        the rest back."""
        self._stopping = True
        self._wake.set()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._arrivals.idle()
        await self._ended.wait()
        self._lines.clear()

    @property
    def resting(self) -> bool:
        """Whether nothing stands in line here."""
        return self._resting.is_set()

    async def idle(self) -> None:
        """Wait until nothing stands in line here."""
        await self._resting.wait()

    async def recover(self) -> None:
        """Take over events that nobody holds: after a crash, here or elsewhere, and after a failed try."""
        held = set(self._held())
        now, owner = self._with.clock.now(), self._with.owner
        rows = await self._database.run(lambda uow: uow.inbox.take(owner, now, BATCH))
        self._stand_in_line([row for row in rows if row.id not in held])

    async def renew(self) -> None:
        """Hold on to what still waits here."""
        ids, now = self._held(), self._with.clock.now()
        if ids:
            await self._database.run(lambda uow: uow.inbox.renew(ids, self._with.owner, now))

    async def fire_timers(self) -> None:
        """Play the timers of conversations that have come due."""
        try:
            aftermath = await self._database.run(lambda uow: self._turns.fire(uow, TIMERS_AT_ONCE))
        except Exception as error:  # one of many conversations failed: find out which
            log.warning("timers_one_by_one", exc_info=error)
            await self._fire_one_by_one()
            return
        await self._after(aftermath)

    async def _fire_one_by_one(self) -> None:
        now = self._with.clock.now()
        for chat in await self._database.run(lambda uow: uow.chats.due(now, TIMERS_AT_ONCE)):
            try:
                await self._after(
                    await self._database.run(partial(self._turns.fire, limit=TIMERS_AT_ONCE, only=chat.id))
                )
            except Exception as error:  # whatever the conversation does, the others' timers must fire
                self._counters.up(TIMER_FAILURES)
                log.error("timer_failed", chat_id=chat.id, exc_info=error)
                await self._database.run(partial(self._turns.silence, chat_id=chat.id))

    def _held(self) -> list[int]:
        return [item.row.id for line in self._lines.values() for item in line]

    def _stand_in_line(self, rows: Sequence[InboxRow]) -> None:
        for row in rows:
            item = Waiting(row, self._parse(row))
            self._lines.setdefault(item.chat, deque()).append(item)
        if rows:
            self._resting.clear()
            self._wake.set()

    def _parse(self, row: InboxRow) -> Parsed | None:
        """What the event means; None if its channel is off or cannot read it."""
        channel = self._with.channels.get(row.channel)
        if channel is None:
            return None
        try:
            return channel.parse(RawEvent(row.event_id, row.address, row.group, row.body), self._with.ids.uuid)
        except Exception as error:  # a channel must not raise; if it does, this event alone is set aside
            log.error("event_not_parsed", inbox_id=row.id, channel=row.channel, exc_info=error)
            return None

    def _batch(self) -> list[Waiting]:
        """Events to handle together, in order per chat. Chats whose officer's name is being asked for wait."""
        batch: list[Waiting] = []
        for chat in list(self._lines):
            if chat in self._asking or len(batch) >= BATCH:
                continue
            line = self._lines.pop(chat)
            taken = 0
            while line and taken < PER_CHAT:
                if self._names.lacks(line[0]):
                    self._asking.add(chat)
                    self._start(self._ask(chat, line[0]))
                    break
                batch.append(line.popleft())
                taken += 1
            if line:  # to the end of the queue of lines
                self._lines[chat] = line
        return batch

    async def _handle(self, batch: Sequence[Waiting]) -> None:
        try:
            aftermath = await self._database.run(lambda uow: self._turns.handle(uow, batch))
        except Exception as error:  # anything: a bad event in the batch, or a database that is away
            if len(batch) == 1:
                await self._failed(batch[0], error)
                return
            chats = {item.chat for item in batch}
            for part in [[i for i in batch if i.chat == c] for c in chats] if len(chats) > 1 else [[i] for i in batch]:
                await self._handle(part)
            return
        self._counters.up(STEPS, by=len(batch))
        line = log.bind()  # bound once: a line that is not wanted then costs next to nothing
        for item in batch:
            line.debug("event_handled", inbox_id=item.row.id, channel=item.row.channel)
        await self._after(aftermath)

    async def _failed(self, item: Waiting, error: Exception) -> None:
        """Count a failed try; the event comes back through `recover` until it is set aside."""
        row, now, reason = item.row, self._with.clock.now(), type(error).__name__
        log.error("event_failed", inbox_id=row.id, channel=row.channel, exc_info=error)
        self._counters.up(EVENT_FAILURES)
        try:
            aside = await self._database.run(lambda uow: uow.inbox.errored(row.id, reason, now))
        except Exception as outage:  # the database is away: the row's lease runs out and it comes back by itself
            log.error("database_away", exc_info=outage)
            await asyncio.sleep(TRY_AGAIN_S)
            return
        if aside:
            self._counters.up(EVENTS_ASIDE)
            log.error("event_set_aside", inbox_id=row.id, channel=row.channel)
            return
        self._start(self._recover_soon())

    async def _recover_soon(self) -> None:
        await asyncio.sleep(TRY_AGAIN_S)
        await self.recover()

    async def _ask(self, chat: tuple[str, str], item: Waiting) -> None:
        await self._names.ask(item)
        self._asking.discard(chat)
        self._wake.set()

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
