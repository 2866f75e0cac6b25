"""How often the point table is right, measured where the truth is known.

For the district offices see tests/bot/test_cli_places.py.
"""

from __future__ import annotations

from itertools import islice

import pytest

from handlers.routing import OUTSIDE_M, locate
from storage.places.gazetteer import Gazetteer
from tests.places.positions import Shapes, scattered
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared


@pytest.fixture(scope="module")
def everywhere() -> Gazetteer:
    """All districts of the 18 provinces are served, so that a routing names the district and not a neighbour."""
    return Gazetteer.load("provinces")


@pytest.fixture(scope="module")
def inside() -> list[tuple[float, float, str]]:
    """2,000 positions scattered over the 18 provinces, with their district."""
    assert SHARED is not None
    shapes = Shapes(SHARED / "data" / "border_provinces_all_districts.geojson")
    known = ((*at, code) for at in scattered() if (code := shapes.district(*at)))
    return list(islice(known, 2000))


def test_positions_anywhere_inside(everywhere: Gazetteer, inside: list[tuple[float, float, str]]) -> None:
    """Also far from any office: 97 % of what is not asked is right, and 95 % of the questions hold the answer."""
    found = [(code, locate(latitude, longitude, everywhere)) for latitude, longitude, code in inside]
    sure = [(code, located.places[0]) for code, located in found if located.sure]
    asked = [(code, located.places) for code, located in found if located.doubt]
    right = sum(place.district == code for code, place in sure)
    offered = sum(code in {p.district for p in both} for code, both in asked)
    print(f"\n2,000 positions: sure {len(sure)}, right {right}; asked {len(asked)}, answer among the two {offered}")
    assert right >= 0.97 * len(sure)
    assert offered >= 0.95 * len(asked)


def test_who_is_inside_is_seldom_taken_for_outside(
    everywhere: Gazetteer, inside: list[tuple[float, float, str]]
) -> None:
    """The limit beyond which a pin counts as across the border leaves out less than 1 % of the provinces' area."""
    places = [p for latitude, longitude, _ in inside for p in locate(latitude, longitude, everywhere).places]
    facing = sum(p.certainty == "facing" for p in places)
    print(f"\n2,000 positions inside: {facing} taken for facing (no point within {OUTSIDE_M / 1000:.0f} km)")
    assert facing < 20
