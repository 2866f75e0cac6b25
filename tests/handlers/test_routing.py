"""From a position or a choice to a centre."""

from __future__ import annotations

import math
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cases import PROGRAMME_DESK
from handlers.messages import Distance, Name, Text
from handlers.picking import across, by_codes
from handlers.routing import beside, choose, desks, locate, neighbours, rounded
from handlers.session import Place
from storage.places.gazetteer import Gazetteer
from tests.places.positions import scattered

BORDER = Gazetteer.load("border")
KHONG_CHIAM = (15.3179, 105.4932)


def test_a_pin_in_a_served_district_is_sure() -> None:
    """One place, with district, subdistrict, position and its own centre."""
    located = locate(*KHONG_CHIAM, BORDER)
    (place,) = located.places
    assert located.sure and not located.doubt and not located.problem
    assert (place.district, place.subdistrict, place.centre) == ("3403", "340301", "3403")
    assert (place.certainty, place.method) == ("sure", "pin")
    assert (place.latitude, place.longitude) == KHONG_CHIAM


def test_a_pin_between_two_districts_asks_which() -> None:
    """Both candidates are named, the nearest first; the one that the person picks is marked as chosen."""
    latitude, longitude = _between("3430", "3421")
    located = locate(latitude, longitude, BORDER)
    assert located.doubt and not located.sure
    assert {p.district for p in located.places} == {"3430", "3421"}
    chosen = choose(located.places[1])
    assert (chosen.certainty, chosen.centre) == ("chosen", chosen.district)


def test_doubt_that_changes_no_centre_is_not_asked_about() -> None:
    """Where both districts lead to the same centre, the person is spared the question."""
    latitude, longitude = _between("3430", "3421")
    located = locate(latitude, longitude, BORDER.with_served({"3430"}))
    assert [p.centre for p in located.places] == ["3430"]


def test_an_unserved_district_goes_to_the_nearest_served_one() -> None:
    """The district stays what it is; the centre is the neighbour's."""
    (place,) = locate(*KHONG_CHIAM, BORDER.with_served({"3425"})).places
    assert (place.district, place.centre, place.certainty) == ("3403", "3425", "nearest")


def test_an_unserved_district_far_from_any_centre_goes_to_the_programme_desk() -> None:
    """Khong Chiam is some 500 km from Chiang Rai's centres."""
    (place,) = locate(*KHONG_CHIAM, BORDER.with_served({"5713"})).places
    assert (place.district, place.centre, place.certainty) == ("3403", PROGRAMME_DESK, "far")


@pytest.mark.parametrize(
    ("name", "latitude", "longitude", "district"),
    [("Laos, east of Khong Chiam", 15.30, 105.75, "3403"), ("Cambodia, south of Nam Yuen", 14.15, 105.05, "3409")],
)
def test_a_pin_well_across_the_border_goes_to_the_facing_district(
    name: str, latitude: float, longitude: float, district: str
) -> None:
    """No question and no subdistrict: no Thai headman is told of a place that is not his."""
    (place,) = locate(latitude, longitude, BORDER).places
    assert (place.centre, place.certainty, place.subdistrict) == (district, "facing", ""), name


def test_a_pin_outside_beside_an_inner_district_is_not_called_facing() -> None:
    """West of Phitsanulok lies more of Thailand."""
    (place,) = locate(16.75, 99.75, Gazetteer.load("provinces")).places
    assert (place.district[:2], place.certainty, place.subdistrict) == ("65", "nearest", "")


@pytest.mark.parametrize(("latitude", "longitude"), [(13.7563, 100.5018), (17.97, 102.0), (48.85, 2.35), (-89.9, 179)])
def test_every_pin_on_earth_is_taken(latitude: float, longitude: float) -> None:
    """Bangkok, Paris or the pole: a report from there reaches a desk."""
    (place,) = locate(latitude, longitude, BORDER).places[:1]
    assert place.centre


def test_a_far_pin_goes_to_the_programme_desk() -> None:
    """It is taken, and marked so that the reporter can be told."""
    (place,) = locate(13.7563, 100.5018, BORDER).places
    assert (place.centre, place.certainty, place.district) == (PROGRAMME_DESK, "far", "")


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(math.nan, 105), (15, math.nan), (math.inf, 105), (15, -math.inf), (0, 0), (0.0004, -0.0004), (91, 15), (15, 181)],
)
def test_no_position_is_a_problem_to_explain(latitude: float, longitude: float) -> None:
    """Not a number, off the globe, or the 0/0 of a phone without a fix: no place, and no exception."""
    located = locate(latitude, longitude, BORDER)
    assert (located.places, located.problem, located.corrected) == ((), "nowhere", None)


def test_swapped_coordinates_are_recognised() -> None:
    """105.49 north, 15.3 east cannot be; the other way round it is Khong Chiam."""
    located = locate(KHONG_CHIAM[1], KHONG_CHIAM[0], BORDER)
    assert (located.places, located.problem, located.corrected) == ((), "swapped", KHONG_CHIAM)


def test_ten_thousand_positions_each_have_a_centre() -> None:
    """Scattered over the 18 provinces and 30 km around: all lead to a served centre or a desk, none to nowhere."""
    served = BORDER.served() | {PROGRAMME_DESK}
    near = ((a, o) for a, o in scattered() if (found := BORDER.nearest(a, o)) and found[0].metres < 40_000)
    tally: dict[str, int] = {}
    for latitude, longitude in islice(near, 10_000):
        located = locate(latitude, longitude, BORDER)
        assert located.sure or located.doubt
        assert {p.centre for p in located.places} <= served
        word = "asked" if located.doubt else located.places[0].certainty
        tally[word] = tally.get(word, 0) + 1
    print(f"\n10,000 positions, border districts served: {tally}")
    assert sum(tally.values()) == 10_000


@given(st.floats(), st.floats())
def test_any_two_numbers_give_a_place_or_a_problem(latitude: float, longitude: float) -> None:
    """Whatever a platform delivers, there is exactly one of: one place, two places, a problem."""
    located = locate(latitude, longitude, BORDER)
    assert [located.sure, located.doubt, bool(located.problem)].count(True) == 1


def test_codes_from_the_lists() -> None:
    """A subdistrict or district from the lists has its centre at once and no position."""
    place = by_codes("340302", "04", BORDER)
    assert place is not None
    assert (place.district, place.subdistrict, place.village, place.centre) == ("3403", "340302", "04", "3403")
    assert (place.method, place.certainty, place.latitude) == ("list", "sure", None)
    district = by_codes("3403", "", BORDER, "link")
    assert district is not None
    assert (district.subdistrict, district.centre, district.method) == ("", "3403", "link")


def test_codes_of_an_unserved_district() -> None:
    """They lead to the nearest served centre, seen from that district."""
    place = by_codes("3403", "", BORDER.with_served({"3425"}))
    assert place is not None
    assert (place.centre, place.certainty) == ("3425", "nearest")


@pytest.mark.parametrize("code", ["", "34", "9999", "999999", "34030", "3403011", "ab", "๓๔๐๓"])
def test_unknown_codes_are_no_place(code: str) -> None:
    """An old or invented button leads nowhere, and quietly."""
    assert by_codes(code, "", BORDER) is None


@pytest.mark.parametrize(("centre", "chain"), [("3403", ("3403", "34", "00")), ("34", ("34", "00")), ("00", ("00",))])
def test_fall_back_ends_at_the_programme_desk(centre: str, chain: tuple[str, ...]) -> None:
    """A centre without a group, then its province, then the programme desk; each once."""
    assert desks(centre) == chain


@pytest.mark.parametrize("place", [Place(*KHONG_CHIAM), Place(subdistrict="340301"), Place(district="3403"), Place()])
def test_hand_over_offers_the_nearest_centres_first(place: Place) -> None:
    """All other served districts, seen from the pin, the subdistrict, the district, or at least the present centre."""
    others = neighbours(place, "3403", BORDER)
    assert set(others) == BORDER.served() - {"3403"}
    assert set(others[:2]) == {"3402", "3425"}  # Si Mueang Mai, Sirindhorn


def test_hand_over_from_an_unknown_place_offers_all() -> None:
    """A case at the programme desk without any place can still be handed to every centre, in order of codes."""
    assert neighbours(Place(), "00", BORDER) == sorted(BORDER.served())


def test_rounded_hides_the_house_but_not_the_village() -> None:
    """About 1 km: the point moves less than 800 m and is the same for all positions of its square."""
    assert rounded(15.31794, 105.49321) == (15.32, 105.49) == rounded(15.3211, 105.4931)


DIRECTIONS = pytest.mark.parametrize(
    ("north", "east", "words"),
    [
        *((1, 0, "north of"), (1, 1, "north-east"), (0, 1, "east of"), (-1, 1, "south-east")),
        *((-1, 0, "south of"), (-1, -1, "south-west"), (0, -1, "west of"), (1, -1, "north-west")),
    ],
)


@DIRECTIONS
def test_direction_from_the_nearest_known_place(north: int, east: int, words: str) -> None:
    """Eight directions, with the distance and the place's name: officers know their district's office."""
    office = BORDER.point("3403")
    assert office is not None
    text = beside(office[0] + north * 0.01, office[1] + east * 0.01, BORDER)
    assert text is not None and words in text.id.removeprefix("{distance} ").split(" {")[0]
    values = dict(text.values)
    distance, name = values["distance"], values["place"]
    assert isinstance(distance, Distance) and isinstance(name, Name)
    assert (1000 < distance.metres < 1600, name.en, name.th) == (
        True, "Khong Chiam district office", "ที่ว่าการอำเภอโขงเจียม",
    )  # fmt: skip
    at = beside(*office, BORDER)
    assert at == Text("at {place}", (("place", name),))


@DIRECTIONS
def test_direction_from_the_middle_of_a_subdistrict(north: int, east: int, words: str) -> None:
    """Where nothing better known is within 10 km, as in the provincial capital."""
    middle = BORDER.point("340101")
    assert middle is not None
    text = beside(middle[0] + north * 0.006, middle[1] + east * 0.006, BORDER)
    assert text is not None and words in text.id.removeprefix("{distance} ").split(" the ")[0]
    values = dict(text.values)
    distance, name = values["distance"], values["subdistrict"]
    assert isinstance(distance, Distance) and isinstance(name, Name)
    assert (600 < distance.metres < 1000, name.en) == (True, "Nai Mueang")


def test_direction_needs_a_place_nearby_and_some_distance() -> None:
    """At the middle itself there is no direction, and far away no neighbour."""
    middle = BORDER.point("340101")
    name = BORDER.area("340101")
    assert middle is not None and name is not None
    assert beside(*middle, BORDER) == Text("in the middle of {subdistrict}", (("subdistrict", name.name),))
    assert beside(13.7563, 100.5018, BORDER) is None
    assert beside(math.nan, 0, BORDER) is None


@pytest.mark.parametrize(
    ("code", "centres"),
    [
        ("KH0110", ["2706", "2708"]),  # Paoy Paet: Aranyaprathet, and Khok Sung beside it
        ("LA1602", ["3403"]),
    ],
)
def test_a_place_across_the_border_leads_to_the_centres_that_face_it(code: str, centres: list[str]) -> None:
    """The likeliest first; the place itself is kept with the case."""
    places = across(code, "", BORDER, "name")
    assert [(p.centre, p.district) for p in places] == [(c, c) for c in centres]
    assert {(p.abroad, p.certainty, p.method, p.subdistrict) for p in places} == {(code, "facing", "name", "")}


def test_a_place_across_from_an_unserved_district_goes_next_door_or_to_the_desk() -> None:
    """Never nowhere; and a code that nobody knows is no place."""
    ((only,), (near,), (far,)) = (
        across("KH0110", "Village", BORDER.with_served({code})) for code in ("2706", "2707", "5713")
    )
    assert (only.centre, only.certainty, only.village) == ("2706", "facing", "Village")
    assert (near.centre, near.certainty, near.district) == ("2707", "nearest", "2706")
    assert (far.centre, far.certainty, far.district, far.abroad) == (PROGRAMME_DESK, "far", "", "KH0110")
    assert across("KH9999", "", BORDER) == across("", "", BORDER) == ()


def _between(one: str, other: str) -> tuple[float, float]:
    """The midpoint of the closest pair of subdistrict points of two neighbouring districts."""
    pairs = [
        (math.dist(a, b), ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2))
        for s in BORDER.subdistricts(one)
        for t in BORDER.subdistricts(other)
        if (a := BORDER.point(s.code)) and (b := BORDER.point(t.code))
    ]
    return min(pairs)[1]
