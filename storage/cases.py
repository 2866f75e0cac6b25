"""Cases: sealed bodies with the few plain columns that queries need, and nothing about who reported but a chat id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import asin, cos, hypot, radians, sin, sqrt
from typing import Any

from sqlalchemy import and_, bindparam, func, literal_column, select, update

from handlers.cases import OPEN, Case
from storage.repository import Repository
from storage.tables import CASES

ROUNDED_TO = 2
"""Decimals of a degree that stay readable: about 1 km, no more than a headman's alert says."""
NEAR_LIMIT = 50
"""At most this many candidates are measured: more would say nothing new."""
_DEGREE_M = 111_320.0
_EARTH_M = 6_371_000.0

_BODY = (CASES.c.code, CASES.c.body_sealed)
_OPEN_STATES = CASES.c.state.in_(sorted(OPEN))
_GET = select(*_BODY).where(CASES.c.code == bindparam("wanted"))
_GET_LOCKED = _GET.with_for_update()
_TAKEN = select(CASES.c.id).where(CASES.c.code == bindparam("wanted"))
_REPORTER = select(CASES.c.reporter_chat_id).where(CASES.c.code == bindparam("wanted"))
_OF_REPORTER = (
    select(*_BODY)
    .where(CASES.c.reporter_chat_id == bindparam("chat"))
    .order_by(CASES.c.id.desc())
    .limit(bindparam("most"))
)
_OPEN_IN = select(*_BODY).where(CASES.c.centre.in_(bindparam("of", expanding=True)), _OPEN_STATES).order_by(CASES.c.id)
_SAVE = (
    update(CASES)
    .where(CASES.c.code == bindparam("wanted"))
    .values({name: bindparam(f"in_{name}") for name in (
        "body_sealed", "kind", "state", "urgent", "centre", "district", "subdistrict", "latitude", "longitude",
        "claimed_at", "closed_at",
    )})
)  # fmt: skip
_NEAR = (
    select(*_BODY)
    .where(
        CASES.c.kind == bindparam("of"),
        CASES.c.created_at >= bindparam("since"),
        CASES.c.latitude.between(bindparam("south"), bindparam("north")),
        CASES.c.longitude.between(bindparam("west"), bindparam("east")),
        CASES.c.state != "withdrawn",
    )
    .order_by(CASES.c.id.desc())
    .limit(NEAR_LIMIT)
)
_UNCLAIMED_URGENT = and_(CASES.c.state == "new", CASES.c.urgent)
_HEALTH = select(
    func.count(), func.count().filter(_UNCLAIMED_URGENT), func.min(CASES.c.created_at).filter(_UNCLAIMED_URGENT)
).where(literal_column("cases.state IN ('new', 'claimed')"))  # word for word the condition of `ix_cases_open`


@dataclass(frozen=True, slots=True)
class CaseHealth:
    """Counts for metrics; `oldest` is when the oldest urgent case that nobody has claimed was filed."""

    open: int
    urgent_unclaimed: int
    oldest: datetime | None


def _rounded(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, ROUNDED_TO)


def _metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance between two positions (latitude, longitude)."""
    (south, west), (north, east) = (tuple(map(radians, position)) for position in (a, b))
    chord = hypot(sin((north - south) / 2), sqrt(cos(south) * cos(north)) * sin((east - west) / 2))
    return 2 * _EARTH_M * asin(min(1.0, chord))


class Cases(Repository):
    """See the module."""

    def add(self, case: Case, reporter_chat_id: int) -> None:
        """Store a new case of this reporter."""
        record = {**self._columns(case), "code": case.code, "created_at": case.created}
        self._connection.execute(CASES.insert(), {**record, "reporter_chat_id": reporter_chat_id})

    def get(self, code: str, *, lock: bool = True) -> Case | None:
        """The case; locked, because whoever reads one in a work usually changes it."""
        row = self._row(_GET_LOCKED if lock else _GET, wanted=code)
        return None if row is None else self._opened(row)

    def save(self, case: Case) -> None:
        """Write a changed case."""
        changed = {f"in_{name}": value for name, value in self._columns(case).items()}
        self._connection.execute(_SAVE, {**changed, "wanted": case.code})

    def code_taken(self, code: str) -> bool:
        """Whether a case has this code."""
        return self._row(_TAKEN, wanted=code) is not None

    def reporter_of(self, code: str) -> int | None:
        """Chat id of who filed it; None once the person was forgotten."""
        row = self._row(_REPORTER, wanted=code)
        return None if row is None else row.reporter_chat_id

    def of_reporter(self, chat_id: int, limit: int = 20) -> list[Case]:
        """The person's newest cases, newest last."""
        return [self._opened(row) for row in reversed(self._rows(_OF_REPORTER, chat=chat_id, most=limit))]

    def open_in(self, centres: Sequence[str]) -> list[Case]:
        """All open cases of these centres, oldest first."""
        return [self._opened(row) for row in self._rows(_OPEN_IN, of=list(centres))]

    def near(self, kind: str, latitude: float, longitude: float, since: datetime, radius_m: float) -> int:
        """How many cases of this kind, filed since then, lie within the radius (metres). A person's own earlier ones
        count as well: a card that left them out would give away that two cases come from one person."""
        slack = 10.0**-ROUNDED_TO  # the columns are rounded, the bodies are not
        high = radius_m / _DEGREE_M + slack
        wide = radius_m / (_DEGREE_M * max(0.01, cos(radians(latitude)))) + slack
        rows = self._rows(
            _NEAR, of=kind, since=since,
            south=latitude - high, north=latitude + high, west=longitude - wide, east=longitude + wide,
        )  # fmt: skip
        found = (self._position(row) for row in rows)
        return sum(_metres((latitude, longitude), position) <= radius_m for position in found if position)

    def health(self) -> CaseHealth:
        """How many cases wait for officers, over all centres: a count per district could tell where a report came from."""
        return CaseHealth(*self._row(_HEALTH))

    def _columns(self, case: Case) -> dict[str, Any]:
        return {
            "body_sealed": self._seal(case.to_data(), f"cases.body:{case.code}"),
            "kind": case.kind,
            "state": case.state,
            "urgent": case.urgent,
            "centre": case.centre,
            "district": case.place.district,
            "subdistrict": case.place.subdistrict,
            "latitude": _rounded(case.place.latitude),
            "longitude": _rounded(case.place.longitude),
            "claimed_at": case.claimed_at,
            "closed_at": case.closed_at,
        }

    def _position(self, row: Any) -> tuple[float, float] | None:
        """The exact position; nothing else of the case is built, because a report may have many neighbours."""
        place = self._open(row.body_sealed, f"cases.body:{row.code}").get("place", {})
        latitude, longitude = place.get("latitude"), place.get("longitude")
        return None if latitude is None or longitude is None else (latitude, longitude)

    def _opened(self, row: Any) -> Case:
        return Case.from_data(self._open(row.body_sealed, f"cases.body:{row.code}"))
