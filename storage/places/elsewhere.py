"""Places where nobody is served, but that people name: the other provinces of the three countries, the countries, and
towns that reports of trafficking often name. Who names one is understood, and the case goes to the programme desk.

Without them "Bangkok" would bring up the five villages of the border whose names sound most like it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from handlers.messages import Name

PROVINCE = 4
"""Letters and digits of a province's code."""

CALLED = {
    "KH0110": ("Poipet",),
    "KH22": ("Oddar Meanchey",),
    "LA01": ("Vientiane", "ວຽງຈັນ", "เวียงจันทน์"),
    "LA0501": ("Huay Xai", "Houei Sai"),
    "LA10": ("Vientiane",),
    "LA1301": ("Savannakhet", "ສະຫວັນນະເຂດ", "สะหวันนะเขต"),
}
"""What people call places across the border that the official list names, or spells, otherwise."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A country ("TH"), a province ("TH10": the country and its own code) or a town ("TH20-1": any number).

    also     what people call it besides its name
    within   the codes of what it lies in, the smallest first
    facing   the codes of the Thai districts that face it across the border, for a few towns
    """

    code: str
    name: Name
    also: tuple[str, ...]
    within: tuple[str, ...]
    facing: tuple[str, ...]


@cache
def load() -> tuple[Elsewhere, ...]:
    """Read the package's table (1 ms), once a process."""
    text = (files("storage.places") / "elsewhere.csv").read_text(encoding="utf-8")
    return tuple(
        Elsewhere(code, Name(th, en, lo, km), _split(also), _within(code), _split(facing))
        for code, th, en, lo, km, also, facing in list(csv.reader(text.splitlines()))[1:]
    )


def _within(code: str) -> tuple[str, ...]:
    """A town's district if its code tells it, and its province."""
    area, _, town = code.partition("-")
    return tuple(area[:end] for end in range(len(area), 2, -2)) if town else ()


def _split(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split("|")))
