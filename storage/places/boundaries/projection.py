"""Which projections are taken as they are, which are converted, and which are sent back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from storage.places.boundaries.refusals import BadFile
from storage.places.points import EAST, NORTH, SOUTH, WEST

WGS_84 = frozenset(("EPSG:4326", "OGC:CRS84", "EPSG:4979"))

GEOGRAPHIC = re.compile(r'\s*(GEOGCS|GEOGCRS|GEODCRS|GEODETICCRS)\["', re.IGNORECASE)
NAMED_WGS_84 = re.compile(r'DATUM\["(D_)?WGS[ _]?(19)?84"|ENSEMBLE\["World Geodetic System 1984', re.IGNORECASE)
"""A definition without a number, as in the .prj file of many a Shapefile."""

INDIAN = "+a=6377276.345 +rf=300.8017 +towgs84=210,814,289,0,0,0,0 +no_defs +type=crs"
"""Indian 1975, Thailand's datum before WGS 84, with the shift that EPSG:1304 gives for the whole country (good to 5 m).
Left to itself, PROJ takes one for the Gulf of Thailand and is 180 m off in the north-east."""

CONVERTED = {
    "EPSG:32647": ("UTM zone 47 (EPSG:32647)", "EPSG:32647"),
    "EPSG:32648": ("UTM zone 48 (EPSG:32648)", "EPSG:32648"),
    "EPSG:24047": ("Indian 1975, UTM zone 47 (EPSG:24047)", f"+proj=utm +zone=47 {INDIAN} +units=m"),
    "EPSG:24048": ("Indian 1975, UTM zone 48 (EPSG:24048)", f"+proj=utm +zone=48 {INDIAN} +units=m"),
    "EPSG:4240": ("Indian 1975 (EPSG:4240)", f"+proj=longlat {INDIAN}"),
}
"""Common ones in Thailand, with what GDAL is told to convert from."""


@dataclass(frozen=True, slots=True)
class Projection:
    """What a layer's numbers are. `name`: for people; `convert_from`: what GDAL converts them from, or ""."""

    name: str
    convert_from: str = ""


def judged(written: str, file: str) -> Projection:
    """What a layer says about its projection. Raises `BadFile` for one that is not converted, with the way to do it."""
    if not written:
        return Projection("not named; its numbers are degrees")
    if written in WGS_84 or (GEOGRAPHIC.match(written) and NAMED_WGS_84.search(written)):
        return Projection("WGS 84")
    if written in CONVERTED:
        return Projection(*CONVERTED[written])
    name = written if re.fullmatch(r"[A-Z]+:\d+", written) else "another one"
    raise BadFile(f"its projection is not WGS 84 but {name}; convert it: {_command(file)}")


def check(bounds: tuple[float, float, float, float], file: str) -> bool:
    """Whether latitude and longitude are swapped. Raises `BadFile` when numbers are no degrees in Thailand either way.

    `bounds`: least x, least y, greatest x, greatest y.
    """
    west, south, east, north = bounds
    if _in_thailand(west, south, east, north):
        return False
    if _in_thailand(south, west, north, east):
        return True
    if max(map(abs, bounds)) > 360:
        raise BadFile(
            "its numbers are no degrees but perhaps metres (UTM), and it names no other projection; convert it, with "
            f"zone 47 or 48: {_command(file, '-s_srs EPSG:32648 ')}"
        )
    raise BadFile(
        f"reaches from {south:.2f} {west:.2f} to {north:.2f} {east:.2f} (latitude, longitude), out of Thailand; "
        "is it another country, or another projection?"
    )


def _in_thailand(west: float, south: float, east: float, north: float) -> bool:
    return west >= WEST and east <= EAST and south >= SOUTH and north <= NORTH


def _command(file: str, source: str = "") -> str:
    return f"ogr2ogr {source}-t_srs EPSG:4326 degrees.gpkg {file}"
