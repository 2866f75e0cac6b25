"""Positions to measure with: evenly scattered without chance, and the districts' true shapes where they are at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count, pairwise
from pathlib import Path
from typing import Any

SOUTH, NORTH, WEST, EAST = 11.4, 20.8, 99.1, 105.9
"""Degrees around the 18 provinces, with some 30 km of Laos and Cambodia."""


def scattered() -> Iterator[tuple[float, float]]:
    """Latitudes and longitudes that fill the box evenly (the R2 sequence of the plastic number), the same every time."""
    for n in count(1):
        yield SOUTH + n * 0.7548776662466927 % 1 * (NORTH - SOUTH), WEST + n * 0.5698402909980532 % 1 * (EAST - WEST)


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
