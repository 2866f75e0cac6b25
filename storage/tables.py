"""Every table, and nothing else: the only place that defines them.

Columns named `*_sealed` hold what only `storage.vault` can open. `chats` alone knows who somebody is; every other table
has at most the chat's integer id. Times are aware, in UTC. Partial indexes keep the work queues small: rows that are
over stay in the table, and leave the index.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, Table, UniqueConstraint, text
from sqlmodel import Field, SQLModel

METADATA = SQLModel.metadata
METADATA.naming_convention = {"uq": "uq_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
"""Every constraint has a name, so that a later version can change it on both engines."""

_NUMBER = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts up by itself only an INTEGER primary key
_KEEP_NUMBERS = {"sqlite_autoincrement": True}  # an erased row's number is never given to another row


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


def _id() -> Any:
    return Field(default=None, primary_key=True, sa_type=_NUMBER)


def _sealed() -> Any:
    return Field(default=None, sa_type=LargeBinary)


def _number() -> Any:
    return Field(default=None, sa_type=_NUMBER)


class ChatTable(SQLModel, table=True):
    """A chat: sealed identity and sealed conversation. `address_index` NULL: the person asked to be forgotten."""

    __tablename__ = "chats"
    __table_args__ = (
        UniqueConstraint("address_index"),
        _partial("ix_chats_due", "due_at", where="due_at IS NOT NULL"),
        _partial("ix_chats_forgotten", "id", where="address_index IS NULL"),
        _KEEP_NUMBERS,
    )
    id: int | None = _id()
    channel: str
    address_index: bytes | None = None
    address_sealed: bytes | None = _sealed()
    is_group: bool
    language: str = ""
    session_sealed: bytes | None = _sealed()
    state: str = "active"
    due_at: datetime | None = None
    reply_token_sealed: bytes | None = _sealed()
    reply_at: datetime | None = None
    updated_at: datetime


class InboxTable(SQLModel, table=True):
    """A raw event. The row stays for ever, because `event_id` must stay unique; its body goes when it is handled.

    `lease_until` is also the earliest next try of an event that failed.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "event_id"),
        _partial("ix_inbox_waiting", "chat_index", "id", where="state = 'waiting'"),
        _partial("ix_inbox_queue", "id", where="state = 'waiting'"),
        _partial("ix_inbox_aside", "id", where="state = 'aside'"),
        _KEEP_NUMBERS,
    )
    id: int | None = _id()
    channel: str
    event_id: str
    chat_index: bytes | None = None
    body_sealed: bytes | None = _sealed()
    received_at: datetime
    state: str = "waiting"
    tries: int = 0
    error: str = ""
    owner: str | None = None
    lease_until: datetime | None = None


class OutboxTable(SQLModel, table=True):
    """A call to make. `seq` is the order; `place_at` is when it enters its chat's line (later than `created_at` for a
    message that is delayed on purpose); `due_at` the earliest next attempt; `over_at` when it was sent or failed."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("id"),
        _partial("ix_outbox_line", "chat_id", "seq", where="over_at IS NULL"),
        _partial("ix_outbox_due", "due_at", "seq", where="over_at IS NULL"),
        _partial("ix_outbox_case", "chat_id", where="case_code IS NOT NULL"),
        _partial("ix_outbox_dead", "over_at", where="state = 'failed'"),
        _KEEP_NUMBERS,
    )
    seq: int | None = _id()
    id: str
    chat_id: int = _number()
    payload_sealed: bytes | None = _sealed()
    state: str = "queued"
    attempts: int = 0
    place_at: datetime
    due_at: datetime
    waits_until: datetime | None = None
    owner: str | None = None
    lease_until: datetime | None = None
    created_at: datetime
    over_at: datetime | None = None
    error: str = ""
    case_code: str | None = None
    reply_token_sealed: bytes | None = _sealed()
    reply_at: datetime | None = None


class SentMessageTable(SQLModel, table=True):
    """A platform message that belongs to a case."""

    __tablename__ = "sent_messages"
    __table_args__ = (Index("ix_sent_messages_case", "case_code", "chat_id"),)
    chat_id: int = Field(primary_key=True, sa_type=_NUMBER)
    message_id: str = Field(primary_key=True)
    case_code: str
    purpose: str
    sent_at: datetime


class CaseTable(SQLModel, table=True):
    """A case. The plain columns are what queries need; positions are rounded to 0.01 degree (about 1 km)."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("code"),
        Index("ix_cases_centre", "centre", "state"),
        Index("ix_cases_reporter", "reporter_chat_id"),
        Index("ix_cases_near", "kind", "created_at"),
        _partial("ix_cases_open", "state", "urgent", "created_at", where="state IN ('new', 'claimed')"),
        _KEEP_NUMBERS,
    )
    id: int | None = _id()
    code: str
    body_sealed: bytes | None = _sealed()
    kind: str
    state: str
    urgent: bool
    centre: str
    district: str
    subdistrict: str
    latitude: float | None = None
    longitude: float | None = None
    created_at: datetime
    claimed_at: datetime | None = None
    closed_at: datetime | None = None
    reporter_chat_id: int | None = _number()


class TrailTable(SQLModel, table=True):
    """What was done with a case: append-only."""

    __tablename__ = "trail"
    __table_args__ = (Index("ix_trail_case", "case_code", "id"), _KEEP_NUMBERS)
    id: int | None = _id()
    case_code: str
    at: datetime
    action: str
    entry_sealed: bytes | None = _sealed()


class MediaTable(SQLModel, table=True):
    """Media of a report; the bytes lie in the media store under `key` and `copy_key`."""

    __tablename__ = "media"
    __table_args__ = (
        Index("ix_media_case", "case_code"),
        Index("ix_media_chat", "chat_id"),
        _partial("ix_media_waiting", "due_at", where="state = 'waiting'"),
    )
    id: str = Field(primary_key=True)
    chat_id: int | None = _number()
    channel: str
    case_code: str | None = None
    kind: str
    state: str = "waiting"
    reason: str = ""
    source_sealed: bytes | None = _sealed()
    size: int = 0
    mime: str = ""
    sha256: str = ""
    key: str = ""
    copy_key: str = ""
    copy_mime: str = ""
    tries: int = 0
    due_at: datetime
    owner: str | None = None
    lease_until: datetime | None = None
    created_at: datetime


class CentreTable(SQLModel, table=True):
    """A centre that the programme office opened or closed by hand."""

    __tablename__ = "centres"
    code: str = Field(primary_key=True)
    name: str = ""
    opened: bool = True


class CentreGroupTable(SQLModel, table=True):
    """A group chat that is a centre's."""

    __tablename__ = "centre_groups"
    __table_args__ = (Index("ix_centre_groups_centre", "centre"),)
    chat_id: int = Field(primary_key=True, sa_type=_NUMBER)
    centre: str
    linked_at: datetime


class InvitationTable(SQLModel, table=True):
    """A one-time code, as a keyed hash."""

    __tablename__ = "invitations"
    __table_args__ = (UniqueConstraint("code_hash"),)
    id: str = Field(primary_key=True)
    code_hash: bytes
    role: str
    centre: str
    area: str = ""
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class CoordinatorTable(SQLModel, table=True):
    """A village headman or kamnan. `area`: 6-digit subdistrict, or that and "-" and the village."""

    __tablename__ = "coordinators"
    __table_args__ = (Index("ix_coordinators_area", "area"),)
    chat_id: int = Field(primary_key=True, sa_type=_NUMBER)
    centre: str
    area: str
    joined_at: datetime


class PlaceImportTable(SQLModel, table=True):
    """A set of places that an operator has imported: boundaries, villages or landmarks. `layer` says which, and one
    import of a layer is `active`; `kept`: its rows are still there, so that it can be made active again."""

    __tablename__ = "place_imports"
    __table_args__ = (_partial("ix_place_imports_active", "layer", where="active", unique=True), _KEEP_NUMBERS)
    id: int | None = _id()
    layer: str
    file: str
    source: str
    licence: str
    dated: str
    notes: str
    count: int
    imported_at: datetime
    active: bool
    kept: bool


class PlaceShapeTable(SQLModel, table=True):
    """The boundary of one district or subdistrict, as well-known binary, degrees WGS 84."""

    __tablename__ = "place_shapes"
    import_id: int = Field(primary_key=True, sa_type=_NUMBER)
    code: str = Field(primary_key=True)
    shape: bytes = Field(sa_type=LargeBinary)


class PlacePointTable(SQLModel, table=True):
    """A village or a landmark. `by_rule` names the scripts ("lo km") whose name was made by transliteration."""

    __tablename__ = "place_points"
    import_id: int = Field(primary_key=True, sa_type=_NUMBER)
    code: str = Field(primary_key=True)
    kind: str
    th: str
    en: str
    lo: str
    km: str
    by_rule: str
    latitude: float | None = None
    longitude: float | None = None


def _table(name: str) -> Table:
    return METADATA.tables[name]


CHATS = _table("chats")
INBOX = _table("inbox")
OUTBOX = _table("outbox")
SENT_MESSAGES = _table("sent_messages")
CASES = _table("cases")
TRAIL = _table("trail")
MEDIA = _table("media")
CENTRES = _table("centres")
CENTRE_GROUPS = _table("centre_groups")
INVITATIONS = _table("invitations")
COORDINATORS = _table("coordinators")
PLACE_IMPORTS = _table("place_imports")
PLACE_SHAPES = _table("place_shapes")
PLACE_POINTS = _table("place_points")
