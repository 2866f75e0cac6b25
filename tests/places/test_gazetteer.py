"""The built-in gazetteer: its tables, its lookups, its choice of served districts."""

from __future__ import annotations

from itertools import islice
from math import cos, hypot, radians
from pathlib import Path

import pytest

from handlers.world import Places
from storage.places import build
from storage.places.gazetteer import Gazetteer
from storage.places.points import METRES_PER_DEGREE, REACH
from storage.places.served import TARGETS
from storage.places.tables import Tables
from tests.places.positions import scattered
from tests.shared import SHARED, needs_shared


@pytest.fixture(scope="module")
def tables() -> Tables:
    """The package's tables, read once."""
    return Tables.load()


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    """The default gazetteer: the border districts are served."""
    return Gazetteer.load()


def test_is_the_places_protocol(gazetteer: Gazetteer) -> None:
    """The conversation can use it as its `Places`."""
    places: Places = gazetteer
    assert places.area("34") is not None


def test_holds_the_whole_country_side(tables: Tables) -> None:
    """18 provinces, 230 districts and 1,810 subdistricts, each with names, a parent and (below province) a point."""
    by_length = {n: [a for a in tables.areas.values() if a.code.isdecimal() and len(a.code) == n] for n in (2, 4, 6)}
    assert {n: len(areas) for n, areas in by_length.items()} == {2: 18, 4: 230, 6: 1810}
    assert all(a.name.th and a.name.en for areas in by_length.values() for a in areas)
    assert all(a.name.lo and a.name.km for a in by_length[2])
    assert all(a.code[:-2] in tables.areas and a.code in tables.positions for n in (4, 6) for a in by_length[n])


def test_english_names_are_spelt_right(gazetteer: Gazetteer) -> None:
    """The source's capital letters in mid-word are corrected; those after a hyphen are right."""
    names = {code: area.name.en for code in build.CORRECTED_ENGLISH if (area := gazetteer.area(code))}
    assert names == build.CORRECTED_ENGLISH


@pytest.mark.parametrize(("choice", "size"), [("targets", 21), ("border", 70), ("provinces", 230), ("3403, 3405", 2)])
def test_ready_made_choices(choice: str, size: int) -> None:
    """The operator's words stand for as many districts as known."""
    assert len(Gazetteer.load(choice).served()) == size


def test_targets_are_the_districts_meant(gazetteer: Gazetteer) -> None:
    """The 21 codes carry the names on the project's public pages."""
    names = {area.name.en for code in TARGETS if (area := gazetteer.area(code))}
    assert names == {
        *("Pak Khat", "Mueang Bueng Kan", "Bung Khla", "Dan Sai", "Na Haeo", "Tha Li", "Chiang Khan", "Pak Chom"),
        *("Chanuman", "Khemarat", "Na Tan", "Pho Sai", "Khong Chiam", "Sirindhorn", "Buntharik", "Nam Yuen"),
        *("Mae Sai", "Chiang Saen", "Chiang Khong", "Wiang Kaen", "Thoeng"),
    }


@pytest.mark.parametrize("choice", ["", " , ", "9999", "3403,34", "everything"])
def test_a_wrong_choice_is_refused_in_one_line(choice: str) -> None:
    """An operator's typing error is named, not guessed at."""
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        Gazetteer.load(choice)


def test_served_districts_change_at_run_time(gazetteer: Gazetteer) -> None:
    """Another set of open centres is another gazetteer over the same tables; the first one stays as it is."""
    other = gazetteer.with_served({"3403"})
    assert other.served() == frozenset({"3403"})
    assert [province.code for province in other.provinces()] == ["34"]
    assert len(gazetteer.served()) == 70
    with pytest.raises(ValueError, match="9999"):
        gazetteer.with_served({"9999"})


def test_lists_lead_from_province_to_subdistrict(gazetteer: Gazetteer) -> None:
    """Border districts come first, everything lies in what it was asked for, and unknown codes give empty lists."""
    assert len(gazetteer.provinces()) == 18
    districts = gazetteer.districts("34")
    border = [bool(d.neighbours) for d in districts]
    assert len(districts) == 25
    assert border == sorted(border, reverse=True)
    assert {d.code[:2] for d in districts} == {"34"}
    assert {s.code[:4] for s in gazetteer.subdistricts("3403")} == {"3403"}
    assert not gazetteer.districts("99") and not gazetteer.subdistricts("34")
    assert gazetteer.area("999999") is None and gazetteer.point("99") is None


def test_nearest_is_what_a_full_search_finds(tables: Tables, gazetteer: Gazetteer) -> None:
    """The grid loses nothing: 1,000 scattered positions give the same two candidates as looking at every point."""
    points = [(code, *at) for code, at in tables.positions.items() if len(code) == 6]
    for latitude, longitude in islice(scattered(), 1000):
        narrow = cos(radians(latitude))
        full = sorted((hypot(a - latitude, (o - longitude) * narrow), code) for code, a, o in points)
        expected = full[0], next(f for f in full if f[1][:4] != full[0][1][:4])
        found = gazetteer.nearest(latitude, longitude)
        if expected[0][0] >= REACH:
            assert found is None
            continue
        assert found is not None
        for near, (distance, code) in zip(found, expected, strict=True):
            if near is None:
                assert distance >= REACH
                continue
            assert (near.district, near.subdistrict) == (code[:4], code)
            assert near.metres == pytest.approx(distance * METRES_PER_DEGREE)


def test_nearest_served_is_what_a_full_search_finds(tables: Tables) -> None:
    """With few served districts the search goes as far as it must, and no farther than its reach."""
    few = Gazetteer(tables, {"3403", "5713"})
    points = [(code[:4], *at) for code, at in tables.positions.items() if len(code) == 6 and code[:4] in few.served()]
    for latitude, longitude in islice(scattered(), 500):
        narrow = cos(radians(latitude))
        distance, code = min((hypot(a - latitude, (o - longitude) * narrow), district) for district, a, o in points)
        found = few.nearest_served(latitude, longitude)
        assert (found is None) == (distance >= REACH)
        if found is not None:
            assert found[0] == code
            assert found[1] == pytest.approx(distance * METRES_PER_DEGREE)


@needs_shared
def test_tables_are_what_the_build_writes(tmp_path: Path) -> None:
    """The committed files are exactly what the script makes of its sources."""
    assert SHARED is not None
    sources = [str(SHARED / "data" / name) for name in ("border_districts.csv", "border_tambons.csv")]
    assert build.main([*sources, str(tmp_path)]) == 0
    committed = Path(build.__file__).parent
    for table in ("provinces.csv", "districts.csv", "subdistricts.csv"):
        assert (tmp_path / table).read_bytes() == (committed / table).read_bytes()


def test_build_refuses_points_that_do_not_fit_the_official_list(tmp_path: Path) -> None:
    """A missing subdistrict is an error, not a hole in the map."""
    row = {"code": "3403", "province_code": "34", "province_lo": "", "province_km": "", "neighbours": "LA"}
    border = [{**row, "office_lat": "15.3", "office_lon": "105.5"}]
    with pytest.raises(ValueError, match="differ in"):
        build.build(border, [{"code": "340301", "lat": "15.3", "lon": "105.5"}], tmp_path)


def test_build_explains_its_use(capsys: pytest.CaptureFixture[str]) -> None:
    """Called without files it exits with 2 and one line of usage."""
    assert build.main([]) == 2
    assert capsys.readouterr().err.startswith("usage:")
