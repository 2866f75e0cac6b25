"""GeoPackages, which are SQLite databases: which layers there are, and whether it is safe to have GDAL read them.

A database can hold views and virtual tables, which run or read something when they are read. Boundaries are in plain
tables; only those are offered.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.places.boundaries.refusals import BadFile

MAGIC = b"SQLite format 3\0"

APPLICATION = slice(68, 72)
"""Where an SQLite file says which application it is of (sqlite.org, "Database File Format")."""

IDS = (b"GPKG", b"GP10", b"GP11")
"""What a GeoPackage says there (OGC 12-128, Annex C and earlier versions)."""

DISGUISED = "SELECT 1 FROM sqlite_master WHERE type = 'view' AND lower(name) LIKE 'gpkg%'"
"""Views in the place of the tables that describe the layers, which every reader asks."""

COMPUTED = re.compile(r"\bAS\s*\(", re.IGNORECASE)
"""In a table's definition: a column that is computed when it is read."""

LAYERS = """
SELECT c.table_name, m.sql FROM gpkg_contents AS c JOIN sqlite_master AS m ON m.name = c.table_name
WHERE c.data_type = 'features' ORDER BY c.rowid
"""


def layers(path: Path, first: bytes) -> tuple[str, ...]:
    """The plain tables of features. `first`: the file's first bytes. Raises `BadFile`."""
    if first[APPLICATION] not in IDS:
        raise BadFile("is an SQLite database, but no GeoPackage")
    for ending in ("-wal", "-journal"):
        beside = path.with_name(path.name + ending)
        if beside.exists() and beside.stat().st_size:
            raise BadFile(f"is open in another programme ({beside.name} lies beside it); close it there first")
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise BadFile("is a damaged or cut off GeoPackage; fetch it again")
            if database.execute(DISGUISED).fetchone():
                raise BadFile("describes its layers by views, as no GeoPackage does; it is not opened")
            found = database.execute(LAYERS).fetchall()
    except (sqlite3.Error, UnicodeDecodeError):
        raise BadFile("is a damaged or cut off GeoPackage; fetch it again") from None
    plain = tuple(str(name) for name, made in found if _is_plain(str(made)))
    if not plain:
        raise BadFile("holds no table of areas")
    return plain


def _is_plain(made: str) -> bool:
    """Whether a table holds its values itself."""
    return made.upper().split()[:2] == ["CREATE", "TABLE"] and not COMPUTED.search(made)
