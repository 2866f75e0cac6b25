"""Who holds rows, and letting go of what dead processes held, without waiting for their leases to run out."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import BindParameter, bindparam, select, update

from storage.repository import Repository, constant
from storage.tables import INBOX, MEDIA, OUTBOX

_UNFINISHED = (
    (INBOX, INBOX.c.state == constant("waiting")),
    (OUTBOX, OUTBOX.c.over_at.is_(None)),
    (MEDIA, MEDIA.c.state == constant("waiting")),
)
_OWNERS = tuple(select(t.c.owner).where(open_, t.c.owner.is_not(None)).distinct() for t, open_ in _UNFINISHED)
_THEIRS: BindParameter[str] = bindparam("owners", expanding=True)
_ABANDON = tuple(
    update(t).where(open_, t.c.owner.in_(_THEIRS)).values(owner=None, lease_until=None) for t, open_ in _UNFINISHED
)


class Leases(Repository):
    """Over all tables whose rows a process holds for a while: inbox, outbox, media."""

    def owners(self) -> set[str]:
        """Names of the processes that hold something, dead or alive."""
        return {row.owner for statement in _OWNERS for row in self._rows(statement)}

    def abandon(self, owners: Collection[str]) -> None:
        """These processes are dead: whoever comes first may take what they held."""
        for statement in _ABANDON if owners else ():
            self._connection.execute(statement, {"owners": list(owners)})
