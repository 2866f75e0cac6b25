"""Boundaries out of a file: formats, fields, layers, projections, codes."""

from __future__ import annotations

import csv
import zipfile
from math import cos, hypot, radians, sin, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from storage.places.boundaries.findings import lines, notes
from storage.places.boundaries.refusals import BadFile
from tests.places.boundary_files import (
    HALF,
    KNOWN,
    archive,
    areas,
    around,
    geojson,
    geopackage,
    prepared,
    rows,
    shapefile,
)
from tests.shared import SHARED, needs_shared

METRES = 111_195


def put(folder: Path, content: bytes, name: str = "x.geojson") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("format", ["GeoJSON", "Shapefile", "GeoPackage"])
def test_each_format(tmp_path: Path, format: str) -> None:
    """The same areas come out of each, whatever the file is called."""
    wanted = rows("3403", "3405", "5703")
    path = tmp_path / "boundaries [of] ต้นฉบับ.data"
    if format == "GeoJSON":
        path.write_bytes(b"\xef\xbb\xbf\n" + geojson(wanted))
    elif format == "Shapefile":
        shapefile(tmp_path / "a.zip", {"adm2": wanted}, inside="folder/").rename(path)
    else:
        geopackage(tmp_path / "a.gpkg", {"adm2": wanted}).rename(path)
    made = prepared(path)
    assert (made.found.format, made.found.field, made.found.taken, made.found.features) == (format, "code", 3, 3)
    assert {code: area.equals(around(code)) for code, area in areas(made).items()} == dict.fromkeys(
        ("3403", "3405", "5703"), True
    )


def test_subdistricts(tmp_path: Path) -> None:
    """Six digits are subdistricts."""
    made = prepared(put(tmp_path, geojson(rows("340301", "340302"))), "subdistrict")
    assert [shape.code for shape in made.shapes] == ["340301", "340302"]
    assert len(made.found.missing) == 1808
    with pytest.raises(BadFile, match=r"^holds codes of subdistricts, not of districts; import it with --level sub"):
        prepared(tmp_path / "x.geojson")


@pytest.mark.parametrize("value", ["3403", "TH3403", "th-3403", 3403, 3403.0, "3403.0", "34030000", " ๓๔๐๓ "])
def test_ways_to_write_a_code(tmp_path: Path, value: Any) -> None:
    """Text, number, with the country, with zeros for the levels below, in Thai digits."""
    path = put(tmp_path, geojson([({"x": value}, around("3403"))]))
    assert [shape.code for shape in prepared(path).shapes] == ["3403"]


def test_the_field_is_found(tmp_path: Path) -> None:
    """Among numbers that look like codes, copies, codes of other levels and nothing, the one with the most codes is it."""
    features = [
        ({"id": n, "year": 2011, "copy": "", "ADM2": f"TH{code}", "ADM2_OLD": f"TH{code}", "ADM1": code[:2],
          "ADM3": f"{code}01", "empty": None}, around(code))
        for n, code in enumerate(("3403", "3405", "5703", "5704", "5708", "4203"))
    ]  # fmt: skip
    features[0][0]["ADM2_OLD"] = ""
    path = put(tmp_path, geojson([({**fields, "id": 10001 + n}, g) for n, (fields, g) in enumerate(features)]))
    assert prepared(path, code="ADM2").found.taken == 6
    with pytest.raises(
        BadFile, match=r"^several fields may hold the codes; name one with --code-field: ADM2, ADM2_OLD$"
    ):
        prepared(path)
    for fields, _ in features:
        del fields["ADM2_OLD"]
        fields["SAME"] = fields["ADM2"]
    assert prepared(put(tmp_path, geojson(features))).found.field == "ADM2"


def test_a_field_that_is_not_there(tmp_path: Path) -> None:
    """What there is to choose from is said, in one line and not without end."""
    path = put(tmp_path, geojson([({"name\x1b[2J": "Khong Chiam", "n": 1}, around("3403"))]))
    with pytest.raises(BadFile, match=r"^no field holds district codes, such as 3403; name one .*: name\?\[2J, n$"):
        prepared(path)
    with pytest.raises(BadFile, match=r"^has no field code; its fields: name\?\[2J, n$"):
        prepared(path, code="code")
    with pytest.raises(BadFile, match=r"^the field n holds no district code, such as 3403$"):
        prepared(path, code="N")
    many = put(tmp_path, geojson([({f"field{n}": "x" * 300 for n in range(100)}, around("3403"))]))
    with pytest.raises(BadFile) as refused:
        prepared(many)
    assert len(str(refused.value)) < 500 and "and 70 more" in str(refused.value)


@pytest.mark.parametrize("format", ["Shapefile", "GeoPackage"])
def test_the_layer_is_found(tmp_path: Path, format: str) -> None:
    """Of districts and subdistricts in one file the layer of the level is taken, though both hold district codes."""
    districts = [({"ADM2": code}, around(code)) for code in ("3403", "3405")]
    subdistricts = [({"ADM2": c[:4], "ADM3": c}, around(c)) for c in ("340301", "340302", "340501", "340503")]
    points = [({"ADM2": "3403"}, shapely.Point(105, 15))]
    layers = {"adm2": districts, "adm3": subdistricts}
    if format == "Shapefile":
        path = shapefile(tmp_path / "x.zip", layers, inside="data/")
    else:
        path = geopackage(tmp_path / "x.gpkg", {**layers, "capitals": points})
    assert prepared(path).found.layer == "adm2"
    assert prepared(path, "subdistrict").found.layer == "adm3"
    assert prepared(path, layer="ADM3").found.joined == {"3403": 2, "3405": 2}
    with pytest.raises(BadFile, match=r"^no layer has a field nix with district codes, such as 3403$"):
        prepared(path, code="nix")
    with pytest.raises(BadFile, match=r"^has no layer adm9; its layers: (data/)?adm2, (data/)?adm3"):
        prepared(path, layer="adm9")


def test_shapefiles_of_other_computers(tmp_path: Path) -> None:
    """Thai texts that are not in the encoding that they claim, names in capitals or in an old Windows' letters: codes are
    read all the same."""
    features = [({"code": code, "name": "โขงเจียม"}, around(code)) for code in ("3403", "3405")]
    with zipfile.ZipFile(shapefile(tmp_path / "x.zip", {"x": features})) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    assert parts["x.cpg"] == b"UTF-8"
    thai = "โขงเจียม"
    parts["x.dbf"] = parts["x.dbf"].replace(thai.encode(), thai.encode("cp874").ljust(len(thai.encode())))
    shouted = {name.upper(): content for name, content in parts.items()}
    named = {name.replace("x.", "QQQQQ.", 1): content for name, content in parts.items()}
    old = archive(named).replace(b"QQQQQ", "เขต1ก".encode("cp874"))
    for number, content in enumerate((archive(parts), archive(shouted), old)):
        assert prepared(put(tmp_path, content, f"{number}.zip")).found.taken == 2


def test_several_layers_that_fit(tmp_path: Path) -> None:
    """They are listed, and the option that names one."""
    path = geopackage(tmp_path / "x.gpkg", {"old": rows("3403"), "new": rows("3403", "3405")})
    with pytest.raises(BadFile, match=r"^has several layers; name one with --layer: old, new$"):
        prepared(path)
    assert prepared(path, layer="new").found.taken == 2


def test_universal_transverse_mercator(tmp_path: Path) -> None:
    """Metres of zone 48 become degrees: its middle meridian is 105, and north of the equator is the length of the arc."""
    a, e2, lat = 6_378_137.0, 0.00669437999014, np.radians(np.linspace(0, 15.3, 20_001))
    arc = 0.9996 * float(np.trapezoid(a * (1 - e2) / (1 - e2 * np.sin(lat) ** 2) ** 1.5, lat))
    at = shapely.box(500_000, arc, 560_000, arc + 50_000)
    made = prepared(shapefile(tmp_path / "x.zip", {"x": [({"code": "3403"}, at)]}, crs="EPSG:32648"))
    assert made.found.projection == "UTM zone 48 (EPSG:32648), converted"
    corners = shapely.get_coordinates(areas(made)["3403"])
    assert min(hypot(x - 105, y - 15.3) for x, y in corners) * METRES < 1


@pytest.mark.parametrize(
    ("crs", "format"), [("EPSG:4240", "Shapefile"), ("EPSG:24048", "GeoPackage"), ("EPSG:24048", "GeoJSON")]
)
def test_the_old_datum(tmp_path: Path, crs: str, format: str) -> None:
    """Indian 1975 is shifted as EPSG:1304 says, for Ubon Ratchathani by 414 m to the west, not as PROJ would by itself."""
    lon, lat = radians(105), radians(15.3)
    radius = 6_377_276.345 / sqrt(1 - 0.006637847 * sin(lat) ** 2)
    expected = (-210 * sin(lon) + 814 * cos(lon)) / radius / cos(lat)
    assert -420 < expected * radius * cos(lat) < -410
    at = (
        shapely.box(105.0, 15.3, 105.5, 15.7)
        if crs == "EPSG:4240"
        else shapely.box(500_000, 1_691_200, 550_000, 1_731_200)
    )
    if format == "Shapefile":
        path = shapefile(tmp_path / "x.zip", {"x": [({"code": "3403"}, at)]}, crs=crs)
    elif format == "GeoPackage":
        path = geopackage(tmp_path / "x.gpkg", {"x <&\"'>": [({"code": "3403"}, at)]}, crs=crs)
    else:
        named = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:{crs.replace(':', '::')}"}}
        path = put(tmp_path, b"\xef\xbb\xbf" + geojson([({"code": "3403"}, at)], crs=named, name="a <layer>"))
    west = areas(prepared(path))["3403"].bounds[0]
    assert abs(radians(west - 105) - expected) * radius < 1


def test_another_projection(tmp_path: Path) -> None:
    """One that is not converted is refused with the line that converts it."""
    path = shapefile(tmp_path / "my map.zip", {"x": rows("3403")}, crs="EPSG:3857")
    with pytest.raises(BadFile) as refused:
        prepared(path)
    assert str(refused.value) == (
        "its projection is not WGS 84 but EPSG:3857; convert it: ogr2ogr -t_srs EPSG:4326 degrees.gpkg 'my map.zip'"
    )


def test_no_projection(tmp_path: Path) -> None:
    """Degrees are taken for what they are; metres are refused, because nobody can tell the zone."""
    assert prepared(shapefile(tmp_path / "a.zip", {"x": rows("3403")}, crs=None)).found.taken == 1
    metres = [({"code": "3403"}, shapely.box(500_000, 1_691_200, 520_000, 1_700_000))]
    with pytest.raises(BadFile, match=r"ogr2ogr -s_srs EPSG:32648 -t_srs EPSG:4326 degrees\.gpkg b\.zip$"):
        prepared(shapefile(tmp_path / "b.zip", {"x": metres}, crs=None))


def test_swapped_axes(tmp_path: Path) -> None:
    """Latitude first is turned, and said so."""
    turned = [(f, shapely.transform(g, lambda at: at[:, ::-1])) for f, g in rows("3403", "5703")]
    made = prepared(put(tmp_path, geojson(turned)))
    assert made.found.swapped and areas(made)["3403"].equals(around("3403"))
    assert any("latitude and longitude swapped" in note for note in notes(made.found, KNOWN))


def test_codes_of_all_kinds(tmp_path: Path) -> None:
    """Taken, taken under today's code, or left out, each as reported."""
    values = ["3801", "4303", "4304", "3406", "1001", "9999", "KH0102", "\x1b[2J" + "x" * 90, None, "", "3403", "3403"]
    at = {"4303": "3801", "4304": "3802"}
    features = [
        ({"code": value}, around(at.get(str(value), str(value) if str(value) in ("3801", "3403") else "5703"),
                                 east=0.005 * n))
        for n, value in enumerate(values)
    ]  # fmt: skip
    found = (made := prepared(put(tmp_path, geojson(features)), code="code")).found
    assert [shape.code for shape in made.shapes] == ["3403", "3801", "3802"]
    assert (found.features, found.taken, found.elsewhere, found.without_code) == (12, 3, 1, 2)
    assert found.renamed == {"4303": "3801", "4304": "3802"}
    assert found.ended == {"3406": ()}
    assert found.unknown == ("9999", "KH0102", "?[2J" + "x" * 36 + "…")
    assert found.joined == {"3403": 2, "3801": 2}
    union = shapely.union(around("3403", east=0.05), around("3403", east=0.055))
    assert areas(made)["3403"].equals(union)
    told = {line.what: (line.count, line.which) for line in lines(found, KNOWN)}
    assert told["unknown codes, left out"][0] == 5
    assert told["abolished, taken under today's code"][1].startswith("4303 as 3801 Mueang Bueng Kan, 4304 as 3802")
    assert told["abolished, left out"] == (1, "3406 (its successor is not known)")
    assert not any("\x1b" in note or "\n" in note for note in notes(found, KNOWN))


def test_what_is_missing(tmp_path: Path) -> None:
    """Border districts are named first, the others after them."""
    found = prepared(put(tmp_path, geojson(rows("2202", "2201")))).found
    assert len(found.missing) == 228
    neighbours = [bool(area and area.neighbours) for area in map(KNOWN.area, found.missing)]
    assert neighbours == [True] * 69 + [False] * 159
    missing = next(line for line in lines(found, KNOWN) if line.what == "missing")
    assert missing.which.startswith("2204 Pong Nam Ron, ") and missing.which.endswith(", and 218 more")


def test_areas_in_another_place(tmp_path: Path) -> None:
    """One that is far from where its code belongs is left out; if most are, the file is not believed."""
    features = [*rows("3403", "3405"), ({"code": "5703"}, around("3403", HALF / 2))]
    found = prepared(put(tmp_path, geojson(features))).found
    assert found.taken == 2 and 500 < found.misplaced["5703"] < 800
    shifted = [({"code": code}, around(code, east=-0.5)) for code in ("340301", "340302")]
    with pytest.raises(
        BadFile, match=r"^2 of 2 areas lie far from where their codes belong \(340301 Khong Chiam: 5\d km"
    ):
        prepared(put(tmp_path, geojson(shifted)), "subdistrict")


@needs_shared
def test_real_boundaries() -> None:
    """All 230 districts are taken without a finding, and each border district's office lies in its own."""
    assert SHARED is not None
    made = prepared(SHARED / "data" / "border_provinces_all_districts.geojson")
    found = made.found
    assert (found.taken, found.missing, found.unknown, found.overlapping, found.repaired) == (230, (), (), (), ())
    assert found.vertices[1] <= found.vertices[0] and found.stored_bytes < 1_400_000
    known = areas(made)
    with (SHARED / "data" / "border_districts.csv").open(encoding="utf-8") as file:
        offices = [
            (r["code"], shapely.Point(float(r["office_lon"]), float(r["office_lat"]))) for r in csv.DictReader(file)
        ]
    assert len(offices) == 70
    assert [code for code, at in offices if not known[code].contains(at)] == []


@needs_shared
def test_real_boundaries_in_other_formats(tmp_path: Path) -> None:
    """The same areas come out of a zipped Shapefile and a GeoPackage."""
    assert SHARED is not None
    expected = prepared(SHARED / "data" / "border_districts.geojson")
    features = [({"ADM2_PCODE": f"TH{code}"}, area) for code, area in areas(expected).items()]
    for path in (
        shapefile(tmp_path / "x.zip", {"tha_admbnda_adm2": features}),
        geopackage(tmp_path / "x.gpkg", {"adm2": features}),
    ):
        made = areas(prepared(path))
        assert made.keys() == areas(expected).keys() and len(made) == 70
        assert all(made[code].symmetric_difference(area).area < 1e-6 for code, area in areas(expected).items())


@needs_shared
@pytest.mark.parametrize(
    ("name", "level", "count"), [("border_tambons", "subdistrict", 519), ("border_districts", "district", 70)]
)
def test_real_border_areas(name: str, level: Any, count: int) -> None:
    """The border districts and their subdistricts are all known; the other ones of the provinces are missing."""
    assert SHARED is not None
    found = prepared(SHARED / "data" / f"{name}.geojson", level).found
    assert (found.taken, found.unknown, found.overlapping, found.misplaced) == (count, (), (), {})
    assert not any((area := KNOWN.area(code[:4])) and area.neighbours for code in found.missing)
