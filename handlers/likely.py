"""Which places a person probably means: the one known from before, and what speaks the person's language."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.session import Place, Session
from handlers.world import Area

SPOKEN_IN = {"lo": "LA", "km": "KH"}
"""The neighbour country in which most people who chose this language live, or live beside."""


def home_of(session: Session) -> Place | None:
    """The place of the poster or the last report; for a headman, his own area."""
    if session.home or not session.area:
        return session.home
    subdistrict, _, village = session.area.partition("-")
    return Place(district=subdistrict[:4], subdistrict=subdistrict, village=village, method="link")


def near_code(session: Session) -> str:
    """The code of the known place, as exactly as it is known; without one, the country of the person's language; or ""."""
    home = home_of(session)
    if home is None:
        return SPOKEN_IN.get(session.language, "")
    village = home.village if home.village.isdecimal() else ""
    return home.abroad or home.subdistrict + village or home.district


def likely_first(areas: Sequence[Area], session: Session) -> list[Area]:
    """The one that holds the known place first, then those beside the country whose language the person speaks; otherwise
    in their own order."""
    near, country = near_code(session), SPOKEN_IN.get(session.language, "")
    return sorted(areas, key=lambda a: (not near.startswith(a.code), country not in ("", *a.neighbours)))


def list_path(place: Place) -> tuple[str, ...]:
    """The codes by which the lists lead to a place's subdistrict or commune, or to a district across the border."""
    if place.abroad:
        levels = {"KH": (2, 4, 6), "LA": (2, 4)}.get(place.abroad[:2], ())
        return tuple(place.abroad[:end] for end in levels)
    return (place.district[:2], place.district) if place.subdistrict else (place.district[:2],)
