"""One-time invitations. Only a keyed hash of the code is stored (`Vault.hash_code`)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, select, update

from handlers.outcome import Invitation
from storage.repository import Repository
from storage.tables import INVITATIONS


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation to store. `area` is a coordinator's, as in `Session.area`."""

    id: str
    code_hash: bytes
    role: Literal["group", "coordinator"]
    centre: str
    created_at: datetime
    expires_at: datetime
    area: str = ""


_FIND = (
    select(INVITATIONS.c.id, INVITATIONS.c.role, INVITATIONS.c.centre, INVITATIONS.c.area)
    .where(
        INVITATIONS.c.code_hash == bindparam("wanted"),
        INVITATIONS.c.used_at.is_(None),
        INVITATIONS.c.expires_at > bindparam("now"),
    )
    .with_for_update()
)
_REDEEM = (
    update(INVITATIONS)
    .where(INVITATIONS.c.id == bindparam("wanted"), INVITATIONS.c.used_at.is_(None))
    .where(INVITATIONS.c.expires_at > bindparam("now"))
    .values(used_at=bindparam("now"))
)


class Invitations(Repository):
    """See the module."""

    def add(self, invitation: NewInvitation) -> None:
        """Store an invitation."""
        self._connection.execute(INVITATIONS.insert(), asdict(invitation))

    def find(self, code_hash: bytes, now: datetime) -> Invitation | None:
        """The invitation behind a code, if unused and unexpired; locked until the end of the transaction."""
        row = self._row(_FIND, wanted=code_hash, now=now)
        return None if row is None else Invitation(row.id, row.role, row.centre, row.area)

    def redeem(self, id: str, now: datetime) -> bool:
        """Use it up. Of any number at once, exactly one gets True."""
        return self._count(_REDEEM, wanted=id, now=now) == 1
