"""What is done to areas before they are stored."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from storage.places.boundaries import cleaning
from tests.places.boundary_files import HALF, areas, around, geojson, prepared, write

METRES = 111_195


def test_repairs(tmp_path: Path) -> None:
    """A bow-tie, a hole outside, points upon each other and height are put right; lines and points beside areas go."""
    west, south, east, north = around("3403").bounds
    bow = shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])
    outside = shapely.Polygon(around("3405").exterior, [around("3405", HALF / 4, east=0.3).exterior.coords])
    mixed = shapely.GeometryCollection(
        [around("5703"), shapely.LineString([(100, 19), (101, 20)]), shapely.Point(0, 0)]
    )
    doubled = shapely.Polygon([at for at in around("5704").exterior.coords for _ in range(3)])
    high = shapely.force_3d(around("5708"), 250.0)
    path = tmp_path / "x.geojson"
    features = list(zip(("3403", "3405", "5703", "5704", "5708"), (bow, outside, mixed, doubled, high), strict=True))
    path.write_bytes(geojson([({"code": code}, shape) for code, shape in features]))
    made = prepared(path)
    clean = areas(made)
    assert made.found.repaired == ("3403", "3405")
    assert all(
        area.is_valid and not area.has_z and area.geom_type in ("Polygon", "MultiPolygon") for area in clean.values()
    )
    assert clean["3403"].area == pytest.approx(around("3403").area / 2)
    for code in ("5703", "5704", "5708"):
        assert clean[code].equals(around(code))


def test_areas_without_ground(tmp_path: Path) -> None:
    """No geometry, a line that was called an area, and a point are left out and reported."""
    flat = shapely.Polygon([(105, 15), (105.1, 15.1), (105, 15)])
    features = [({"code": "3403"}, around("3403")), ({"code": "3405"}, None), ({"code": "5703"}, flat),
                ({"code": "5704"}, shapely.Point(100, 20))]  # fmt: skip
    path = tmp_path / "x.geojson"
    path.write_bytes(geojson(features))
    found = prepared(path).found
    assert (found.taken, found.empty) == (1, ("3405", "5703", "5704"))


def test_a_part_of_another_place(tmp_path: Path) -> None:
    """One row with a wrong code puts no ground 400 km away into its district: that part is left out and reported."""
    path = tmp_path / "x.geojson"
    features = [({"code": "2301"}, around("2301")), ({"code": "2301"}, around("3403")),
                ({"code": "2301"}, around("2301", east=0.1)), ({"code": "3405"}, around("3405"))]  # fmt: skip
    path.write_bytes(geojson(features))
    made = prepared(path)
    assert areas(made)["2301"].equals(around("2301").union(around("2301", east=0.1)))
    assert (made.found.taken, made.found.joined, made.found.overlapping) == (2, {"2301": 2}, ())
    assert 380 < made.found.misplaced["2301"] < 520 and "2301" not in made.found.missing


def test_overlaps(tmp_path: Path) -> None:
    """Neighbours that share ground are reported with square kilometres; those that share a line's breadth are not."""
    path = tmp_path / "x.geojson"
    side = 2 * HALF
    narrow = 0.0001
    features = [({"code": "3403"}, around("340301")), ({"code": "3405"}, around("340301", east=side / 2)),
                ({"code": "3409"}, around("340301", east=-side + narrow))]  # fmt: skip
    path.write_bytes(geojson(features))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cleaning, "MISPLACED_KM", 1_000)
        found = prepared(path).found
    (pair,) = found.overlapping
    assert (pair.one, pair.other) == ("3403", "3405")
    assert pair.km2 == pytest.approx(side * side / 2 * 111.195**2 * np.cos(np.radians(15.3)), rel=0.01)


def wiggly(count: int) -> list[tuple[float, float]]:
    """A line from north to south with so many points, which winds by up to 1 km, and on the way by up to 5 m."""
    down = np.linspace(0, 1, count)
    east = 0.01 * np.sin(9 * down) + 0.00005 * np.sin(900 * down)
    return [(105.5 + x, 15.4 - 0.2 * y) for x, y in zip(east, down, strict=True)]


def test_simplifying() -> None:
    """Nearly all points go; each area stays valid, and within the tolerance of where it was, so that gaps stay narrow."""
    line = wiggly(5_000)
    corner = line[2_222]
    before = np.array(
        [
            shapely.Polygon([*line, (105.3, 15.2), (105.3, 15.4)]),
            shapely.Polygon([*line[:2_223], (105.7, corner[1]), (105.7, 15.4)]),
            shapely.Polygon([*line[2_222:], (105.7, 15.2), (105.7, corner[1])]),
        ]
    )
    thin = cleaning.thinned(before)
    assert max(shapely.hausdorff_distance(before, thin)) * METRES <= cleaning.THIN_M
    after = cleaning.simplified(thin)
    assert cleaning.vertices(before) > 10_000 and cleaning.vertices(after) < 300 and shapely.is_valid(after).all()
    assert max(shapely.hausdorff_distance(before, after)) * METRES <= cleaning.TOLERANCE_M
    slivers = shapely.union_all(before).symmetric_difference(shapely.union_all(after))
    assert slivers.buffer(-cleaning.TOLERANCE_M / METRES).is_empty


def test_an_area_smaller_than_the_tolerance() -> None:
    """An islet is not simplified away, and a needle neither."""
    islet = shapely.box(105, 15, 105.00001, 15.00001)
    needle = shapely.Polygon([(105, 15), (105.1, 15.000001), (105, 15.000002)])
    before = np.array([islet, needle])
    after = cleaning.simplified(cleaning.thinned(before))
    assert shapely.is_valid(after).all() and all(area.area > 0 for area in after)


def test_too_many_points(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are refused before they are unpacked."""
    monkeypatch.setattr(cleaning, "MAX_VERTICES", 4)
    with pytest.raises(ValueError, match=r"^has more than 4 points in the border provinces; simplify it first$"):
        cleaning.read(np.array([shapely.to_wkb(around("3403"))], dtype=object), lambda steps: None)


def test_a_shapefile_of_lines_only(tmp_path: Path) -> None:
    """A layer that cannot hold areas is refused by what it holds."""
    write(tmp_path / "x.gpkg", "GPKG", [({"code": "3403"}, shapely.LineString([(105, 15), (105.1, 15)]))], "EPSG:4326")
    with pytest.raises(ValueError, match=r"^holds no areas \(LineString\); boundaries are polygons$"):
        prepared(tmp_path / "x.gpkg")
