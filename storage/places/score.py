"""How often the routing names the right district, counted over positions whose district somebody knows.

The positions come as CSV with the columns `district_code`, `lat` and `lon` (degrees, WGS 84); others are ignored. A file
is read row by row, so that its size does not matter; one bad row ends the reading, because a score over the rest would
be taken for a score over all.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import asin, cos, isfinite, radians, sin, sqrt
from typing import TextIO

from handlers.routing import locate
from handlers.world import Places
from storage.places.codes import UnknownCode, current

COLUMNS = ("district_code", "lat", "lon")

LONGEST_LINE = 100_000
"""Characters; below the 131,072 of a field in Python's csv module, and far above any row that people make."""

MISSES_KEPT = 10_000
"""Misses that are listed; all are counted. Keeps a file of millions of wrong rows out of memory."""

EARTH_KM = 6371.0
"""Mean radius."""


class BadTable(ValueError):
    """The file cannot be scored: one line for an operator that says where and why, and quotes no position."""


@dataclass(frozen=True, slots=True)
class Row:
    """A position and its true district. `written`: the code as in the file, if an abolished one; `line`: from 1."""

    line: int
    code: str
    latitude: float
    longitude: float
    written: str = ""


@dataclass(frozen=True, slots=True)
class Miss:
    """A row whose district is not the first one named. `found`: that one, "" if nothing is near; `offered`: whether the
    right one is the second of two; `km`: from the position to the right district's nearest known point."""

    line: int
    code: str
    found: str
    offered: bool
    km: float


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of rows. `right`: the first place is in the right district; `offered`: one of the places is; `asked`: two
    places, the reporter chooses; `replaced`: abolished codes that were met, with the ones taken for them."""

    rows: int
    right: int
    offered: int
    asked: int
    misses: tuple[Miss, ...]
    replaced: dict[str, str]

    def share(self, count: int) -> float:
        """A part of all rows, 0 to 1."""
        return count / self.rows


def score(rows: Iterable[Row], places: Places) -> Score:
    """Route each position and count. All districts that occur should be served, or a neighbour stands in for them.

    Raises `BadTable` for a position that is none, and when there are no rows.
    """
    count = right = offered = asked = 0
    misses: list[Miss] = []
    replaced: dict[str, str] = {}
    for row in rows:
        found = _districts(row, places)
        among = row.code in found
        count += 1
        right += found[0] == row.code
        offered += among
        asked += len(found) > 1
        if row.written:
            replaced[row.written] = row.code
        if found[0] != row.code and len(misses) < MISSES_KEPT:
            misses.append(Miss(row.line, row.code, found[0], among, _km_to_district(row, places)))
    if not count:
        raise BadTable("has no rows below the names of its columns")
    return Score(count, right, offered, asked, tuple(misses), replaced)


def read(file: TextIO, places: Places) -> Iterator[Row]:
    """The rows of a CSV file opened with `newline=""` and an encoding that drops a byte order mark, such as utf-8-sig.

    Rows without any text are skipped, as spreadsheets leave them at the end. Raises `BadTable`.
    """
    records = _records(file)
    line, header = next(records, (0, []))
    if not line:
        raise BadTable("is empty")
    at = _columns(header)
    for line, record in records:
        code, latitude, longitude = (record[i].strip() if i < len(record) else "" for i in at)
        try:
            now = current(code, places)
        except UnknownCode as wrong:
            raise BadTable(f"line {line}: district_code {wrong}") from None
        written = code if now != code else ""
        yield Row(line, now, _degrees(latitude, "lat", line), _degrees(longitude, "lon", line), written)


def _records(file: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Each record that holds any text, with the number of its first line."""
    reader = csv.reader(_lines(file), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader, None)
        except UnicodeDecodeError:  # somewhere in the block that was read, so the line is not known
            raise BadTable("is not UTF-8; in a spreadsheet choose to save it as CSV UTF-8") from None
        except csv.Error:
            raise BadTable(f"line {line}: a quotation mark is missing or in a wrong place") from None
        if record is None:
            return
        if any(map(str.strip, record)):
            yield line, record


def _lines(file: TextIO) -> Iterator[str]:
    """The lines; a file without line ends, such as an archive or a picture, is not read to its end."""
    for number, line in enumerate(iter(partial(file.readline, LONGEST_LINE), ""), start=1):
        if len(line) == LONGEST_LINE:
            raise BadTable(f"line {number}: is longer than a row can be; this is no CSV file")
        yield line


def _columns(header: Sequence[str]) -> list[int]:
    """Where the three columns stand, whatever their order and case."""
    names = [name.strip().lower() for name in header]
    if missing := [name for name in COLUMNS if name not in names]:
        raise BadTable(f"its first line does not name the column {' and '.join(missing)}, separated by commas")
    if double := [name for name in COLUMNS if names.count(name) > 1]:
        raise BadTable(f"has the column {' and '.join(double)} more than once")
    return [names.index(name) for name in COLUMNS]


def _degrees(text: str, column: str, line: int) -> float:
    """A number; whether it is in range is the routing's to say."""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value) or "_" in text:  # Python would take 1_5 for 15
        raise BadTable(f"line {line}: {column} is {'no number' if text else 'empty'}")
    return value


def _districts(row: Row, places: Places) -> list[str]:
    """The districts that a reporter at this position would get, or could choose from; [""] when nothing is near."""
    located = locate(row.latitude, row.longitude, places)
    if located.problem == "swapped":
        raise BadTable(f"line {row.line}: lat and lon seem swapped; lat is the one from 5 to 23")
    if located.problem:
        null = abs(row.latitude) <= 90 and abs(row.longitude) <= 180
        raise BadTable(f"line {row.line}: {'lat and lon are 0, no position' if null else _out_of_range(row)}")
    return [place.district for place in located.places]


def _out_of_range(row: Row) -> str:
    if abs(row.latitude) > 90:
        return "lat is out of range, -90 to 90"
    return "lon is out of range, -180 to 180"


def _km_to_district(row: Row, places: Places) -> float:
    """Kilometres to the nearest point known of the row's district: those of its subdistricts, of which each has one."""
    points = filter(None, (places.point(area.code) for area in places.subdistricts(row.code)))
    return min(_km(row.latitude, row.longitude, *point) for point in points)


def _km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Along a great circle: a miss may be on the other side of the Earth."""
    half_north = radians(other_latitude - latitude) / 2
    half_east = radians(other_longitude - longitude) / 2
    narrow = cos(radians(latitude)) * cos(radians(other_latitude))
    return 2 * EARTH_KM * asin(min(1.0, sqrt(sin(half_north) ** 2 + narrow * sin(half_east) ** 2)))
