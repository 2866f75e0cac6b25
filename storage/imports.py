"""Places that an operator has imported, layer by layer: boundaries, villages, landmarks.

An import replaces the one before it in one transaction. The newest ones keep their data, so that each can be made active
again; nothing here is about a person, and nothing is sealed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, cast

import orjson
from sqlalchemy import Executable, bindparam, delete, insert, select, update

from storage.repository import Repository
from storage.schema import take_turn
from storage.tables import PLACE_IMPORTS, PLACE_POINTS, PLACE_SHAPES

Layer = Literal["district", "subdistrict", "village", "landmark"]

KEPT = 5
"""Imports of a layer that keep their data, among them the one that was active before the newest: enough to go back behind
a few wrong tries, at some megabytes each."""


@dataclass(frozen=True, slots=True)
class Shape:
    """An area's boundary as well-known binary: polygons in degrees WGS 84, longitude first."""

    code: str
    wkb: bytes


@dataclass(frozen=True, slots=True)
class NamedPoint:
    """A village (`code`: 8 digits, those of its subdistrict and its number) or a landmark (`code` begins with a letter).

    `latitude`, `longitude`: degrees WGS 84, or neither. `by_rule`: the scripts ("lo", "km" or "lo km") whose name was made
    by transliteration."""

    code: str
    kind: str
    th: str
    en: str = ""
    lo: str = ""
    km: str = ""
    latitude: float | None = None
    longitude: float | None = None
    by_rule: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """Where an import came from. `file`: its name without folders; `dated`: the date of the data (ISO 8601) or "";
    `notes`: what was found in it, a line each."""

    file: str
    source: str = ""
    licence: str = ""
    dated: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Import:
    """One import in the history. `count`: its areas or points; `kept`: it can be made active again."""

    id: int
    layer: Layer
    about: About
    count: int
    imported_at: datetime
    active: bool
    kept: bool


_IMPORTS = select(PLACE_IMPORTS).order_by(PLACE_IMPORTS.c.id.desc())
_ONE = select(PLACE_IMPORTS).where(PLACE_IMPORTS.c.id == bindparam("wanted"))
_ACTIVE = select(PLACE_IMPORTS.c.layer, PLACE_IMPORTS.c.id).where(PLACE_IMPORTS.c.active)
_COUNTS = select(PLACE_IMPORTS.c.layer, PLACE_IMPORTS.c.count).where(PLACE_IMPORTS.c.active)
_ADD = insert(PLACE_IMPORTS).returning(PLACE_IMPORTS.c.id)
_LAY_DOWN = (
    update(PLACE_IMPORTS)
    .where(PLACE_IMPORTS.c.layer == bindparam("of"), PLACE_IMPORTS.c.active)
    .values(active=False)
)  # fmt: skip
_TAKE_UP = update(PLACE_IMPORTS).where(PLACE_IMPORTS.c.id == bindparam("wanted")).values(active=True)
_OVER = (
    select(PLACE_IMPORTS.c.id)
    .where(PLACE_IMPORTS.c.layer == bindparam("of"), PLACE_IMPORTS.c.kept, ~PLACE_IMPORTS.c.active)
    .where(PLACE_IMPORTS.c.id != bindparam("before"))
    .order_by(PLACE_IMPORTS.c.id.desc())
    .offset(KEPT - 2)
)
_EMPTIED = update(PLACE_IMPORTS).where(PLACE_IMPORTS.c.id == bindparam("wanted")).values(kept=False)
_EMPTY = tuple(delete(table).where(table.c.import_id == bindparam("wanted")) for table in (PLACE_SHAPES, PLACE_POINTS))
_SHAPES = (
    select(PLACE_SHAPES.c.code, PLACE_SHAPES.c.shape)
    .where(PLACE_SHAPES.c.import_id == bindparam("of"))
    .order_by(PLACE_SHAPES.c.code)
)
_POINTS = (
    select(*(column for column in PLACE_POINTS.c if column.name != "import_id"))
    .where(PLACE_POINTS.c.import_id == bindparam("of"))
    .order_by(PLACE_POINTS.c.code)
)


class Imports(Repository):
    """See the module."""

    def add_shapes(self, layer: Layer, shapes: Sequence[Shape], about: About, now: datetime) -> int:
        """Store boundaries, which are active from the end of this transaction on; gives the import's number."""
        rows = [{"code": shape.code, "shape": shape.wkb} for shape in shapes]
        return self._add(layer, insert(PLACE_SHAPES), rows, about, now)

    def add_points(self, layer: Layer, points: Sequence[NamedPoint], about: About, now: datetime) -> int:
        """Store villages or landmarks, which are active from the end of this transaction on; gives the import's number."""
        return self._add(layer, insert(PLACE_POINTS), [asdict(point) for point in points], about, now)

    def history(self) -> list[Import]:
        """Every import, newest first."""
        return [_read(row) for row in self._rows(_IMPORTS)]

    def restore(self, id: int) -> Import:
        """Make an earlier import the active one of its layer. Raises `LookupError` when there is none of this number, or
        its data are no longer kept."""
        take_turn(self._connection)
        row = self._row(_ONE, wanted=id)
        if row is None:
            raise LookupError(f"there is no import {id}")
        if not row.kept:
            raise LookupError(f"import {id} is too old: only the newest {KEPT} of a kind keep their data")
        self._connection.execute(_LAY_DOWN, {"of": row.layer})
        self._connection.execute(_TAKE_UP, {"wanted": id})
        return _read(self._row(_ONE, wanted=id))

    def withdraw(self, layer: Layer) -> bool:
        """No import of this layer is active any more; whether one was."""
        return self._count(_LAY_DOWN, of=layer) > 0

    def active(self) -> dict[Layer, int]:
        """The numbers of the active imports by layer."""
        return {cast(Layer, row.layer): row.id for row in self._rows(_ACTIVE)}

    def counts(self) -> dict[Layer, int]:
        """How many areas or points each active import was stored with, by layer."""
        return {cast(Layer, row.layer): row.count for row in self._rows(_COUNTS)}

    def shapes(self, id: int) -> list[Shape]:
        """The boundaries of an import, by code."""
        return [Shape(row.code, bytes(row.shape)) for row in self._rows(_SHAPES, of=id)]

    def points(self, id: int) -> list[NamedPoint]:
        """The villages or landmarks of an import, by code."""
        return [NamedPoint(**row._mapping) for row in self._rows(_POINTS, of=id)]

    def _add(
        self, layer: Layer, into: Executable, rows: Sequence[Mapping[str, Any]], about: About, now: datetime
    ) -> int:
        take_turn(self._connection)  # of two imports at once, the later one counts
        before = self.active().get(layer)
        self._connection.execute(_LAY_DOWN, {"of": layer})
        made = {
            **asdict(about), "notes": orjson.dumps(about.notes).decode(), "layer": layer, "count": len(rows),
            "imported_at": now, "active": True, "kept": True,
        }  # fmt: skip
        id = int(self._connection.execute(_ADD, made).scalar_one())
        self._each(into, [{**row, "import_id": id} for row in rows])
        for over in self._rows(_OVER, of=layer, before=before or id):  # one step back is always possible
            for statement in (*_EMPTY, _EMPTIED):
                self._connection.execute(statement, {"wanted": over.id})
        return id


def _read(row: Any) -> Import:
    about = About(row.file, row.source, row.licence, row.dated, tuple(orjson.loads(row.notes)))
    return Import(row.id, row.layer, about, row.count, row.imported_at, row.active, row.kept)
