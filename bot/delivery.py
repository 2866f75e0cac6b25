"""The road out: outbox rows -> channel -> recorded.

Each chat has a line, served in order by one task at a time; at most `AT_ONCE` chats are served together. A row leaves
the outbox only after the platform took it; what to do about an error is decided by `bot/retry.py`.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.channels.base import Channel, Envelope, Payload, SendError, Sent
from bot.clock import Clock, Ids
from bot.counters import ALARMS, ALERTS_SENT, LINE_BILLED, MESSAGES_FAILED, MESSAGES_SENT, SEND_ERRORS, Counters
from bot.parcels import Parcels
from bot.recorder import Recorder
from bot.retry import Call, Drop, GiveUp, Retry, decide
from bot.work import Aftermath
from storage.database import Database
from storage.outbox import OutboxRow
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

AT_ONCE = 64
CLAIM = 200
LOOK_AGAIN_S = 1.0
STOP_WITHIN_S = 65.0
"""How long calls in hand may take to finish when the programme stops, in seconds: more than the longest time-out of a
channel (an upload to Telegram, 60), since a call broken off may be out, and would go out again."""
KEYED = frozenset({"line"})
"""Channels that know a repeated call by its key, and whose answers may use a reply token."""
CHANNEL_OFF_S = 60.0

Redirect = Callable[[UnitOfWork, int, datetime], Aftermath]
"""A group (its chat id) is gone: queues the cards of its open cases for whoever answers for them now."""


class Delivery:
    """Sends what the outbox holds."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        parcels: Parcels,
        clock: Clock,
        ids: Ids,
        owner: str,
        counters: Counters,
        redirect: Redirect,
    ) -> None:
        self._redirect = redirect
        self._database = database
        self._channels = channels
        self._parcels = parcels
        self._clock = clock
        self._ids = ids
        self._owner = owner
        self._counters = counters
        self._lines: OrderedDict[int, deque[OutboxRow]] = OrderedDict()
        self._serving: dict[int, asyncio.Task[None]] = {}
        self._held: set[str] = set()
        self._stuck: set[int] = set()
        self._taken_up: set[int] = set()
        self._recorder = Recorder(database, clock)
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    def accept(self, rows: Sequence[OutboxRow]) -> None:
        """Take rows that were just queued and are leased to this process. Call it after their commit."""
        late = [row.id for row in rows if row.chat_id in self._stuck]
        if late:  # a row before them has to wait since: they come back by `claim`, in their turn
            self._start(self._release(late))
        self._stand_in_line([row for row in rows if row.chat_id not in self._stuck])

    async def claim(self) -> None:
        """Take rows that are due and that nobody holds: retries, delayed ones, and those of processes that died."""
        if self._stopping:
            return
        now = self._clock.now()
        rows = await self._database.run(lambda uow: uow.outbox.claim(self._owner, now, CLAIM))
        self._stuck.difference_update(row.chat_id for row in rows)
        self._taken_up.update(row.chat_id for row in rows)
        self._stand_in_line(rows)

    async def renew(self) -> None:
        """Hold on to what still waits here, and let go of what another process has taken over."""
        ids, now = set(self._held), self._clock.now()
        if not ids:
            return
        lost = ids - await self._database.run(lambda uow: uow.outbox.renew(ids, self._owner, now))
        for line in self._lines.values():
            kept = [row for row in line if row.id not in lost]
            line.clear()
            line.extend(kept)
        self._held -= lost

    async def stop(self) -> None:
        """Finish the calls in hand and record them. Who stops the whole road gives the other rows back."""
        self._stopping = True
        if self._serving:
            log.info("finishing_calls", in_hand=len(self._serving))
            await asyncio.wait(list(self._serving.values()), timeout=STOP_WITHIN_S)
        for task in list(self._serving.values()):
            task.cancel()
        await asyncio.gather(*self._serving.values(), return_exceptions=True)
        self._lines.clear()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._recorder.idle()

    @property
    def busy(self) -> bool:
        """Whether something is being sent, written down or given back."""
        return bool(self._serving or self._tasks)

    async def idle(self) -> None:
        """Wait until nothing is being sent (rows that wait for their time do not count)."""
        while self.busy:
            await asyncio.wait([*self._serving.values(), *self._tasks])

    def _stand_in_line(self, rows: Sequence[OutboxRow]) -> None:
        for row in rows:
            if row.id not in self._held and not self._stopping:
                self._held.add(row.id)
                self._lines.setdefault(row.chat_id, deque()).append(row)
        self._serve_waiting()

    def _serve_waiting(self) -> None:
        for chat_id in list(self._lines):
            if self._stopping or len(self._serving) >= AT_ONCE:
                return
            if chat_id not in self._serving:
                self._serving[chat_id] = asyncio.get_running_loop().create_task(self._serve(chat_id))

    async def _serve(self, chat_id: int) -> None:
        """Send a chat's rows, oldest first, until one has to wait."""
        line = self._lines[chat_id]
        try:
            while line and not self._stopping:
                row = line.popleft()
                try:
                    await self._deliver(row)
                finally:
                    self._held.discard(row.id)
                if chat_id in self._stuck:
                    break
        except Exception as error:  # the database is away: leases run out, and the rows come back by `claim`
            log.error("delivery_interrupted", exc_info=error)
            self._stuck.add(chat_id)
        finally:
            del self._serving[chat_id]
            if not self._stopping:
                self._leave_line(chat_id)
                self._serve_waiting()

    def _leave_line(self, chat_id: int) -> None:
        """Forget an empty line; give the rows of a stuck one back."""
        line = self._lines[chat_id]
        if line and chat_id in self._stuck:
            self._start(self._release([row.id for row in line]))
            line.clear()
        if not line:
            del self._lines[chat_id]
            if chat_id in self._taken_up and chat_id not in self._stuck:
                self._start(self.claim())  # `claim` gives a chat's first row only: look for the next at once
            self._taken_up.discard(chat_id)

    async def _deliver(self, row: OutboxRow) -> None:
        """Send one row, and note what became of it. Marks the chat as stuck if the row has to wait."""
        channel = self._channels.get(row.channel)
        if channel is None:
            await self._postpone(row, CHANNEL_OFF_S)
            return
        payload = Payload.from_data(row.payload)
        envelope = await self._parcels.envelope(row, payload, self._clock.now(), keyed=row.channel in KEYED)
        if envelope is None:
            await self._postpone(row, LOOK_AGAIN_S)
            return
        try:
            result = await channel.send(payload, envelope)
        except Exception as error:  # a channel must not raise; if it does, the row waits like after a failure
            log.error("send_raised", outbox_id=row.id, channel=row.channel, exc_info=error)
            result = SendError("retry", type(error).__name__)
        if isinstance(result, Sent):
            await self._sent(row, payload, result)
        else:
            await self._failed(row, payload, envelope, result)

    async def _failed(self, row: OutboxRow, payload: Payload, envelope: Envelope, error: SendError) -> None:
        self._counters.up(SEND_ERRORS, row.channel, error.kind)
        if envelope.token_fresh and envelope.reply_token == row.reply_token and error.kind in ("retry", "unclear"):
            # The same reply token again, while it lasts: if the first call went out after all, LINE says so.
            await self._postpone(row, max(LOOK_AGAIN_S, error.retry_after))
            return
        now = self._clock.now()
        call = Call(alert=bool(row.case_code), repeatable=row.channel in KEYED)
        match decide(error, row.attempts + 1, now, self._ids.between(0.0, 1.0), call):
            case Retry(at):
                await self._try_again(row, error, at, now)
            case Drop():
                await self._recorder.sent(row, payload, Sent())
            case GiveUp(reason):
                await self._give_up(row, error, reason, now)

    async def _try_again(self, row: OutboxRow, error: SendError, at: datetime, now: datetime) -> None:
        if not error.lets_pass:
            self._stuck.add(row.chat_id)
        if row.case_code:
            pace = error.kind == "limited" and not error.lets_pass  # our own pace or the platform's: it waits its turn
            tell = log.info if pace else log.warning
            tell("alert_errored", **_about(row), kind=error.kind, reason=error.detail)

        def note(uow: UnitOfWork) -> None:
            if error.moved_to:
                uow.chats.move(row.channel, row.address, error.moved_to, now)
            uow.outbox.errored(row.id, at, f"{error.kind}: {error.detail}", lets_pass=error.lets_pass)

        await self._database.run(note)
        if error.moved_to:
            self._start(self.claim())

    async def _give_up(self, row: OutboxRow, error: SendError, reason: str, now: datetime) -> None:
        self._counters.up(MESSAGES_FAILED, row.channel)
        log.error("alert_failed" if row.case_code else "message_failed", **_about(row), reason=reason)
        if error.kind != "gone":
            await self._database.run(lambda uow: uow.outbox.failed([row.id], now, reason))
            return
        line = self._lines[row.chat_id]
        self._held.difference_update(later.id for later in (row, *line))
        line.clear()
        after = await self._database.run(lambda uow: self._gone(uow, row.chat_id, now))
        for what in after.noted:
            self._counters.up(ALARMS, what)
            log.error("alarm", what=what)
        self.accept(after.rows)

    def _gone(self, uow: UnitOfWork, chat_id: int, now: datetime) -> Aftermath:
        """Nobody is there any more: note it, fail what waits, and show the open cases to whoever is responsible now."""
        news = False
        for chat in uow.chats.by_ids([chat_id], lock=True).values():
            news = chat.state == "active"
            chat.state = "left" if chat.group else "blocked"
            uow.chats.save([chat], now)
        uow.outbox.drop_chat(chat_id, now, "gone")
        return self._redirect(uow, chat_id, now) if news else Aftermath()

    async def _postpone(self, row: OutboxRow, seconds: float) -> None:
        self._stuck.add(row.chat_id)
        due = self._clock.now() + timedelta(seconds=seconds)
        await self._database.run(lambda uow: uow.outbox.postpone([row.id], due))

    async def _release(self, ids: Collection[str]) -> None:
        self._held.difference_update(ids)
        if ids:
            await self._database.run(lambda uow: uow.outbox.release(ids, self._owner))

    async def _sent(self, row: OutboxRow, payload: Payload, result: Sent) -> None:
        self._counters.up(MESSAGES_SENT, row.channel)
        if result.billed:
            self._counters.up(LINE_BILLED, by=result.billed)
        await self._recorder.sent(row, payload, result)
        if row.case_code:
            self._counters.up(ALERTS_SENT, row.channel)
            log.info("alert_sent", **_about(row))

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _about(row: OutboxRow) -> dict[str, object]:
    """What a log line may say of a row. An answer in its own chat has no case."""
    case = {"case": row.case_code} if row.case_code else {}
    return {"outbox_id": row.id, **case, "channel": row.channel, "attempts": row.attempts + 1}
