"""How the programme is, asked of the database: seldom, once at a time, and never for long.

Probes and scrapes come from outside and may be many; a database in trouble must not be asked more often for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import structlog

from bot.clock import Clock
from storage.cases import CaseHealth
from storage.database import Database
from storage.inbox import InboxHealth
from storage.outbox import OutboxHealth
from storage.schema import State
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

R = TypeVar("R")

WITHIN_S = 3.0
"""Seconds until a database that does not answer counts as away. Prometheus gives a scrape 10, most probes give 5."""
FRESH_S = 1.0
"""Seconds for which an answer serves everybody who asks."""
SCHEMA_FRESH_S = 60.0
"""The same for the version of the tables, which only an upgrade or a restore changes."""
LATE_S = 120.0
"""Seconds after which a message that could go out is late. A card waits up to 30 for its photos, so that is normal."""


@dataclass(frozen=True, slots=True)
class Health:
    """What waits, at a moment."""

    at: datetime
    inbox: InboxHealth
    outbox: OutboxHealth
    cases: CaseHealth
    media_waiting: int

    @property
    def inbox_lag_s(self) -> float:
        """Age of the oldest event that waits, in seconds; 0 if none does."""
        return self._age(self.inbox.oldest)

    @property
    def delivery_lag_s(self) -> float:
        """How long the oldest message that could go out has been waiting, in seconds; 0 if none does."""
        return self._age(self.outbox.oldest)

    @property
    def unclaimed_s(self) -> float:
        """How long ago the oldest urgent case that nobody has claimed was filed, in seconds; 0 if there is none."""
        return self._age(self.cases.oldest)

    @property
    def late(self) -> bool:
        """Whether messages wait too long: mostly a platform that is down."""
        return self.delivery_lag_s > LATE_S

    def _age(self, since: datetime | None) -> float:
        return round(max((self.at - since).total_seconds(), 0.0), 3) if since else 0.0


class _Question(Generic[R]):
    """Something to ask the database: once at a time, however many want to know, and kept for a while."""

    def __init__(self, ask: Callable[[], Awaitable[R]], fresh_s: float, clock: Clock) -> None:
        self._ask = ask
        self._fresh_s = fresh_s
        self._clock = clock
        self._asking: asyncio.Task[None] | None = None
        self._known: R | None = None
        self._fresh_until: float | None = None

    async def answer(self) -> R | None:
        """The answer, or None if there was none within `WITHIN_S`. A question that hangs is not asked again."""
        stale = self._fresh_until is None or self._clock.monotonic() >= self._fresh_until
        if stale and self._asking is None:
            self._asking = asyncio.get_running_loop().create_task(self._look())
        if self._asking is not None:
            done, _ = await asyncio.wait({self._asking}, timeout=WITHIN_S)
            if not done:
                log.error("database_slow", waited_s=WITHIN_S)
                return None
        return self._known

    async def _look(self) -> None:
        try:
            self._known = await self._ask()
            self._fresh_until = self._clock.monotonic() + self._fresh_s
        except Exception as error:  # whatever is wrong with the database: nobody knows
            log.error("database_away", exc_info=error)
            self._known, self._fresh_until = None, None
        finally:
            self._asking = None


class Pulse:
    """Looks at the database for probes and scrapes."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._health = _Question(self._look, FRESH_S, clock)
        self._schema = _Question(self._look_at_schema, SCHEMA_FRESH_S, clock)

    async def health(self) -> Health | None:
        """What waits; None while the database is away."""
        return await self._health.answer()

    async def schema(self) -> State | None:
        """Whether the tables are those of this programme; None while the database is away."""
        return await self._schema.answer()

    async def _look(self) -> Health:
        now = self._clock.now()

        def ask(uow: UnitOfWork) -> Health:
            return Health(now, uow.inbox.health(), uow.outbox.health(now), uow.cases.health(), uow.media.waiting())

        return await self._database.run(ask)

    async def _look_at_schema(self) -> State:
        return await self._database.run(UnitOfWork.schema_state)
