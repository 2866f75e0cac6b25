"""Zipped Shapefiles: which there are, and whether the archive is whole and harmless. Nothing is ever unpacked to disk."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import BinaryIO

from storage.places.boundaries.findings import shown
from storage.places.boundaries.refusals import BadFile

MAX_ENTRIES = 1_000
"""Files in an archive; a Shapefile has four to eight."""

MAX_UNPACKED = 4_000_000_000
"""Bytes of all files together: as much as a single .shp can have (GDAL's documentation of the format)."""

MAX_RATIO = 100
"""Unpacked bytes for each packed one, beyond `ALWAYS_FINE`: coordinates shrink to a half, tables of blanks to a fiftieth;
deflate can do 1032 (zlib's documentation)."""

ALWAYS_FINE = 100_000_000
"""Unpacked bytes that are no burden, however well they were packed."""

NEEDED = (".dbf", ".shx")
"""What a .shp is nothing without; .prj and .cpg may be absent."""

SIZED = (".shp", ".shx")
LENGTH = slice(24, 28)
"""Where both say how long they are, in words of 16 bits, the highest byte first (ESRI Shapefile Technical Description)."""

OTHERS = (".geojson", ".json", ".gpkg")
"""Files that are imported as they are, and often come zipped."""

BLOCK = 1 << 20
ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What GDAL can read in place."""

BROKEN = (zipfile.BadZipFile, EOFError, zlib.error, OSError, ValueError, NotImplementedError)


def shapefiles(file: BinaryIO, told: Callable[[int], None]) -> list[str]:
    """The names of the .shp files inside, each with what belongs to it. `told` gets the packed bytes of what was checked.

    Raises `BadFile`."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = _harmless(archive)
            found = _complete(entries)
            for entry in entries:
                if _stem(entry.filename) in {_stem(name) for name in found}:
                    _whole(archive, entry)
                told(entry.compress_size)
    except BROKEN as error:
        if isinstance(error, BadFile):
            raise
        raise BadFile("is a damaged or cut off zip archive; fetch it again") from None
    return found


def _harmless(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The archive's files; refuses one that is made to do harm, or that GDAL cannot read."""
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise BadFile(f"holds more than {MAX_ENTRIES} files")
    for entry in entries:
        _check_name(entry)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise BadFile("holds a link to another file; zip the files themselves")
        if entry.flag_bits & ENCRYPTED:
            raise BadFile("is encrypted; make it without a password")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > MAX_UNPACKED or (unpacked > ALWAYS_FINE and unpacked > MAX_RATIO * packed):
        raise BadFile("would unpack to far more than boundaries take")
    return [entry for entry in entries if not entry.is_dir() and not _is_of_a_mac(entry.filename)]


def _check_name(entry: zipfile.ZipInfo) -> None:
    """Refuses names that lead out of the archive, or that two programmes would read differently."""
    written = entry.orig_filename  # `filename` is already cut at a NUL
    if "\0" in written or "\\" in written or "}" in written or "{" in written:
        raise BadFile("holds a file with a backslash, brace or NUL in its name")
    if written.startswith("/") or ".." in written.split("/") or written[1:2] == ":":
        raise BadFile("holds a file whose name leads out of the archive")


def _is_of_a_mac(name: str) -> bool:
    """A Mac's own notes, `__MACOSX/._name`, have the same ending as the file that they are about."""
    return PurePosixPath(name).name.startswith("._") or name.startswith("__MACOSX/")


def _complete(entries: list[zipfile.ZipInfo]) -> list[str]:
    """The .shp files. Refuses when there is none, or one lacks what belongs to it."""
    names = {entry.filename.lower() for entry in entries}
    found = [entry.filename for entry in entries if entry.filename.lower().endswith(".shp")]
    if not found:
        other = next((entry.filename for entry in entries if entry.filename.lower().endswith(OTHERS)), "")
        if other:
            raise BadFile(f"holds {shown(other)}, and no Shapefile; unpack it and import that file")
        if any(name.endswith(".zip") for name in names):
            raise BadFile("holds another zip archive; unpack the outer one and import the inner one")
        raise BadFile("holds no .shp file; it is no zipped Shapefile")
    for name in found:
        missing = [ending for ending in NEEDED if _stem(name) + ending not in names]
        if missing:
            raise BadFile(f"has no {missing[0]} file beside {PurePosixPath(name).name}")
    return found


def _stem(name: str) -> str:
    return str(PurePosixPath(name).with_suffix("")).lower()


def _whole(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Read a file to its end, which compares its size and checksum with what the archive says."""
    if entry.compress_type not in METHODS:
        raise BadFile("is packed in a way that cannot be read; make the zip archive with the usual method (deflate)")
    left, said = entry.file_size, 0
    with archive.open(entry) as inside:
        while block := inside.read(BLOCK):
            if left == entry.file_size and entry.filename.lower().endswith(SIZED):
                said = 2 * int.from_bytes(block[LENGTH])
            left -= len(block)
    if left:
        raise BadFile("is a damaged or cut off zip archive; fetch it again")
    if said > entry.file_size:  # GDAL would give the areas up to there
        raise BadFile(f"holds {shown(PurePosixPath(entry.filename).name)}, which is cut off; make the zip archive anew")
