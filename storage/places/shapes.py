"""Looking up positions in imported boundaries: which area is it in, how near are others, how far is the nearest one.

Most lookups end in a table of cells, which says at once that a whole cell lies well inside one area, or names the few
areas to test. For positions outside of all, the areas that may be the nearest are found once for each cell and kept.
Everything is reckoned in degrees on a flat map, on which a degree of longitude is as long as it is in the
middle of the programme's provinces: off by less than 3 % from there to their ends. Shapely is loaded with the first
boundaries only: without an import nothing here costs anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, floor, inf, radians, sqrt
from typing import TYPE_CHECKING

import numpy as np
import shapely

from storage.places.points import METRES_PER_DEGREE, REACH

if TYPE_CHECKING:
    from numpy.typing import NDArray

NARROW = cos(radians(16))
"""Length of a degree of longitude in degrees of latitude; the provinces lie between 11.6 and 20.5 degrees north."""

CELL = 0.05
"""Degrees, about 5.5 km: finer cells spare few tests and cost more to make."""

MARGIN_M = 150
"""Metres from a boundary within which nobody can tell for certain which side a phone is on: phones are right to 5-50 m,
the import straightens boundaries by up to 30 m, and how exact the surveyed ones are is not known."""

Rings = list[list[tuple[float, float]]]
"""Outlines as latitude and longitude."""

_Possible = list[tuple[str, shapely.geometry.base.BaseGeometry]]
"""Codes of areas, each with the part of its boundary that matters."""

_Touching = tuple[list[str], "NDArray[np.object_]", "NDArray[np.object_]"]
"""Codes of areas, of each what lies clear of its boundary, and the area itself."""


class Shapes:
    """The boundaries of one level. Never changed once made; making it takes about a millisecond for each area."""

    margin_m = MARGIN_M
    """For callers that must not load this module without boundaries."""

    def __init__(self, codes: Sequence[str], wkb: Sequence[bytes]) -> None:
        """One code for each boundary; polygons, degrees WGS 84, longitude first. At least one."""
        self._codes = tuple(codes)
        flat = shapely.transform(shapely.from_wkb(np.array(wkb, dtype=object)), lambda at: at * (NARROW, 1.0))
        self._areas: NDArray[np.object_] = flat
        self._tree = shapely.STRtree(flat)
        self._inner = self._sure(shapely.buffer(flat, -MARGIN_M / METRES_PER_DEGREE, quad_segs=1))
        shapely.prepare(self._areas)
        shapely.prepare(self._inner)
        self._edges = [float(edge) for edge in shapely.total_bounds(flat)]
        self._cells = self._tabled()
        self._nearest: dict[tuple[int, int], _Possible] = {}

    def _sure(self, inner: NDArray[np.object_]) -> NDArray[np.object_]:
        """What lies clear of the boundary of its own area, without what is another's, too."""
        made = inner.copy()
        for one, other in zip(*self._tree.query(inner, predicate="intersects").tolist(), strict=True):
            if one != other:
                made[one] = shapely.difference(made[one], self._areas[other])
        return made

    @property
    def codes(self) -> tuple[str, ...]:
        """The areas' codes."""
        return self._codes

    def at(self, latitude: float, longitude: float) -> tuple[str, bool] | None:
        """The area that a position is in, and whether it lies clear of the boundary; None outside of all."""
        x = longitude * NARROW
        found = self._cells.get((floor(x / CELL), floor(latitude / CELL)))
        if found is None:
            return None
        if isinstance(found, str):
            return found, True
        codes, inner, areas = found
        # All at once: a fifth of what a call for each costs.
        inside = shapely.contains_xy(inner, x, latitude).tolist()
        if True in inside:
            return codes[inside.index(True)], True
        inside = shapely.intersects_xy(areas, x, latitude).tolist()
        return (codes[inside.index(True)], False) if True in inside else None

    def around(self, latitude: float, longitude: float, metres: float) -> list[tuple[str, float]]:
        """The areas within so many metres, nearest first, each with its distance: 0 for one that the position is in."""
        point = shapely.Point(longitude * NARROW, latitude)
        near = self._tree.query(point, predicate="dwithin", distance=metres / METRES_PER_DEGREE)
        found = [(self._codes[i], float(shapely.distance(point, self._areas[i])) * METRES_PER_DEGREE) for i in near]
        return sorted(found, key=lambda one: (one[1], one[0]))

    def metres_to(self, code: str, latitude: float, longitude: float) -> float | None:
        """Metres to an area, 0 within it; None for one without a boundary, and beyond `REACH`."""
        if code not in self._codes:
            return None
        area = self._areas[self._codes.index(code)]
        degrees = float(shapely.distance(shapely.Point(longitude * NARROW, latitude), area))
        return degrees * METRES_PER_DEGREE if degrees <= REACH else None

    def nearest(self, latitude: float, longitude: float) -> tuple[str, float] | None:
        """For a position outside of all: the nearest area and the metres to it; None when there is none within `REACH`."""
        x = longitude * NARROW
        cell = floor(x / CELL), floor(latitude / CELL)
        possible = self._nearest.get(cell)
        if possible is None:
            if not self._within_reach(x, latitude):
                return None
            possible = self._nearest[cell] = self._possible(*cell)
        point = shapely.points((x, latitude))  # costs half of Point(x, latitude), and is most of what a lookup costs
        degrees, code = min([(point.distance(edge), code) for code, edge in possible], default=(inf, ""))
        return (code, degrees * METRES_PER_DEGREE) if degrees <= REACH else None

    def _within_reach(self, x: float, y: float) -> bool:
        """Whether an area may be within reach: nobody shall fill the memory with cells of the whole Earth."""
        west, south, east, north = self._edges
        return west - REACH <= x <= east + REACH and south - REACH <= y <= north + REACH

    def _possible(self, column: int, row: int) -> _Possible:
        """The areas that may be the nearest one of a position in a cell, with as much of their boundaries as may be.

        None of them is farther from the cell than the nearest one is, at most, from any position in it.
        """
        west, south = column * CELL, row * CELL
        box = shapely.box(west, south, west + CELL, south + CELL)
        middle = shapely.Point(west + CELL / 2, south + CELL / 2)
        _, degrees = self._tree.query_nearest(middle, return_distance=True, all_matches=False)
        farthest = float(degrees[0]) + CELL / sqrt(2)
        found = self._tree.query(box, predicate="dwithin", distance=min(farthest, REACH))
        grown = shapely.bounds(shapely.buffer(box, 1.01 * farthest, quad_segs=1))
        edges = shapely.clip_by_rect(shapely.boundary(self._areas[found]), *grown)
        return [(self._codes[index], edge) for index, edge in zip(found, edges, strict=True) if not edge.is_empty]

    def outline(self, code: str) -> Rings:
        """The outer rings of an area, to be drawn; nothing for an area without a boundary."""
        if code not in self._codes:
            return []
        parts = shapely.get_parts(self._areas[self._codes.index(code)])
        rings = [shapely.get_coordinates(shapely.get_exterior_ring(part)) for part in parts]
        return [[(float(y), float(x) / NARROW) for x, y in ring] for ring in rings]

    def _tabled(self) -> dict[tuple[int, int], str | _Touching]:
        """For each cell, the area that it lies well inside of, or all areas that it touches."""
        west, south, east, north = (floor(edge / CELL) for edge in self._edges)
        columns, rows = np.meshgrid(np.arange(west, east + 1), np.arange(south, north + 1))
        cells = list(zip(columns.ravel().tolist(), rows.ravel().tolist(), strict=True))
        x, y = columns.ravel() * CELL, rows.ravel() * CELL
        boxes = shapely.box(x, y, x + CELL, y + CELL)
        touched: dict[tuple[int, int], tuple[int, ...]] = {}
        for box, area in zip(*self._tree.query(boxes, predicate="intersects").tolist(), strict=True):
            touched[cells[box]] = (*touched.get(cells[box], ()), area)
        alone = [n for n, cell in enumerate(cells) if len(touched.get(cell, ())) == 1]
        tabled: dict[tuple[int, int], str | _Touching] = {
            cell: ([self._codes[area] for area in areas], self._inner[list(areas)], self._areas[list(areas)])
            for cell, areas in touched.items()
        }
        owners = np.array([touched[cells[n]][0] for n in alone], dtype=int)
        inside = shapely.covers(self._inner[owners], boxes[alone])
        sure = [(cells[n], area) for n, area, is_in in zip(alone, owners, inside, strict=True) if is_in]
        tabled.update({cell: self._codes[area] for cell, area in sure})
        return tabled
