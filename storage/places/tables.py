"""The places that come with the package, indexed: 18 Thai provinces, what lies across the border from them, and the names
of what lies elsewhere."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from statistics import fmean

from handlers.messages import Name
from handlers.world import Area
from storage.places import abroad, elsewhere
from storage.places.abroad import Abroad
from storage.places.elsewhere import Elsewhere
from storage.places.points import Point, PointGrid

Position = tuple[float, float]
"""Latitude and longitude, degrees WGS 84."""


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """Shared by all gazetteers of a process and never changed.

    areas      every place by its code, also those across the border
    positions  of districts (their office, else the middle of their subdistricts) and subdistricts
    within     what a province, district, commune or country holds, border districts first, then by code
    points     the subdistricts' points of each district
    facing     the Thai districts that face a place across the border
    offices    district offices, which people know
    called     other names of the provinces of the three countries and of places that people name, served or not
    """

    areas: dict[str, Area]
    positions: dict[str, Position]
    within: dict[str, tuple[Area, ...]]
    points: dict[str, tuple[Point, ...]]
    grid: PointGrid
    facing: dict[str, tuple[str, ...]]
    offices: dict[str, Position]
    called: dict[str, tuple[str, ...]]

    @classmethod
    @cache
    def load(cls) -> Tables:
        """Read the tables that come with the package (about 30 ms), once a process."""
        other_scripts = {row["code"]: row for row in _rows("transliterated")}

        def name(row: dict[str, str]) -> Name:
            other = other_scripts[row["code"]]
            by_rule = " ".join(script for script in ("lo", "km") if script not in other["corrected"].split())
            return Name(row["th"], row["en"], other["lo"], other["km"], by_rule)

        areas: list[Area] = []
        offices: dict[str, Position] = {}
        countries: dict[str, set[str]] = {}
        for row in _rows("districts"):
            neighbours = tuple(filter(None, row["neighbours"].split("|")))
            areas.append(Area(row["code"], name(row), neighbours))
            countries.setdefault(row["code"][:2], set()).update(neighbours)
            if row["lat"]:
                offices[row["code"]] = float(row["lat"]), float(row["lon"])
        for row in _rows("provinces"):
            own = Name(row["th"], row["en"], row["lo"], row["km"])
            areas.append(Area(row["code"], own, tuple(sorted(countries[row["code"]], reverse=True))))
        positions = dict(offices)
        points: dict[str, list[Point]] = {}
        for row in _rows("subdistricts"):
            code, district = row["code"], row["code"][:4]
            areas.append(Area(code, name(row)))
            positions[code] = float(row["lat"]), float(row["lon"])
            points.setdefault(district, []).append(Point(*positions[code], district, code))
        for district, inside in points.items():
            middle = fmean(p.latitude for p in inside), fmean(p.longitude for p in inside)
            positions.setdefault(district, middle)
        over_there: tuple[Abroad | Elsewhere, ...] = (*abroad.load(), *elsewhere.load())
        areas += [Area(one.code, one.name, within=one.within) for one in over_there]
        provinces = (one.code for one in abroad.load() if len(one.code) == elsewhere.PROVINCE)
        return cls(
            {area.code: area for area in areas}, positions, _children(areas),
            {district: tuple(inside) for district, inside in points.items()},
            PointGrid(point for inside in points.values() for point in inside),
            {one.code: one.facing for one in over_there}, offices,
            dict.fromkeys(provinces, ()) | {one.code: one.also for one in elsewhere.load()} | elsewhere.CALLED,
        )  # fmt: skip

    def districts(self) -> list[Area]:
        """All Thai districts."""
        return [area for code, area in self.areas.items() if len(code) == 4 and code.isdecimal()]


def _children(areas: Iterable[Area]) -> dict[str, tuple[Area, ...]]:
    """What each area holds; a country holds its provinces."""
    within: dict[str, list[Area]] = {}
    for area in sorted(areas, key=lambda a: (not a.neighbours, a.code)):
        if len(area.code) > 2 and "-" not in area.code:  # towns elsewhere are on no list
            within.setdefault(area.code[:-2], []).append(area)
    return {code: tuple(inside) for code, inside in within.items()}


def _rows(table: str) -> Iterable[dict[str, str]]:
    text = (files("storage.places") / f"{table}.csv").read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())
