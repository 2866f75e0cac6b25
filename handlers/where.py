"""A place in words: for cards, questions and buttons."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.cases import PROGRAMME_DESK
from handlers.messages import L, Link, Name, T, Text, verbatim
from handlers.picking import candidates
from handlers.session import Place
from handlers.world import Area, Places

COUNTRIES = ("LA", "KH")
"""Across the border from served districts: there are lists of their provinces and districts."""


def centre_name(code: str, places: Places) -> Text:
    """A centre as people call it: a district's, a province's desk, or the programme desk."""
    if code == PROGRAMME_DESK:
        return T("programme office")
    area = places.area(code)
    if area is None:
        return verbatim(code)
    return (
        T("{province} province desk", province=area.name)
        if len(code) == 2
        else T("{district} district centre", district=area.name)
    )


def place_text(place: Place, places: Places) -> Text:
    """Village, subdistrict, district, province: as much as is known. A place across the border or elsewhere with its
    country, and not with the Thai district that faces it."""
    if area := places.area(place.abroad) if place.abroad else None:
        return listed([*([verbatim(place.village)] if place.village else []), *_around(area, places)])
    names: list[Text] = []
    if place.village:
        names.append(_village(place, places))
    if area := places.area(place.subdistrict) if place.subdistrict else None:
        names.append(T("subdistrict {name}", name=area.name))
    if area := places.area(place.district) if place.district else None:
        names.append(T("district {name}", name=area.name))
        if province := places.area(place.district[:2]):
            names.append(T("province {name}", name=province.name))
    return listed(names) if names else T("outside the served districts")


def area_text(area: Area, places: Places) -> Text:
    """A place of the gazetteer with all that it lies in."""
    code = area.code
    if code[:2].isalpha():
        return listed(_around(area, places))
    if not code.isdecimal():  # a landmark
        around = [place_text(place, places) for place in candidates(code, places)[:1]]
        return listed([Text("{name}", (("name", area.name),)), *around])
    if len(code) == 2:
        return T("province {name}", name=area.name)
    return place_text(Place(district=code[:4], subdistrict=code[:6] if len(code) > 4 else "", village=code[6:]), places)


def shortly(place: Place, places: Places) -> Name | str:
    """The smallest part of a place that has a name, for a button; "" for a place without any."""
    if place.village and not (place.village.isdecimal() or place.abroad):
        return place.village
    codes = (place.abroad, place.subdistrict + place.village, place.subdistrict, place.district)
    return next((area.name.bare for code in codes if code and (area := places.area(code))), "")


def map_link(latitude: float, longitude: float) -> Link:
    """A public map at this point; it identifies nobody."""
    at = f"{latitude:.5f},{longitude:.5f}"
    return Link(L("🗺 Map"), f"https://www.google.com/maps/search/?api=1&query={at}")


def listed(items: Sequence[Text]) -> Text:
    """Items in one line, with commas."""
    text = items[0]
    for item in items[1:]:
        text = T("{first}, {second}", first=text, second=item)
    return text


def _village(place: Place, places: Places) -> Text:
    if not place.village.isdecimal():
        return verbatim(place.village)
    number = int(place.village)
    if known := places.area(place.subdistrict + place.village):
        return T("village no. {number} {name}", number=number, name=known.name)
    return T("village no. {number}", number=number)


def _around(area: Area, places: Places) -> list[Text]:
    """A place across the border or elsewhere with the areas around it and its country."""
    codes = dict.fromkeys((area.code, *area.within, area.code[:2]))
    return [Text("{name}", (("name", one.name),)) for code in codes if (one := places.area(code))]
