"""What was found in a file of boundaries, as data and as lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from handlers.world import Places
from storage.places.codes import Level

NAMED = 10
"""Areas that a line names; the others are counted. JSON has them all."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two areas that share ground, square kilometres."""

    one: str
    other: str
    km2: float


@dataclass(frozen=True, slots=True)
class Findings:
    """What became of a file's areas. Codes are today's unless said otherwise.

    layer, field, projection   where the areas were, as chosen or named; `swapped`: latitude stood first, and was turned
    features      areas in the layer; taken: areas that are imported
    joined        codes of several areas, with how many were made one
    renamed       abolished codes with the one successor for which they were taken
    ended         abolished codes without one successor (with what became of them): left out
    unknown       values that are no code, as written, and how many areas have none at all: left out
    elsewhere     areas outside of the border provinces: left out
    empty         areas that are empty or broken: left out
    misplaced     areas far from where their code belongs, with kilometres: left out, be it all that has the code or a part
    missing       codes of the border provinces that are not in the file, those on the border first
    vertices      points before and after simplifying; stored_bytes: of what is stored
    """

    level: Level
    format: str
    layer: str
    field: str
    projection: str
    swapped: bool
    features: int
    taken: int
    repaired: tuple[str, ...]
    joined: Mapping[str, int]
    renamed: Mapping[str, str]
    ended: Mapping[str, Sequence[str]]
    unknown: tuple[str, ...]
    without_code: int
    elsewhere: int
    empty: tuple[str, ...]
    misplaced: Mapping[str, float]
    overlapping: tuple[Overlap, ...]
    missing: tuple[str, ...]
    vertices: tuple[int, int]
    stored_bytes: int


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of finding: `what` it is, how many there are, and the first of them by name."""

    what: str
    count: int
    which: str


def lines(found: Findings, places: Places) -> list[Line]:
    """All kinds of findings, those that an operator always wants to know also when there are none."""

    def named(codes: Iterable[str]) -> str:
        return first([name(code, places) for code in codes])

    overlapping = [f"{name(o.one, places)} and {name(o.other, places)}: {o.km2:.2f} km²" for o in found.overlapping]
    always = [
        Line("taken", found.taken, f"of {found.features} in {found.layer}, code in {found.field}"),
        Line("repaired", len(found.repaired), named(found.repaired)),
        Line("missing", len(found.missing), named(found.missing)),
        Line("overlapping", len(found.overlapping), first(overlapping)),
        Line("unknown codes, left out", len(found.unknown) + found.without_code, first(_unknown(found))),
        Line("abolished, taken under today's code", len(found.renamed), first(
            [f"{old} as {name(new, places)}" for old, new in found.renamed.items()])),
        Line("abolished, left out", len(found.ended), first(
            [f"{old} ({', '.join(new) or 'its successor is not known'})" for old, new in found.ended.items()])),
    ]  # fmt: skip
    seldom = [
        Line("joined from several areas", len(found.joined), first(
            [f"{name(code, places)} ({count})" for code, count in found.joined.items()])),
        Line("not of the border provinces, left out", found.elsewhere, ""),
        Line("empty or broken, left out", len(found.empty), named(found.empty)),
        Line("far from where their code belongs, left out", len(found.misplaced), first(
            [f"{name(code, places)}: {km:.0f} km" for code, km in found.misplaced.items()])),
        Line("latitude and longitude swapped, turned", found.taken if found.swapped else 0, ""),
    ]  # fmt: skip
    return always + [line for line in seldom if line.count]


def notes(found: Findings, places: Places) -> tuple[str, ...]:
    """The findings that are worth keeping with the import, a line each."""
    kept = [f"{line.what}: {line.count}" + (f" ({line.which})" if line.which else "")
            for line in lines(found, places) if line.count]  # fmt: skip
    before, after = found.vertices
    return (*kept, f"projection: {found.projection}", f"simplified from {before} to {after} points")


def name(code: str, places: Places) -> str:
    """A code with the English name of its area."""
    area = places.area(code)
    return f"{code} {area.name.en or area.name.th}" if area else code


def plain(value: object) -> str:
    """A text that can be stored and printed, whatever a file or its name holds."""
    return "".join(letter if letter.isprintable() else "?" for letter in str(value))


def shown(value: object, longest: int = 40) -> str:
    """A value that fits into a line; at most so many letters of it."""
    text = plain(value)
    return text if len(text) <= longest else f"{text[:longest]}…"


def _unknown(found: Findings) -> list[str]:
    return [*found.unknown, *([f"{found.without_code} without a code"] if found.without_code else [])]


def first(texts: Sequence[str]) -> str:
    """The first ones, and how many more there are."""
    more = f", and {len(texts) - NAMED} more" if len(texts) > NAMED else ""
    return ", ".join(texts[:NAMED]) + more
