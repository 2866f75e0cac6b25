"""How often the routing names the right district, counted over positions whose district somebody knows.

The positions come as CSV with the columns `district_code`, `lat` and `lon` (degrees, WGS 84); others are ignored. A file
is read row by row, so that its size does not matter; one bad row ends the reading, because a score over the rest would
be taken for a score over all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import TextIO

from handlers.routing import locate
from handlers.world import Places
from storage.places.codes import UnknownCode, current
from storage.places.codes import read as digits
from storage.places.csv_rows import BadTable, columns, degrees, header, records

COLUMNS = ("district_code", "lat", "lon")

MISSES_KEPT = 10_000
"""Misses that are listed; all are counted. Keeps a file of millions of wrong rows out of memory."""

EARTH_KM = 6371.0
"""Mean radius."""

Boundaries = Callable[[str, float, float], float | None]
"""Metres from a position (latitude, longitude) to a district's boundary, 0 within it; None if that is not known."""


@dataclass(frozen=True, slots=True)
class Row:
    """A position and its true district. `written`: the code as in the file, if an abolished one; `line`: from 1."""

    line: int
    code: str
    latitude: float
    longitude: float
    written: str = ""


@dataclass(frozen=True, slots=True)
class Miss:
    """A row whose district is not the first one named. `found`: that one, "" if nothing is near; `offered`: whether the
    right one is the second of two; `km`: from the position to the right district's nearest known point; `boundary_km`: to
    its boundary, 0 within it, if that was imported and is near."""

    line: int
    code: str
    found: str
    offered: bool
    km: float
    boundary_km: float | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of rows. `right`: the first place is in the right district; `offered`: one of the places is; `asked`: two
    places, the reporter chooses; `replaced`: abolished codes that were met, with the ones taken for them."""

    rows: int
    right: int
    offered: int
    asked: int
    misses: tuple[Miss, ...]
    replaced: dict[str, str]

    def share(self, count: int) -> float:
        """A part of all rows, 0 to 1."""
        return count / self.rows


def score(rows: Iterable[Row], places: Places, metres_to: Boundaries | None = None) -> Score:
    """Route each position and count. All districts that occur should be served, or a neighbour stands in for them.
    `metres_to`: for how far misses are from their districts' boundaries.

    Raises `BadTable` for a position that is none, and when there are no rows.
    """
    count = right = offered = asked = 0
    misses: list[Miss] = []
    replaced: dict[str, str] = {}
    for row in rows:
        found = _districts(row, places)
        among = row.code in found
        count += 1
        right += found[0] == row.code
        offered += among
        asked += len(found) > 1
        if row.written:
            replaced[row.written] = row.code
        if found[0] != row.code and len(misses) < MISSES_KEPT:
            metres = metres_to(row.code, row.latitude, row.longitude) if metres_to else None
            boundary_km = None if metres is None else metres / 1000
            misses.append(Miss(row.line, row.code, found[0], among, _km_to_district(row, places), boundary_km))
    if not count:
        raise BadTable("has no rows below the names of its columns")
    return Score(count, right, offered, asked, tuple(misses), replaced)


def read(file: TextIO, places: Places) -> Iterator[Row]:
    """The rows of a CSV file that `csv_rows` can read. Raises `BadTable`."""
    rows = records(file)
    at = columns(header(rows), COLUMNS).values()
    for line, record in rows:
        code, latitude, longitude = (record[i].strip() if i < len(record) else "" for i in at)
        code = digits(code, "district") or code
        try:
            now = current(code, places)
        except UnknownCode as wrong:
            raise BadTable(f"line {line}: district_code {wrong}") from None
        written = code if now != code else ""
        yield Row(line, now, degrees(latitude, "lat", line), degrees(longitude, "lon", line), written)


def _districts(row: Row, places: Places) -> list[str]:
    """The districts that a reporter at this position would get, or could choose from; [""] when nothing is near."""
    located = locate(row.latitude, row.longitude, places)
    if located.problem == "swapped":
        raise BadTable(f"line {row.line}: lat and lon seem swapped; lat is the one from 5 to 23")
    if located.problem:
        null = abs(row.latitude) <= 90 and abs(row.longitude) <= 180
        raise BadTable(f"line {row.line}: {'lat and lon are 0, no position' if null else _out_of_range(row)}")
    return [place.district for place in located.places]


def _out_of_range(row: Row) -> str:
    if abs(row.latitude) > 90:
        return "lat is out of range, -90 to 90"
    return "lon is out of range, -180 to 180"


def _km_to_district(row: Row, places: Places) -> float:
    """Kilometres to the nearest point known of the row's district: those of its subdistricts, of which each has one."""
    points = filter(None, (places.point(area.code) for area in places.subdistricts(row.code)))
    return min(km_between(row.latitude, row.longitude, *point) for point in points)


def km_between(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Kilometres along a great circle: a miss may be on the other side of the Earth."""
    half_north = radians(other_latitude - latitude) / 2
    half_east = radians(other_longitude - longitude) / 2
    narrow = cos(radians(latitude)) * cos(radians(other_latitude))
    return 2 * EARTH_KM * asin(min(1.0, sqrt(sin(half_north) ** 2 + narrow * sin(half_east) ** 2)))
