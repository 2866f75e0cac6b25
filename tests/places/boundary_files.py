"""Makes small files of boundaries: squares around the points that the gazetteer knows."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from storage.places.boundaries.prepare import Prepared, prepare
from storage.places.codes import Level
from storage.places.gazetteer import Gazetteer

KNOWN = Gazetteer.load("provinces")
HALF = 0.01

Row = tuple[dict[str, Any], Any]
"""A feature: its fields, and its geometry (Shapely's, or None)."""


def silent(what: str, total: int | None) -> AbstractContextManager[Callable[[int], None]]:
    """No progress is shown."""
    return nullcontext(lambda steps: None)


def prepared(path: Path, level: Level = "district", **chosen: str) -> Prepared:
    """A file read, checked and cleaned."""
    return prepare(path, level, KNOWN, silent, **chosen)


def around(code: str, half: float = HALF, east: float = 0.0) -> shapely.Polygon:
    """A square around the point of an area, half so many degrees wide, moved by some."""
    at = KNOWN.point(code if len(code) == 6 else KNOWN.subdistricts(code)[0].code)
    assert at
    latitude, longitude = at
    return shapely.box(longitude - half + east, latitude - half, longitude + half + east, latitude + half)


def rows(*codes: str, field: str = "code") -> list[Row]:
    """A square for each code."""
    return [({field: code}, around(code)) for code in codes]


def geojson(features: Sequence[Row], **members: Any) -> bytes:
    """A GeoJSON file."""
    made = [
        {"type": "Feature", "properties": fields, "geometry": json.loads(str(shapely.to_geojson(g))) if g else None}
        for fields, g in features
    ]
    return json.dumps({"type": "FeatureCollection", **members, "features": made}, ensure_ascii=False).encode()


def write(path: Path, driver: str, features: Sequence[Row], crs: str | None, **options: Any) -> None:
    """A file of that format. All features have the same fields."""
    names = list(features[0][0])
    columns = [np.array([fields[name] for fields, _ in features]) for name in names]
    columns = [column.astype(object) if column.dtype.kind == "U" else column for column in columns]
    kinds = {g.geom_type for _, g in features}
    kind = kinds.pop() if len(kinds) == 1 else "Unknown"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a projection is missing is meant
        pyogrio.raw.write(
            path, np.array([shapely.to_wkb(g) for _, g in features], dtype=object), columns, names,
            geometry_type=kind, crs=crs, driver=driver, **options,
        )  # fmt: skip


def geopackage(path: Path, layers: Mapping[str, Sequence[Row]], crs: str = "EPSG:4326") -> Path:
    """A GeoPackage with these layers."""
    for number, (name, features) in enumerate(layers.items()):
        write(path, "GPKG", features, crs, layer=name, append=number > 0)
    return path


def shapefile(path: Path, layers: Mapping[str, Sequence[Row]], crs: str | None = "EPSG:4326", inside: str = "") -> Path:
    """A zip archive with these Shapefiles, in a folder of it."""
    unpacked = path.with_suffix(".d")
    unpacked.mkdir()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, features in layers.items():
            write(unpacked / f"{name}.shp", "ESRI Shapefile", features, crs)
        for part in sorted(unpacked.iterdir()):
            archive.write(part, inside + part.name)
    return path


def archive(files: dict[str, bytes]) -> bytes:
    """A zip archive of these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return made.getvalue()


def areas(made: Prepared) -> dict[str, Any]:
    """The prepared areas by code."""
    return {shape.code: shapely.from_wkb(shape.wkb) for shape in made.shapes}
