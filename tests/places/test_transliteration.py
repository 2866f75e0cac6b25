"""Thai names in Lao and Khmer script: how they are read, how they are written, and the table that is shown."""

from __future__ import annotations

import csv
import re
import shutil
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.places import build
from storage.places.readings import parse, romanised
from storage.places.transliteration import transliterate, transliterate_village
from storage.places.words import WORDS

TABLES = Path(build.__file__).parent
LAO = re.compile("(?:[ເ-ໄ]?[ກ-ຮໜໝ]ຼ?ວ?[\u0eb1\u0eb4-\u0eb9\u0ebb\u0ecd]?[\u0ec8-\u0ecb]?[ະາຳຽ]{0,2}|[ໆຯ໐-໙ ])*")
"""Lao letters in the order in which Lao is written: sign before, consonant, sign above or below, tone mark, sign behind."""
KHMER = re.compile(
    "(?:[\u1780-\u17b3](?:\u17d2[\u1780-\u17a2])*[\u17c9\u17ca]?[\u17b6-\u17c5]?[\u17c6-\u17c8\u17cb-\u17d1]*|[ៗ០-៩ ])*"
)
"""Khmer in the order that Unicode asks for: consonant, consonants below, shifter, vowel, other signs."""


@pytest.fixture(scope="module")
def names() -> list[dict[str, str]]:
    """The 2,040 districts and subdistricts."""
    return [row for table in ("districts.csv", "subdistricts.csv") for row in build.read(TABLES / table)]


def test_names_are_read_as_they_are_spelt_in_english(names: list[dict[str, str]]) -> None:
    """With the official English name the chosen reading spells it in 99 of 100; without, 96 of 100 are read right."""
    spelt = {row["code"]: re.sub("[^a-z]", "", row["en"].casefold()) for row in names}
    missed = [row for row in names if romanised(parse(row["th"], row["en"])) != spelt[row["code"]]]
    unaided = sum(romanised(parse(row["th"])) == spelt[row["code"]] for row in names)
    print(f"\n{len(names)} names: {len(names) - len(missed)} as in English, {unaided} without its help; others:")
    for row in missed:
        print(row["code"], row["th"], row["en"], romanised(parse(row["th"], row["en"])))
    assert len(missed) <= 0.01 * len(names)
    assert unaided >= 0.96 * len(names)


def test_known_words_can_be_read_as_their_table_says() -> None:
    """The reading of a word is one that its letters allow, so that the word is found in names."""
    assert {word: romanised(parse(word)) for word in WORDS} == {
        word: row[0].replace(" ", "") for word, row in WORDS.items()
    }


def test_names_written_by_hand() -> None:
    """Unwritten vowels, silent letters, leading ห, clusters, รร, ๆ, foreign words: as one who knows the scripts writes."""
    rows = build.read(Path(__file__).parent / "written_by_hand.csv")
    assert len(rows) > 60
    assert {row["th"]: transliterate(row["th"], row["en"]) for row in rows} == {
        row["th"]: (row["lo"], row["km"]) for row in rows
    }


def test_provinces_come_out_as_they_are_usually_written() -> None:
    """All Lao names; all Khmer ones but two: one is shortened, one has its signs in an order that Khmer does not know."""
    provinces = build.read(TABLES / "provinces.csv")
    made = {row["en"]: transliterate(row["th"], row["en"]) for row in provinces}
    assert {en: lao for en, (lao, _) in made.items()} == {row["en"]: row["lo"] for row in provinces}
    differing = {row["en"] for row in provinces if made[row["en"]][1] != row["km"]}
    assert differing <= {"Ubon Ratchathani", "Phitsanulok"}


@pytest.mark.parametrize(
    ("thai", "lao", "khmer"),
    [
        ("", "", ""),
        ("Ban 7 (B)", "Ban 7 (B)", "Ban 7 (B)"),
        ("หมู่ที่ ๑๒", "ໝູ່ທີ່ ໑໒", "មូធី ១២"),
        ("บ้านต่างๆ", "ບ້ານຕ່າງໆ", "បានតាងៗ"),
        ("นํ้าใส", "ນ້ຳໃສ", "ណាំសៃ"),
        ("เเม่\u200bน้ํา", "ແມ່ນ້ຳ", "ម៉ែណាំ"),
        ("อยู่", "ຢູ່", "យូ"),
        ("ปากกว้าง", "ປາກກວ້າງ", "ប៉ាកក្វាង"),
        ("บรรพต", "ບັນພົດ", "បាន់ផុត"),
        ("์ัเ", "", ""),
    ],
)
def test_without_an_english_name(thai: str, lao: str, khmer: str) -> None:
    """A village of the operator's: the likeliest reading; other signs stay, digits get the script's own form."""
    assert transliterate(thai) == (lao, khmer)


def test_an_english_name_that_spells_something_else_is_left_aside() -> None:
    """A translation does not bend the reading; a spelling other than the official one still helps."""
    assert transliterate("บ้านโนนสวรรค์", "Paradise Hill Village") == transliterate("บ้านโนนสวรรค์")
    assert transliterate("หนองโสน", "Nong Sanoh") == transliterate("หนองโสน", "Nong Sano")


@settings(deadline=None)
@given(st.text("".join(map(chr, range(0x0E01, 0x0E5B))) + " ", max_size=30), st.text("abkhnost -", max_size=12))
def test_anything_that_can_be_typed_comes_out_as_lao_and_khmer(thai: str, english: str) -> None:
    """No letters, in whatever order, make it fail, leave a Thai letter or put signs where the script has none."""
    lao, khmer = transliterate(thai, english)
    assert LAO.fullmatch(lao), lao
    assert KHMER.fullmatch(khmer), khmer


def test_long_words_do_not_take_long() -> None:
    """5,000 letters with an English name as long are read once through, without comparing them."""
    lao, _ = transliterate("หนองบัว" * 700, "nong bua " * 555)
    assert lao == "ໜອງບົວ" * 700


def test_table_holds_every_name_in_pure_script(names: list[dict[str, str]]) -> None:
    """Each district and subdistrict has both spellings, in one Unicode form, and nothing of another script."""
    table = build.read(TABLES / build.NAMES)
    assert [row["code"] for row in table] == [row["code"] for row in names]
    for row in table:
        assert row["lo"] and LAO.fullmatch(row["lo"]), row
        assert row["km"] and KHMER.fullmatch(row["km"]), row
        assert all(unicodedata.is_normalized("NFC", row[script]) for script in ("lo", "km")), row


def test_table_is_what_the_rules_write(tmp_path: Path) -> None:
    """The committed table is what `--names` makes of the names beside it, but for the spellings marked as corrected."""
    for table in ("districts.csv", "subdistricts.csv"):
        shutil.copy(TABLES / table, tmp_path)
    assert build.main(["--names", str(tmp_path)]) == 0
    assert (tmp_path / build.NAMES).read_bytes() == (TABLES / build.NAMES).read_bytes()


@pytest.mark.parametrize(
    ("th", "en", "lao", "khmer"),
    [
        ("บ้านท่าแพ", "Ban Tha Phae", "ບ້ານທ່າແພ", "ថាភែ"),
        ("บ้าน ท่าแพ", "", "ບ້ານ ທ່າແພ", "ថាភែ"),
        ("ท่าแพ", "Tha Phae", "ທ່າແພ", "ថាភែ"),
        ("บ้าน", "Ban", "ບ້ານ", "បាន"),
        ("", "", "", ""),
    ],
)
def test_a_village_in_khmer_is_without_the_thai_word_for_it(th: str, en: str, lao: str, khmer: str) -> None:
    """Beside its name stands ភូមិ, and បាន is another word."""
    assert transliterate_village(th, en) == (lao, khmer)


def _folder(path: Path, *table: str) -> Path:
    (path / "districts.csv").write_text("code,th,en\n3401,เมืองใหม่,Mueang Mai\n", encoding="utf-8")
    (path / "subdistricts.csv").write_text("code,th,en\n340101,ในเมือง,Nai Mueang\n", encoding="utf-8")
    (path / build.NAMES).write_text("\n".join(("code,lo,km,corrected", *table)) + "\n", encoding="utf-8")
    return path


def test_corrected_spellings_are_kept(tmp_path: Path) -> None:
    """What a native speaker put right in one script stays; the other script and other rows follow the rules."""
    folder = _folder(tmp_path, "3401,ກ,ខ,lo", "340101,ກ,ខ,", "340199,ກ,ខ,lo km")
    build.build_names(folder)
    with (folder / build.NAMES).open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1:] == [["3401", "ກ", "មឿងម៉ៃ", "lo"], ["340101", "ໃນເມືອງ", "ណៃមឿង", ""]]


def test_a_wrong_mark_of_correction_is_refused(tmp_path: Path) -> None:
    """A mark that is not understood would lose the correction, so nothing is written."""
    folder = _folder(tmp_path, "3401,ກ,ខ,yes")
    before = (folder / build.NAMES).read_bytes()
    with pytest.raises(ValueError, match="3401"):
        build.build_names(folder)
    assert (folder / build.NAMES).read_bytes() == before
