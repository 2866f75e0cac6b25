"""Finding places by their names. `misspelt.json`: 60 names a script as villagers might misspell them (made up for this test
by writers who did not know how names are compared; no native speaker has checked them)."""

import json
from pathlib import Path

import pytest

from storage.places import sounds
from storage.places.gazetteer import Gazetteer

MISSPELT: dict[str, list[tuple[str, str]]] = json.loads(
    (Path(__file__).parent / "misspelt.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    """The border districts are served."""
    return Gazetteer.load("border")


def codes(places: Gazetteer, words: str) -> list[str]:
    """Codes of what is found."""
    return [area.code for area in places.find(words)]


@pytest.mark.parametrize(("script", "share"), [("th", 0.98), ("lo", 0.90), ("km", 0.90)])
def test_misspelt_names(places: Gazetteer, script: str, share: float) -> None:
    """Of 60 misspelt names the right place is among the first five: 98 % in Thai, 90 % in Lao and Khmer script."""
    rows = MISSPELT[script]
    found = [code in codes(places, words) for words, code in rows]
    print(f"\n{script}: {sum(found)} of {len(rows)}")
    assert len(rows) == 60 and sum(found) >= share * len(rows)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("อุบล", "34"), ("Ubon", "34"), ("ອຸບົນ", "34"), ("อรัญ", "2706"), ("Aran", "2706"), ("Sakaeo", "27"),
        ("ศรีเชียง", "4307"), ("โขง", "3403"), ("មុក", "49"),
    ],
)  # fmt: skip
def test_a_short_name_of_a_large_place(places: Gazetteer, words: str, code: str) -> None:
    """People say Aran for Aranyaprathet: among the first two, before villages that only sound like what was typed."""
    assert code in codes(places, words)[:2]


def test_of_one_name_those_with_a_centre_come_first(places: Gazetteer) -> None:
    """Many places are called Nong Bua; a district far from the border has its, too."""
    served = [code[:4] in places.served() for code in codes(places, "หนองบัว") if len(code) == 6]
    assert served[0] and served == sorted(served, reverse=True)


def test_names_as_they_are_written(places: Gazetteer) -> None:
    """Every district's own Thai and English name leads to it, unless more than five places have that name."""
    for province in places.provinces():
        for district in places.districts(province.code):
            for name in (district.name.th, district.name.en):
                matches = places.find(name)
                same = [
                    m for m in matches if sounds.forms(name)[0] in sounds.forms(m.name.th) + sounds.forms(m.name.en)
                ]
                assert district in matches or len(same) == 5, name


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("อ.โขงเจียม", "3403"),
        ("ตำบลโขงเจียม", "340301"),
        ("  KHONG   CHIAM ", "3403"),
        ("Khong Chiam district", "3403"),
        ("ອຳເພີ ໂຂງຈຽມ", "3403"),
        ("ស្រុក អារញ្ញប្រទេស", "2706"),
        ("โขงเจียม!!! 😀", "3403"),
    ],
)
def test_what_stands_around_a_name(places: Gazetteer, words: str, code: str) -> None:
    """What says the kind of place, blanks, capitals, signs and emoji make no difference."""
    assert code in codes(places, words)


@pytest.mark.parametrize(
    "words", ["", " ", "😀😀", "123", "x" * 5000, "។", "\u202e\u200b", "in the forest near the river"]
)
def test_what_is_no_name(places: Gazetteer, words: str) -> None:
    """Nothing, signs, numbers, five thousand letters and whole sentences find nothing and break nothing."""
    assert codes(places, words) == []


def test_only_served_provinces(places: Gazetteer) -> None:
    """A place of a province without any open centre is not offered."""
    assert "3403" in codes(places, "โขงเจียม")
    assert "3403" not in codes(places.with_served({"2706"}), "โขงเจียม")


def test_never_more_than_five(places: Gazetteer) -> None:
    """Five are as many as fit a small screen."""
    assert len(codes(places, "หนองบัว")) == 5
