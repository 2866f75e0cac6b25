"""What was sent along with a report: where to fetch it, and where it is stored. The bytes are in `media_store`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import bindparam, exists, func, or_, select, update

from storage.repository import Repository, constant
from storage.tables import CHATS, MEDIA

LEASE_S = 300
"""How long a download belongs to the process that took it, in seconds (20 MB over a slow line)."""

MediaState = Literal["waiting", "stored", "failed", "too_big", "dropped"]


@dataclass(frozen=True, slots=True)
class NewMedia:
    """Media to fetch. `reference` is `MediaSource.reference`; `too_big`: announced as more than the platform gives."""

    id: str
    chat_id: int
    channel: str
    kind: str
    reference: Mapping[str, Any]
    too_big: bool = False


@dataclass(frozen=True, slots=True)
class Media:
    """One row, opened. `key` is the sealed original in the media store, `copy_key` the cleaned copy for groups."""

    id: str
    chat_id: int | None
    channel: str
    case_code: str
    kind: str
    state: MediaState
    reason: str
    reference: Mapping[str, Any] | None
    size: int
    mime: str
    sha256: str
    key: str
    copy_key: str
    copy_mime: str
    tries: int
    created_at: datetime


_THESE = MEDIA.c.id.in_(bindparam("ids", expanding=True))
_WAITING = MEDIA.c.state == constant("waiting")
_CLAIM = (
    select(MEDIA)
    .where(
        _WAITING,
        MEDIA.c.due_at <= bindparam("now"),
        or_(MEDIA.c.lease_until.is_(None), MEDIA.c.lease_until <= bindparam("now")),
    )
    .order_by(MEDIA.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_LEASE = update(MEDIA).where(_THESE).values(owner=bindparam("me"), lease_until=bindparam("until"))
_STORED = (
    update(MEDIA)
    .where(MEDIA.c.id == bindparam("wanted"), _WAITING)
    .values(
        state="stored",
        reason="",
        source_sealed=None,
        owner=None,
        lease_until=None,
        **{name: bindparam(f"in_{name}") for name in ("size", "mime", "sha256", "key", "copy_key", "copy_mime")},
    )
)
_ERRORED = (
    update(MEDIA)
    .where(MEDIA.c.id == bindparam("wanted"), _WAITING)
    .values(tries=MEDIA.c.tries + 1, due_at=bindparam("due"), reason=bindparam("why"), owner=None, lease_until=None)
)
_FAILED = (
    update(MEDIA)
    .where(MEDIA.c.id == bindparam("wanted"), _WAITING)
    .values(state=bindparam("in_state"), reason=bindparam("why"), source_sealed=None, owner=None, lease_until=None)
)
_ATTACH = update(MEDIA).where(_THESE).values(case_code=bindparam("of"))
_GET = select(MEDIA).where(_THESE)
_GET_LOCKED = _GET.with_for_update()
_OF_CASE = select(MEDIA).where(MEDIA.c.case_code == bindparam("of")).order_by(MEDIA.c.created_at, MEDIA.c.id)
_DROP = (
    update(MEDIA)
    .where(_THESE)
    .values(
        state="dropped", source_sealed=None, key="", copy_key="", size=0, mime="", sha256="", copy_mime="",
        case_code=None, chat_id=None, owner=None, lease_until=None,
    )
)  # fmt: skip
_LOOSE = (
    select(MEDIA.c.id)
    .where(
        MEDIA.c.case_code.is_(None),
        MEDIA.c.chat_id.is_not(None),
        MEDIA.c.created_at < bindparam("before"),
        ~exists().where(
            CHATS.c.id == MEDIA.c.chat_id, CHATS.c.due_at.is_not(None)
        ),  # a draft has timers while it lives
    )
    .limit(bindparam("most"))
)
_COUNT_WAITING = select(func.count()).where(_WAITING)


class MediaRows(Repository):
    """See the module. `owner` is a name that a process makes up for itself when it starts."""

    def add(self, batch: Sequence[NewMedia], owner: str, now: datetime) -> list[Media]:
        """Note media to fetch; returned leased to `owner` (without those known to be too big)."""
        until = now + timedelta(seconds=LEASE_S)
        self._each(
            MEDIA.insert(),
            [
                {
                    "id": new.id,
                    "chat_id": new.chat_id,
                    "channel": new.channel,
                    "kind": new.kind,
                    "state": "too_big" if new.too_big else "waiting",
                    "source_sealed": None if new.too_big else self._seal(new.reference, f"media.source:{new.id}"),
                    "due_at": now,
                    "owner": None if new.too_big else owner,
                    "lease_until": None if new.too_big else until,
                    "created_at": now,
                }
                for new in batch
            ],
        )
        rows = self.get(new.id for new in batch if not new.too_big)
        return [rows[new.id] for new in batch if not new.too_big]

    def claim(self, owner: str, now: datetime, limit: int) -> list[Media]:
        """Lease media that wait to be fetched, longest due first."""
        rows = self._rows(_CLAIM, now=now, most=limit)
        if rows:
            until = now + timedelta(seconds=LEASE_S)
            self._connection.execute(_LEASE, {"ids": [row.id for row in rows], "me": owner, "until": until})
        return [self._opened(row) for row in rows]

    def stored(
        self, id: str, *, size: int, mime: str, sha256: str, key: str, copy_key: str = "", copy_mime: str = ""
    ) -> bool:
        """It is in the store; the source reference is erased. False: it was dropped meanwhile, delete the objects."""
        values = {"size": size, "mime": mime, "sha256": sha256, "key": key, "copy_key": copy_key}
        return self._count(_STORED, wanted=id, in_copy_mime=copy_mime, **{f"in_{n}": v for n, v in values.items()}) > 0

    def errored(self, id: str, due_at: datetime, reason: str) -> None:
        """A failed try; again from `due_at`."""
        self._connection.execute(_ERRORED, {"wanted": id, "due": due_at, "why": reason})

    def failed(self, id: str, reason: str, *, too_big: bool = False) -> None:
        """It will never come."""
        state = "too_big" if too_big else "failed"
        self._connection.execute(_FAILED, {"wanted": id, "in_state": state, "why": reason})

    def attach(self, ids: Iterable[str], case_code: str) -> None:
        """These belong to a case now."""
        self._connection.execute(_ATTACH, {"ids": list(ids), "of": case_code})

    def drop(self, ids: Iterable[str]) -> list[str]:
        """Erase media; returns the store keys to delete after the commit."""
        wanted = list(ids)
        rows = self._rows(_GET_LOCKED, ids=wanted)
        self._connection.execute(_DROP, {"ids": wanted})
        return [key for row in rows for key in (row.key, row.copy_key) if key]

    def get(self, ids: Iterable[str]) -> dict[str, Media]:
        """Rows by id, in the order asked for; unknown ones are missing."""
        wanted = list(ids)
        rows = {row.id: row for row in self._rows(_GET, ids=wanted)} if wanted else {}
        return {id: self._opened(rows[id]) for id in wanted if id in rows}

    def of_case(self, case_code: str) -> list[Media]:
        """A case's media, oldest first."""
        return [self._opened(row) for row in self._rows(_OF_CASE, of=case_code)]

    def loose(self, before: datetime, limit: int) -> list[str]:
        """Ids of media older than `before` that no case took: left by a draft that ended without dropping them. A draft
        that somebody keeps going on with for days still has its own."""
        return [row.id for row in self._rows(_LOOSE, before=before, most=limit)]

    def waiting(self) -> int:
        """How many are still to be fetched."""
        found: int = self._connection.execute(_COUNT_WAITING).scalar_one()
        return found

    def _opened(self, row: Any) -> Media:
        return Media(
            id=row.id,
            chat_id=row.chat_id,
            channel=row.channel,
            case_code=row.case_code or "",
            kind=row.kind,
            state=row.state,
            reason=row.reason,
            reference=self._open(row.source_sealed, f"media.source:{row.id}"),
            size=row.size,
            mime=row.mime,
            sha256=row.sha256,
            key=row.key,
            copy_key=row.copy_key,
            copy_mime=row.copy_mime,
            tries=row.tries,
            created_at=row.created_at,
        )
