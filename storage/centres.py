"""Centres (NTS-MWCC), and the group chats that are linked to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from storage.repository import Repository, insert_or_update
from storage.tables import CENTRE_GROUPS, CENTRES, CHATS


@dataclass(frozen=True, slots=True)
class Centre:
    """A centre as the programme office set it. `code` is its district's code, a province's (2 digits) for a province
    desk, or "00" for the programme desk. `opened`: by hand True or False, None when nobody decided."""

    code: str
    name: str
    opened: bool | None
    groups: int = 0


_SET = insert_or_update(CENTRES, ("code",), "opened")
_SET_NAMED = insert_or_update(CENTRES, ("code",), "opened", "name")
_OPENED = select(CENTRES.c.code).where(CENTRES.c.opened.is_(True))
_CLOSED = select(CENTRES.c.code).where(CENTRES.c.opened.is_(False))
_ALL = select(CENTRES).order_by(CENTRES.c.code)
_LINK = insert_or_update(CENTRE_GROUPS, ("chat_id",), "centre", "linked_at")
_UNLINK = delete(CENTRE_GROUPS).where(CENTRE_GROUPS.c.chat_id == bindparam("chat"))
_ACTIVE = CENTRE_GROUPS.join(CHATS, CHATS.c.id == CENTRE_GROUPS.c.chat_id)
_GROUPS = (
    select(CENTRE_GROUPS.c.chat_id)
    .select_from(_ACTIVE)
    .where(CENTRE_GROUPS.c.centre == bindparam("of"), CHATS.c.state == "active")
    .order_by(CENTRE_GROUPS.c.linked_at, CENTRE_GROUPS.c.chat_id)
)
_GROUP_COUNTS = (
    select(CENTRE_GROUPS.c.centre, func.count())
    .select_from(_ACTIVE)
    .where(CHATS.c.state == "active")
    .group_by(CENTRE_GROUPS.c.centre)
)
_CENTRE_OF = select(CENTRE_GROUPS.c.centre).where(CENTRE_GROUPS.c.chat_id == bindparam("chat"))


class Centres(Repository):
    """See the module."""

    def open(self, code: str, name: str = "") -> None:
        """Open a centre (again); a name given before stays if none is given now."""
        statement = _SET_NAMED if name else _SET
        self._connection.execute(statement[self._dialect], {"code": code, "name": name, "opened": True})

    def close(self, code: str) -> None:
        """Close a centre: its district is no longer served."""
        self._connection.execute(_SET[self._dialect], {"code": code, "name": "", "opened": False})

    def opened(self) -> frozenset[str]:
        """Codes opened by hand."""
        return frozenset(row.code for row in self._rows(_OPENED))

    def closed(self) -> frozenset[str]:
        """Codes closed by hand."""
        return frozenset(row.code for row in self._rows(_CLOSED))

    def all(self) -> list[Centre]:
        """Every centre that was opened or closed by hand or has an active group, by code."""
        groups: dict[str, int] = dict(tuple(row) for row in self._rows(_GROUP_COUNTS))
        centres = [Centre(row.code, row.name, row.opened, groups.pop(row.code, 0)) for row in self._rows(_ALL)]
        centres.extend(Centre(code, "", None, count) for code, count in groups.items())
        return sorted(centres, key=lambda centre: centre.code)

    def link(self, centre: str, chat_id: int, now: datetime) -> None:
        """This group is the centre's; a group has one centre at most."""
        self._connection.execute(_LINK[self._dialect], {"chat_id": chat_id, "centre": centre, "linked_at": now})

    def unlink(self, chat_id: int) -> None:
        """This group is nobody's."""
        self._connection.execute(_UNLINK, {"chat": chat_id})

    def groups_of(self, centre: str) -> list[int]:
        """Chat ids of the centre's active groups, in the order of linking."""
        return [row.chat_id for row in self._rows(_GROUPS, of=centre)]

    def linked(self) -> frozenset[str]:
        """Codes of the centres and desks that have an active group."""
        return frozenset(row.centre for row in self._rows(_GROUP_COUNTS))

    def centre_of(self, chat_id: int) -> str:
        """The centre whose group this is, or ""."""
        row = self._row(_CENTRE_OF, chat=chat_id)
        return "" if row is None else str(row.centre)
