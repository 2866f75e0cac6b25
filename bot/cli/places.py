"""`places`: what the bot knows about where things are, and how good that is."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from bot.cli import boundaries, rosters, show, start, village_link
from handlers.picking import candidates

if TYPE_CHECKING:
    from handlers.world import Area, Places
    from storage.places.gazetteer import Gazetteer
    from storage.places.score import Row, Score

HELP = """\
Find places and their codes; import boundaries, villages and landmarks; make posters' links.

Example: python -m bot places find "khong chiam"
"""

app = typer.Typer(help=HELP, no_args_is_help=True)

TOLD_ROWS = 1_000
"""Rows between two steps of the progress bar, which costs more than a row."""

LISTED = 1_000
"""Misses in the table; drawing more takes seconds, and nobody reads them. JSON has ten times as many."""

File = Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file with the columns district_code, lat, lon")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def find(
    words: Annotated[str, typer.Argument(help="A name in Thai, Lao, Khmer or Latin letters; it may be misspelt.")],
    as_json: Json = False,
) -> None:
    """Find a place by its name, as villagers do in the chat, and tell its code: villages and landmarks, too, if imported.

    Example: python -m bot places find "khong chiam"
    """
    known = _gazetteer()
    found = known.find(words)
    if as_json:
        show.data([{"code": area.code, "th": area.name.th, "en": area.name.en} for area in found])
        return
    if not found:
        start.refuse("no place of the border provinces has a name like this")
    show.table(("code", "Thai", "English", "in"), [(a.code, a.name.th, a.name.en, _around(known, a)) for a in found])


@app.command()
def check(file: File, as_json: Json = False) -> None:
    """Count how often positions get the district that you know they are in.

    Only counts; keeps, sends and logs nothing. Goes by the boundaries that are imported, else by the known points. All
    districts of the border provinces are taken as served. A miss is a position whose first district is another one; with
    it comes how far the right district's nearest known point is and, if it was imported, its boundary.

    Example: python -m bot places check offices.csv --json
    """
    from storage.places.csv_rows import BadTable
    from storage.places.score import read, score

    known = _gazetteer()
    try:
        with file.open("rb") as binary, show.progress(f"Checking {file.name}", _size(binary)) as done:
            text = io.TextIOWrapper(binary, encoding="utf-8-sig", newline="")
            found = score(_told(read(text, known), binary, done), known, known.metres_to)
    except BadTable as error:
        start.refuse(f"{file}: {error}")
    if as_json:
        show.data(_described(found, known))
    else:
        _tell(found, known)


def _gazetteer() -> Gazetteer:
    """All districts of the border provinces as served ones, with what is imported if there is a database: none is made."""
    from storage.places.gazetteer import Gazetteer
    from storage.places.imported import Imported, Read

    known, settings = Gazetteer.load("provinces"), start.settings()
    if settings.on_sqlite and not settings.sqlite_path.is_file():
        return known
    with start.database(settings) as data:
        read = data.run_now(lambda uow: Read.active(uow.imports))
    imported = Imported.made(read)
    for layer, count in imported.lost.items():
        typer.echo(
            f"mekongwatch: {count} of the places of import {read.versions[layer]} ({layer}) cannot be read, and the bot "
            "goes without them: import the file anew, or restore another import",
            err=True,
        )
    return known.with_imported(imported)


def _around(known: Places, area: Area) -> str:
    """The English names of what a place lies in, the smallest first; of a landmark, where its position leads to."""
    code, around = area.code, area.within
    if code.isdecimal():
        around = tuple(code[:end] for end in (6, 4, 2) if end < len(code))
    elif not around and (places := candidates(code, known)):
        around = tuple(filter(None, (places[0].subdistrict, places[0].district, places[0].district[:2])))
    return ", ".join(_english(known, above) for above in around)


def _size(file: BinaryIO) -> int | None:
    """Bytes, if this is a file and not a pipe or a device."""
    status = os.fstat(file.fileno())
    return status.st_size if S_ISREG(status.st_mode) else None


def _told(rows: Iterable[Row], file: BinaryIO, done: Callable[[int], None]) -> Iterator[Row]:
    """The rows; every now and then the bytes read since the last time are told."""
    before = 0
    for number, row in enumerate(rows, start=1):
        yield row
        if number % TOLD_ROWS == 0 and file.seekable():
            now = file.tell()
            done(now - before)
            before = now


def _tell(found: Score, known: Places) -> None:
    counts = (
        ("right district first", found.right),
        ("right district first or second", found.offered),
        ("reporter would be asked", found.asked),
    )
    show.table(
        (f"Of {found.rows} positions", "Number", "Share"),
        [(what, str(number), _percent(number, found.rows)) for what, number in counts],
    )
    if found.misses:
        typer.echo()
        show.table(
            (
                "Line",
                "Right district",
                "First district",
                "Right one second",
                "km to its nearest known point",
                "to its boundary",
            ),
            [
                (
                    str(m.line),
                    _name(known, m.code),
                    _name(known, m.found),
                    "yes" if m.offered else "no",
                    f"{m.km:.1f}",
                    "?" if m.boundary_km is None else f"{m.boundary_km:.1f}",
                )
                for m in found.misses[:LISTED]
            ],
            title="Misses",
        )
    if unlisted := found.rows - found.right - len(found.misses[:LISTED]):
        typer.echo(f"and {unlisted} more misses")
    for old, new in sorted(found.replaced.items()):
        typer.echo(f"{old} is abolished: counted as {_name(known, new)}")


def _described(found: Score, known: Places) -> dict[str, object]:
    return {
        "rows": found.rows,
        "right": found.right,
        "share_right": found.share(found.right),
        "right_within_two": found.offered,
        "share_right_within_two": found.share(found.offered),
        "asked": found.asked,
        "share_asked": found.share(found.asked),
        "missed": found.rows - found.right,
        "misses": [
            {
                "line": miss.line,
                "district_code": miss.code,
                "district": _english(known, miss.code),
                "first_code": miss.found,
                "first": _english(known, miss.found),
                "right_one_second": miss.offered,
                "km_to_nearest_known_point": round(miss.km, 3),
                "km_to_boundary": None if miss.boundary_km is None else round(miss.boundary_km, 3),
            }
            for miss in found.misses
        ],
        "abolished": found.replaced,
    }


def _percent(count: int, rows: int) -> str:
    """Rounded down: 100 % is all of them, and what a limit asks for is reached when it is shown."""
    hundredths = count * 10_000 // rows
    return f"{hundredths // 100}.{hundredths % 100:02} %"


def _name(known: Places, code: str) -> str:
    return f"{code} {_english(known, code)}" if code else "none is near"


def _english(known: Places, code: str) -> str:
    area = known.area(code)
    return (area.name.en or area.name.th) if area else ""


app.command("import")(boundaries.import_)
app.command()(boundaries.history)
app.command()(boundaries.restore)
app.command()(boundaries.withdraw)
app.command()(rosters.villages)
app.command()(rosters.landmarks)
app.command()(village_link.link)
