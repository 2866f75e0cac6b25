"""District codes as other people's files hold them: today's, abolished ones, and those of the rest of Thailand."""

from __future__ import annotations

import re
from functools import cache

from handlers.world import Places

CODE = re.compile(r"\d{4}", re.ASCII)


class UnknownCode(ValueError):
    """One line for an operator, which goes on after "district_code"."""


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


@cache
def _abolished() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Day of the end and successors of each abolished district, from geothai. Read only when a code is not found."""
    from geothai.abolished import abolished_areas

    return {a.code: (a.abolished_on, a.successors) for a in abolished_areas() if a.level == "district"}
