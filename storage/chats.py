"""Chats: the one sealed table of identity, and each conversation's saved session."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import bindparam, delete, exists, select, update

from handlers.session import Session
from storage.repository import Repository, constant, insert_many, update_many
from storage.tables import CASES, CENTRE_GROUPS, CHATS, COORDINATORS, INBOX, MEDIA, OUTBOX, SENT_MESSAGES
from storage.vault import Unreadable

ChatState = Literal["active", "blocked", "left", "forgotten"]


class ChatKey(NamedTuple):
    """How a platform names a chat."""

    channel: str
    address: str
    group: bool = False


@dataclass(slots=True)
class Chat:
    """One chat, opened. Change the fields and hand it to `Chats.save`; the next timer is taken from the session.

    state   active; blocked (a person blocked the bot); left (the bot is out of the group); forgotten (to be erased)
    """

    id: int
    channel: str
    address: str
    group: bool
    session: Session = field(default_factory=Session)
    state: ChatState = "active"
    reply_token: str = ""
    reply_at: datetime | None = None


_COLUMNS = (
    CHATS.c.id,
    CHATS.c.channel,
    CHATS.c.address_index,
    CHATS.c.address_sealed,
    CHATS.c.is_group,
    CHATS.c.session_sealed,
    CHATS.c.state,
    CHATS.c.reply_token_sealed,
    CHATS.c.reply_at,
)
# Locks are taken in the order of ids, so that two processes cannot wait for one another.
_BY_INDEX = (
    select(*_COLUMNS).where(CHATS.c.address_index.in_(bindparam("indexes", expanding=True))).order_by(CHATS.c.id)
)
_BY_INDEX_LOCKED = _BY_INDEX.with_for_update()
_BY_ID = select(*_COLUMNS).where(CHATS.c.id.in_(bindparam("ids", expanding=True))).order_by(CHATS.c.id)
_BY_ID_LOCKED = _BY_ID.with_for_update()
# What somebody who blocked us did not send must be erased as well.
_TIMED: tuple[ChatState, ...] = ("active", "blocked")
_DUE = (
    select(*_COLUMNS)
    .where(CHATS.c.due_at.is_not(None), CHATS.c.due_at <= bindparam("now"), CHATS.c.state.in_(_TIMED))
    .order_by(CHATS.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_NEWEST = (
    select(CHATS.c.id, CHATS.c.address_sealed)
    .where(CHATS.c.address_sealed.is_not(None))
    .order_by(CHATS.c.id.desc())
    .limit(3)
)
_CREATE = insert_many(
    CHATS,
    ("channel", "address_index", "is_group", "updated_at"),
    *(CHATS.c.id, CHATS.c.address_index),
    skip_known=True,
)
_NAME = update_many(CHATS, "id", ("address_index", "address_sealed"))
_SAVE = update_many(
    CHATS,
    "id",
    ("language", "session_sealed", "state", "due_at", "reply_token_sealed", "reply_at", "updated_at"),
    CHATS.c.address_index.is_not(None),
)
_TOKENS = (
    select(CHATS.c.id, CHATS.c.reply_token_sealed, CHATS.c.reply_at)
    .where(
        CHATS.c.id.in_(bindparam("ids", expanding=True)),
        CHATS.c.reply_token_sealed.is_not(None),
        CHATS.c.reply_at >= bindparam("since"),
    )
    .order_by(CHATS.c.id)
    .with_for_update()
)
_TOKENS_TAKEN = (
    update(CHATS).where(CHATS.c.id.in_(bindparam("ids", expanding=True))).values(reply_token_sealed=None, reply_at=None)
)
_FORGET = (
    update(CHATS)
    .where(CHATS.c.id == bindparam("chat"))
    .values(
        address_index=None,
        session_sealed=None,
        language="",
        state="forgotten",
        due_at=None,
        updated_at=bindparam("now"),
    )
)
_ERASE = delete(CHATS).where(
    CHATS.c.address_index.is_(None),
    ~exists().where(OUTBOX.c.chat_id == CHATS.c.id, OUTBOX.c.over_at.is_(None)),
)
_REMOVE = delete(CHATS).where(CHATS.c.id == bindparam("chat"))
_UNLINK_PERSON = (
    update(CASES).where(CASES.c.reporter_chat_id == bindparam("chat")).values(reporter_chat_id=None),
    update(MEDIA).where(MEDIA.c.chat_id == bindparam("chat"), MEDIA.c.case_code.is_not(None)).values(chat_id=None),
    update(OUTBOX).where(OUTBOX.c.chat_id == bindparam("chat"), OUTBOX.c.case_code.is_not(None)).values(case_code=None),
    delete(COORDINATORS).where(COORDINATORS.c.chat_id == bindparam("chat")),
    delete(SENT_MESSAGES).where(SENT_MESSAGES.c.chat_id == bindparam("chat")),
)
_LINKED = exists().where(CENTRE_GROUPS.c.chat_id == bindparam("kept"))
_LOSE_SECOND_LINK = delete(CENTRE_GROUPS).where(CENTRE_GROUPS.c.chat_id == bindparam("gone"), _LINKED)
_REPOINT = tuple(
    update(table).where(column == bindparam("gone")).values({column: bindparam("kept")})
    for table, column in (
        (OUTBOX, OUTBOX.c.chat_id),
        (SENT_MESSAGES, SENT_MESSAGES.c.chat_id),
        (MEDIA, MEDIA.c.chat_id),
        (CASES, CASES.c.reporter_chat_id),
        (CENTRE_GROUPS, CENTRE_GROUPS.c.chat_id),
    )
)
_MOVE_WAITING = (
    update(INBOX)
    .where(INBOX.c.chat_index == bindparam("old"), INBOX.c.state == constant("waiting"))
    .values(chat_index=bindparam("new"))
)


def address_place(chat_id: int) -> str:
    """The place for which a chat's address is sealed."""
    return f"chats.address:{chat_id}"


class Chats(Repository):
    """See the module."""

    def load(self, keys: Iterable[ChatKey], now: datetime) -> dict[tuple[str, str], Chat]:
        """The chats of these keys, by (channel, address), locked for this transaction; unknown ones are created."""
        wanted = {self._vault.index(key.channel, key.address): key for key in keys}
        if not wanted:
            return {}
        rows = self._rows(_BY_INDEX_LOCKED, indexes=list(wanted))
        missing = wanted.keys() - {row.address_index for row in rows}
        if missing:
            self._create([(index, wanted[index]) for index in wanted if index in missing], now)
            rows = self._rows(_BY_INDEX_LOCKED, indexes=list(wanted))
        found: dict[tuple[str, str], Chat] = {}
        for row in rows:
            key = wanted[row.address_index]
            found[key.channel, key.address] = self._opened(row, key.address)
        return found

    def by_ids(self, ids: Iterable[int], *, lock: bool = False) -> dict[int, Chat]:
        """Chats by id; erased ones are missing. Lock those whose session you mean to change."""
        wanted = list(set(ids))
        if not wanted:
            return {}
        return {row.id: self._opened(row) for row in self._rows(_BY_ID_LOCKED if lock else _BY_ID, ids=wanted)}

    def find(self, channel: str, address: str) -> Chat | None:
        """The chat with this address, if known; not locked, not created."""
        rows = self._rows(_BY_INDEX, indexes=[self._vault.index(channel, address)])
        return self._opened(rows[0], address) if rows else None

    def readable(self) -> bool:
        """Whether the vault has the key with which this database was sealed; True while there is nothing to open."""
        newest = self._rows(_NEWEST)
        return not newest or any(self._opens(row) for row in newest)  # a single row may be damaged

    def save(self, chats: Sequence[Chat], now: datetime) -> None:
        """Write sessions, states and reply tokens back. A chat that was forgotten meanwhile stays empty."""
        self._update(_SAVE, [self._saved(chat, now) for chat in chats])

    def due(self, now: datetime, limit: int) -> list[Chat]:
        """Chats with a timer that has come due, oldest first, locked; other processes' are skipped."""
        return [self._opened(row) for row in self._rows(_DUE, now=now, most=limit)]

    def take_reply_tokens(self, chat_ids: Iterable[int], not_before: datetime) -> dict[int, tuple[str, datetime]]:
        """Take the reply tokens received since `not_before` off these chats: each is given out once."""
        rows = self._rows(_TOKENS, ids=list(set(chat_ids)), since=not_before)
        if not rows:
            return {}
        self._connection.execute(_TOKENS_TAKEN, {"ids": [row.id for row in rows]})
        return {row.id: (self._token(row), row.reply_at) for row in rows}

    def move(self, channel: str, old: str, new: str, now: datetime) -> None:
        """A group has a new address: session, links, unsent messages go with it, even if the new chat exists already.

        The old chat's row stays the chat; a row that events of the new address made meanwhile is taken into it.
        """
        indexes = {self._vault.index(channel, name): name for name in (old, new)}
        rows = {indexes[row.address_index]: row for row in self._rows(_BY_INDEX_LOCKED, indexes=list(indexes))}
        if old == new or old not in rows:
            return
        kept = self._opened(rows[old], old)
        if new in rows:
            fresh = self._opened(rows[new], new)
            if kept.session == Session(group=kept.session.group):
                kept.session = fresh.session
            self._merge(kept.id, fresh.id)
        kept.address, kept.state = new, "active"
        index = self._vault.index(channel, new)
        self._update(_NAME, [self._named(kept.id, index, new)])
        self._connection.execute(_MOVE_WAITING, {"old": self._vault.index(channel, old), "new": index})
        self.save([kept], now)

    def forget(self, chat_id: int, now: datetime) -> None:
        """Erase the person: session, links to cases and areas, message ids, and the index by which the chat is found.

        The sealed address stays until the last unsent message is out; then `erase_forgotten` deletes the row. Call it
        in the same transaction as the last messages, after adding them; a later `save` of that chat changes nothing.
        """
        self._connection.execute(_FORGET, {"chat": chat_id, "now": now})
        for statement in _UNLINK_PERSON:
            self._connection.execute(statement, {"chat": chat_id})

    def erase_forgotten(self) -> int:
        """Delete forgotten chats that have no unsent message left; returns how many. Call it every minute or so."""
        return self._count(_ERASE)

    def _create(self, new: Sequence[tuple[bytes, ChatKey]], now: datetime) -> None:
        addresses = {index: key.address for index, key in new}
        rows = self._insert(
            _CREATE,
            [
                {"channel": key.channel, "address_index": index, "is_group": key.group, "updated_at": now}
                for index, key in new
            ],
        )
        self._update(_NAME, [self._named(row.id, row.address_index, addresses[row.address_index]) for row in rows])

    def _merge(self, kept: int, gone: int) -> None:
        """Everything of the chat `gone` becomes `kept`'s, and its row goes."""
        both = {"kept": kept, "gone": gone}
        self._connection.execute(_LOSE_SECOND_LINK, both)
        for statement in _REPOINT:
            self._connection.execute(statement, both)
        self._connection.execute(_REMOVE, {"chat": gone})

    def _named(self, chat_id: int, index: bytes, address: str) -> dict[str, Any]:
        sealed = self._vault.seal(address.encode(), address_place(chat_id))
        return {"id": chat_id, "address_index": index, "address_sealed": sealed}

    def _saved(self, chat: Chat, now: datetime) -> dict[str, Any]:
        token = chat.reply_token
        return {
            "id": chat.id,
            "language": chat.session.language,
            "session_sealed": self._seal(chat.session.to_data(), f"chats.session:{chat.id}"),
            "state": chat.state,
            "due_at": chat.session.due() if chat.state in _TIMED else None,
            "reply_token_sealed": self._vault.seal(token.encode(), f"chats.reply_token:{chat.id}") if token else None,
            "reply_at": chat.reply_at if token else None,
            "updated_at": now,
        }

    def _opened(self, row: Any, address: str | None = None) -> Chat:
        if address is None:
            address = self._vault.open(row.address_sealed, address_place(row.id)).decode()
        return Chat(
            id=row.id,
            channel=row.channel,
            address=address,
            group=row.is_group,
            session=Session.from_data(self._open(row.session_sealed, f"chats.session:{row.id}")),
            state=row.state,
            reply_token=self._token(row),
            reply_at=row.reply_at,
        )

    def _opens(self, row: Any) -> bool:
        try:
            self._vault.open(row.address_sealed, address_place(row.id))
        except Unreadable:
            return False
        return True

    def _token(self, row: Any) -> str:
        if row.reply_token_sealed is None:
            return ""
        return self._vault.open(row.reply_token_sealed, f"chats.reply_token:{row.id}").decode()
