"""Writes down what the platforms took, and the message ids by which replies find their case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.base import Payload, Sent
from bot.clock import Clock
from bot.gathering import Gathering
from storage.database import Database
from storage.messages import SentMessage
from storage.outbox import OutboxRow
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class _Out:
    """A call that the platform took."""

    row: OutboxRow
    payload: Payload
    result: Sent


class Recorder:
    """Records sent rows, many in one commit."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._gathering: Gathering[_Out, None] = Gathering(self._write)

    async def sent(self, row: OutboxRow, payload: Payload, result: Sent) -> None:
        """Note that a row is out; returns after the commit. Raises what the database raised."""
        await self._gathering.add(_Out(row, payload, result))

    async def idle(self) -> None:
        """Wait until all is written down."""
        await self._gathering.idle()

    async def _write(self, batch: Sequence[_Out]) -> Sequence[None]:
        now = self._clock.now()
        remember = [
            SentMessage(out.row.chat_id, message_id, out.payload.about, out.payload.purpose, now)
            for out in batch
            if out.payload.about
            for message_id in out.result.message_ids
        ]

        def write(uow: UnitOfWork) -> None:
            uow.outbox.sent([out.row.id for out in batch], now)
            if remember:
                uow.messages.remember(remember)

        await self._database.run(write)
        return [None] * len(batch)
