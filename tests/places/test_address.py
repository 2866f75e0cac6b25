"""Several names at once, as on a letter: the narrowest is meant, the wider ones say where."""

from __future__ import annotations

import pytest

from handlers.messages import Name
from handlers.world import Area, level
from storage.places.gazetteer import Gazetteer
from storage.places.imported import Imported

VILLAGES = [
    Area("34030201", Name("บ้านห้วยยาง", "Ban Huai Yang", "ບ້ານຫ້ວຍຢາງ", "ហ្វៃយ៉ាង", by_rule="lo km")),
    Area("34010101", Name("บ้านห้วยยาง", "Ban Huai Yang")),
]
BORDER = Gazetteer.load("border").with_imported(
    Imported(areas={v.code: v for v in VILLAGES}, villages={v.code[:6]: (v,) for v in VILLAGES})
)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("ต.ห้วยยาง อ.โขงเจียม", "340302"),
        ("ต.ห้วยยางอ.โขงเจียมจ.อุบลราชธานี", "340302"),
        ("บ้านห้วยยาง ต.ห้วยยาง อ.โขงเจียม จ.อุบลราชธานี", "34030201"),
        ("หมู่ 4 ต.ห้วยยาง อ.โขงเจียม จ.อุบล", "340302"),
        ("ม.4 ตำบลหัวยยาง อำเภอโขงเจยม", "340302"),
        ("บ้านที่ไม่มีในรายการ ต.ห้วยยาง อ.โขงเจียม", "340302"),
        ("อำเภอโขงเจียม จังหวัดอุบลราชธานี", "3403"),
        ("อ.เมืองนครพนม จ.นครพนม", "4801"),
        ("Huai Yang, Khong Chiam, Ubon Ratchathani", "340302"),
        ("Tambon Huai Yang Amphoe Khong Chiam", "340302"),
        ("วัดถ้ำคูหาสวรรค์\nตำบล โขงเจียม อำเภอโขงเจียม อุบลราชธานี 34220", "340301"),
        ("88 หมู่ 1 ตำบลโขงเจียม อำเภอโขงเจียม อุบลราชธานี 34220 ประเทศไทย", "340301"),
        ("อำเภอโขงเจียม อุบลราชธานี ๓๔๒๒๐", "3403"),
        ("Khong Chiam, Khong Chiam District, Ubon Ratchathani 34220, Thailand", "340301"),
        ("อ. เมือง นครพนม", "4801"),
        ("ຕຳບົນຫ້ວຍຢາງ ອຳເພີໂຂງຈຽມ", "340302"),
        ("ເມືອງໂພນທອງ ແຂວງຈຳປາສັກ", "LA1606"),
        ("ភូមិបឹងសិលា ឃុំចង្ហា ស្រុកអូរជ្រៅ ខេត្តបន្ទាយមានជ័យ", "KH01050101"),
    ],
)
def test_an_address_leads_to_its_narrowest_place(words: str, code: str) -> None:
    """In any script, misspelt, with or without blanks between; a part that is unknown there is passed over."""
    assert [area.code for area in BORDER.find(words)][:1] == [code]


@pytest.mark.parametrize(("words", "code"), [("ต.โขงเจียม", "340301"), ("อ.โขงเจียม", "3403"), ("โขงเจียม", "3403")])
def test_the_kind_of_place_comes_first(words: str, code: str) -> None:
    """Who writes that it is a subdistrict means the subdistrict; the others are offered all the same."""
    found = [area.code for area in BORDER.find(words)]
    assert found[0] == code and {"340301", "3403"} <= set(found)


@pytest.mark.parametrize(
    ("code", "digits"),
    [
        ("34", 2),
        ("3403", 4),
        ("340301", 6),
        ("34030104", 8),
        ("LA16", 2),
        ("KH010501", 6),
        ("KH", 0),
        ("L1", 0),
        ("L_A340301", 0),
    ],
)
def test_the_level_of_a_code(code: str, digits: int) -> None:
    """A landmark's own code may hold digits; it is no area's."""
    assert level(code) == digits


@pytest.mark.parametrize(
    "words", ["ต. อ. จ.", ",,,", "ต.", "หมู่ 4", "ม.4, ม.5", "a" * 5000, ", ".join(["zzzzzz"] * 500), "จ." * 2500]
)
def test_what_names_nothing_finds_nothing(words: str) -> None:
    """And never takes long."""
    assert list(BORDER.find(words)) == []


def test_a_story_is_no_address() -> None:
    """Long words that name no kind of place are left to be kept as words."""
    assert BORDER.find("เมื่อคืนนี้ผมเห็นเรือสองลำข้ามแม่น้ำมาที่ท่าเรือใกล้โขงเจียม") == []
