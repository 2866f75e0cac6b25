"""`places import`, and what has been imported: `places history`, `places restore`, `places withdraw`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast, get_args

import typer

from bot.called import CALLED
from bot.cli import show, start
from bot.cli.rosters import Dated, Json, Licence, Source

if TYPE_CHECKING:
    from handlers.world import Places
    from storage.imports import About, Import, Imports, Layer
    from storage.places.boundaries.findings import Findings
    from storage.places.boundaries.prepare import Prepared

File = Annotated[
    Path, typer.Argument(metavar="FILE", help="GeoJSON, a zipped Shapefile or a GeoPackage; see docs/PLACES.md.")
]
Level = Annotated[
    Literal["district", "subdistrict"], typer.Option(help="What the areas are; Thai codes of four or of six digits.")
]
CodeField = Annotated[str, typer.Option(metavar="FIELD", help="The field of the codes, if it is not found.")]
LayerName = Annotated[str, typer.Option("--layer", metavar="NAME", help="The layer, if there are several that fit.")]

GREATEST = 2**31 - 1
"""Of the numbers that both databases can look for."""
Kind = Literal["district", "subdistrict", "village", "landmark"]


@dataclass(frozen=True, slots=True)
class _Stored:
    """An import's number, that of the one it replaced, and the codes that only that one had."""

    number: int
    replaced: int | None
    no_longer: tuple[str, ...]


def import_(
    file: File,
    level: Level,
    code_field: CodeField = "",
    layer: LayerName = "",
    source: Source = "",
    licence: Licence = "",
    dated: Dated = "",
    as_json: Json = False,
) -> None:
    """Import boundaries of districts or subdistricts, in place of the ones before.

    Geometry is repaired and simplified, codes are compared with the official ones, and what was found is told. A file that
    cannot be used changes nothing; `places restore` goes back.

    Example: python -m bot places import districts.zip --level district --source "OCHA COD-AB" --licence "CC BY-IGO 3.0"
    """
    from bot.clock import SystemClock
    from storage.imports import About
    from storage.places.boundaries.findings import notes, plain
    from storage.places.boundaries.prepare import prepare
    from storage.places.boundaries.refusals import BadFile
    from storage.places.gazetteer import Gazetteer

    settings = start.settings()
    known = Gazetteer.load("provinces")
    try:
        made = prepare(file, level, known, show.progress, layer=layer, code=code_field)
    except BadFile as error:
        start.refuse(f"{file}: {error}")
    about = About(plain(file.name), plain(source or file.name), plain(licence), dated, notes(made.found, known))
    with start.database(settings) as data:
        stored = data.run_now(lambda uow: _stored(uow.imports, level, made, about, SystemClock().now()))
    if as_json:
        show.data(_described(stored, made.found, about))
    else:
        _tell(stored, made, known, named=bool(source and licence))


def _stored(imports: Imports, level: Layer, made: Prepared, about: About, now: datetime) -> _Stored:
    """Put in the place of the import in use, within a transaction; what is lost by that is told, as provinces that come
    in a file each replace one another."""
    before = imports.active().get(level)
    had = {shape.code for shape in imports.shapes(before)} if before is not None else set()
    number = imports.add_shapes(level, made.shapes, about, now)
    return _Stored(number, before, tuple(sorted(had.difference(shape.code for shape in made.shapes))))


def history(as_json: Json = False) -> None:
    """List what was imported: boundaries, villages and landmarks, the newest first.

    Example: python -m bot places history
    """
    with start.database(start.settings()) as data:
        found = data.run_now(lambda uow: uow.imports.history())
    if as_json:
        show.data([_listed(one) for one in found])
    elif found:
        show.table(
            ("Import", "Kind", "When (UTC)", "File", "Places", "Source", "Licence", "Of", "State"),
            [
                (
                    str(one.id), one.layer, one.imported_at.strftime("%Y-%m-%d %H:%M"), one.about.file, str(one.count),
                    one.about.source, one.about.licence, one.about.dated, _state(one),
                )
                for one in found
            ],
        )  # fmt: skip
    else:
        typer.echo("nothing was imported yet: the bot's own tables serve")


def restore(
    number: Annotated[
        int, typer.Argument(metavar="IMPORT", min=1, max=GREATEST, help="Its number, from `places history`.")
    ],
    as_json: Json = False,
) -> None:
    """Use an earlier import again, in place of the one in use.

    Example: python -m bot places restore 3
    """
    with start.database(start.settings()) as data:
        try:
            found = data.run_now(lambda uow: uow.imports.restore(number))
        except LookupError as error:
            start.refuse(f"{error.args[0]}; see `{CALLED} places history`")
    if as_json:
        show.data(_listed(found))
    else:
        typer.echo(f"import {found.id} is in use: {found.count} of {found.layer}, from {found.about.file}")


def _kind(words: str) -> str:
    """A kind of import, also called as the command that makes it ("villages"). Raises `typer.BadParameter` for others."""
    kinds, kind = get_args(Kind), words.lower().removesuffix("s")
    if kind not in kinds:
        raise typer.BadParameter(f"'{words}' is not one of {', '.join(kinds)}")
    return kind


def withdraw(
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="District, subdistrict, village or landmark.", callback=_kind)
    ],
    as_json: Json = False,
) -> None:
    """Use no import of a kind any more; the bot's own tables serve, as before the first one.

    Example: python -m bot places withdraw district
    """
    with start.database(start.settings()) as data:
        was_used = data.run_now(lambda uow: uow.imports.withdraw(cast("Kind", kind)))
    if not was_used:
        start.refuse(f"no import of {kind} is in use")
    if as_json:
        show.data({"kind": kind, "in_use": None})
    else:
        typer.echo(f"no import of {kind} is in use now; `{CALLED} places history` shows which could be restored")


def _tell(stored: _Stored, made: Prepared, known: Places, *, named: bool) -> None:
    from storage.places.boundaries.findings import first, lines, name

    found = made.found
    show.table(
        (f"Import {stored.number}: {found.level}", "Number", "Which"),
        [(line.what, str(line.count), line.which) for line in lines(found, known)],
    )
    before, after = found.vertices
    typer.echo(f"\nprojection: {found.projection}")
    typer.echo(f"simplified from {before} to {after} points, {_kilobytes(found.stored_bytes)}")
    typer.echo(f"Import {stored.number} is in use; a bot that runs takes it over within seconds.")
    if stored.no_longer:
        typer.echo(
            f"It took the place of import {stored.replaced}, whose boundaries of "
            f"{first([name(code, known) for code in stored.no_longer])} are gone with it: import all areas in one file, "
            f"or go back with `{CALLED} places restore {stored.replaced}`."
        )
    if not named:
        typer.echo("Say next time whose data it is, with --source and --licence: most licences ask for the credit.")
    typer.echo(f"Next: `{CALLED} places check offices.csv` counts how good it is; `{CALLED} places history` "
               "shows what you can go back to.")  # fmt: skip


def _kilobytes(count: int) -> str:
    return f"{count / 1000:.0f} kB"


def _state(one: Import) -> str:
    if one.active:
        return "in use"
    return "can be restored" if one.kept else "too old to restore"


def _listed(one: Import) -> dict[str, object]:
    return {
        "import": one.id,
        "kind": one.layer,
        "imported_at": one.imported_at,
        "places": one.count,
        "in_use": one.active,
        "can_be_restored": one.kept,
        **_origin(one.about),
        "notes": one.about.notes,
    }


def _origin(about: About) -> dict[str, object]:
    return {"file": about.file, "source": about.source, "licence": about.licence, "dated": about.dated}


def _described(stored: _Stored, found: Findings, about: About) -> dict[str, object]:
    """The findings with the names that JSON has for them."""
    before, after = found.vertices
    return {
        "import": stored.number,
        "replaced": stored.replaced,
        "no_longer": stored.no_longer,
        "level": found.level,
        **_origin(about),
        "format": found.format,
        "layer": found.layer,
        "code_field": found.field,
        "projection": found.projection,
        "swapped": found.swapped,
        "areas": found.features,
        "taken": found.taken,
        "repaired": found.repaired,
        "missing": found.missing,
        "overlapping": [{"codes": (pair.one, pair.other), "km2": pair.km2} for pair in found.overlapping],
        "unknown": found.unknown,
        "without_code": found.without_code,
        "abolished_taken": found.renamed,
        "abolished_left_out": found.ended,
        "joined": found.joined,
        "elsewhere": found.elsewhere,
        "empty_or_broken": found.empty,
        "misplaced_km": found.misplaced,
        "points_before": before,
        "points_after": after,
        "stored_bytes": found.stored_bytes,
    }
