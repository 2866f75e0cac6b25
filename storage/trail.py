"""The trail: who did what with a case, and when. Append-only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import bindparam, select

from storage.repository import Repository
from storage.tables import TRAIL


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One line; `by` (an officer's name, "reporter", "coordinator" or "system") and `detail` are sealed."""

    case_code: str
    at: datetime
    by: str
    action: str
    detail: str = ""


_OF = (
    select(TRAIL.c.at, TRAIL.c.action, TRAIL.c.entry_sealed)
    .where(TRAIL.c.case_code == bindparam("wanted"))
    .order_by(TRAIL.c.id)
)


def _place(case_code: str, at: datetime, action: str) -> str:
    """A line is bound to its own plain columns, so that changing one of them makes it unreadable."""
    return f"trail.entry:{case_code}:{at.astimezone(UTC).isoformat()}:{action}"


class Trail(Repository):
    """See the module."""

    def add(self, batch: Sequence[TrailEntry]) -> None:
        """Append lines."""
        self._each(
            TRAIL.insert(),
            [
                {
                    "case_code": entry.case_code,
                    "at": entry.at,
                    "action": entry.action,
                    "entry_sealed": self._seal(
                        {"by": entry.by, "detail": entry.detail}, _place(entry.case_code, entry.at, entry.action)
                    ),
                }
                for entry in batch
            ],
        )

    def of(self, case_code: str) -> list[TrailEntry]:
        """A case's lines, oldest first."""
        entries = []
        for row in self._rows(_OF, wanted=case_code):
            data = self._open(row.entry_sealed, _place(case_code, row.at, row.action))
            entries.append(TrailEntry(case_code, row.at, data["by"], row.action, data["detail"]))
        return entries
