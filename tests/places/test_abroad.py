"""The places across the border: what the table holds, which Thai district stands first, and how it is built."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from rapidfuzz import fuzz

from storage.places import abroad, build, build_abroad
from storage.places.abroad import Abroad
from storage.places.tables import Tables
from tests.shared import SHARED, needs_shared

Source = dict[str, str]


@pytest.fixture(scope="module")
def by_code() -> dict[str, Abroad]:
    """All places by their code."""
    return {place.code: place for place in abroad.load()}


@pytest.fixture(scope="module")
def border() -> list[Source]:
    """The source's border districts."""
    assert SHARED is not None
    return build.read(SHARED / "data" / "border_districts.csv")


def thai_district(code: str = "3106", facing_la: str = "", facing_kh: str = "", metres: str = "0") -> Source:
    """A row of the source."""
    return {"code": code, "facing_la": facing_la, "facing_kh": facing_kh, "dist_la_m": metres, "dist_kh_m": metres}


def test_holds_each_level(by_code: dict[str, Abroad]) -> None:
    """9 Lao provinces with 38 districts, 7 Cambodian ones with 18 districts, 100 communes and 925 villages, none twice."""
    levels = Counter((place.country, len(place.code)) for place in abroad.load())
    assert levels == {("LA", 4): 9, ("LA", 6): 38, ("KH", 4): 7, ("KH", 6): 18, ("KH", 8): 100, ("KH", 10): 925}
    assert len(by_code) == len(abroad.load())


def test_each_place_knows_what_it_lies_in(by_code: dict[str, Abroad]) -> None:
    """The codes lead from the smallest to the province, exist, and begin as the place's own code does."""
    for place in abroad.load():
        assert len(place.within) == len(place.code) // 2 - 2
        assert all(code in by_code and place.code.startswith(code) for code in place.within)
    assert by_code["KH01100404"].within == ("KH011004", "KH0110", "KH01")


def test_names_are_written_in_their_script() -> None:
    """A Lao place has a Lao name, a Cambodian one a Khmer name, each in that script alone; Latin letters are plain."""
    letters = {"th": r"[\u0e01-\u0e4e]+", "lo": r"[\u0e81-\u0edd]+", "km": r"[\u1780-\u17d3\u17d7\u17e0-\u17e9 -]+"}
    for place in abroad.load():
        own, other = (place.name.lo, place.name.km) if place.country == "LA" else (place.name.km, place.name.lo)
        assert own and not other
        assert bool(place.name.th) == (len(place.code) <= 6)
        assert re.fullmatch(r"[A-Z][A-Za-z' .-]*", place.name.en)
        for script, allowed in letters.items():
            assert not (written := getattr(place.name, script)) or re.fullmatch(allowed, written), place


def test_faces_border_districts_of_that_neighbour(by_code: dict[str, Abroad]) -> None:
    """Each facing code is a Thai district on the border with that country; a district's places face what it faces."""
    areas = Tables.load().areas
    for place in abroad.load():
        assert bool(place.facing) == (len(place.code) > 4)
        assert all(place.country in areas[code].neighbours for code in place.facing)
        assert len(set(place.facing)) == len(place.facing)
        if len(place.code) > 6:
            assert place.facing == by_code[place.code[:6]].facing


def test_each_border_district_is_faced() -> None:
    """Somebody across the border is led to each border district, but Renu Nakhon, for which the source names nobody."""
    faced = {(code, place.country) for place in abroad.load() for code in place.facing}
    areas = [area for area in Tables.load().districts() if area.neighbours]
    assert {(a.code, country) for a in areas for country in a.neighbours} - faced == {("4806", "LA")}


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("ຫ້ວຍຊາຍ", "Chiang Khong"),  # Fourth Friendship Bridge
        ("ຕົ້ນເຜິ້ງ", "Chiang Saen"),  # Golden Triangle
        ("ຄອບ", "Phu Sang"),  # Ban Huak
        ("ເງິນ", "Chaloem Phra Kiat"),  # Huai Kon
        ("ປາກລາຍ", "Ban Khok"),  # Phu Du
        ("ແກ່ນທ້າວ", "Tha Li"),  # Hueang River bridge
        ("ຊະນະຄາມ", "Chiang Khan"),
        ("ສັງທອງ", "Sangkhom"),  # Khok Hae to Ban Muang
        ("ສີໂຄດຕະບອງ", "Si Chiang Mai"),  # Nong Da to Ban Mo
        ("ຫາດຊາຍຟອງ", "Mueang Nong Khai"),  # First Friendship Bridge
        ("ປາກງື່ມ", "Phon Phisai"),  # to Ban Chumphon
        ("ປາກຊັນ", "Mueang Bueng Kan"),  # Fifth Friendship Bridge
        ("ປາກກະດິງ", "Bung Khla"),
        ("ຫີນບູນ", "Tha Uthen"),
        ("ທ່າແຂກ", "Mueang Nakhon Phanom"),  # Third Friendship Bridge
        ("ໄກສອນພົມວິຫານ", "Mueang Mukdahan"),  # Second Friendship Bridge
        ("ສອງຄອນ", "Khemarat"),
        ("ລະຄອນເພັງ", "Na Tan"),  # Pak Taphan to Pak Saeng
        ("ໂພນທອງ", "Sirindhorn"),  # Vang Tao to Chong Mek
        ("ສຸຂຸມາ", "Buntharik"),  # Chong Ta U
        ("ជាំក្សាន្ដ", "Kantharalak"),  # Preah Vihear
        ("អន្លង់វែង", "Phu Sing"),  # Chong Sa-ngam
        ("សំរោង", "Kap Choeng"),  # O Smach to Chong Chom
        ("បន្ទាយអំពិល", "Ban Kruat"),  # Chong Sai Taku
        ("ថ្មពួក", "Ta Phraya"),  # Boeng Trakuon
        ("ប៉ោយប៉ែត", "Aranyaprathet"),  # Khlong Luek
        ("ភ្នំព្រឹក", "Soi Dao"),
        ("កំរៀង", "Pong Nam Ron"),  # Doung to Ban Laem
        ("ប៉ៃលិន", "Pong Nam Ron"),  # Prum to Ban Phak Kat
        ("សំឡូត", "Bo Rai"),
        ("មណ្ឌលសីមា", "Khlong Yai"),  # Cham Yeam to Hat Lek
    ],
)
def test_first_comes_the_district_across_the_crossing(name: str, first: str) -> None:
    """Where people cross, the Thai district on the other side stands first."""
    (place,) = (p for p in abroad.load() if name in (p.name.lo, p.name.km) and len(p.code) == 6)
    assert Tables.load().areas[place.facing[0]].name.en == first


def test_a_village_by_its_khmer_name(by_code: dict[str, Abroad]) -> None:
    """A village of Paoy Paet is there with both its names, and leads to Aranyaprathet."""
    village = by_code["KH01100404"]
    assert (village.name.km, village.name.en) == ("ក្បាលស្ពាន ២", "Kbal Spean Pir")
    assert village.facing[0] == "2706"


@needs_shared
def test_table_is_what_the_build_writes(tmp_path: Path) -> None:
    """The committed file is exactly what the script makes of its sources, so all facing districts were found in them."""
    assert SHARED is not None
    assert build_abroad.main([str(SHARED / "data" / "border_districts.csv"), str(tmp_path)]) == 0
    committed = Path(build_abroad.__file__).with_name("abroad.csv")
    assert (tmp_path / "abroad.csv").read_bytes() == committed.read_bytes()


@needs_shared
def test_names_of_both_sources_agree(border: list[Source], by_code: dict[str, Abroad]) -> None:
    """Cambodian districts were joined by their Khmer names; their English spellings, which differ, are alike too."""
    named = build_abroad.facing(border, "kh")
    official = {place.name.km: place for place in by_code.values() if len(place.code) == 6}
    assert len(named) == 18
    for district in named:
        joined = official[district.own_script]
        assert by_code[joined.within[0]].name.en == district.province
        assert fuzz.ratio(joined.name.en.casefold(), district.english.casefold()) > 80


def test_tables_by_hand_hold_nothing_else(by_code: dict[str, Abroad]) -> None:
    """No entry of the tables written by hand is left over."""
    lao = {code[2:] for code in by_code if code.startswith("LA")}
    khmer = {code[2:] for code in by_code if code.startswith("KH") and len(code) <= 6}
    assert build_abroad.LAO_PROVINCES.keys() | build_abroad.LAO_DISTRICTS.keys() == lao
    assert build_abroad.KHMER_PLACES_IN_THAI.keys() == khmer
    assert build_abroad.USUAL_ENGLISH.keys() <= lao
    assert build_abroad.FIRST.keys() <= by_code.keys()


def test_order_is_by_distance_then_place_then_choice_then_code() -> None:
    """Nearer before farther, named earlier before later, facing fewer before more, and then the lower code."""
    other, here = "Paktha (Bokeo Province) ເມືອງປາກທາ", "Huoixai (Bokeo Province) ເມືອງຫ້ວຍຊາຍ"
    rows = [
        thai_district("5701", here, metres="1900"),
        thai_district("5702", f"{other}; {here}"),
        thai_district("5703", f"{here}; {other}; Khop (Sainyabuli Province) ເມືອງຄອບ"),
        thai_district("5705", here),
        thai_district("5704", here),
    ]
    (codes,) = (codes for d, codes in build_abroad.facing(rows, "la").items() if d.english == "Huoixai")
    assert codes == ["5704", "5705", "5703", "5702", "5701"]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (thai_district(facing_la="Huoixai (Bokeo) ເມືອງຫ້ວຍຊາຍ"), r"without a code: Huoixai \(Bokeo\)"),
        (thai_district(facing_la="Elsewhere (Bokeo Province) ເມືອງອື່ນ"), "without a code: Elsewhere"),
        (thai_district(facing_kh="Elsewhere (Pailin) សំរោង"), "0 official Cambodian districts for Elsewhere"),
        (thai_district(facing_kh="Thma Puok (Banteay Meanchey) ថ្មពួក"), "2703 is put first for KH0107"),
        (thai_district(facing_la="Huoixai"), "no district with its province"),
    ],
)
def test_build_refuses_what_it_cannot_join(row: Source, complaint: str, tmp_path: Path) -> None:
    """A district that is in none of the lists, or a correction that does not fit, is an error and writes nothing."""
    with pytest.raises(ValueError, match=complaint):
        build_abroad.build([row], tmp_path)
    assert not list(tmp_path.iterdir())


def test_build_explains_its_use(capsys: pytest.CaptureFixture[str]) -> None:
    """Called without a file it exits with 2 and one line of usage."""
    assert build_abroad.main([]) == 2
    assert capsys.readouterr().err.startswith("usage:")
