"""Finds the nearest of many points quickly: a grid of cells, searched in growing squares around the position."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import cos, floor, radians, sqrt

METRES_PER_DEGREE = 111_195
"""One degree of latitude on a sphere with the Earth's mean radius (6,371 km)."""

CELL = 0.125
"""Degrees. About 14 km: a few subdistricts a cell, so that nine cells nearly always hold the answer."""

REACH = 1.0
"""Degrees of latitude, about 111 km. What lies farther away from every point is no district's business."""


@dataclass(frozen=True, slots=True)
class Point:
    """A subdistrict's point, degrees WGS 84."""

    latitude: float
    longitude: float
    district: str
    subdistrict: str


Found = tuple[Point, float]
"""A point and its distance in metres."""


class PointGrid:
    """Points by cell. Distances are those of a flat map around the position: off by less than 1 % within reach."""

    def __init__(self, points: Iterable[Point]) -> None:
        """`points`: at least one."""
        self._cells: dict[tuple[int, int], list[Point]] = {}
        for point in points:
            self._cells.setdefault((floor(point.latitude / CELL), floor(point.longitude / CELL)), []).append(point)
        rows, columns = zip(*self._cells, strict=True)
        margin = 1 + floor(REACH / CELL)
        self._rows = range(min(rows) - margin, max(rows) + margin + 1)
        self._columns = range(min(columns) - margin, max(columns) + margin + 1)

    def nearest(self, latitude: float, longitude: float) -> tuple[Found, Found | None] | None:
        """The nearest point, and the nearest one of another district. None when nothing lies within reach."""
        narrow = cos(radians(latitude))
        first: Point | None = None
        second: Point | None = None
        first_sq = second_sq = REACH * REACH
        for seen_sq, points in self._outward(latitude, longitude):
            for point in points:
                north = point.latitude - latitude
                east = (point.longitude - longitude) * narrow
                squared = north * north + east * east
                if squared >= second_sq:
                    continue
                if squared >= first_sq:
                    if first is None or point.district != first.district:
                        second, second_sq = point, squared
                    continue
                if first is not None and point.district != first.district:
                    second, second_sq = first, first_sq
                first, first_sq = point, squared
            if second_sq <= seen_sq:
                break
        if first is None:
            return None
        return (first, _metres(first_sq)), (second, _metres(second_sq)) if second is not None else None

    def nearest_of(self, latitude: float, longitude: float, wanted: Callable[[str], bool]) -> Found | None:
        """The nearest point whose district is `wanted`. None when there is none within reach."""
        narrow = cos(radians(latitude))
        first: Point | None = None
        first_sq = REACH * REACH
        for seen_sq, points in self._outward(latitude, longitude):
            for point in points:
                north = point.latitude - latitude
                east = (point.longitude - longitude) * narrow
                squared = north * north + east * east
                if squared < first_sq and wanted(point.district):
                    first, first_sq = point, squared
            if first_sq <= seen_sq:
                break
        return (first, _metres(first_sq)) if first is not None else None

    def _outward(self, latitude: float, longitude: float) -> Iterator[tuple[float, list[Point]]]:
        """The points of square after square of cells, from the position outwards; nothing for a position out of reach.

        With each comes the squared distance (degrees of latitude) up to which every point has now been handed out.
        """
        row, column = floor(latitude / CELL), floor(longitude / CELL)
        if row not in self._rows or column not in self._columns:
            return
        side = CELL * cos(radians(latitude))  # a cell is narrower from east to west
        get = self._cells.get
        for ring in range(floor(REACH / side) + 2):
            points: list[Point] = []
            for cell in _square(row, column, ring):
                points += get(cell, ())
            yield (ring * side) ** 2, points


def _square(row: int, column: int, ring: int) -> Iterator[tuple[int, int]]:
    """The cells that lie `ring` steps around one cell."""
    if ring == 0:
        yield row, column
        return
    for c in range(column - ring, column + ring + 1):
        yield row - ring, c
        yield row + ring, c
    for r in range(row - ring + 1, row + ring):
        yield r, column - ring
        yield r, column + ring


def _metres(squared: float) -> float:
    return sqrt(squared) * METRES_PER_DEGREE
