"""Reading the operator's villages and landmarks."""

from __future__ import annotations

import io
import unicodedata

import pytest

from storage.imports import NamedPoint
from storage.places.csv_rows import BadTable
from storage.places.gazetteer import Gazetteer
from storage.places.rosters import (
    FAR,
    FAR_KM,
    KINDS,
    LONGEST_NAME,
    NOWHERE,
    SWAPPED,
    Row,
    landmarks,
    lettered,
    notes,
    villages,
)
from storage.places.transliteration import transliterate

HEAD = "code,th\n"
PLACED = "code,th,lat,lon\n"
PIER = "pier,ท่าเรือ,15.3190,105.4950"
MARKS = "kind,th,lat,lon\n"


@pytest.fixture(scope="module")
def known() -> Gazetteer:
    """All districts of the 18 provinces."""
    return Gazetteer.load("provinces")


def read(text: str, known: Gazetteer | None = None) -> list[Row]:
    """The villages of a file's text, or without places its landmarks."""
    file = io.StringIO(text, newline="")
    return list(villages(file, known) if known else landmarks(file))


def refusal(text: str, known: Gazetteer | None = None) -> str:
    """Why nothing of a file's text is taken."""
    with pytest.raises(BadTable) as refused:
        read(text, known)
    assert "\n" not in str(refused.value) and "15.3" not in str(refused.value)
    return str(refused.value)


def test_villages(known: Gazetteer) -> None:
    """Columns stand in any order and case, others are ignored; a village needs no more than its code and Thai name."""
    rows = read(
        "Note, KM ,lon,lat,LO,en,TH,Code\n"
        'x,ភូមិដុងណា,105.4950,15.3190,ບ້ານດົງນາ,"Ban Dong Na, lower",  บ้านดงนา ,34030104\n'
        ",,,,,,ดงนาน้อย,34030105\n\n,,,\n",
        known,
    )
    assert rows == [
        Row(2, NamedPoint("34030104", "village", "บ้านดงนา", "Ban Dong Na, lower", "ບ້ານດົງນາ", "ភូមិដុងណា", 15.319, 105.495)),
        Row(3, NamedPoint("34030105", "village", "ดงนาน้อย")),
    ]  # fmt: skip


@pytest.mark.parametrize(("subdistrict", "number"), [
    ("340301", "4"), ("340301", "04"), ("340301.0", "4.0"), ("TH340301", "หมู่ที่ 4"), ("๓๔๐๓๐๑", "ม.๔"),
])  # fmt: skip
def test_subdistrict_and_number(known: Gazetteer, subdistrict: str, number: str) -> None:
    """Many lists have the two in columns of their own, in the spellings of spreadsheets and offices."""
    (row,) = read(f"subdistrict_code,number,th\n{subdistrict},{number},ดงนา\n", known)
    assert row.point.code == "34030104"


@pytest.mark.parametrize("code", ["34030104", "TH34030104", "34030104.0", "340301-04", "๓๔๐๓๐๑๐๔"])
def test_the_spelling_of_a_code(known: Gazetteer, code: str) -> None:
    """The eight digits are found in the usual spellings."""
    (row,) = read(f"{HEAD}{code},ดงนา\n", known)
    assert (row.point.code, row.written) == ("34030104", "")


def test_an_abolished_subdistrict(known: Gazetteer) -> None:
    """Its villages are taken under today's code, and that is told."""
    rows = read(f"{HEAD}43030101,หนึ่ง\n43030102,สอง\n", known)
    assert [(row.point.code, row.written) for row in rows] == [("38010101", "430301"), ("38010102", "430301")]
    assert notes(rows) == ("430301 is abolished: taken as 380101",)


def test_positions_that_cannot_be_right(known: Gazetteer) -> None:
    """The village is taken without, the line is remarked; what is said holds no position."""
    point = known.point("340301")
    assert point
    degree_km = 111.195
    near, far = (point[0] + km / degree_km for km in (FAR_KM - 0.1, FAR_KM + 0.1))
    positions = {
        f"{near},{point[1]}": (), f"{far},{point[1]}": (FAR,), "105.4950,15.3190": (SWAPPED,), "0,0": (NOWHERE,),
        "-91,105": (NOWHERE,), "15,181": (NOWHERE,), "48.85,2.35": (FAR,), ",": (),
    }  # fmt: skip
    rows = read(PLACED + "".join(f"340301{n:02},ดงนา,{at}\n" for n, at in enumerate(positions, start=1)), known)
    assert [row.remarks for row in rows] == list(positions.values())
    assert [row.point.latitude for row in rows] == [near] + 7 * [None]
    assert [row.point.longitude for row in rows] == [point[1]] + 7 * [None]
    assert notes(rows) == (
        "the position is more than 40 km from the subdistrict: taken without it (rows: 2)",
        "lat and lon seem swapped: taken without it (rows: 1)",
        "the position is 0/0 or out of range: taken without it (rows: 3)",
    )


def test_every_subdistrict_can_have_villages(known: Gazetteer) -> None:
    """Each has a point, which is near itself."""
    districts = [d.code for p in known.provinces() for d in known.districts(p.code)]
    codes = [area.code for district in districts for area in known.subdistricts(district)]
    points = [known.point(code) or ("", "") for code in codes]
    rows = read(PLACED + "".join(f"{c}01,ก,{p[0]},{p[1]}\n" for c, p in zip(codes, points, strict=True)), known)
    assert len(rows) == 1_810 and not any(row.remarks for row in rows)


@pytest.mark.parametrize(("text", "reason"), [
    ("", "is empty"),
    (HEAD, "has no rows below the names of its columns"),
    ("th,en\nดงนา,x\n", "its first line does not name the column code, nor subdistrict_code and number, "
     "separated by commas"),
    ("th,number\nดงนา,4\n", "its first line does not name the column subdistrict_code, separated by commas"),
    ("code\n34030104\n", "its first line does not name the column th, separated by commas"),
    ("code;th\n34030104;ดงนา\n", "its first line does not name the column code, nor subdistrict_code and number, "
     "separated by commas"),
    ("code,th,TH\n", "has the column th more than once"),
    ("code,th,lat\n", "has only one of the columns lat and lon"),
    (f"{HEAD}34030104,ดงนา\n34030105,\n", "line 3: th is empty; it is the one name that every place needs"),
    (f"{HEAD},ดงนา\n", "line 2: code is empty"),
    (f"{HEAD}340301,ดงนา\n", "line 2: code is no village code, which has eight digits"),
    (f"{HEAD}34030100,ดงนา\n", "line 2: a village's number is 1 to 99, not 0"),
    (f"{HEAD}99999904,ดงนา\n", "line 2: there is no subdistrict 999999"),
    (f"{HEAD}10010104,ดงนา\n", "line 2: 100101 is no subdistrict of the border provinces"),
    ("subdistrict_code,number,th\n,4,ดงนา\n", "line 2: subdistrict_code is empty"),
    ("subdistrict_code,number,th\n3403,4,ดงนา\n", "line 2: subdistrict_code is no subdistrict code, which has six digits"),
    ("subdistrict_code,number,th\n340301,,ดงนา\n", "line 2: number is empty"),
    ("subdistrict_code,number,th\n340301,100,ดงนา\n", "line 2: number is no village number, 1 to 99"),
    (f"{HEAD}34030104,ดงนา\n34030105,โนน\n34030104,ท่าแพ\n", "line 4: village 34030104 stands on line 2 already"),
    (f"{HEAD}34030104,{'ก' * 61}\n", "line 2: th is longer than 60 letters"),
    (f"{HEAD}34030104,{'ก' * 5_000}\n", "line 2: th is longer than 60 letters"),
    (f"{HEAD}34030104,ก{'์' * 300}\n", "line 2: th is longer than 60 letters"),
    (f"{HEAD}34030104,🐘🐘\n", "line 2: th holds no letter"),
    (f'{HEAD}34030104,"ดง\nนา"\n', "line 2: th holds a line break or another character that is no part of a name"),
    (f"{HEAD}34030104,ดง\u202eนา\n", "line 2: th holds a line break or another character that is no part of a name"),
    (f"{PLACED}34030104,ดงนา,15.3190,\n", "line 2: lon is empty"),
    (f"{PLACED}34030104,ดงนา,15.3190,east\n", "line 2: lon is no number"),
    (f"{PLACED}34030104,ดงนา,nan,105\n", "line 2: lat is no number"),
    (f'{HEAD}34030104,"ดงนา\n', "line 2: a quotation mark is missing or in a wrong place"),
])  # fmt: skip
def test_bad_villages(known: Gazetteer, text: str, reason: str) -> None:
    """One line says where and what is wrong."""
    assert refusal(text, known) == reason


def test_names_as_they_are_kept(known: Gazetteer) -> None:
    """Composed, single blanks, as long as a name may be; one in a foreign script is kept and remarked."""
    longest = "ที่" * LONGEST_NAME
    rows = read(
        f"{HEAD[:-1]},lo,en\n34030104,บ้าน  ดง\u00a0นา,,Cafe\u0301\n34030105,{longest},,\n34030106,Ban Rai,บ้านไร่,\n",
        known,
    )
    assert [row.point.th for row in rows] == ["บ้าน ดง นา", longest, "Ban Rai"]
    assert rows[0].point.en == unicodedata.normalize("NFC", "Cafe\u0301") != "Cafe\u0301"
    assert [row.remarks for row in rows] == [(), (), ("th has no Thai letter", "lo has no Lao letter")]


def test_landmarks() -> None:
    """They keep the file's order; an own code can be no area's and no other landmark's."""
    rows = read(
        "kind,th,en,lat,lon,code\npier,ท่าเรือ,Pier,15.3190,105.4950,P1\n Market ,ตลาด,,15.32,105.49,\n"
        "other,หิน,,20.9,97.5,L2\n"
    )
    assert [(row.point.code, row.point.kind, row.point.th) for row in rows] == [
        ("L_P1", "pier", "ท่าเรือ"), ("L2", "market", "ตลาด"), ("L_L2", "other", "หิน"),
    ]  # fmt: skip
    assert (rows[0].point.latitude, rows[0].point.longitude) == (15.319, 105.495)
    assert len(read(MARKS + "".join(f"{kind},ตลาด,15.3,105.4\n" for kind in KINDS))) == len(KINDS)


@pytest.mark.parametrize(("text", "reason"), [
    ("kind,th\n", "its first line does not name the column lat and lon, separated by commas"),
    (MARKS, "has no rows below the names of its columns"),
    (f"{MARKS}castle,ปราสาท,15.3190,105.4950\n",
     "line 2: kind must be one of crossing, pier, market, hospital, checkpoint, temple, school, other"),
    (f"{MARKS}pier,,15.3190,105.4950\n", "line 2: th is empty; it is the one name that every place needs"),
    (f"{MARKS}{PIER}\npier,ท่าเรือ,,\n", "line 3: lat is empty"),
    (f"{MARKS}pier,ท่าเรือ,105.4950,15.3190\n", "line 2: lat and lon seem swapped; lat is the one from 5 to 21"),
    (f"{MARKS}pier,ท่าเรือ,0,0\n", "line 2: the position lies elsewhere: lat must be 5 to 21, lon 97 to 106"),
    (f"{MARKS}pier,ท่าเรือ,48.85,2.35\n", "line 2: the position lies elsewhere: lat must be 5 to 21, lon 97 to 106"),
    (f"code,{MARKS}1234,{PIER}\n", "line 2: code must begin with a letter and have at most 16 letters A to Z and digits"),
    (f"code,{MARKS}L_1,{PIER}\n", "line 2: code must begin with a letter and have at most 16 letters A to Z and digits"),
    (f"code,{MARKS}P1,{PIER}\nP2,{PIER}\np1,{PIER}\n", "line 4: code p1 stands on line 2 already"),
])  # fmt: skip
def test_bad_landmarks(text: str, reason: str) -> None:
    """One line says where and what is wrong."""
    assert refusal(text) == reason


def test_names_by_rule() -> None:
    """Only names that the file leaves out are made, and marked; a name without Thai letters gives none."""
    lao, khmer = transliterate("บ้านโนน", "")
    assert lettered(NamedPoint("34030104", "village", "บ้านโนน"), transliterate) == NamedPoint(
        "34030104", "village", "บ้านโนน", lo=lao, km=khmer, by_rule="lo km"
    )
    own = NamedPoint("34030104", "village", "บ้านโนน", lo="ບ້ານໂນນ", km="ភូមិ")
    assert lettered(own, transliterate) == own
    half = lettered(NamedPoint("34030104", "village", "บ้านโนน", km="ភូមិ"), transliterate)
    assert (half.lo, half.km, half.by_rule) == (lao, "ភូមិ", "lo")
    assert lettered(NamedPoint("L1", "market", "Lotus"), transliterate) == NamedPoint("L1", "market", "Lotus")


def test_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reading ends with the first row too many."""
    monkeypatch.setattr("storage.places.rosters.MOST_ROWS", 3)
    assert len(read(MARKS + f"{PIER}\n" * 3)) == 3
    assert refusal(MARKS + f"{PIER}\n" * 4) == "has more than 3 rows"
