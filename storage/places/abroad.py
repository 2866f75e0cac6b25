"""The places across the river and the border: Lao and Cambodian districts that face a Thai one, and what lies in them.

People there report to the Thai district on the other side, so each place knows which ones face it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from handlers.messages import Name

Country = Literal["LA", "KH"]


@dataclass(frozen=True, slots=True)
class Abroad:
    """A place in Laos or Cambodia.

    code     the country and the official code: "LA" with 2 digits (province) or 4 (district); "KH" with 2, 4, 6 (commune)
             or 8 (village)
    within   the codes of what it lies in, the smallest first
    facing   the codes of the Thai districts that face its district, the likeliest first; empty for a province
    """

    code: str
    name: Name
    within: tuple[str, ...]
    facing: tuple[str, ...]
    country: Country


@cache
def load() -> tuple[Abroad, ...]:
    """Read the package's table (less than 10 ms), once a process. By code, a place after what holds it."""
    text = (files("storage.places") / "abroad.csv").read_text(encoding="utf-8")
    places: list[Abroad] = []
    facing: dict[str, tuple[str, ...]] = {}
    for code, th, en, lo, km, thai_codes in list(csv.reader(text.splitlines()))[1:]:
        if thai_codes:
            facing[code] = tuple(thai_codes.split("|"))
        within = tuple(code[:end] for end in range(len(code) - 2, 2, -2))
        country: Country = "LA" if code.startswith("LA") else "KH"
        places.append(Abroad(code, Name(th, en, lo, km), within, facing.get(code[:6], ()), country))
    return tuple(places)
