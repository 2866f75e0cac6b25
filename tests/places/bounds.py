"""Boundaries for tests: the made-up ones of the measurements, or the true ones where they are at hand."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import shapely

from bench.ground import made_up as made_up
from bench.ground import made_up_districts as made_up_districts
from storage.places.imported import Imported
from storage.places.shapes import Shapes


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
