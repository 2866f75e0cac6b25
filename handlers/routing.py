"""From a position or a choice in the lists to the centre that gets the case, with how that was found and how certain.

Known are one point per subdistrict and no boundaries. What the distances to these points can tell was measured on
public offices and on 3,000 random positions inside the border provinces and 3,000 around them:

- d1 (nearest point) / d2 (nearest point of another district) below 0.6: the district is right for 99.9 % of offices and
  97 % of random positions. Otherwise we ask; the two candidates hold the truth for 99.9 % of offices and 96 % of random
  positions, so the question needs a way to the lists.
- 99 % of random positions inside have a subdistrict point within 12 km; of positions 2 to 5 km outside, a third have
  none. A position farther than that, whose nearest district is a border one, counts as facing it across the border.
  Nearer ones are treated as if they were on this side: without boundaries nobody can tell the banks of a river apart,
  and the centre is the same. What lies in another Thai province beside a border district is taken as facing, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, degrees, isfinite, radians
from typing import Literal

from handlers.cases import PROGRAMME_DESK
from handlers.messages import Distance, T, Text
from handlers.records import replace
from handlers.session import Certainty, Method, Place
from handlers.world import Near, Places

SURE_RATIO = 0.6
"""d1/d2 below which the nearest point's district is taken without a question."""

OUTSIDE_M = 12_000
"""Metres to the nearest subdistrict point beyond which a position is taken to lie outside the 18 provinces."""

SERVED_M = 50_000
"""Metres to the nearest point of a served district beyond which the case goes to the programme desk."""

AT_THE_MIDDLE_M = 500
"""Metres within which a direction from the middle of a subdistrict says nothing."""

Problem = Literal["", "nowhere", "swapped"]
"""Why there is no place. "nowhere": not a position on Earth, or 0/0, which phones send when they do not know where they
are. "swapped": latitude and longitude the wrong way round, as people type them; `Located.corrected` has them right."""


@dataclass(frozen=True, slots=True)
class Located:
    """What a position leads to: one place, or two to choose from (nearest first), or a problem and no place."""

    places: tuple[Place, ...] = ()
    problem: Problem = ""
    corrected: tuple[float, float] | None = None

    @property
    def sure(self) -> bool:
        """Whether there is nothing to ask."""
        return len(self.places) == 1

    @property
    def doubt(self) -> bool:
        """Whether the person has to say which of two districts it is; then give the chosen place to `choose`."""
        return len(self.places) == 2


def locate(latitude: float, longitude: float, places: Places) -> Located:
    """Where a pin leads. Asks only where the answer changes the centre."""
    if not _on_earth(latitude, longitude):
        return _problem(latitude, longitude)
    found = places.nearest(latitude, longitude)
    pin = Place(latitude, longitude, method="pin")
    if found is None or found[0].metres > SERVED_M:
        return Located((replace(pin, centre=PROGRAMME_DESK, certainty="far"),))
    first, second = found
    if first.metres > OUTSIDE_M:
        return Located((_from_outside(pin, first, places),))
    if second is None or first.metres < SURE_RATIO * second.metres:
        return Located((_within(pin, first, places),))
    candidates = _within(pin, first, places), _within(pin, second, places)
    if candidates[0].centre != candidates[1].centre:
        return Located(candidates)
    return Located((replace(candidates[0], certainty="nearest"),))


def choose(candidate: Place) -> Place:
    """The one of two candidates that the person picked."""
    return replace(candidate, certainty="chosen") if candidate.certainty == "sure" else candidate


def by_codes(code: str, village: str, places: Places, method: Method = "list") -> Place | None:
    """The place for a district or subdistrict code from the lists or a link. None for a code nobody knows."""
    if len(code) not in (4, 6) or places.area(code) is None:
        return None
    subdistrict = code if len(code) == 6 else ""
    place = Place(district=code[:4], subdistrict=subdistrict, village=village, method=method)
    middle = places.point(code)
    return _assigned(place, middle, places)


def desks(centre: str) -> tuple[str, ...]:
    """Who gets the case when nobody is linked: the centre, its province's desk, the programme desk."""
    return tuple(dict.fromkeys((centre, centre[:2], PROGRAMME_DESK)))


def neighbours(place: Place, centre: str, places: Places) -> list[str]:
    """Codes of the other served districts, nearest to the case first: where a case may be handed over."""
    position = (place.latitude, place.longitude) if place.latitude is not None and place.longitude is not None else None
    middle = position or places.point(place.subdistrict or place.district or centre)
    others = sorted(places.served() - {centre})
    if middle is None:
        return others

    def squared(code: str) -> float:
        point = places.point(code)
        if point is None:
            return float("inf")
        return (point[0] - middle[0]) ** 2 + ((point[1] - middle[1]) * cos(radians(middle[0]))) ** 2

    return sorted(others, key=squared)


def rounded(latitude: float, longitude: float) -> tuple[float, float]:
    """The position on a grid of 0.01 degrees (about 1.1 km), so that it names no house. Always the same for the same
    position: chance would let several alerts be averaged."""
    return round(latitude, 2), round(longitude, 2)


def beside(latitude: float, longitude: float, places: Places) -> Text | None:
    """Distance and direction from the middle of the nearest subdistrict; None when nothing is near."""
    found = places.nearest(latitude, longitude) if _on_earth(latitude, longitude) else None
    if found is None or found[0].metres > SERVED_M:
        return None
    near = found[0]
    area, middle = places.area(near.subdistrict), places.point(near.subdistrict)
    if area is None or middle is None:
        return None
    if near.metres < AT_THE_MIDDLE_M:
        return T("in the middle of {subdistrict}", subdistrict=area.name)
    north = latitude - middle[0]
    east = (longitude - middle[1]) * cos(radians(latitude))
    side = _DIRECTIONS[round(degrees(atan2(east, north)) / 45) % 8]
    return Text(side.id, (("distance", Distance(near.metres)), ("subdistrict", area.name)))


_DIRECTIONS = (
    T("{distance} north of the middle of {subdistrict}"),
    T("{distance} north-east of the middle of {subdistrict}"),
    T("{distance} east of the middle of {subdistrict}"),
    T("{distance} south-east of the middle of {subdistrict}"),
    T("{distance} south of the middle of {subdistrict}"),
    T("{distance} south-west of the middle of {subdistrict}"),
    T("{distance} west of the middle of {subdistrict}"),
    T("{distance} north-west of the middle of {subdistrict}"),
)


def _on_earth(latitude: float, longitude: float) -> bool:
    """Whether these are degrees of a real position; a place within 100 m of 0/0 in the Atlantic is not one."""
    if not (isfinite(latitude) and isfinite(longitude)):
        return False
    return abs(latitude) <= 90 and abs(longitude) <= 180 and (abs(latitude) > 0.001 or abs(longitude) > 0.001)


def _problem(latitude: float, longitude: float) -> Located:
    """Latitudes of 97 to 108 do not exist, but those are the longitudes of Thailand, Laos and Cambodia."""
    if 97 <= latitude <= 108 and 5 <= longitude <= 23:
        return Located(problem="swapped", corrected=(longitude, latitude))
    return Located(problem="nowhere")


def _within(pin: Place, near: Near, places: Places) -> Place:
    """The pin taken to lie in this candidate's subdistrict."""
    position = (pin.latitude, pin.longitude) if pin.latitude is not None and pin.longitude is not None else None
    return _assigned(replace(pin, district=near.district, subdistrict=near.subdistrict), position, places)


def _from_outside(pin: Place, near: Near, places: Places) -> Place:
    """A pin outside the provinces: no subdistrict is its own, so no headman is told, but the facing centre is."""
    area = places.area(near.district)
    found = _within(pin, near, places)
    facing = found.certainty == "sure" and area is not None and area.neighbours
    certainty: Certainty = "facing" if facing else "nearest" if found.certainty == "sure" else found.certainty
    return replace(found, subdistrict="", certainty=certainty)


def _assigned(place: Place, position: tuple[float, float] | None, places: Places) -> Place:
    """The place with its centre: the district's own if it is served, else the nearest served one from `position`."""
    if place.district in places.served():
        return replace(place, centre=place.district, certainty="sure")
    nearest = places.nearest_served(*position) if position else None
    if nearest is None or nearest[1] > SERVED_M:
        return replace(place, centre=PROGRAMME_DESK, certainty="far")
    return replace(place, centre=nearest[0], certainty="nearest")
