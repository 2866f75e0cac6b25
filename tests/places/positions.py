"""Positions to measure with: evenly scattered without chance, and the districts' true shapes where they are at hand."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.ground import scattered as scattered


class Shapes:
    """Which district a position truly lies in."""

    def __init__(self, path: Path) -> None:
        self._districts = [
            (feature["properties"]["code"], rings, _box(rings))
            for feature in json.loads(path.read_text(encoding="utf-8"))["features"]
            for rings in _polygons(feature["geometry"])
        ]

    def district(self, latitude: float, longitude: float) -> str:
        """Its code, or "" outside the 18 provinces."""
        for code, rings, (west, east, south, north) in self._districts:
            if west <= longitude <= east and south <= latitude <= north and _inside(latitude, longitude, rings):
                return str(code)
        return ""


def _polygons(geometry: dict[str, Any]) -> list[Any]:
    coordinates = geometry["coordinates"]
    return coordinates if geometry["type"] == "MultiPolygon" else [coordinates]


def _box(rings: Any) -> tuple[float, float, float, float]:
    longitudes, latitudes = zip(*rings[0], strict=True)
    return min(longitudes), max(longitudes), min(latitudes), max(latitudes)


def _inside(latitude: float, longitude: float, rings: Any) -> bool:
    """Even-odd rule over the outer ring and its holes."""
    crossings = 0
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > latitude) != (y2 > latitude):
                crossings += longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1
    return crossings % 2 == 1
