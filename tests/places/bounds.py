"""Boundaries for tests: made up from the subdistricts' points, or the true ones where they are at hand."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import shapely

from storage.places.imported import Imported
from storage.places.shapes import Shapes
from storage.places.tables import Tables

REACH = 0.08
"""Degrees around the points, about 9 km, that the made-up areas fill: beside them is a river, or another country."""


@cache
def made_up() -> dict[str, shapely.Geometry]:
    """What lies nearer to one subdistrict's point than to any other, by subdistrict; no real boundary."""
    points = [point for inside in Tables.load().points.values() for point in inside]
    at = shapely.points([(p.longitude, p.latitude) for p in points])
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(at), ordered=True))
    land = shapely.buffer(at, REACH, quad_segs=2)
    return {p.subdistrict: shapely.intersection(c, b) for p, c, b in zip(points, cells, land, strict=True)}


@cache
def made_up_districts() -> dict[str, shapely.Geometry]:
    """The same, put together to districts."""
    parts: dict[str, list[shapely.Geometry]] = {}
    for code, area in made_up().items():
        parts.setdefault(code[:4], []).append(area)
    return {code: shapely.union_all(areas) for code, areas in parts.items()}


@cache
def true(path: Path) -> dict[str, shapely.Geometry]:
    """The areas of a GeoJSON file by their property `code`."""
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {f["properties"]["code"]: shapely.geometry.shape(f["geometry"]) for f in features}


def indexed(areas: dict[str, shapely.Geometry]) -> Shapes:
    """Ready for lookups."""
    return Shapes(list(areas), [shapely.to_wkb(area) for area in areas.values()])


@cache
def bounded(*, districts: bool = True, subdistricts: bool = False) -> Imported:
    """The made-up boundaries as an import."""
    return Imported(
        districts=indexed(made_up_districts()) if districts else None,
        subdistricts=indexed(made_up()) if subdistricts else None,
    )
