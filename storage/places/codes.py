"""Codes of districts and subdistricts as other people's files hold them: today's, abolished ones, and those of the rest
of Thailand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from handlers.world import Places

Level = Literal["district", "subdistrict"]

CODE = re.compile(r"\d{4}", re.ASCII)

WRITTEN: dict[Level, re.Pattern[str]] = {
    "district": re.compile(r"(?:TH)?[ _-]?(\d{4})(?:00){0,2}(?:\.0*)?", re.IGNORECASE),
    "subdistrict": re.compile(r"(?:TH)?[ _-]?(\d{6})(?:00)?(?:\.0*)?", re.IGNORECASE),
}
"""Ways in which files write a code: 3403, TH3403 (the United Nations'), 3403.0 (a number of a spreadsheet), 34030000
(DOPA's eight digits, with zeros for the levels below)."""

Fate = Literal["today", "renamed", "elsewhere", "ended", "unknown"]


class UnknownCode(ValueError):
    """One line for an operator, which goes on after "district_code"."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code stands for.

    fate         today: a code of the border provinces; renamed: an abolished code with one successor there; elsewhere: in
                 the rest of Thailand; ended: abolished, and split or without a known successor; unknown: never a code
    code         today's code, if it is today or renamed
    successors   what an ended code became, where that is known
    """

    fate: Fate
    code: str = ""
    successors: tuple[str, ...] = ()


def read(value: object, level: Level) -> str:
    """The digits of a code, however a file writes it; "" if the value does not look like one of this level."""
    found = WRITTEN[level].fullmatch(str(value).strip())
    return str(int(found[1])) if found else ""  # int: also Thai digits; no code begins with 0


def is_known(code: str) -> bool:
    """Whether it is, or was, the code of a district or subdistrict anywhere in Thailand."""
    return _official(code) or code in _abolished()


def meaning(code: str, places: Places) -> Meaning:
    """What a code of four or six digits stands for today, as seen from the border provinces."""
    if places.area(code) is not None:
        return Meaning("today", code)
    if _official(code):
        return Meaning("elsewhere")
    ended = _abolished().get(code)
    if ended is None:
        return Meaning("unknown")
    successors = ended[1]
    if len(successors) == 1 and successors[0] != code:
        became = meaning(successors[0], places)
        return Meaning("renamed", became.code) if became.fate == "today" else became
    here = places.area(code[:2]) is not None or any(places.area(successor) for successor in successors)
    return Meaning("ended", successors=successors) if here else Meaning("elsewhere")


def current(code: str, places: Places) -> str:
    """Today's code of a district of the border provinces: the code itself, or that of the one successor of an abolished
    district (4303 became 3801). Raises `UnknownCode`, which quotes nothing but four digits."""
    if not CODE.fullmatch(code):
        raise UnknownCode("is empty" if not code else "is no district code, which has four digits")
    if places.area(code) is not None:
        return code
    ended = _abolished().get(code)
    if ended is None:
        raise UnknownCode(f"{code} is no district of the border provinces")
    day, successors = ended
    known = [successor for successor in successors if places.area(successor) is not None]
    if len(successors) != 1 or not known:
        became = f"what it became is not one of the border provinces' districts: {', '.join(successors)}"
        raise UnknownCode(f"{code} was abolished on {day}; {became if successors else 'what it became is not known'}")
    return known[0]


def _official(code: str) -> bool:
    """Whether it is a code of today anywhere in Thailand."""
    import geothai

    return (geothai.district(code) if len(code) == 4 else geothai.subdistrict(code)) is not None


@cache
def _abolished() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Day of the end and successors of each abolished area, from geothai. Read only when a code is not found."""
    from geothai.abolished import abolished_areas

    return {area.code: (area.abolished_on, area.successors) for area in abolished_areas()}
