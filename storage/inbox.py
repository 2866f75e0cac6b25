"""The inbox: raw events, committed before the platform gets its 200, handled once, in order per chat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, func, or_, select, text, update

from storage.repository import Repository, constant, insert_many
from storage.tables import INBOX

LEASE_S = 40
"""How long an event belongs to the process that took it, in seconds (stale ones are recovered within a minute)."""
MAX_TRIES = 5
"""After so many failed tries an event lies aside, so that those behind it go on."""
BACKOFF_S = 2
"""Pause after the first failed try, in seconds; doubled after each further one."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A raw event to keep."""

    channel: str
    event_id: str
    address: str
    group: bool
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A waiting event, opened."""

    id: int
    channel: str
    event_id: str
    address: str
    group: bool
    body: Mapping[str, Any]
    received_at: datetime
    tries: int = 0


@dataclass(frozen=True, slots=True)
class InboxHealth:
    """Counts for health and metrics; `oldest` is the arrival of the oldest waiting event."""

    waiting: int
    aside: int
    oldest: datetime | None


_WAITING = constant("waiting")
_EARLIER = INBOX.alias("earlier")
_ADD = insert_many(
    INBOX,
    ("channel", "event_id", "chat_index", "body_sealed", "received_at", "owner", "lease_until"),
    *(INBOX.c.id, INBOX.c.channel, INBOX.c.event_id),
    skip_known=True,
)
_EARLIER_WAITING = (
    select(INBOX.c.id, INBOX.c.chat_index)
    .where(
        INBOX.c.state == _WAITING,
        INBOX.c.chat_index.in_(bindparam("indexes", expanding=True)),
        INBOX.c.id < bindparam("below"),
        or_(INBOX.c.owner.is_(None), INBOX.c.owner != bindparam("me")),
    )
    .order_by(INBOX.c.id)
)
_OURS = (
    INBOX.c.id.in_(bindparam("ids", expanding=True)),
    INBOX.c.state == _WAITING,
    INBOX.c.owner == bindparam("me"),
)
_DONE = (
    update(INBOX)
    .where(*_OURS)
    .values(
        state="done",
        body_sealed=None,
        chat_index=None,
        error="",
        owner=None,
        lease_until=None,
    )
    .returning(INBOX.c.id)
)
_TRIES = select(INBOX.c.tries).where(INBOX.c.id == bindparam("event"), INBOX.c.state == _WAITING).with_for_update()
_ERRORED = (
    update(INBOX)
    .where(INBOX.c.id == bindparam("event"))
    .values(
        state=bindparam("in_state"),
        tries=bindparam("count"),
        error=bindparam("reason"),
        owner=None,
        lease_until=bindparam("not_before"),
    )
)
_RELEASE = update(INBOX).where(*_OURS).values(owner=None, lease_until=None)
_RENEW = update(INBOX).where(*_OURS).values(lease_until=bindparam("until"))
_TAKE = (
    select(INBOX.c.id, INBOX.c.channel, INBOX.c.event_id, INBOX.c.body_sealed, INBOX.c.received_at, INBOX.c.tries)
    .where(
        INBOX.c.state == _WAITING,
        or_(INBOX.c.lease_until.is_(None), INBOX.c.lease_until <= bindparam("now")),
        ~exists().where(
            _EARLIER.c.state == _WAITING,
            _EARLIER.c.chat_index == INBOX.c.chat_index,
            _EARLIER.c.id < INBOX.c.id,
            _EARLIER.c.lease_until > bindparam("now"),
            or_(_EARLIER.c.owner.is_(None), _EARLIER.c.owner != bindparam("me")),
        ),
    )
    .order_by(INBOX.c.id)
    .limit(bindparam("most"))
    .with_for_update(of=INBOX, skip_locked=True)
)
_LEASE = (
    update(INBOX)
    .where(INBOX.c.id.in_(bindparam("ids", expanding=True)))
    .values(owner=bindparam("me"), lease_until=bindparam("until"))
)
_TURN = text("SELECT pg_try_advisory_xact_lock(7340302)")
_HEALTH = select(func.count(), func.min(INBOX.c.received_at)).where(INBOX.c.state == _WAITING)
_COUNT_ASIDE = select(func.count()).where(INBOX.c.state == constant("aside"))


class Inbox(Repository):
    """See the module. `owner` is a name that a process makes up for itself when it starts."""

    def add(self, batch: Sequence[NewEvent], owner: str, now: datetime) -> list[InboxRow | None]:
        """Keep events, leased to `owner`; same length and order as the batch, None for one that is known already."""
        if not batch:
            return []
        rows = self._insert(_ADD, [self._sealed(event, owner, now) for event in batch])
        ids = {(row.channel, row.event_id): row.id for row in rows}
        kept: list[InboxRow | None] = []
        for event in batch:
            number = ids.pop((event.channel, event.event_id), None)  # taken out: the batch may hold an event twice
            kept.append(
                None
                if number is None
                else InboxRow(number, event.channel, event.event_id, event.address, event.group, event.body, now)
            )
        return kept

    def blocked_by_earlier(self, rows: Sequence[InboxRow], owner: str) -> set[int]:
        """Ids of those rows whose chat has an earlier waiting event that is not `owner`'s: `release` them; `take`
        brings them back when their turn comes."""
        if not rows:
            return set()
        indexes = {row.id: self._vault.index(row.channel, row.address) for row in rows}
        waiting = self._rows(_EARLIER_WAITING, indexes=list(set(indexes.values())), below=max(indexes), me=owner)
        first: dict[bytes, int] = {}
        for row in waiting:
            first.setdefault(row.chat_index, row.id)
        return {number for number, index in indexes.items() if first.get(index, number) < number}

    def done(self, ids: Iterable[int], owner: str) -> set[int]:
        """Mark events handled and erase their bodies. Returns the ids that were still waiting and `owner`'s.

        Call it first in the transaction and handle only what it returns: a work that runs again does nothing twice.
        """
        return {row.id for row in self._rows(_DONE, ids=list(ids), me=owner)}

    def errored(self, id: int, reason: str, now: datetime) -> bool:
        """Count a failed try and release the event; True if that was the last one and it now lies aside, body kept.

        `reason` is for the operator: the kind of error, never content.
        """
        row = self._row(_TRIES, event=id)
        if row is None:
            return False
        tries = row.tries + 1
        aside: bool = tries >= MAX_TRIES
        self._connection.execute(
            _ERRORED,
            {
                "event": id,
                "in_state": "aside" if aside else "waiting",
                "count": tries,
                "reason": reason,
                "not_before": None if aside else now + timedelta(seconds=BACKOFF_S * 2 ** (tries - 1)),
            },
        )
        return aside

    def release(self, ids: Iterable[int], owner: str) -> None:
        """Give events back, to be taken by whoever comes first."""
        self._connection.execute(_RELEASE, {"ids": list(ids), "me": owner})

    def take(self, owner: str, now: datetime, limit: int) -> list[InboxRow]:
        """Lease waiting events that nobody holds, in order; none of a chat whose earlier event somebody else holds, or
        that waits for its next try."""
        if self._dialect == "postgresql" and not self._connection.execute(_TURN).scalar():
            return []  # one process at a time: two that skip one another's locks could split a chat between them
        rows = self._rows(_TAKE, me=owner, now=now, most=limit)
        if rows:
            until = now + timedelta(seconds=LEASE_S)
            self._connection.execute(_LEASE, {"ids": [row.id for row in rows], "me": owner, "until": until})
        return [self._opened(row) for row in rows]

    def renew(self, ids: Iterable[int], owner: str, now: datetime) -> None:
        """Hold events longer."""
        self._connection.execute(_RENEW, {"ids": list(ids), "me": owner, "until": now + timedelta(seconds=LEASE_S)})

    def health(self) -> InboxHealth:
        """How much waits."""
        waiting, oldest = self._row(_HEALTH)
        return InboxHealth(waiting, self._connection.execute(_COUNT_ASIDE).scalar_one(), oldest)

    def _sealed(self, event: NewEvent, owner: str, now: datetime) -> dict[str, Any]:
        body = {"address": event.address, "group": event.group, "body": event.body}
        return {
            "channel": event.channel,
            "event_id": event.event_id,
            "chat_index": self._vault.index(event.channel, event.address),
            "body_sealed": self._seal(body, f"inbox.body:{event.channel}:{event.event_id}"),
            "received_at": now,
            "owner": owner,
            "lease_until": now + timedelta(seconds=LEASE_S),
        }

    def _opened(self, row: Any) -> InboxRow:
        data = self._open(row.body_sealed, f"inbox.body:{row.channel}:{row.event_id}")
        return InboxRow(
            row.id, row.channel, row.event_id, data["address"], data["group"], data["body"], row.received_at, row.tries
        )
