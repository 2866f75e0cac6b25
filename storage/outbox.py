"""The outbox: one row, one API call; in order per chat; its content is erased once it is out.

A chat's *line* is its unsent rows whose `place_at` has come, by `seq`. Only the first of a line may be sent. A row that
is delayed on purpose takes its place when its time comes, and holds nobody up before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, func, or_, select, update

from storage.chats import address_place
from storage.repository import Repository, constant, insert_many
from storage.tables import CHATS, OUTBOX

LEASE_S = 40
"""How long a row belongs to the process that took it, in seconds (stale ones are recovered within a minute)."""


@dataclass(frozen=True, slots=True)
class NewRow:
    """A call to make. `id` is a UUID (LINE's retry key). `due_at` later than now: it enters the chat's line only then.

    waits_until   do not wait longer than this for media that are still being fetched
    reply_token / reply_at   of the event that this answers, for the first row of an answer
    """

    id: str
    chat_id: int
    payload: Mapping[str, Any]
    due_at: datetime | None = None
    waits_until: datetime | None = None
    case_code: str = ""
    reply_token: str = ""
    reply_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A row that this process holds, opened, with its chat's channel and address."""

    id: str
    seq: int
    chat_id: int
    channel: str
    address: str
    payload: Mapping[str, Any]
    attempts: int
    created_at: datetime
    waits_until: datetime | None = None
    case_code: str = ""
    reply_token: str = ""
    reply_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutboxHealth:
    """Counts for health and metrics; `oldest` is when the oldest unsent row that is due entered its line."""

    queued: int
    errored: int
    failed: int
    oldest: datetime | None


_REACHABLE = ("active", "forgotten")  # a forgotten chat still gets its good-bye
_EARLIER = OUTBOX.alias("earlier")
_UNSENT = OUTBOX.c.over_at.is_(None)
_FREE = or_(OUTBOX.c.lease_until.is_(None), OUTBOX.c.lease_until <= bindparam("now"))
_CHATS = select(
    CHATS.c.id,
    CHATS.c.channel,
    CHATS.c.address_sealed,
    CHATS.c.state,
    exists()
    .where(
        OUTBOX.c.chat_id == CHATS.c.id,
        _UNSENT,
        OUTBOX.c.place_at <= bindparam("now"),
        or_(OUTBOX.c.owner.is_(None), OUTBOX.c.owner != bindparam("me"), _FREE),
    )
    .label("stuck"),
).where(CHATS.c.id.in_(bindparam("ids", expanding=True)))
_ADD = insert_many(OUTBOX, [c.name for c in OUTBOX.c if c.name != "seq"], OUTBOX.c.id, OUTBOX.c.seq)
_HEADS = (
    select(OUTBOX, CHATS.c.channel, CHATS.c.address_sealed)
    .join(CHATS, CHATS.c.id == OUTBOX.c.chat_id)
    .where(
        _UNSENT,
        OUTBOX.c.due_at <= bindparam("now"),
        _FREE,
        ~exists().where(
            _EARLIER.c.chat_id == OUTBOX.c.chat_id,
            _EARLIER.c.over_at.is_(None),
            _EARLIER.c.seq < OUTBOX.c.seq,
            _EARLIER.c.place_at <= bindparam("now"),
        ),
    )
    .order_by(OUTBOX.c.due_at, OUTBOX.c.seq)
    .limit(bindparam("most"))
    .with_for_update(of=OUTBOX, skip_locked=True)
)
_THESE = and_(OUTBOX.c.id.in_(bindparam("ids", expanding=True)), _UNSENT)
_LEASE = update(OUTBOX).where(_THESE).values(owner=bindparam("me"), lease_until=bindparam("until"))
_RENEW = (
    update(OUTBOX)
    .where(_THESE, OUTBOX.c.owner == bindparam("me"))
    .values(lease_until=bindparam("until"))
    .returning(OUTBOX.c.id)
)
_HELD_BY_NOBODY: dict[str, Any] = {"owner": None, "lease_until": None}
_RELEASE = update(OUTBOX).where(_THESE, OUTBOX.c.owner == bindparam("me")).values(**_HELD_BY_NOBODY)
NOBODY = 0
_OVER: dict[str, Any] = {
    # Times of rows and cases agree: by their chat, two cases of a forgotten person could still be told to be one's.
    "chat_id": NOBODY,
    "payload_sealed": None,
    "reply_token_sealed": None,
    "reply_at": None,
    "over_at": bindparam("now"),
    **_HELD_BY_NOBODY,
}
_SENT = (
    update(OUTBOX).where(_THESE).values(state="sent", attempts=OUTBOX.c.attempts + 1, error="", case_code=None, **_OVER)
)
_FAIL = update(OUTBOX).values(state="failed", error=bindparam("reason"), **_OVER)
_FAILED = _FAIL.where(_THESE)
_DROP_CHAT = _FAIL.where(OUTBOX.c.chat_id == bindparam("chat"), _UNSENT)
_DROP_DELAYED = delete(OUTBOX).where(
    OUTBOX.c.case_code == bindparam("code"), _UNSENT, OUTBOX.c.place_at > bindparam("now"), OUTBOX.c.attempts == 0
)
_ABOUT = select(OUTBOX.c.id, OUTBOX.c.chat_id, OUTBOX.c.payload_sealed).where(
    OUTBOX.c.case_code == bindparam("code"), _UNSENT, OUTBOX.c.waits_until.is_not(None)
)
_ERRORED = (
    update(OUTBOX)
    .where(_THESE)
    .values(
        state="errored",
        attempts=OUTBOX.c.attempts + 1,
        due_at=bindparam("due"),
        error=bindparam("reason"),
        reply_token_sealed=None,
        reply_at=None,
        **_HELD_BY_NOBODY,
    )
)
_ERRORED_ASIDE = _ERRORED.values(place_at=bindparam("due"))
_POSTPONE = update(OUTBOX).where(_THESE).values(due_at=bindparam("due"), **_HELD_BY_NOBODY)
_HEALTH = select(
    func.count().filter(OUTBOX.c.state == "queued"),
    func.count().filter(OUTBOX.c.state == "errored"),
    func.min(OUTBOX.c.place_at).filter(OUTBOX.c.place_at <= bindparam("now")),
).where(_UNSENT)
_DEAD = select(func.count()).where(OUTBOX.c.state == constant("failed"))


class Outbox(Repository):
    """See the module. `owner` is a name that a process makes up for itself when it starts."""

    def add(self, batch: Sequence[NewRow], owner: str, now: datetime) -> list[OutboxRow]:
        """Queue calls. Returns, in order, those now leased to `owner`, ready to send: they are due, and every earlier
        unsent row of their chat is `owner`'s as well. The others are found by `claim` when their turn comes.

        A chat that is blocked, left or erased gets nothing: its rows are stored as failed. So save chats first.
        """
        if not batch:
            return []
        wanted = list({row.chat_id for row in batch})
        chats = {chat.id: chat for chat in self._rows(_CHATS, ids=wanted, me=owner, now=now)}
        records: list[dict[str, Any]] = []
        ours: list[NewRow] = []
        for row in batch:
            chat = chats.get(row.chat_id)
            reachable, stuck = (chat.state in _REACHABLE, chat.stuck) if chat is not None else (False, False)
            leased = reachable and not stuck and (row.due_at is None or row.due_at <= now)
            if leased:
                ours.append(row)
            records.append(self._record(row, now, reachable, owner if leased else None))
        seqs = {added.id: added.seq for added in self._insert(_ADD, records)}
        return [self._leased(row, seqs[row.id], chats[row.chat_id], now) for row in ours]

    def claim(self, owner: str, now: datetime, limit: int) -> list[OutboxRow]:
        """Lease due rows that are first in their chat's line; rows locked by other processes are skipped."""
        rows = self._rows(_HEADS, now=now, most=limit)
        if rows:
            until = now + timedelta(seconds=LEASE_S)
            self._connection.execute(_LEASE, {"ids": [row.id for row in rows], "me": owner, "until": until})
        return [self._opened(row) for row in rows]

    def sent(self, ids: Iterable[str], now: datetime) -> None:
        """They are out: erase payloads, tokens, and which case they belonged to."""
        self._connection.execute(_SENT, {"ids": list(ids), "now": now})

    def errored(self, id: str, due_at: datetime, reason: str, *, lets_pass: bool = False) -> None:
        """A failed attempt: try again from `due_at`; drops its (used) reply token. It keeps its place in line, or, if it
        `lets_pass`, steps out of the line until then."""
        statement = _ERRORED_ASIDE if lets_pass else _ERRORED
        self._connection.execute(statement, {"ids": [id], "due": due_at, "reason": reason})

    def postpone(self, ids: Iterable[str], due_at: datetime) -> None:
        """Not an attempt (media not there yet, rate limit): look again from `due_at`; keeps place and reply token."""
        self._connection.execute(_POSTPONE, {"ids": list(ids), "due": due_at})

    def failed(self, ids: Iterable[str], now: datetime, reason: str) -> None:
        """Final: erased, visible to the operator as a dead letter, and no longer in anybody's way."""
        self._connection.execute(_FAILED, {"ids": list(ids), "now": now, "reason": reason})

    def release(self, ids: Iterable[str], owner: str) -> None:
        """Give rows back unsent (the one before them errored, or this process stops)."""
        self._connection.execute(_RELEASE, {"ids": list(ids), "me": owner})

    def renew(self, ids: Iterable[str], owner: str, now: datetime) -> set[str]:
        """Hold rows longer; returns the ids that were still ours."""
        until = now + timedelta(seconds=LEASE_S)
        return {row.id for row in self._rows(_RENEW, ids=list(ids), me=owner, until=until)}

    def drop_chat(self, chat_id: int, now: datetime, reason: str) -> int:
        """The chat is not reachable: fail all its unsent rows; returns how many."""
        return self._count(_DROP_CHAT, chat=chat_id, now=now, reason=reason)

    def drop_delayed(self, case_code: str, now: datetime) -> int:
        """A case is over: what about it was to be said later need not be said; returns how many calls that were."""
        return self._count(_DROP_DELAYED, code=case_code, now=now)

    def carriers(self, case_code: str, media_id: str) -> set[int]:
        """Chats in whose line a call about this case still waits that will take this medium along."""
        rows = self._rows(_ABOUT, code=case_code)
        opened = ((row.chat_id, self._open(row.payload_sealed, f"outbox.payload:{row.id}")) for row in rows)
        return {chat_id for chat_id, payload in opened if media_id in payload.get("media", ())}

    def health(self, now: datetime) -> OutboxHealth:
        """How much waits and how much is dead."""
        queued, errored, oldest = self._row(_HEALTH, now=now)
        return OutboxHealth(queued, errored, self._connection.execute(_DEAD).scalar_one(), oldest)

    def _record(self, row: NewRow, now: datetime, reachable: bool, owner: str | None) -> dict[str, Any]:
        due = max(row.due_at or now, now)
        return {
            "id": row.id,
            "chat_id": row.chat_id if reachable else NOBODY,
            "payload_sealed": self._seal(row.payload, f"outbox.payload:{row.id}") if reachable else None,
            "state": "queued" if reachable else "failed",
            "attempts": 0,
            "place_at": due,
            "due_at": due,
            "waits_until": row.waits_until,
            "owner": owner,
            "lease_until": now + timedelta(seconds=LEASE_S) if owner else None,
            "created_at": now,
            "over_at": None if reachable else now,
            "error": "" if reachable else "chat not reachable",
            "case_code": row.case_code or None,
            "reply_token_sealed": self._token_sealed(row) if reachable else None,
            "reply_at": row.reply_at if row.reply_token else None,
        }

    def _leased(self, row: NewRow, seq: int, chat: Any, now: datetime) -> OutboxRow:
        return OutboxRow(
            id=row.id,
            seq=seq,
            chat_id=row.chat_id,
            channel=chat.channel,
            address=self._address(chat.id, chat.address_sealed),
            payload=row.payload,
            attempts=0,
            created_at=now,
            waits_until=row.waits_until,
            case_code=row.case_code,
            reply_token=row.reply_token,
            reply_at=row.reply_at,
        )

    def _token_sealed(self, row: NewRow) -> bytes | None:
        token = row.reply_token
        return self._vault.seal(token.encode(), f"outbox.reply_token:{row.id}") if token else None

    def _address(self, chat_id: int, sealed: bytes) -> str:
        return self._vault.open(sealed, address_place(chat_id)).decode()

    def _opened(self, row: Any) -> OutboxRow:
        token = row.reply_token_sealed
        return OutboxRow(
            id=row.id,
            seq=row.seq,
            chat_id=row.chat_id,
            channel=row.channel,
            address=self._address(row.chat_id, row.address_sealed),
            payload=self._open(row.payload_sealed, f"outbox.payload:{row.id}"),
            attempts=row.attempts,
            created_at=row.created_at,
            waits_until=row.waits_until,
            case_code=row.case_code or "",
            reply_token=self._vault.open(token, f"outbox.reply_token:{row.id}").decode() if token else "",
            reply_at=row.reply_at,
        )
