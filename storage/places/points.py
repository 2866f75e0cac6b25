"""Finds the nearest of many points quickly: for each cell of a grid, the few points that can be the nearest of a position
in it are found once and kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from math import cos, floor, radians, sqrt

METRES_PER_DEGREE = 111_195
"""One degree of latitude on a sphere with the Earth's mean radius (6,371 km)."""

WEST, EAST, SOUTH, NORTH = 97.0, 106.0, 5.0, 21.0
"""Degrees around Thailand, with what lies just across its land borders."""

CELL = 0.125
"""Degrees, about 14 km: a handful of candidates a cell. Cells half as wide were a fifth faster and four times as many."""

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
            self._cells.setdefault(_cell(point.latitude, point.longitude), []).append(point)
        rows, columns = zip(*self._cells, strict=True)
        margin = 2 + floor(REACH / CELL)
        self._rows = range(min(rows) - margin, max(rows) + margin + 1)
        self._columns = range(min(columns) - margin, max(columns) + margin + 1)
        self._candidates: dict[tuple[int, int], list[Point]] = {}

    def nearest(self, latitude: float, longitude: float) -> tuple[Found, Found | None] | None:
        """The nearest point, and the nearest one of another district. None when nothing lies within reach."""
        cell = _cell(latitude, longitude)
        candidates = self._candidates.get(cell)
        if candidates is None:
            if cell[0] not in self._rows or cell[1] not in self._columns:
                return None
            candidates = self._candidates[cell] = self._possible(*cell)
        narrow = cos(radians(latitude))
        first: Point | None = None
        second: Point | None = None
        first_sq = second_sq = REACH * REACH
        for point in candidates:
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
        if first is None:
            return None
        return (first, _metres(first_sq)), (second, _metres(second_sq)) if second is not None else None

    def _possible(self, row: int, column: int) -> list[Point]:
        """Every point that is the nearest, or the nearest of another district, of any position in a cell.

        A point is left out when, wherever in the cell one stands, points of two other districts are nearer; or when it is
        out of reach.
        """
        south, west = row * CELL, column * CELL
        north, east = south + CELL, west + CELL
        narrow, wide = sorted((cos(radians(south)), cos(radians(north))))
        farthest: dict[str, float] = {}
        some: list[tuple[float, Point]] = []
        limit = REACH * REACH
        for ring in count():
            if (max(ring - 1, 0) * CELL * narrow) ** 2 > limit:
                break
            for point in self._ring(row, column, ring):
                up, right = point.latitude - south, point.longitude - west
                down, left = north - point.latitude, east - point.longitude
                least = max(-up, -down, 0.0) ** 2 + (max(-right, -left, 0.0) * narrow) ** 2
                most = max(up, down) ** 2 + (max(right, left) * wide) ** 2
                some.append((least, point))
                farthest[point.district] = min(most, farthest.get(point.district, most))
            if len(farthest) > 1:
                limit = min(limit, sorted(farthest.values())[1])
        some.sort(key=lambda one: one[0])
        return [point for least, point in some if least <= limit]

    def _ring(self, row: int, column: int, ring: int) -> Iterator[Point]:
        """The points of the cells that lie `ring` steps around one cell."""
        for r in range(row - ring, row + ring + 1):
            step = 1 if abs(r - row) == ring else 2 * ring
            for c in range(column - ring, column + ring + 1, step):
                yield from self._cells.get((r, c), ())


def _cell(latitude: float, longitude: float) -> tuple[int, int]:
    return floor(latitude / CELL), floor(longitude / CELL)


def _metres(squared: float) -> float:
    return sqrt(squared) * METRES_PER_DEGREE
