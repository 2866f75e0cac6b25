"""What kind of file this is, told by its content, and whether it may be opened at all.

GDAL knows a hundred formats, and opens other files and the network for some of them. So it never sees a name that was
typed, nor a file whose first bytes are not those of one of our three formats.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal

from storage.places.boundaries import geopackage, zipped
from storage.places.boundaries.refusals import BadFile

Format = Literal["GeoJSON", "Shapefile", "GeoPackage"]

DRIVERS: dict[Format, str] = {"GeoJSON": "GeoJSON", "Shapefile": "ESRI Shapefile", "GeoPackage": "GPKG"}
"""GDAL's names of the formats."""

MAX_BYTES = 1_000_000_000
"""Of a file. The largest that people are likely to bring, the zipped Shapefiles of all levels of Thailand in full detail
(OCHA COD-AB of 2021, on the Humanitarian Data Exchange), has 358 MB."""

MAX_TEXT_BYTES = 500_000_000
"""Of a GeoJSON file. Its text takes about two and a half times the room of a Shapefile, and is read twice."""

SPACE = b" \t\r\n"
MARK = b"\xef\xbb\xbf"
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Dataset:
    """What GDAL opens: `name` as people know it, `path` as GDAL does; a GeoPackage has several layers, others one."""

    name: str
    path: str
    layers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A file that may be opened, and what is in it."""

    format: Format
    datasets: tuple[Dataset, ...]


def identify(path: Path, told: Callable[[int], None]) -> Source:
    """Look at a file's content; `told` gets the bytes that were looked at. Raises `BadFile`, or what `open` raises."""
    if stat.S_ISFIFO(path.stat().st_mode):
        raise BadFile("is no ordinary file")  # opening a pipe would wait for its other end
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise BadFile("is no ordinary file")
        if not status.st_size:
            raise BadFile("is empty")
        if status.st_size > MAX_BYTES:
            raise BadFile(f"is larger than {MAX_BYTES // 1_000_000} MB; cut out the border provinces first")
        real = path.resolve()
        if real.as_posix().startswith("/vsi"):
            raise BadFile("has a name that GDAL would take for another place; rename it or its folder")
        first = file.read(BLOCK)
        file.seek(0)
        if first.startswith(b"PK"):
            return Source("Shapefile", _shapefiles(file, real, told))
        if first.startswith(geopackage.MAGIC):
            layers = geopackage.layers(real, first)
            told(status.st_size)
            return Source("GeoPackage", (Dataset(path.name, str(real), layers),))
        if first.removeprefix(MARK).lstrip(SPACE)[:1] == b"{":
            _is_text(file, status.st_size, told)
            return Source("GeoJSON", (Dataset(path.name, f"GeoJSON:{real}", ()),))
    raise BadFile(_other(first))


def _shapefiles(file: BinaryIO, real: Path, told: Callable[[int], None]) -> tuple[Dataset, ...]:
    """The Shapefiles of an archive, which GDAL reads where they are."""
    if "{" in str(real) or "}" in str(real):
        raise BadFile("has a name with a brace, which GDAL would misread; rename it or its folder")
    found = zipped.shapefiles(file, told)
    return tuple(Dataset(str(PurePosixPath(name).with_suffix("")), f"/vsizip/{{{real}}}/{name}", ()) for name in found)


def _is_text(file: BinaryIO, size: int, told: Callable[[int], None]) -> None:
    """Refuses a file that only begins like GeoJSON."""
    if size > MAX_TEXT_BYTES:
        raise BadFile(
            f"is larger than {MAX_TEXT_BYTES // 1_000_000} MB, too much for GeoJSON; bring it as a GeoPackage"
        )
    while block := file.read(BLOCK):
        if b"\0" in block:
            raise BadFile("holds NUL bytes; it is damaged, or no GeoJSON")
        told(len(block))


def _other(first: bytes) -> str:
    """What to do with a file that is none of ours."""
    if first.startswith(b"\x00\x00\x27\x0a"):  # the file code of a .shp, and of the .shx beside it
        return "is one file of a Shapefile; zip it with its .dbf, .shx and .prj, and import the .zip"
    if not first.strip(b"\0"):
        return "holds nothing but NUL bytes; it is damaged"
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "is UTF-16; GeoJSON is UTF-8"
    if first.lstrip(SPACE)[:1] == b"<":
        return "is XML (KML, GML or a web page); bring it as GeoJSON, zipped Shapefile or GeoPackage"
    return "is no GeoJSON, zipped Shapefile or GeoPackage"
