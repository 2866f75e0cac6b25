"""From a file to shapes that can be stored, with everything that was found on the way."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handlers.world import Places
from storage.imports import Shape
from storage.places.boundaries import choosing, cleaning, gdal, projection
from storage.places.boundaries.findings import Findings, Overlap, name, shown
from storage.places.boundaries.refusals import BadFile
from storage.places.boundaries.source import identify
from storage.places.codes import Level, Meaning, meaning

if TYPE_CHECKING:
    from storage.places.boundaries.cleaning import Areas

Progress = Callable[[str, int | None], AbstractContextManager[Callable[[int], None]]]
"""`bot.cli.show.progress`: what is done, and in how many steps; gives what is called with the steps done."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Shapes with clean polygons, one a code, and the findings."""

    shapes: tuple[Shape, ...]
    found: Findings


@dataclass(slots=True)
class Sorted:
    """A layer's areas by what their codes mean. `wanted`: position in the layer and today's code."""

    wanted: list[tuple[int, str]] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    ended: dict[str, Sequence[str]] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)
    without_code: int = 0
    elsewhere: int = 0


def prepare(
    path: Path, level: Level, places: Places, progress: Progress, *, layer: str = "", code: str = ""
) -> Prepared:
    """Read, check and clean a file's areas of one level. `places`: all border provinces; `layer`, `code`: the layer and
    the field of the codes, "" to find them.

    Raises `BadFile`, and `OSError` when the file cannot be opened.
    """
    with progress(f"Checking {path.name}", path.stat().st_size) as told:
        source = identify(path, told)
    with progress(f"Reading {path.name}", None):
        choice = choosing.choose(source, level, layer, code)
        judged = projection.judged(choice.layer.projection, shlex.quote(path.name))
        sorted_ = _sort(choice.field, places)
        if not sorted_.wanted:
            raise BadFile(f"holds no {level} of the border provinces; see `places find` for their codes")
        wkb = gdal.geometries(choice.layer, [at for at, _ in sorted_.wanted], judged.convert_from)
    with progress("Repairing areas", len(wkb)) as told:
        read = cleaning.read(wkb, told)
    areas, turned = _in_degrees(read.areas, path)
    codes = [today for _, today in sorted_.wanted]
    astray = _astray(areas, codes, level, places)
    for at in astray:
        areas[at] = None
    joined = cleaning.joined(areas, codes)
    misplaced = _misplaced(joined, level, places)
    kept = {today: area for today, area in joined.items() if today not in misplaced}
    counts = Counter(code for at, code in enumerate(codes) if at not in astray)
    shapes, overlapping, after = _finish(kept, progress)
    found = Findings(
        level=level, format=source.format, layer=choice.layer.name, field=choice.field.name,
        projection=judged.name + (", converted" if judged.convert_from else ""), swapped=turned,
        features=len(choice.field.codes), taken=len(shapes),
        repaired=tuple(sorted({codes[at] for at in read.repaired.nonzero()[0]} & kept.keys())),
        joined={today: count for today, count in sorted(counts.items()) if count > 1 and today in kept},
        renamed=dict(sorted(sorted_.renamed.items())), ended=dict(sorted(sorted_.ended.items())),
        unknown=tuple(sorted_.unknown), without_code=sorted_.without_code, elsewhere=sorted_.elsewhere,
        empty=tuple(sorted(set(codes) - joined.keys())), overlapping=overlapping,
        misplaced=misplaced | {codes[at]: km for at, km in astray.items()},
        missing=_missing(kept, level, places), vertices=(read.vertices, after),
        stored_bytes=sum(len(shape.wkb) for shape in shapes),
    )  # fmt: skip
    return Prepared(shapes, found)


def _sort(fields: choosing.Field, places: Places) -> Sorted:
    """What becomes of each area of a layer."""
    made = Sorted()
    meant: dict[str, Meaning] = {}
    for at, (code, value) in enumerate(zip(fields.codes, fields.values, strict=True)):
        if not code:
            if str(value).strip() in ("", "None", "nan"):
                made.without_code += 1
            else:
                made.unknown[shown(value)] = None
            continue
        means = meant.setdefault(code, meaning(code, places))
        if means.fate in ("today", "renamed"):
            made.wanted.append((at, means.code))
            if means.fate == "renamed":
                made.renamed[code] = means.code
        elif means.fate == "elsewhere":
            made.elsewhere += 1
        elif means.fate == "ended":
            made.ended[code] = means.successors
        else:
            made.unknown[shown(code)] = None
    return made


def _in_degrees(areas: Areas, path: Path) -> tuple[Areas, bool]:
    """The areas with longitude first, and whether they had to be turned."""
    if all(area is None for area in areas):
        raise BadFile("its areas have no ground; they are empty or broken")
    if projection.check(cleaning.bounds(areas), shlex.quote(path.name)):
        return cleaning.swapped(areas), True
    return areas, False


def _astray(areas: Areas, codes: Sequence[str], level: Level, places: Places) -> dict[int, float]:
    """Of codes with several areas, those that lie at another end of the country while another one is where the code
    belongs: a slip in a row. By position, with kilometres."""
    parts: dict[str, list[int]] = {}
    for at, code in enumerate(codes):
        if areas[at] is not None:
            parts.setdefault(code, []).append(at)
    found: dict[int, float] = {}
    for code, several in parts.items():
        if len(several) > 1:
            km = {at: _km_astray(areas[at], code, level, places) for at in several}
            if min(km.values()) <= cleaning.MISPLACED_KM:
                found |= {at: round(far, 1) for at, far in km.items() if far > cleaning.ASTRAY_KM}
    return found


def _km_astray(area: Any, code: str, level: Level, places: Places) -> float:
    """Kilometres from an area to the nearest point known of its code; 0 if none is known."""
    inside = [code] if level == "subdistrict" else [below.code for below in places.subdistricts(code)]
    points = [point for known in inside if (point := places.point(known))]
    return cleaning.km_away(area, points) if points else 0.0


def _misplaced(joined: dict[str, Any], level: Level, places: Places) -> dict[str, float]:
    """Areas that are far from every known point of theirs, with kilometres. Refuses a file of which most are."""
    found: dict[str, float] = {}
    for code, area in joined.items():
        km = _km_astray(area, code, level, places)
        if km > cleaning.MISPLACED_KM:
            found[code] = round(km, 1)
    if len(found) * 2 > len(joined):
        first = min(found)
        raise BadFile(
            f"{len(found)} of {len(joined)} areas lie far from where their codes belong ({name(first, places)}: "
            f"{found[first]:.0f} km); is it another field, or another projection?"
        )
    return found


def _finish(kept: dict[str, Any], progress: Progress) -> tuple[tuple[Shape, ...], tuple[Overlap, ...], int]:
    """The areas as they are stored, which of them overlap, and the points that are left."""
    import numpy as np
    import shapely

    codes = list(kept)
    areas = np.array([*kept.values(), None], dtype=object)[:-1]  # the None keeps NumPy from looking into an area
    with progress("Comparing neighbours", 3) as told:
        thin = cleaning.thinned(areas)
        told(1)
        pairs = cleaning.overlaps(thin)
        told(1)
        areas = cleaning.simplified(thin)
        told(1)
    shapes = tuple(Shape(code, bytes(wkb)) for code, wkb in zip(codes, shapely.to_wkb(areas), strict=True))
    overlapping = tuple(Overlap(codes[one], codes[other], round(km2, 3)) for one, other, km2 in pairs)
    return shapes, overlapping, cleaning.vertices(areas)


def _missing(taken: Iterable[str], level: Level, places: Places) -> tuple[str, ...]:
    """Codes of the border provinces that are not among these; those of border districts first."""
    districts = [district for province in places.provinces() for district in places.districts(province.code)]
    border = {district.code for district in districts if district.neighbours}
    codes = [district.code for district in districts]
    if level == "subdistrict":
        codes = [below.code for code in codes for below in places.subdistricts(code)]
    return tuple(sorted(set(codes).difference(taken), key=lambda code: (code[:4] not in border, code)))
