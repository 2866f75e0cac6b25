"""Routing by imported boundaries."""

from __future__ import annotations

import gc
import math
import weakref
from itertools import islice

import pytest
import shapely

from handlers.cases import PROGRAMME_DESK
from handlers.routing import choose, locate
from storage.places.gazetteer import KEPT, Gazetteer
from storage.places.imported import Imported
from storage.places.points import METRES_PER_DEGREE, REACH
from storage.places.score import Row, score
from storage.places.shapes import MARGIN_M, NARROW
from tests.places.bounds import bounded, indexed, made_up, made_up_districts, true
from tests.places.positions import scattered
from tests.shared import SHARED, needs_shared

KHONG_CHIAM = (15.3179, 105.4932)
BORDER = Gazetteer.load("border")
INSIDE = [at for at in islice(scattered(), 6000) if (found := BORDER.nearest(*at)) and found[0].metres < 8000]


@pytest.fixture(scope="module", params=["district", "subdistrict", "both"])
def places(request: pytest.FixtureRequest) -> Gazetteer:
    """Served border districts with boundaries of districts, of subdistricts, or of both."""
    imported = bounded(districts=request.param != "subdistrict", subdistricts=request.param != "district")
    return BORDER.with_imported(imported)


def test_the_area_around_a_position_is_what_a_plain_search_finds(places: Gazetteer) -> None:
    """Hundreds of positions: the same district and subdistrict as by asking each boundary; where there are boundaries of
    districts only, the subdistrict with the nearest point."""
    areas = made_up()
    for latitude, longitude in INSIDE[:300]:
        (place, *_) = locate(latitude, longitude, places).places
        point = shapely.Point(longitude, latitude)
        (truth,) = (code for code, area in areas.items() if area.intersects(point))
        assert place.district == truth[:4]
        assert place.subdistrict == truth or places.imported.subdistricts is None
        if places.imported.subdistricts is None:
            there, near = (places.point(code) for code in (truth, place.subdistrict))
            assert there and near and _far(near, point) <= _far(there, point)


def test_the_nearest_area_is_what_a_plain_search_finds() -> None:
    """Hundreds of positions outside of all: the same area and distance as by asking each boundary."""
    shapes, codes = bounded().districts, list(made_up_districts())
    assert shapes
    areas = [shapely.transform(area, lambda at: at * (NARROW, 1.0)) for area in made_up_districts().values()]
    outside = [at for at in islice(scattered(), 800) if shapes.at(*at) is None]
    assert len(outside) > 200
    for latitude, longitude in outside:
        far = shapely.distance(areas, shapely.Point(longitude * NARROW, latitude))
        found = shapes.nearest(latitude, longitude)
        assert (found is None) == (far.min() > REACH)
        if found:
            assert found[1] == pytest.approx(far.min() * METRES_PER_DEGREE)
            assert far[codes.index(found[0])] == pytest.approx(far.min())


def test_doubt_is_only_beside_a_boundary_between_two_centres(places: Gazetteer) -> None:
    """100 m from it both are offered, the one around the position first; 400 m from it there is no question."""
    here, there = made_up_districts()["3421"], made_up_districts()["3430"]
    edge = shapely.intersection(here.boundary, there.boundary)
    middle = shapely.line_interpolate_point(max(shapely.get_parts(shapely.line_merge(edge)), key=shapely.length), 0.03)
    close = _inside_by(100, middle, here)
    located = locate(*close, places)
    assert [(p.district, p.centre, p.certainty) for p in located.places] == [
        ("3421", "3421", "sure"), ("3430", "3430", "sure"),
    ]  # fmt: skip
    assert {p.subdistrict[:4] for p in located.places} == {"3421", "3430"}
    assert choose(located.places[1]).certainty == "chosen"
    far = locate(*_inside_by(400, middle, here), places)
    assert [(p.district, p.certainty) for p in far.places] == [("3421", "sure")]
    same = locate(*close, places.with_served({"3421"}))
    assert [(p.centre, p.certainty) for p in same.places] == [("3421", "sure")]


def test_outside_of_all_the_nearest_border_district_faces_the_position(places: Gazetteer) -> None:
    """No subdistrict, so that no headman is told; a position within the margin still counts as inside."""
    area = made_up_districts()["3403"]
    east = max(area.exterior.coords if area.geom_type == "Polygon" else area.geoms[0].exterior.coords)
    beside = locate(east[1], east[0] + 100 / 107_000, places)
    assert [(p.district, p.certainty, bool(p.subdistrict)) for p in beside.places] == [("3403", "sure", True)]
    across = locate(east[1], east[0] + 0.05, places)
    assert [(p.district, p.certainty, p.subdistrict) for p in across.places] == [("3403", "facing", "")]
    far = locate(east[1], east[0] + 0.6, places)
    assert [(p.centre, p.certainty) for p in far.places] == [(PROGRAMME_DESK, "far")]


def test_an_unserved_district_goes_to_the_nearest_served_one(places: Gazetteer) -> None:
    """The boundary says which district it is; the centre is the neighbour's."""
    (place,) = locate(*KHONG_CHIAM, places.with_served({"3425"})).places
    assert (place.district, place.subdistrict, place.centre, place.certainty) == ("3403", "340301", "3425", "nearest")


def test_where_a_district_was_not_imported_the_points_count() -> None:
    """A file without Khong Chiam must not give its people to Sirindhorn."""
    areas = {code: area for code, area in made_up_districts().items() if code != "3403"}
    places = BORDER.with_imported(Imported(districts=indexed(areas)))
    assert locate(*KHONG_CHIAM, places) == locate(*KHONG_CHIAM, BORDER)
    nam_yuen = BORDER.point("340901")
    assert nam_yuen and places.bounded(*nam_yuen) is not None


def test_ground_that_two_areas_share_is_in_doubt() -> None:
    """A strip that both neighbours have, an area twice under two codes, and one that lies in another without its hole:
    whoever is there is asked which of the two it is, however far from a boundary; elsewhere nobody is."""
    here, near = shapely.box(105.40, 15.20, 105.60, 15.40), shapely.box(105.55, 15.20, 105.80, 15.40)
    inside = shapely.box(105.48, 15.28, 105.52, 15.32)
    for other, shared, alone in (
        (near, (15.30, 105.575), (15.30, 105.45)),
        (here, (15.30, 105.50), None),
        (inside, (15.30, 105.50), (15.30, 105.45)),
    ):
        places = BORDER.with_imported(Imported(districts=indexed({"3403": here, "3409": other})))
        assert {place.district for place in locate(*shared, places).places} == {"3403", "3409"}
        if alone:
            (place,) = locate(*alone, places).places
            assert (place.district, place.certainty) == ("3403", "sure")


def test_a_miss_is_told_with_the_distance_to_the_right_district() -> None:
    """By its boundary where that was imported and is near; not known otherwise."""
    box = shapely.box(105.40, 15.20, 105.60, 15.40)
    places = BORDER.with_imported(Imported(districts=indexed({"3403": box})))
    below = 15.20 - 1500 / METRES_PER_DEGREE
    rows = [Row(2, "3403", below, 105.5), Row(3, "3403", 20.0, 100.0), Row(4, "3409", 15.3, 105.5)]
    beside, far, unknown = score(rows, places.with_served({"3425"}), places.metres_to).misses[-3:]
    assert beside.boundary_km == pytest.approx(1.5)
    assert far.boundary_km is None and unknown.boundary_km is None and far.km > 500
    assert places.metres_to("3403", 15.3, 105.5) == 0 and BORDER.metres_to("3403", 15.3, 105.5) is None


def test_imports_of_the_past_leave_the_memory() -> None:
    """However often boundaries are imported, those of the last two at most are kept, the present ones among them."""
    areas = {"3403": made_up_districts()["3403"]}
    made = [indexed(areas) for _ in range(KEPT + 1)]
    kept = [weakref.ref(shapes) for shapes in made]
    places = BORDER
    while made:
        places = BORDER.with_imported(Imported(districts=made.pop()))
        places.prepare()
    gc.collect()
    assert sum(ref() is not None for ref in kept) <= KEPT
    assert places.imported.districts is not None


def test_a_subdistrict_file_may_lack_some() -> None:
    """Then the nearest point tells the subdistrict, and the district's boundary the district; without that, all goes by
    the points there: nobody is taken to be across the border because a file has a hole."""
    some = {code: area for code, area in made_up().items() if code != "340301"}
    both = BORDER.with_imported(Imported(districts=bounded().districts, subdistricts=indexed(some)))
    (place,) = locate(*KHONG_CHIAM, both).places
    assert (place.district, place.subdistrict) == ("3403", "340301")
    alone = BORDER.with_imported(Imported(subdistricts=indexed(some)))
    assert locate(*KHONG_CHIAM, alone) == locate(*KHONG_CHIAM, BORDER)


def test_positions_anywhere_give_a_centre_or_the_desk(places: Gazetteer) -> None:
    """2,000 positions in the provinces and around; no exception."""
    served = BORDER.served() | {PROGRAMME_DESK}
    for latitude, longitude in islice(scattered(), 2000):
        located = locate(latitude, longitude, places)
        assert located.places and {p.centre for p in located.places} <= served
    for latitude, longitude in ((math.nan, 105.0), (0.0, 0.0), (91.0, 15.0)):
        assert locate(latitude, longitude, places).problem == "nowhere"


def test_a_boundary_can_be_drawn() -> None:
    """As latitude and longitude, around the district's own points; nothing without an import."""
    rings = BORDER.with_imported(bounded()).outline("3403")
    assert all(ring[0] == ring[-1] for ring in rings)
    drawn = shapely.union_all([shapely.Polygon([(lon, lat) for lat, lon in ring]) for ring in rings])
    assert drawn.symmetric_difference(made_up_districts()["3403"]).area < 1e-9
    assert BORDER.outline("3403") == BORDER.with_imported(bounded()).outline("9999") == []


@needs_shared
def test_with_the_true_boundaries_few_are_asked() -> None:
    """3,000 positions inside the 18 provinces: never wrong but for what simplified boundaries leave open."""
    assert SHARED is not None
    areas = true(SHARED / "data" / "border_provinces_all_districts.geojson")
    places = Gazetteer.load("provinces").with_imported(Imported(districts=indexed(areas)))
    tree, codes = shapely.STRtree(list(areas.values())), list(areas)
    asked = wrong = count = 0
    for latitude, longitude in islice(scattered(), 6000):
        if len(inside := tree.query(shapely.Point(longitude, latitude), predicate="intersects")):
            located = locate(latitude, longitude, places)
            count += 1
            asked += located.doubt
            wrong += codes[inside[0]] not in {p.district for p in located.places}
    print(f"\n{count} positions, margin {MARGIN_M} m: asked {asked}, wrong {wrong}")
    assert wrong == 0
    assert asked < 0.05 * count


def _far(position: tuple[float, float], point: shapely.Point) -> float:
    return math.hypot(position[0] - point.y, (position[1] - point.x) * math.cos(math.radians(point.y)))


def _inside_by(metres: float, at: shapely.Point, area: shapely.Geometry) -> tuple[float, float]:
    """A position so far from `at`, towards the inside of the area."""
    for turn in range(360):
        north, east = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        moved = shapely.Point(at.x + east * metres / 107_000, at.y + north * metres / 111_195)
        if area.contains(moved) and area.boundary.distance(moved) > 0.9 * metres / 111_195:
            return moved.y, moved.x
    raise AssertionError("no such position")
