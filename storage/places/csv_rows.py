"""Other people's CSV files, row by row, and in one line what is wrong with one.

A file is opened with `newline=""` and an encoding that drops a byte order mark, such as utf-8-sig. Lines count from 1.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from math import isfinite
from typing import TextIO

LONGEST_LINE = 100_000
"""Characters; below the 131,072 of a field in Python's csv module, and far above any row that people make."""


class BadTable(ValueError):
    """The file cannot be taken: one line for an operator that says where and why, and quotes no position."""


def records(file: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Each record that holds any text, with the number of its first line; spreadsheets leave empty ones at the end.
    Raises `BadTable`."""
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


def header(read: Iterator[tuple[int, list[str]]]) -> list[str]:
    """The names of the columns, in lower case, from the first of these records. Raises `BadTable` if there is none."""
    line, names = next(read, (0, []))
    if not line:
        raise BadTable("is empty")
    return [name.strip().lower() for name in names]


def columns(names: Sequence[str], needed: Sequence[str], others: Collection[str] = ()) -> dict[str, int]:
    """Where the columns stand, whatever their order: all `needed` ones and those of `others` that are there. Raises
    `BadTable` for one that is missing or there twice."""
    if missing := [name for name in needed if name not in names]:
        raise BadTable(f"its first line does not name the column {' and '.join(missing)}, separated by commas")
    wanted = [name for name in dict.fromkeys((*needed, *others)) if name in names]
    if double := [name for name in wanted if names.count(name) > 1]:
        raise BadTable(f"has the column {' and '.join(double)} more than once")
    return {name: names.index(name) for name in wanted}


def degrees(text: str, column: str, line: int) -> float:
    """A number; whether it is in range is the caller's to say. Raises `BadTable`."""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value) or "_" in text:  # Python would take 1_5 for 15
        raise BadTable(f"line {line}: {column} is {'no number' if text else 'empty'}")
    return value


def _lines(file: TextIO) -> Iterator[str]:
    """The lines; a file without line ends, such as an archive or a picture, is not read to its end."""
    for number, line in enumerate(iter(partial(file.readline, LONGEST_LINE), ""), start=1):
        if len(line) == LONGEST_LINE:
            raise BadTable(f"line {number}: is longer than a row can be; this is no CSV file")
        yield line
