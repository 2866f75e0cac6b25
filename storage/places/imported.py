"""What an operator has imported, ready for lookups: boundaries, villages, landmarks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from handlers.messages import Name
from handlers.world import Area

if TYPE_CHECKING:
    from storage.imports import Imports, Layer, NamedPoint, Shape
    from storage.places.shapes import Shapes
    from storage.places.tables import Position

LANDMARK = "L"
"""The codes of landmarks begin with it; those of areas begin with a digit or a country."""


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """See the module. Empty without an import; never changed once made. `versions` are the imports' numbers; `lost` counts
    the places of a layer that its import was stored with and that can no longer be read: the others serve without them."""

    versions: Mapping[Layer, int] = field(default_factory=dict)
    districts: Shapes | None = None
    subdistricts: Shapes | None = None
    areas: Mapping[str, Area] = field(default_factory=dict)
    positions: Mapping[str, Position] = field(default_factory=dict)
    villages: Mapping[str, tuple[Area, ...]] = field(default_factory=dict)
    lost: Mapping[Layer, int] = field(default_factory=dict)

    @classmethod
    def made(cls, read: Read) -> Imported:
        """Index what was read from the database; takes up to a second, without the database."""
        named = [
            *cast("Sequence[NamedPoint]", read.get("village")),
            *cast("Sequence[NamedPoint]", read.get("landmark")),
        ]
        areas = {point.code: Area(point.code, _name(point)) for point in named}
        positions = {
            point.code: (point.latitude, point.longitude)
            for point in named
            if point.latitude is not None and point.longitude is not None
        }
        villages: dict[str, list[Area]] = {}
        for code in sorted(areas):
            if not code.startswith(LANDMARK):
                villages.setdefault(code[:6], []).append(areas[code])
        districts, subdistricts = _shapes(read.get("district")), _shapes(read.get("subdistrict"))
        left: dict[Layer, int] = {
            "district": len(districts.codes) if districts else 0,
            "subdistrict": len(subdistricts.codes) if subdistricts else 0,
            "village": len(read.get("village")), "landmark": len(read.get("landmark")),
        }  # fmt: skip
        return cls(
            read.versions, districts, subdistricts, areas, positions,
            {subdistrict: tuple(inside) for subdistrict, inside in villages.items()},
            {layer: count - left[layer] for layer, count in read.counts.items() if count > left[layer]},
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Read:
    """The active imports as they lie in the database. `counts`: how many places each was stored with."""

    versions: Mapping[Layer, int]
    rows: Mapping[Layer, Sequence[Shape] | Sequence[NamedPoint]]
    counts: Mapping[Layer, int] = field(default_factory=dict)

    @classmethod
    def active(cls, imports: Imports) -> Read:
        """All active imports."""
        versions = imports.active()
        return cls(
            versions,
            {
                layer: imports.shapes(id) if layer in ("district", "subdistrict") else imports.points(id)
                for layer, id in versions.items()
            },
            imports.counts(),
        )

    def get(self, layer: Layer) -> Sequence[Shape] | Sequence[NamedPoint]:
        """The rows of a layer; none without an import."""
        return self.rows.get(layer, ())


def _shapes(rows: Sequence[Shape] | Sequence[NamedPoint]) -> Shapes | None:
    """The areas that can be used. What the import stored can; what a damaged disk or a hand in the database made of it
    must not keep the bot from starting."""
    if not rows:
        return None
    import numpy as np
    import shapely

    from storage.places.points import EAST, NORTH, SOUTH, WEST
    from storage.places.shapes import Shapes

    usable: list[Shape] = []
    for row in cast("Sequence[Shape]", rows):
        with np.errstate(all="ignore"):  # NumPy would warn of what is no number
            area = shapely.from_wkb(row.wkb, on_invalid="ignore")
        if isinstance(area, shapely.Polygon | shapely.MultiPolygon) and area.is_valid:
            west, south, east, north = area.bounds
            if WEST <= west <= east <= EAST and SOUTH <= south <= north <= NORTH:
                usable.append(row)
    return Shapes([one.code for one in usable], [one.wkb for one in usable]) if usable else None


def _name(point: NamedPoint) -> Name:
    return Name(point.th, point.en, point.lo, point.km, by_rule=point.by_rule)
