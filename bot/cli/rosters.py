"""`places villages` and `places landmarks`: the operator's own places, read from CSV files."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from bot.cli import show, start

if TYPE_CHECKING:
    from storage.imports import Layer
    from storage.places.rosters import Row

LARGEST = 64_000_000
"""Bytes of a file: six times what the most rows that are taken need."""

TOLD_ROWS = 100
"""Rows between two steps of the progress bar."""

BUDDHIST = 2400
"""Years from here on are Thailand's, which are 543 more."""

LISTED, LISTED_FOR_MACHINES = 1_000, 10_000
"""Warnings in the table and in JSON; all are counted."""

File = Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file, UTF-8; see docs/PLACES.md for its columns.")]
Source = Annotated[str, typer.Option(help="Whose data it is, for your records.")]
Licence = Annotated[str, typer.Option(help="Its licence, for your records.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _day(written: str) -> str:
    """The option's value; raises `typer.BadParameter` if it is no day."""
    try:
        day = date.fromisoformat(written) if written else None
    except ValueError:
        raise typer.BadParameter("a day looks like 2026-09-30") from None
    if day and day.year >= BUDDHIST:
        raise typer.BadParameter(f"write the year as {day.year - 543} instead of {day.year}")
    return day.isoformat() if day else ""


Dated = Annotated[str, typer.Option("--date", callback=_day, metavar="DAY", help="The day it is of: 2026-09-30.")]


def villages(file: File, source: Source = "", licence: Licence = "", dated: Dated = "", as_json: Json = False) -> None:
    """Import your list of villages, in place of the one before.

    Columns: code (8 digits) or subdistrict_code and number, th, and if known en, lo, km, lat, lon. Lao and Khmer names
    that are missing are made by rule. One bad row and nothing is imported.

    Example: python -m bot places villages villages.csv --source "District office" --date 2026-09-30
    """
    from storage.places import rosters
    from storage.places.gazetteer import Gazetteer

    known = Gazetteer.load("provinces")
    _import("village", file, lambda text: rosters.villages(text, known), (source, licence, dated), as_json)


def landmarks(file: File, source: Source = "", licence: Licence = "", dated: Dated = "", as_json: Json = False) -> None:
    """Import your list of places that everybody knows, in place of the one before.

    Columns: kind (crossing, pier, market, hospital, checkpoint, temple, school or other), th, lat, lon, and if known en,
    lo, km, code. Lao and Khmer names that are missing are made by rule. One bad row and nothing is imported.

    Example: python -m bot places landmarks landmarks.csv --source "Own survey"
    """
    from storage.places import rosters

    _import("landmark", file, rosters.landmarks, (source, licence, dated), as_json)


def _import(
    layer: Layer, file: Path, read: Callable[[TextIO], Iterator[Row]], origin: tuple[str, str, str], as_json: bool
) -> None:
    from bot.clock import SystemClock
    from storage.imports import About
    from storage.places.csv_rows import BadTable
    from storage.places.rosters import notes

    settings = start.settings()
    try:
        rows = _rows(file, read)
    except BadTable as error:
        start.refuse(f"{file}: {error}")
    about = About(file.name, *origin, notes(rows))
    points = [row.point for row in rows]
    with start.database(settings) as data:
        number = data.run_now(lambda uow: uow.imports.add_points(layer, points, about, SystemClock().now()))
    if as_json:
        show.data(_described(layer, number, rows))
    else:
        _tell(file.name, number, rows)


def _rows(file: Path, read: Callable[[TextIO], Iterator[Row]]) -> list[Row]:
    """Every row, with names in Lao and Khmer. Raises `BadTable`."""
    from dataclasses import replace

    from storage.places.rosters import VILLAGE, lettered
    from storage.places.transliteration import transliterate, transliterate_village

    with file.open("rb") as binary:
        raw = binary.read(LARGEST + 1)
    if len(raw) > LARGEST:
        start.refuse(f"{file}: is larger than {LARGEST // 1_000_000} MB, which no list of places is")
    rows = []
    with (
        show.progress(f"Reading {file.name}", raw.count(b"\n")) as done,
        io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8-sig", newline="") as text,
    ):
        for number, row in enumerate(read(text), start=1):
            spell = transliterate_village if row.point.kind == VILLAGE else transliterate
            rows.append(replace(row, point=lettered(row.point, spell)))
            if number % TOLD_ROWS == 0:
                done(TOLD_ROWS)
    return rows


def _warnings(rows: Sequence[Row]) -> list[tuple[int, str]]:
    from storage.places.rosters import UNPLACED

    return [
        (row.line, f"{remark}: taken without it" if remark in UNPLACED else remark)
        for row in rows
        for remark in row.remarks
    ]


def _counts(rows: Sequence[Row]) -> dict[str, int]:
    return {
        "taken": len(rows),
        "with_position": sum(row.point.latitude is not None for row in rows),
        "lo_by_rule": sum("lo" in row.point.by_rule for row in rows),
        "km_by_rule": sum("km" in row.point.by_rule for row in rows),
        "warned": sum(len(row.remarks) for row in rows),
    }


def _abolished(rows: Sequence[Row]) -> dict[str, str]:
    return {row.written: row.point.code[:6] for row in rows if row.written}


def _tell(name: str, number: int, rows: Sequence[Row]) -> None:
    said = ("taken", "with a position", "Lao names made by rule", "Khmer names made by rule", "warnings")
    show.table((name, "Number"), [(what, str(count)) for what, count in zip(said, _counts(rows).values(), strict=True)])
    if warnings := _warnings(rows):
        typer.echo()
        show.table(("Line", "What"), [(str(line), what) for line, what in warnings[:LISTED]], title="Warnings")
        if len(warnings) > LISTED:
            typer.echo(f"and {len(warnings) - LISTED} more warnings")
    for old, new in sorted(_abolished(rows).items()):
        typer.echo(f"{old} is abolished: taken as {new}")
    typer.echo(f"\nThis is import {number}, in use from now on; a running server takes it over by itself.")


def _described(layer: Layer, number: int, rows: Sequence[Row]) -> dict[str, object]:
    return {
        "import": number,
        "kind": layer,
        **_counts(rows),
        "warnings": [{"line": line, "what": what} for line, what in _warnings(rows)[:LISTED_FOR_MACHINES]],
        "abolished": _abolished(rows),
    }
