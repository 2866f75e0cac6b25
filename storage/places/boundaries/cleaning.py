"""Areas made fit for looking up: valid polygons, one a code, no finer than the lookup needs."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import TYPE_CHECKING, Any

from storage.places.boundaries.refusals import BadFile
from storage.places.points import METRES_PER_DEGREE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Areas = NDArray[np.object_]

TOLERANCE_M = 20
"""How far a simplified boundary may be from the true one, metres, so that neighbours may come to lie twice that apart. A
pin of a telephone is off by 5 to 50 m, and with boundaries simplified to 50-100 m 99.9 % of offices were put into the right
district. GEOS keeps to it but for single points (30 m at most in measurements)."""

THIN_M = 2
"""Metres of that which a first, rough pass may use. It is ten times as quick as the exact one, and takes so many points out
of a detailed file that comparing neighbours and the second pass take seconds."""

OVERLAP_KM2 = 0.05
"""Areas that share less are not reported: 5 hectares, what neighbours share along 25 km if each is put `THIN_M` into the
other's half."""

MISPLACED_KM = 10
"""An area farther than this from all points known of it is another one's, or its code is."""

ASTRAY_KM = 40
"""The same for one of several areas with one code: islands and what a lake cuts off lie farther from the points known, at
most some 30 km."""

MAX_VERTICES = 20_000_000
"""Of the areas of the border provinces together: some 320 MB while they are worked on, twice. Full detail of Thailand's
subdistricts is estimated at 6 million for these provinces."""

FARTHEST = 1e8
"""Of coordinates; metres of every projection in use are less (the Earth's girth has 40 million)."""

BYTES_PER_VERTEX = 16
POLYGON, MULTIPOLYGON, COLLECTION = 3, 6, 7
"""Numbers of kinds of geometries in well-known binary."""


@dataclass(frozen=True, slots=True)
class Read:
    """Areas as the file has them. `areas`: None where a feature has none; `repaired`: which had to be made valid."""

    areas: Areas
    repaired: NDArray[np.bool_]
    vertices: int


def read(wkb: Areas, told: Callable[[int], None]) -> Read:
    """Geometries as valid polygons. Raises `BadFile` for coordinates that are no numbers, and for too many of them."""
    import numpy as np
    import shapely

    if sum(len(one) for one in wkb if one is not None) > MAX_VERTICES * BYTES_PER_VERTEX:
        raise BadFile(f"has more than {MAX_VERTICES:,} points in the border provinces; simplify it first")
    with np.errstate(all="ignore"):  # NumPy would warn of what is checked here
        raw = shapely.from_wkb(wkb, on_invalid="fix")
        broken = [one for one, made in zip(wkb, raw, strict=True) if made is None and one is not None]
        far = np.abs(shapely.get_coordinates(raw)).max(initial=0)
        if not far < FARTHEST or not all(map(_is_finite, broken)):
            raise BadFile("holds coordinates that are no numbers, or beyond any map")
        repaired = ~shapely.is_valid(raw) & ~shapely.is_missing(raw)
        areas = np.empty(len(raw), dtype=object)
        for at, one in enumerate(raw):
            valid = shapely.make_valid(one, method="structure", keep_collapsed=False) if repaired[at] else one
            areas[at] = _areal(valid)
            told(1)
    return Read(areas, repaired, int(shapely.get_num_coordinates(raw).sum()))


def _is_finite(wkb: bytes) -> bool:
    """Whether all coordinates of polygons are numbers; for those that GEOS cannot build, as NaN closes no ring."""
    import numpy as np

    at = 0
    while at < len(wkb):  # what is inside of a collection follows its head; GDAL writes the lower bytes first
        kind, count = struct.unpack_from("<II", wkb, at + 1)
        at += 9
        for _ in range(count if kind == POLYGON else 0):
            (points,) = struct.unpack_from("<I", wkb, at)
            at += 4 + BYTES_PER_VERTEX * points
            if not np.isfinite(np.frombuffer(wkb, "<f8", 2 * points, at - BYTES_PER_VERTEX * points)).all():
                return False
        if kind not in (POLYGON, MULTIPOLYGON, COLLECTION):
            return True
    return True


def _areal(geometry: Any) -> Any:
    """The areas among what a geometry is made of, without lines and points; None if there are none."""
    import shapely

    if geometry is None or geometry.is_empty:
        return None
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry if geometry.area > 0 else None
    inside = [areal for part in getattr(geometry, "geoms", ()) if (areal := _areal(part)) is not None]
    return shapely.union_all(inside) if inside else None


def swapped(areas: Areas) -> Areas:
    """The same areas with the two coordinates of each point changed over."""
    import shapely

    return shapely.transform(areas, lambda points: points[:, ::-1])


def bounds(areas: Areas) -> tuple[float, float, float, float]:
    """Least x and y, greatest x and y of all; there must be one that is not None."""
    import shapely

    west, south, east, north = map(float, shapely.total_bounds(areas))
    return west, south, east, north


def joined(areas: Areas, codes: Sequence[str]) -> dict[str, Any]:
    """One area a code, by code; those that are None count for nothing."""
    import shapely

    parts: dict[str, list[Any]] = {}
    for code, area in zip(codes, areas, strict=True):
        if area is not None:
            parts.setdefault(code, []).append(area)
    made = {code: one[0] if len(one) == 1 else _areal(shapely.union_all(one)) for code, one in sorted(parts.items())}
    return {code: area for code, area in made.items() if area is not None}


def overlaps(areas: Areas) -> list[tuple[int, int, float]]:
    """Pairs (by position) that share more than `OVERLAP_KM2`, and how many square kilometres, the most first."""
    import shapely

    one, other = shapely.STRtree(areas).query(areas, predicate="intersects")
    pairs = one < other
    one, other = one[pairs], other[pairs]
    shared = shapely.area(shapely.intersection(areas[one], areas[other]))
    middle = shapely.get_y(shapely.centroid(areas[one]))
    found = [
        (int(a), int(b), float(square) * (METRES_PER_DEGREE / 1000) ** 2 * cos(radians(float(latitude))))
        for a, b, square, latitude in zip(one, other, shared, middle, strict=True)
        if square > 0
    ]
    return sorted((pair for pair in found if pair[2] > OVERLAP_KM2), key=lambda pair: -pair[2])


def thinned(areas: Areas) -> Areas:
    """The areas without the points that matter by less than `THIN_M`; valid."""
    import shapely

    thin = shapely.simplify(areas, _degrees(THIN_M), preserve_topology=False)
    for at in (~shapely.is_valid(thin)).nonzero()[0]:
        thin[at] = _areal(shapely.make_valid(thin[at], method="structure", keep_collapsed=False))
    return _or_before(thin, areas)


def simplified(thin: Areas) -> Areas:
    """Thinned areas with as few points as `TOLERANCE_M` allows; valid."""
    import shapely

    made = shapely.simplify(thin, _degrees(TOLERANCE_M - THIN_M), preserve_topology=True)
    made[~shapely.is_valid(made)] = None
    return _or_before(made, thin)


def _or_before(areas: Areas, before: Areas) -> Areas:
    """The areas; what it was before in the place of one of which nothing is left."""
    import shapely

    lost = shapely.is_missing(areas) | shapely.is_empty(areas)
    areas[lost] = before[lost]
    return areas


def _degrees(metres: float) -> float:
    """Of latitude; of longitude it is a little less, so that metres are an upper limit."""
    return metres / METRES_PER_DEGREE


def km_away(area: Any, points: Sequence[tuple[float, float]]) -> float:
    """Kilometres from an area to the nearest of some positions (latitude, longitude); 0 if one lies in it."""
    import shapely

    squeeze = cos(radians(points[0][0]))
    flat = shapely.transform(area, lambda at: at * (squeeze, 1.0))
    known = shapely.multipoints([(longitude * squeeze, latitude) for latitude, longitude in points])
    return float(shapely.distance(flat, known)) * METRES_PER_DEGREE / 1000


def vertices(areas: Areas) -> int:
    """Points of all areas."""
    import shapely

    return int(shapely.get_num_coordinates(areas).sum())
