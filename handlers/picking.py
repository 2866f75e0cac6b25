"""From a code to the centre that gets the case: what people choose from lists, by name, from a poster, or once more."""

from __future__ import annotations

from handlers.cases import PROGRAMME_DESK
from handlers.records import replace
from handlers.routing import centre_for, locate
from handlers.session import Method, Place
from handlers.world import Places


def by_codes(code: str, village: str, places: Places, method: Method = "list") -> Place | None:
    """The place for a district, subdistrict or village code from the lists, a name or a link. None for a code nobody
    knows; a village that nobody has named is known by its subdistrict."""
    if len(code) == 8 and code.isdecimal():
        code, village = code[:6], code[6:]
    if len(code) not in (4, 6) or places.area(code) is None:
        return None
    district, subdistrict = code[:4], code if len(code) == 6 else ""
    middle = (places.point(code + village) if village.isdecimal() else None) or places.point(code)
    centre, certainty = centre_for(district, middle, places)
    return Place(None, None, district, subdistrict, village, centre, method, certainty)


def across(code: str, village: str, places: Places, method: Method = "list") -> tuple[Place, ...]:
    """The places that a choice across the border may lead to: one for each centre that faces it, the likeliest first; where
    none does, the one that serves next to it. None for a code nobody knows."""
    if places.area(code) is None:
        return ()
    found: dict[str, Place] = {}
    stand_in = Place(village=village, centre=PROGRAMME_DESK, method=method, certainty="far", abroad=code)
    for district in places.facing(code):
        centre, certainty = centre_for(district, places.point(district), places)
        if certainty == "sure":
            found[centre] = Place(None, None, district, "", village, centre, method, "facing", code)
        elif certainty == "nearest" and stand_in.certainty == "far":
            stand_in = Place(None, None, district, "", village, centre, method, "nearest", code)
    return tuple(found.values()) or (stand_in,)


def candidates(code: str, places: Places, method: Method = "list") -> tuple[Place, ...]:
    """The places that a named area or landmark may lead to: one, or several to choose from; none for an unknown code."""
    if code.isdecimal():
        place = by_codes(code, "", places, method)
        return (place,) if place else ()
    at = places.point(code)
    if at is None:
        return across(code, "", places, method)
    return tuple(replace(place, method=method) for place in locate(*at, places).places)


def again(home: Place, places: Places) -> Place | None:
    """A place that was known before, led to the centre that serves it today."""
    if home.abroad:
        options = across(home.abroad, home.village, places, home.method or "list")
        return next((place for place in options if place.district == home.district), next(iter(options), None))
    return by_codes(home.subdistrict or home.district, home.village, places, home.method or "list")


def open_today(place: Place, places: Places) -> Place:
    """A draft's place, led to the centre that serves it today: its own was closed after it was chosen, or opened."""
    if place.centre in places.served() and place.certainty != "nearest":
        return place
    if place.latitude is None or place.longitude is None:
        return again(place, places) or replace(place, centre=PROGRAMME_DESK, certainty="far")
    if not place.subdistrict:  # outside the districts
        return replace(locate(place.latitude, place.longitude, places).places[0], method=place.method)
    centre, certainty = centre_for(place.district, (place.latitude, place.longitude), places)
    return replace(place, centre=centre, certainty=certainty)


def lasting(place: Place) -> Place | None:
    """What is remembered of a report's place: no position, and nothing of a place without a name."""
    if not (place.district or place.abroad):
        return None
    return Place(district=place.district, subdistrict=place.subdistrict, village=place.village, abroad=place.abroad)
