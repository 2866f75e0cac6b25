"""Village headmen and kamnan: which chat is the coordinator of which area."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, or_, select

from storage.repository import Repository, insert_or_update
from storage.tables import CHATS, COORDINATORS

_JOIN = insert_or_update(COORDINATORS, ("chat_id",), "centre", "area", "joined_at")
_LEAVE = delete(COORDINATORS).where(COORDINATORS.c.chat_id == bindparam("chat"))
_ACTIVE = (
    select(COORDINATORS.c.chat_id)
    .select_from(COORDINATORS.join(CHATS, CHATS.c.id == COORDINATORS.c.chat_id))
    .where(CHATS.c.state == "active")
    .order_by(COORDINATORS.c.chat_id)
)
_OF_VILLAGE = _ACTIVE.where(COORDINATORS.c.area.in_(bindparam("areas", expanding=True)))
_OF_SUBDISTRICT = _ACTIVE.where(
    or_(COORDINATORS.c.area == bindparam("of"), COORDINATORS.c.area.between(bindparam("first"), bindparam("last")))
)


class Coordinators(Repository):
    """See the module."""

    def join(self, chat_id: int, centre: str, area: str, now: datetime) -> None:
        """This person is the coordinator of this area ("340301" or "340301-04") from now on."""
        self._connection.execute(
            _JOIN[self._dialect], {"chat_id": chat_id, "centre": centre, "area": area, "joined_at": now}
        )

    def leave(self, chat_id: int) -> None:
        """A coordinator no longer."""
        self._connection.execute(_LEAVE, {"chat": chat_id})

    def of_area(self, subdistrict: str, village: str = "") -> list[int]:
        """Chat ids of the subdistrict's kamnan and the village's headmen; of all its headmen if the village is unknown, or
        was given by a name, which areas do not have.

        Only those who can be reached.
        """
        if village.isdecimal():
            rows = self._rows(_OF_VILLAGE, areas=[subdistrict, f"{subdistrict}-{village}"])
        else:
            # "." follows "-" in ASCII: everything that begins with "340301-" lies between.
            rows = self._rows(_OF_SUBDISTRICT, of=subdistrict, first=f"{subdistrict}-", last=f"{subdistrict}.")
        return [row.chat_id for row in rows]
