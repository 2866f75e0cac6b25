"""From a position or a choice to the centre that gets the case, with how that was found and how certain.

Where the operator has imported boundaries they decide (`Places.bounded`): inside one is sure, but for positions so near to
another centre's district that nobody can tell; outside of all, the nearest border district faces the position.

Without them there is one point per subdistrict. What the distances to these points can tell was measured on public
offices and on 3,000 random positions inside the border provinces and 3,000 around them:

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
from handlers.session import Certainty, Place
from handlers.world import Bounded, Places

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
    pin = _Pin(latitude, longitude, places)
    if bounded := places.bounded(latitude, longitude):
        return _by_boundaries(pin, bounded)
    found = places.nearest(latitude, longitude)
    if found is None or found[0].metres > SERVED_M:
        return Located((pin.far(),))
    first, second = found
    if first.metres > OUTSIDE_M:
        return Located((pin.outside(first.district),))
    if second is None or first.metres < SURE_RATIO * second.metres:
        return Located((pin.within(first.district, first.subdistrict),))
    return _one_or_two(pin.within(first.district, first.subdistrict), pin.within(second.district, second.subdistrict))


def _by_boundaries(pin: _Pin, bounded: Bounded) -> Located:
    if bounded.metres > SERVED_M:
        return Located((pin.far(),))
    if bounded.metres > 0:
        return Located((pin.outside(bounded.district),))
    place = pin.within(bounded.district, bounded.subdistrict)
    if not bounded.beside:
        return Located((place,))
    return _one_or_two(place, pin.within(bounded.beside, bounded.beside_subdistrict))


def _one_or_two(first: Place, second: Place) -> Located:
    """Two candidates with the same centre are no doubt: then it is the first."""
    return Located((first, second) if first.centre != second.centre else (first,))


def choose(candidate: Place, *, unsure: bool = False) -> Place:
    """The one of two candidates that the person picked; or the likelier one, where the person does not know either."""
    if candidate.certainty != "sure":
        return candidate
    return replace(candidate, certainty="unsure" if unsure else "chosen")


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
    """Distance and direction from the nearest place that people know by name, else from the middle of the nearest
    subdistrict; None when nothing is near."""
    if not _on_earth(latitude, longitude):
        return None
    if known := places.landmark(latitude, longitude):
        if known.metres < AT_THE_MIDDLE_M:
            return T("at {place}", place=known.name)
        side = _side(latitude, longitude, known.latitude, known.longitude)
        return Text(_FROM_PLACE[side].id, (("distance", Distance(known.metres)), ("place", known.name)))
    found = places.nearest(latitude, longitude)
    if found is None or found[0].metres > SERVED_M:
        return None
    near = found[0]
    area, middle = places.area(near.subdistrict), places.point(near.subdistrict)
    if area is None or middle is None:
        return None
    if near.metres < AT_THE_MIDDLE_M:
        return T("in the middle of {subdistrict}", subdistrict=area.name)
    side = _side(latitude, longitude, *middle)
    return Text(_FROM_MIDDLE[side].id, (("distance", Distance(near.metres)), ("subdistrict", area.name)))


def _side(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> int:
    """Where the position lies, seen from the other one: 0 north, 1 north-east, and so on."""
    north = latitude - other_latitude
    east = (longitude - other_longitude) * cos(radians(other_latitude))
    return round(degrees(atan2(east, north)) / 45) % 8


_FROM_MIDDLE = (
    T("{distance} north of the middle of {subdistrict}"),
    T("{distance} north-east of the middle of {subdistrict}"),
    T("{distance} east of the middle of {subdistrict}"),
    T("{distance} south-east of the middle of {subdistrict}"),
    T("{distance} south of the middle of {subdistrict}"),
    T("{distance} south-west of the middle of {subdistrict}"),
    T("{distance} west of the middle of {subdistrict}"),
    T("{distance} north-west of the middle of {subdistrict}"),
)
_FROM_PLACE = (
    T("{distance} north of {place}"),
    T("{distance} north-east of {place}"),
    T("{distance} east of {place}"),
    T("{distance} south-east of {place}"),
    T("{distance} south of {place}"),
    T("{distance} south-west of {place}"),
    T("{distance} west of {place}"),
    T("{distance} north-west of {place}"),
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


@dataclass(frozen=True, slots=True)
class _Pin:
    """A position on its way to a place."""

    latitude: float
    longitude: float
    places: Places

    def within(self, district: str, subdistrict: str) -> Place:
        """Taken to lie in this subdistrict."""
        centre, certainty = centre_for(district, (self.latitude, self.longitude), self.places)
        return Place(self.latitude, self.longitude, district, subdistrict, "", centre, "pin", certainty)

    def outside(self, district: str) -> Place:
        """Outside the provinces: no subdistrict is its own, so no headman is told, but the facing centre is."""
        found = self.within(district, "")
        area = self.places.area(district)
        if found.certainty != "sure":
            return found
        return replace(found, certainty="facing" if area is not None and area.neighbours else "nearest")

    def far(self) -> Place:
        """Too far from any district to be one's."""
        return Place(self.latitude, self.longitude, centre=PROGRAMME_DESK, method="pin", certainty="far")


def centre_for(district: str, position: tuple[float, float] | None, places: Places) -> tuple[str, Certainty]:
    """The district's own centre if it is served, else the nearest served one from `position`, else the programme desk."""
    if district in places.served():
        return district, "sure"
    nearest = places.nearest_served(*position) if position else None
    if nearest is None or nearest[1] > SERVED_M:
        return PROGRAMME_DESK, "far"
    return nearest[0], "nearest"
