"""Counting how often the routing names the right district."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator

import pytest

from storage.places.csv_rows import LONGEST_LINE, BadTable
from storage.places.gazetteer import Gazetteer
from storage.places.score import MISSES_KEPT, Row, Score, read, score

HEAD = "district_code,lat,lon\n"
KHONG_CHIAM = "3403,15.3190,105.4950\n"
SWAPPED = "3403,105.4950,15.3190\n"


@pytest.fixture(scope="module")
def known() -> Gazetteer:
    """All districts of the 18 provinces are served."""
    return Gazetteer.load("provinces")


def scored(text: str, known: Gazetteer) -> Score:
    """The score of a file's text."""
    return score(read(io.StringIO(text, newline=""), known), known)


def refusal(text: str, known: Gazetteer) -> str:
    """Why a file's text is not scored."""
    with pytest.raises(BadTable) as refused:
        scored(text, known)
    assert "\n" not in str(refused.value) and "15.3" not in str(refused.value)
    return str(refused.value)


def between(known: Gazetteer, one: str, other: str) -> tuple[float, float]:
    """A position half-way between two subdistricts' points, a little nearer to the first."""
    first, second = known.point(one), known.point(other)
    assert first and second
    return 0.51 * first[0] + 0.49 * second[0], 0.51 * first[1] + 0.49 * second[1]


def test_what_is_counted(known: Gazetteer) -> None:
    """Right and sure, right and asked, right only as the second of two, and wrong are each counted as what they are."""
    point = known.point("340301")
    assert point
    found = known.nearest(*point)
    assert found and found[1]
    asked = between(known, "340301", found[1].subdistrict)
    other = found[1].district
    result = score(
        (
            Row(2, "3403", *point), Row(3, "3403", *asked), Row(4, other, *asked), Row(5, "5703", *point),
        ),
        known,
    )  # fmt: skip
    assert (result.rows, result.right, result.offered, result.asked) == (4, 2, 3, 2)
    assert [(m.line, m.code, m.found, m.offered) for m in result.misses] == [
        (4, other, "3403", True),
        (5, "5703", "3403", False),
    ]
    assert result.share(result.right) == 0.5


def test_the_distance_of_a_miss(known: Gazetteer) -> None:
    """It is the great circle to the right district's nearest known point, also where the routing finds nothing near."""
    at = known.point("340301")
    assert at
    (near,) = score([Row(2, "3404", *at)], known).misses
    there = known.nearest_served(*at) and known.with_served(["3404"]).nearest_served(*at)
    assert there and near.km == pytest.approx(there[1] / 1000, rel=0.01)
    (far,) = score([Row(2, "3403", 51.4779, -0.0015)], known).misses  # Greenwich
    assert (far.found, far.offered) == ("", False)
    assert far.km == pytest.approx(9_400, abs=300)


def test_every_district_can_be_missed(known: Gazetteer) -> None:
    """Each district has a point, so that a miss has a distance."""
    districts = sorted(known.served())
    result = score([Row(1, code, 51.4779, -0.0015) for code in districts], known)
    assert [miss.code for miss in result.misses] == districts


@pytest.mark.parametrize(
    "text",
    [
        HEAD + KHONG_CHIAM,
        HEAD + KHONG_CHIAM.rstrip(),
        (HEAD + KHONG_CHIAM).replace("\n", "\r\n"),
        (HEAD + KHONG_CHIAM).replace("\n", "\r"),
        "\n\n" + HEAD + "\n" + KHONG_CHIAM + ",,\n \n\n",
        " LAT ,name, District_Code,lon,lat_old\n 15.3190 ,โขงเจียม,3403 ,105.4950,x\n",
        'name,district_code,lat,lon\n"two\nlines, ""quoted""",3403,15.3190,105.4950\n',
        HEAD + "3403,15.3190,105.4950,more,cells\n",
        HEAD + "3403,๑๕.๓๑๙๐,1.05495e2\n",
    ],
    ids=["plain", "no end", "windows", "old mac", "blank rows", "order", "quoted", "long row", "digits"],
)
def test_files_that_are_fine(known: Gazetteer, text: str) -> None:
    """Line ends, order and case of columns, other columns, blank rows and Thai digits do not matter."""
    result = scored(text, known)
    assert (result.rows, result.right, result.replaced) == (1, 1, {})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("\n \n,,\n", "is empty"),
        (HEAD, "has no rows"),
        (HEAD + "\n,,\n", "has no rows"),
        ("district_code,latitude,lon\n", "does not name the column lat,"),
        (KHONG_CHIAM, "the column district_code and lat and lon,"),
        ("district_code;lat;lon\n", "separated by commas"),
        ("district_code,lat,lon,LAT\n", "the column lat more than once"),
        (HEAD + KHONG_CHIAM + "3403,north,105.4950\n", "line 3: lat is no number"),
        (HEAD + "3403,15.3190,\n", "line 2: lon is empty"),
        (HEAD + "3403\n", "line 2: lat is empty"),
        (HEAD + "3403,15.3190,1_05\n", "line 2: lon is no number"),
        (HEAD + "3403,nan,105.4950\n", "line 2: lat is no number"),
        (HEAD + "3403,15.3190,-inf\n", "line 2: lon is no number"),
        (HEAD + '3403,"15,3190","105,4950"\n', "line 2: lat is no number"),
        (HEAD + "3403,95,105.4950\n", "line 2: lat is out of range"),
        (HEAD + "3403,15.3190,1054.950\n", "line 2: lon is out of range"),
        (HEAD + "3403,0,0\n", "line 2: lat and lon are 0"),
        (HEAD + "\n" + KHONG_CHIAM + SWAPPED, "line 4: lat and lon seem swapped"),
        (HEAD + SWAPPED + "3403,,\n", "line 2: lat and lon seem swapped"),
        ('a,district_code,lat,lon\n"x\ny",3403,15.3190,105.4950\n"x\ny",,1,1\n', "line 4: district_code is empty"),
        (HEAD + "9999,15.3190,105.4950\n", "line 2: district_code 9999 is no district of the border provinces"),
        (HEAD + "1001,15.3190,105.4950\n", "line 2: district_code 1001 is no district of the border provinces"),
        (HEAD + "340301,15.3190,105.4950\n", "line 2: district_code is no district code, which has four digits"),
        (HEAD + "Khong Chiam,15.3190,105.4950\n", "line 2: district_code is no district code"),
        (HEAD + "\x1b[2J,15.3190,105.4950\n", "line 2: district_code is no district code"),
        (HEAD + "3416,15.3190,105.4950\n", "3416 was abolished on 2006-01-01; what it became is not known"),
        (HEAD + KHONG_CHIAM + '"3403,15.3190,105.4950\n' + KHONG_CHIAM * 3, "line 3: a quotation mark is missing"),
        (HEAD + '"3403"x,15.3190,105.4950\n', "line 2: a quotation mark is missing"),
        (HEAD + KHONG_CHIAM + '"' + KHONG_CHIAM * 10_000, "line 3: a quotation mark is missing"),
        (HEAD + "\0" * LONGEST_LINE, "line 2: is longer than a row can be"),
    ],
)  # fmt: skip
def test_files_that_are_not(known: Gazetteer, text: str, reason: str) -> None:
    """The first thing wrong is told in a line, with where it stands, and without what else stands there."""
    assert reason in refusal(text, known)


def test_an_abolished_code(known: Gazetteer) -> None:
    """A code that has one successor counts as that, and the score says so."""
    at = known.point("380101")
    assert at
    result = scored(f"{HEAD}4303,{at[0]},{at[1]}\n3801,{at[0]},{at[1]}\n", known)
    assert (result.rows, result.right, result.replaced) == (2, 2, {"4303": "3801"})


def test_any_number_of_rows(known: Gazetteer) -> None:
    """Rows are not kept, and of the misses only so many, while all are counted."""

    def rows() -> Iterator[Row]:
        for line in range(MISSES_KEPT * 2):
            yield Row(line, "3403", -60.0, -100.0)

    score([Row(1, "3403", 15.3190, 105.4950)], known)
    tracemalloc.start()
    try:
        result = score(rows(), known)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (result.rows, result.right, len(result.misses)) == (MISSES_KEPT * 2, 0, MISSES_KEPT)
    assert most < 5_000_000
