"""Deletes what was promised to be deleted: everything of a case after its time, and people who have not written since.

Works in small bites, so that a big clean-up never holds the database for long; the caller repeats until nothing is left
and then deletes the media whose keys it was given.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from storage.repository import Repository
from storage.tables import CASES, CHATS, COORDINATORS, MEDIA, OUTBOX, SENT_MESSAGES, TRAIL

_OLD = (
    select(CASES.c.code).where(CASES.c.created_at < bindparam("before")).order_by(CASES.c.id).limit(bindparam("most"))
)
_MEDIA = select(MEDIA.c.key, MEDIA.c.copy_key).where(MEDIA.c.case_code.in_(bindparam("codes", expanding=True)))
_ERASE = tuple(
    delete(table).where(table.c[column].in_(bindparam("codes", expanding=True)))
    for table, column in (
        (MEDIA, "case_code"),
        (TRAIL, "case_code"),
        (SENT_MESSAGES, "case_code"),
        (OUTBOX, "case_code"),
        (CASES, "code"),
    )
)
_QUIET = (
    select(CHATS.c.id)
    .where(
        CHATS.c.is_group.is_(False),
        CHATS.c.updated_at < bindparam("before"),
        CHATS.c.due_at.is_(None),
        CHATS.c.id.not_in(select(COORDINATORS.c.chat_id)),
        CHATS.c.state != "forgotten",
    )
    .order_by(CHATS.c.id)
    .limit(bindparam("most"))
)


class Retention(Repository):
    """What is over its time."""

    def expire_cases(self, before: datetime, limit: int) -> tuple[int, list[str]]:
        """Erase cases that were filed before a time, with words, trail and media rows. How many they were, and the keys
        of stored objects to delete now."""
        codes = [row.code for row in self._rows(_OLD, before=before, most=limit)]
        if not codes:
            return 0, []
        keys = [key for row in self._rows(_MEDIA, codes=codes) for key in (row.key, row.copy_key) if key]
        for statement in _ERASE:
            self._connection.execute(statement, {"codes": codes})
        return len(codes), keys

    def quiet_people(self, before: datetime, limit: int) -> Sequence[int]:
        """Chat ids of people who have not written since, have nothing open and are no coordinators: to be forgotten."""
        return [row.id for row in self._rows(_QUIET, before=before, most=limit)]
