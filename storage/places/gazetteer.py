"""The gazetteer: names, codes, points and boundaries of the places along the border, all in memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache, cached_property, lru_cache
from math import cos, radians
from typing import TYPE_CHECKING

from handlers.messages import Name
from handlers.world import Area, Bounded, Landmark, Near
from storage.places.imported import LANDMARK, Imported
from storage.places.points import Found, Point, PointGrid
from storage.places.served import checked, served_districts
from storage.places.tables import Position, Tables

if TYPE_CHECKING:
    from storage.places.search import Names
    from storage.places.shapes import Shapes

LANDMARK_M = 10_000
"""Metres within which a named place helps officers to find a position."""

KEPT = 2
"""Sets of names that are kept, with the imports that they are of: the one in use and the one before. Twenty thousand
villages and all boundaries take some 80 MB, which a bot shall not have five times after a few imports."""

NOTHING_IMPORTED = Imported()


class Gazetteer:
    """`handlers.world.Places` over the package's tables and what was imported, for a set of served districts."""

    def __init__(self, tables: Tables, served: Collection[str], imported: Imported = NOTHING_IMPORTED) -> None:
        """Raises `ValueError` when `served` is empty or holds a code that is no district's."""
        self._tables = tables
        self._imported = imported
        self._served = checked(served, _known(tables)[0])
        self._provinces = tuple(tables.areas[code] for code in sorted({code[:2] for code in self._served}))
        self._bounds = imported.districts or imported.subdistricts
        self._unbounded = _unbounded(tables, self._bounds)

    @classmethod
    def load(cls, served: str = "border") -> Gazetteer:
        """Read the tables. `served`: "targets", "border", "provinces", or district codes separated by commas.

        Raises `ValueError` with one line for an operator when `served` is none of these.
        """
        tables = Tables.load()
        return cls(tables, served_districts(served, *_known(tables)))

    def with_served(self, codes: Collection[str]) -> Gazetteer:
        """The same places with other districts served. Raises `ValueError` as the constructor does."""
        return Gazetteer(self._tables, codes, self._imported)

    def with_imported(self, imported: Imported) -> Gazetteer:
        """The same served districts with other imports."""
        return Gazetteer(self._tables, self._served, imported)

    @property
    def imported(self) -> Imported:
        """What was imported."""
        return self._imported

    def nearest(self, latitude: float, longitude: float) -> tuple[Near, Near | None] | None:
        """The nearest subdistrict point and the nearest one of another district; None farther than about 110 km."""
        found = self._tables.grid.nearest(latitude, longitude)
        if found is None:
            return None
        first, second = found
        return _near(first), _near(second) if second else None

    def bounded(self, latitude: float, longitude: float) -> Bounded | None:
        """What the imported boundaries say; None without any, out of their reach, and where the nearest subdistrict is
        one whose boundary, or its district's, was not imported."""
        bounds = self._bounds
        if bounds is None:
            return None
        found = bounds.at(latitude, longitude)
        if found is None:
            return self._outside(bounds, latitude, longitude)
        if not found[1]:
            return self._beside(bounds, latitude, longitude)
        district = found[0][:4]
        return Bounded(district, self._subdistrict(district, latitude, longitude))

    def _beside(self, bounds: Shapes, latitude: float, longitude: float) -> Bounded | None:
        """Within the margin of a boundary, on either side of it; None farther away."""
        around = dict.fromkeys(code[:4] for code, _ in bounds.around(latitude, longitude, bounds.margin_m))
        if not around:
            return None
        district, beside = (*around, "")[:2]
        return Bounded(
            district, self._subdistrict(district, latitude, longitude), 0.0,
            beside, self._subdistrict(beside, latitude, longitude) if beside else "",
        )  # fmt: skip

    def _outside(self, bounds: Shapes, latitude: float, longitude: float) -> Bounded | None:
        """Outside of all boundaries."""
        nearest = bounds.nearest(latitude, longitude)
        if nearest is None:
            return None
        if nearest[1] <= bounds.margin_m and (beside := self._beside(bounds, latitude, longitude)):
            return beside
        if self._unbounded:
            point = self._tables.grid.nearest(latitude, longitude)
            if point and point[0][0].subdistrict in self._unbounded:
                return None
        return Bounded(nearest[0][:4], "", nearest[1])

    def _subdistrict(self, district: str, latitude: float, longitude: float) -> str:
        """The subdistrict of this district that the position is in by its boundary, else the one with the nearest point."""
        if shapes := self._imported.subdistricts:
            found = shapes.at(latitude, longitude)
            if found and found[0].startswith(district):
                return found[0]
        narrow = cos(radians(latitude))

        def squared(point: Point) -> float:
            return (point.latitude - latitude) ** 2 + ((point.longitude - longitude) * narrow) ** 2

        return min(self._tables.points[district], key=squared).subdistrict

    def landmark(self, latitude: float, longitude: float) -> Landmark | None:
        """The nearest of the operator's landmarks and villages and the district offices, within 10 km."""
        found = _landmarks(self._tables, self._imported).nearest(latitude, longitude)
        if found is None or found[0][1] > LANDMARK_M:
            return None
        point, metres = found[0]
        area = self._imported.areas.get(point.subdistrict)
        name = area.name if area else _office(self._tables.areas[point.subdistrict].name)
        return Landmark(name, point.latitude, point.longitude, metres)

    def area(self, code: str) -> Area | None:
        """A place by its code, of any kind."""
        return self._tables.areas.get(code) or self._imported.areas.get(code)

    def provinces(self) -> Sequence[Area]:
        """Provinces that hold a served district, by code."""
        return self._provinces

    def districts(self, province: str) -> Sequence[Area]:
        """All districts of a province, border districts first, then by code."""
        return self._tables.within.get(province, ()) if len(province) == 2 and province.isdecimal() else ()

    def subdistricts(self, district: str) -> Sequence[Area]:
        """All subdistricts of a district, by code."""
        return self._tables.within.get(district, ()) if len(district) == 4 and district.isdecimal() else ()

    def villages(self, subdistrict: str) -> Sequence[Area]:
        """The operator's villages of a subdistrict; across the border, a commune's."""
        if subdistrict.isdecimal():
            return self._imported.villages.get(subdistrict, ())
        return self._tables.within.get(subdistrict, ()) if len(subdistrict) == 8 else ()

    def across(self, code: str) -> Sequence[Area]:
        """The provinces of a country, the districts of a province, the communes of a district, that served ones face."""
        if code[:1].isdecimal():
            return ()
        return [area for area in self._tables.within.get(code, ()) if area.code in self._faced]

    def facing(self, code: str) -> Sequence[str]:
        """The Thai districts that face a place across the border, the likeliest first."""
        return self._tables.facing.get(code, ())

    def served(self) -> frozenset[str]:
        """Codes of the districts whose centre is open."""
        return self._served

    def nearest_served(self, latitude: float, longitude: float) -> tuple[str, float] | None:
        """The served district with the nearest subdistrict point, and metres to it; None farther than about 110 km."""
        found = self._served_grid.nearest(latitude, longitude)
        return (found[0][0].district, found[0][1]) if found else None

    def find(self, words: str, near: str = "") -> Sequence[Area]:
        """The places of the served provinces, and across from them, whose names are most like these words, at most five."""
        from storage.places import address

        return address.find(self._names, words, near, self._served)

    def find_of_kind(self, words: str, near: str = "") -> Sequence[Area]:
        """The same for words with the kind of a place before its name ("district Na Tan"): only places of that kind, and
        more exact ones within them. None for words without any kind but a village's."""
        from storage.places import address

        return address.find_of_kind(self._names, words, near, self._served)

    def find_village(self, words: str, subdistrict: str) -> Sequence[Area]:
        """The villages of a subdistrict or commune whose names are most like these words, at most five."""
        from storage.places.search import Names

        return Names(self.villages(subdistrict)).find(words)

    def prepare(self) -> None:
        """Make names and landmarks ready to be searched (up to a second), so that the first search need not wait for it."""
        self._names.find("")
        self.landmark(0, 0)

    def point(self, code: str) -> Position | None:
        """A subdistrict's, village's or landmark's point; a district's office where known, else the middle of its
        subdistricts' points."""
        return self._tables.positions.get(code) or self._imported.positions.get(code)

    def outline(self, district: str) -> list[list[Position]]:
        """A district's imported boundary, to be drawn: its outer rings; nothing without an import."""
        if shapes := self._imported.districts:
            return shapes.outline(district)
        return []

    def metres_to(self, district: str, latitude: float, longitude: float) -> float | None:
        """Metres to a district by its imported boundary, 0 within it; None without one, and beyond about 110 km."""
        shapes = self._imported.districts
        return shapes.metres_to(district, latitude, longitude) if shapes else None

    @cached_property
    def _served_grid(self) -> PointGrid:
        """The subdistricts' points of the served districts alone."""
        return PointGrid(point for code in sorted(self._served) for point in self._tables.points[code])

    @cached_property
    def _names(self) -> Names:
        """The places that people of the served provinces and from across may name."""
        return _names(self._tables, self._imported, frozenset(area.code for area in self._provinces), self._faced)

    @cached_property
    def _faced(self) -> frozenset[str]:
        """What lies across the border from a served district, with the provinces around it."""
        faced = [code for code, facing in self._tables.facing.items() if not self._served.isdisjoint(facing)]
        return frozenset(faced).union(*(self._tables.areas[code].within for code in faced))


@lru_cache(maxsize=KEPT)
def _names(tables: Tables, imported: Imported, own: frozenset[str], faced: frozenset[str]) -> Names:
    """The names of what lies in these provinces and across from them, of landmarks, and of the provinces elsewhere. Kept: a
    district that opens or closes seldom changes them."""
    from storage.places.search import Names

    by_lists = {"TH", "LA", "KH", *(f"TH{province}" for province in own)}
    known = (faced | tables.called.keys()) - by_lists
    return Names(
        [area for code, area in tables.areas.items() if code[:2] in own or code in known]
        + [area for area in imported.areas.values() if area.code[:2] in own or area.code.startswith(LANDMARK)],
        tables.called, tables.called.keys() - faced,
    )  # fmt: skip


@lru_cache(maxsize=KEPT)
def _landmarks(tables: Tables, imported: Imported) -> PointGrid:
    """The places that people know: district offices, landmarks, villages with a position. Kept as the names are."""
    return PointGrid(
        Point(*at, code, code) for known in (tables.offices, imported.positions) for code, at in known.items()
    )


def _unbounded(tables: Tables, bounds: Shapes | None) -> frozenset[str]:
    """The subdistricts of whose ground no boundary was imported, be it their own or their district's."""
    known = frozenset(bounds.codes) if bounds else frozenset()
    if not known:
        return known
    digits = len(next(iter(known)))
    points = (point for inside in tables.points.values() for point in inside)
    return frozenset(point.subdistrict for point in points if point.subdistrict[:digits] not in known)


def _office(district: Name) -> Name:
    """A district's office, named after it."""
    return Name(
        f"ที่ว่าการอำเภอ{district.th}", f"{district.en} district office",
        f"ຫ້ອງວ່າການອຳເພີ{district.lo}" if district.lo else "", f"សាលាស្រុក{district.km}" if district.km else "",
        by_rule=district.by_rule,
    )  # fmt: skip


@cache
def _known(tables: Tables) -> tuple[frozenset[str], frozenset[str]]:
    """Codes of all districts, and of the border districts."""
    districts = tables.districts()
    return frozenset(d.code for d in districts), frozenset(d.code for d in districts if d.neighbours)


def _near(found: Found) -> Near:
    point, metres = found
    return Near(point.district, point.subdistrict, metres)
