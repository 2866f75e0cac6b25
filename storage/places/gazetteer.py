"""The gazetteer: names, codes and points of the Thai provinces along Laos and Cambodia, all in memory."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from statistics import fmean
from typing import TYPE_CHECKING

from handlers.messages import Name
from handlers.world import Area, Near
from storage.places.points import Found, Point, PointGrid
from storage.places.served import checked, served_districts

if TYPE_CHECKING:
    from storage.places.search import Names

Position = tuple[float, float]
"""Latitude and longitude, degrees WGS 84."""


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The package's three tables, indexed. Shared by all gazetteers of a process and never changed."""

    areas: dict[str, Area]
    positions: dict[str, Position]
    within: dict[str, tuple[Area, ...]]
    grid: PointGrid

    @classmethod
    @cache
    def load(cls) -> Tables:
        """Read the tables that come with the package (about 10 ms), once a process."""
        areas = [Area(r["code"], Name(r["th"], r["en"], r["lo"], r["km"])) for r in _rows("provinces")]
        positions: dict[str, Position] = {}
        for row in _rows("districts"):
            neighbours = tuple(filter(None, row["neighbours"].split("|")))
            areas.append(Area(row["code"], Name(row["th"], row["en"]), neighbours))
            if row["lat"]:
                positions[row["code"]] = float(row["lat"]), float(row["lon"])
        points: dict[str, list[Point]] = {}
        for row in _rows("subdistricts"):
            code, district = row["code"], row["code"][:4]
            areas.append(Area(code, Name(row["th"], row["en"])))
            positions[code] = float(row["lat"]), float(row["lon"])
            points.setdefault(district, []).append(Point(*positions[code], district, code))
        for district, inside in points.items():
            middle = fmean(p.latitude for p in inside), fmean(p.longitude for p in inside)
            positions.setdefault(district, middle)
        grid = PointGrid(point for inside in points.values() for point in inside)
        return cls({area.code: area for area in areas}, positions, _children(areas), grid)

    def districts(self) -> list[Area]:
        """All districts."""
        return [area for code, area in self.areas.items() if len(code) == 4]


class Gazetteer:
    """`handlers.world.Places` over the package's tables, for a set of served districts."""

    def __init__(self, tables: Tables, served: Collection[str]) -> None:
        """Raises `ValueError` when `served` is empty or holds a code that is no district's."""
        self._tables = tables
        self._served = checked(served, _known(tables)[0])
        self._provinces = tuple(tables.areas[code] for code in sorted({code[:2] for code in self._served}))

    @classmethod
    def load(cls, served: str = "border") -> Gazetteer:
        """Read the tables. `served`: "targets", "border", "provinces", or district codes separated by commas.

        Raises `ValueError` with one line for an operator when `served` is none of these.
        """
        tables = Tables.load()
        return cls(tables, served_districts(served, *_known(tables)))

    def with_served(self, codes: Collection[str]) -> Gazetteer:
        """The same tables with other districts served. Raises `ValueError` as the constructor does."""
        return Gazetteer(self._tables, codes)

    def nearest(self, latitude: float, longitude: float) -> tuple[Near, Near | None] | None:
        """The nearest subdistrict point and the nearest one of another district; None farther than about 110 km."""
        found = self._tables.grid.nearest(latitude, longitude)
        if found is None:
            return None
        first, second = found
        return _near(first), _near(second) if second else None

    def area(self, code: str) -> Area | None:
        """A province, district or subdistrict by its code."""
        return self._tables.areas.get(code)

    def provinces(self) -> Sequence[Area]:
        """Provinces that hold a served district, by code."""
        return self._provinces

    def districts(self, province: str) -> Sequence[Area]:
        """All districts of a province, border districts first, then by code."""
        return self._tables.within.get(province, ()) if len(province) == 2 else ()

    def subdistricts(self, district: str) -> Sequence[Area]:
        """All subdistricts of a district, by code."""
        return self._tables.within.get(district, ()) if len(district) == 4 else ()

    def served(self) -> frozenset[str]:
        """Codes of the districts whose centre is open."""
        return self._served

    def nearest_served(self, latitude: float, longitude: float) -> tuple[str, float] | None:
        """The served district with the nearest subdistrict point, and metres to it; None farther than about 110 km."""
        found = self._tables.grid.nearest_of(latitude, longitude, self._served.__contains__)
        return (found[0].district, found[1]) if found else None

    def find(self, words: str) -> Sequence[Area]:
        """The places of the served provinces whose names are most like these words, in any script, at most five."""
        return [match.area for match in _names(self._tables, tuple(p.code for p in self._provinces)).find(words)]

    def point(self, code: str) -> Position | None:
        """A subdistrict's point; a district's office where known, else the middle of its subdistricts' points."""
        return self._tables.positions.get(code)


@cache
def _names(tables: Tables, provinces: tuple[str, ...]) -> Names:
    """The names of some provinces' places; made when the first person types one (a tenth of a second)."""
    from storage.places.search import Names

    return Names(area for area in tables.areas.values() if area.code[:2] in provinces)


def _known(tables: Tables) -> tuple[list[str], list[str]]:
    """Codes of all districts, and of the border districts."""
    districts = tables.districts()
    return [d.code for d in districts], [d.code for d in districts if d.neighbours]


def _near(found: Found) -> Near:
    point, metres = found
    return Near(point.district, point.subdistrict, metres)


def _children(areas: Iterable[Area]) -> dict[str, tuple[Area, ...]]:
    """The districts of each province and the subdistricts of each district."""
    within: dict[str, list[Area]] = {}
    for area in sorted(areas, key=lambda a: (not a.neighbours, a.code)):
        if len(area.code) > 2:
            within.setdefault(area.code[:-2], []).append(area)
    return {code: tuple(inside) for code, inside in within.items()}


def _rows(table: str) -> Iterable[dict[str, str]]:
    text = (files("storage.places") / f"{table}.csv").read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())
