"""The operator's own places, read from CSV: the villages of each subdistrict, and places that everybody knows.

Villages: `code` (8 digits: subdistrict and village number, DOPA) or `subdistrict_code` and `number`; `th`, and if known
`en`, `lo`, `km`, `lat`, `lon`. Landmarks: `kind`, `th`, `lat`, `lon`, and if known `en`, `lo`, `km`, `code`. Other columns
are ignored. One bad row ends the reading, so that nothing is half-imported; what can be taken all the same is remarked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TextIO

import regex

from handlers.world import Places
from storage.imports import NamedPoint
from storage.places import codes
from storage.places.csv_rows import BadTable, columns, degrees, header, records
from storage.places.points import EAST, NORTH, SOUTH, WEST
from storage.places.score import km_between

KINDS = ("crossing", "pier", "market", "hospital", "checkpoint", "temple", "school", "other")

LONGEST_NAME = 60
"""Letters (grapheme clusters) of a name; the longest official one has half as many, and a card's line ends about there."""

LONGEST_WRITTEN = 4 * LONGEST_NAME
"""Characters of a name: a letter with its marks has four at most, where a word is meant."""

MOST_ROWS = 100_000
"""Rows of a file. All of Thailand has about 75,000 villages."""

FAR_KM = 40
"""A village farther than this from its subdistrict's point has the position of another place: the widest subdistricts
of the border reach some 30 km from theirs."""

VILLAGE = "village"
"""The kind of every point in a list of villages."""

OWN_CODE = "L_"
"""Begins the stored code of a landmark that brought its own; numbered ones are L1, L2 …; no code of an area has letters."""

FAR = f"the position is more than {FAR_KM} km from the subdistrict"
SWAPPED = "lat and lon seem swapped"
NOWHERE = "the position is 0/0 or out of range"
UNPLACED = (FAR, SWAPPED, NOWHERE)
"""Remarks after which a village has no position: the chat routes it by its code."""

Transliterate = Callable[[str, str], tuple[str, str]]
"""Lao and Khmer spelling of a Thai name; the second argument is the English one, or ""."""

_NAMES = ("th", "en", "lo", "km")
_SCRIPTS = {
    "th": ("Thai", re.compile("[\u0e01-\u0e2e]")),
    "en": ("Latin", re.compile("[A-Za-z]")),
    "lo": ("Lao", re.compile("[\u0e81-\u0eae\u0edc-\u0edf]")),
    "km": ("Khmer", re.compile("[\u1780-\u17b3]")),
}
_CLUSTER = regex.compile(r"\X")
_NOT_WRITTEN = ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")
_TURNS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of writing: none of our scripts needs them, and they can make a name look like another."""

_VILLAGE_CODE = re.compile(r"(?:TH)?(\d{6})-?(\d\d)(?:\.0*)?", re.IGNORECASE)
_NUMBER = re.compile(r"(?:หมู่(?:ที่)?|ม\.)? *(\d{1,2})(?:\.0*)?")
"""With the spreadsheet's ".0", digits of any script, and the word for "village number" that people leave in the cell."""

_LANDMARK_CODE = re.compile(r"[A-Za-z][A-Za-z0-9]{0,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """A place of the file. `remarks`: what the operator should look at; `written`: the subdistrict's code as in the file,
    if that is abolished."""

    line: int
    point: NamedPoint
    remarks: tuple[str, ...] = ()
    written: str = ""


@dataclass(frozen=True, slots=True)
class _Cells:
    """A record's cells by column, trimmed; "" for a column that is not there."""

    line: int
    texts: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.texts.get(column, "")

    def wrong(self, what: str) -> BadTable:
        return BadTable(f"line {self.line}: {what}")


def villages(file: TextIO, places: Places) -> Iterator[Row]:
    """The villages of a file that `csv_rows` can read, in its order. Raises `BadTable`."""
    lines: dict[str, int] = {}
    for cells in _cells(file, _village_columns):
        code, written = _village_code(cells, places)
        if code in lines:
            raise cells.wrong(f"village {code} stands on line {lines[code]} already")
        lines[code] = cells.line
        names, strange = _names(cells)
        position, misplaced = _near(cells, places.point(code[:6]))
        point = NamedPoint(code, VILLAGE, **names, latitude=position[0], longitude=position[1])
        yield Row(cells.line, point, (*strange, *misplaced), written)


def landmarks(file: TextIO) -> Iterator[Row]:
    """The landmarks of a file that `csv_rows` can read, in its order. Raises `BadTable`."""
    lines: dict[str, int] = {}
    for count, cells in enumerate(_cells(file, _landmark_columns), start=1):
        kind = cells["kind"].lower()
        if kind not in KINDS:
            raise cells.wrong(f"kind must be one of {', '.join(KINDS)}")
        code, given = f"L{count}", cells["code"]
        if given:
            if not _LANDMARK_CODE.fullmatch(given):
                raise cells.wrong("code must begin with a letter and have at most 16 letters A to Z and digits")
            if given.lower() in lines:
                raise cells.wrong(f"code {given} stands on line {lines[given.lower()]} already")
            lines[given.lower()] = cells.line
            code = OWN_CODE + given
        names, strange = _names(cells)
        latitude, longitude = _within(cells)
        yield Row(cells.line, NamedPoint(code, kind, **names, latitude=latitude, longitude=longitude), strange)


def lettered(point: NamedPoint, transliterate: Transliterate) -> NamedPoint:
    """The place with the Lao and Khmer names that the file left out, made by rule and marked so, where there are any: a
    name in Latin letters gives none."""
    if point.lo and point.km:
        return point
    made = dict(zip(("lo", "km"), transliterate(point.th, point.en), strict=True))
    by_rule = [s for s, name in made.items() if not getattr(point, s) and _SCRIPTS[s][1].search(name)]
    names = {"lo": point.lo, "km": point.km} | {script: made[script] for script in by_rule}
    return replace(point, lo=names["lo"], km=names["km"], by_rule=" ".join(by_rule))


def notes(rows: Iterable[Row]) -> tuple[str, ...]:
    """What was found in a file, a line for each kind of finding, without any position."""
    counts: dict[str, int] = {}
    replaced: dict[str, str] = {}
    for row in rows:
        for remark in row.remarks:
            counts[remark] = counts.get(remark, 0) + 1
        if row.written:
            replaced[row.written] = row.point.code[:6]
    found = [
        f"{remark}{': taken without it' if remark in UNPLACED else ''} (rows: {n})" for remark, n in counts.items()
    ]
    return (*found, *(f"{old} is abolished: taken as {new}" for old, new in sorted(replaced.items())))


def _cells(file: TextIO, which: Callable[[Sequence[str]], dict[str, int]]) -> Iterator[_Cells]:
    """The records below the header, at least one and at most `MOST_ROWS`."""
    rows = records(file)
    at = which(header(rows))
    count = 0
    for line, record in rows:
        count += 1
        if count > MOST_ROWS:
            raise BadTable(f"has more than {MOST_ROWS} rows")
        yield _Cells(line, {name: record[i].strip() if i < len(record) else "" for name, i in at.items()})
    if not count:
        raise BadTable("has no rows below the names of its columns")


def _village_columns(names: Sequence[str]) -> dict[str, int]:
    code = ("code",) if "code" in names else ("subdistrict_code", "number")
    if not set(code) & set(names):
        raise BadTable(
            "its first line does not name the column code, nor subdistrict_code and number, separated by commas"
        )
    found = columns(names, (*code, "th"), (*_NAMES, "lat", "lon"))
    if ("lat" in found) != ("lon" in found):
        raise BadTable("has only one of the columns lat and lon")
    return found


def _landmark_columns(names: Sequence[str]) -> dict[str, int]:
    return columns(names, ("kind", "th", "lat", "lon"), (*_NAMES, "code"))


def _village_code(cells: _Cells, places: Places) -> tuple[str, str]:
    """The village's code today, and the subdistrict's code as written if that is abolished."""
    if "code" in cells.texts:
        found = _VILLAGE_CODE.fullmatch(cells["code"])
        if found is None:
            raise cells.wrong("code is no village code, which has eight digits" if cells["code"] else "code is empty")
        subdistrict, number = str(int(found[1])), int(found[2])
    else:
        subdistrict = codes.read(cells["subdistrict_code"], "subdistrict")
        if not subdistrict:
            why = "is no subdistrict code, which has six digits" if cells["subdistrict_code"] else "is empty"
            raise cells.wrong(f"subdistrict_code {why}")
        found = _NUMBER.fullmatch(cells["number"])
        if found is None:
            raise cells.wrong("number is no village number, 1 to 99" if cells["number"] else "number is empty")
        number = int(found[1])
    if not number:
        raise cells.wrong("a village's number is 1 to 99, not 0")
    today = _current(subdistrict, places, cells)
    return f"{today}{number:02}", subdistrict if today != subdistrict else ""


def _current(code: str, places: Places, cells: _Cells) -> str:
    """Today's code of a subdistrict."""
    meant = codes.meaning(code, places)
    if meant.code:
        return meant.code
    if meant.fate == "ended":
        became = f"became {' and '.join(meant.successors)}" if meant.successors else "nobody knows what it became"
        raise cells.wrong(f"subdistrict {code} was abolished; {became}: write today's code")
    if meant.fate == "elsewhere":
        raise cells.wrong(f"{code} is no subdistrict of the border provinces")
    raise cells.wrong(f"there is no subdistrict {code}")


def _names(cells: _Cells) -> tuple[dict[str, str], tuple[str, ...]]:
    """The names by language, and remarks about those in a script that is not their column's."""
    if not cells["th"]:
        raise cells.wrong("th is empty; it is the one name that every place needs")
    names = {column: _name(cells, column) for column in _NAMES}
    strange = (
        f"{column} has no {script} letter"
        for column, (script, letters) in _SCRIPTS.items()
        if names[column] and not letters.search(names[column])
    )
    return names, tuple(strange)


def _name(cells: _Cells, column: str) -> str:
    name = unicodedata.normalize("NFC", cells[column])
    if len(name) > LONGEST_WRITTEN or len(_CLUSTER.findall(name)) > LONGEST_NAME:
        raise cells.wrong(f"{column} is longer than {LONGEST_NAME} letters")
    if any(c in _TURNS or unicodedata.category(c) in _NOT_WRITTEN for c in name):
        raise cells.wrong(f"{column} holds a line break or another character that is no part of a name")
    if name and not any(c.isalpha() for c in name):
        raise cells.wrong(f"{column} holds no letter")
    return " ".join(name.split())


def _near(
    cells: _Cells, middle: tuple[float, float] | None
) -> tuple[tuple[float, float] | tuple[None, None], tuple[str, ...]]:
    """A village's position if it can be right, and else why not. `middle`: the subdistrict's point."""
    if not cells["lat"] and not cells["lon"]:
        return (None, None), ()
    latitude, longitude = (degrees(cells[column], column, cells.line) for column in ("lat", "lon"))
    if _fits(latitude, longitude, middle):
        return (latitude, longitude), ()
    if _fits(longitude, latitude, middle):
        return (None, None), (SWAPPED,)
    nowhere = abs(latitude) > 90 or abs(longitude) > 180 or latitude == longitude == 0
    return (None, None), (NOWHERE if nowhere else FAR,)


def _fits(latitude: float, longitude: float, middle: tuple[float, float] | None) -> bool:
    if abs(latitude) > 90 or abs(longitude) > 180 or middle is None:
        return False
    return km_between(latitude, longitude, *middle) <= FAR_KM


def _within(cells: _Cells) -> tuple[float, float]:
    """A landmark's position; without one it would be none."""
    latitude, longitude = (degrees(cells[column], column, cells.line) for column in ("lat", "lon"))
    if SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST:
        return latitude, longitude
    if SOUTH <= longitude <= NORTH and WEST <= latitude <= EAST:
        raise cells.wrong(f"{SWAPPED}; lat is the one from {SOUTH:.0f} to {NORTH:.0f}")
    raise cells.wrong(
        f"the position lies elsewhere: lat must be {SOUTH:.0f} to {NORTH:.0f}, lon {WEST:.0f} to {EAST:.0f}"
    )
