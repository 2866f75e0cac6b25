"""What an operator asks of the stored data as a whole: counts and codes, never who or what. Nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from handlers.cases import OPEN
from storage.repository import Repository, constant
from storage.tables import CASES, CENTRE_GROUPS, CHATS, OUTBOX

_LINKS = select(CENTRE_GROUPS.c.centre, CHATS.c.channel, CHATS.c.state).join(
    CHATS, CHATS.c.id == CENTRE_GROUPS.c.chat_id
)
_OPEN_CASES = (
    select(CASES.c.centre, func.count().label("open")).where(CASES.c.state.in_(sorted(OPEN))).group_by(CASES.c.centre)
)
_DEAD_LETTERS = (
    select(OUTBOX.c.error, func.count().label("dead"))
    .where(OUTBOX.c.state == constant("failed"), OUTBOX.c.over_at >= bindparam("since"))
    .group_by(OUTBOX.c.error)
    .order_by(func.count().desc(), OUTBOX.c.error)
)


@dataclass(frozen=True, slots=True)
class Links:
    """Centres by their code. `present`: a group that the bot is in; `lost`: where it has only groups that it is no longer
    in, with the channel."""

    present: frozenset[str]
    lost: Mapping[str, str]


class Survey(Repository):
    """See the module."""

    def links(self) -> Links:
        """Which centres have a group, and which had one."""
        rows = self._rows(_LINKS)
        present = frozenset(row.centre for row in rows if row.state == "active")
        return Links(present, {row.centre: row.channel for row in rows if row.centre not in present})

    def open_cases(self) -> dict[str, int]:
        """How many open cases each centre has; centres without any are left out."""
        return {row.centre: row.open for row in self._rows(_OPEN_CASES)}

    def dead_letters(self, since: datetime) -> dict[str, int]:
        """Messages given up since then, by the reason that was noted, the most frequent first."""
        return {row.error: row.dead for row in self._rows(_DEAD_LETTERS, since=since)}
