"""`places import`, `history`, `restore` and `withdraw`, as an operator types them, on each database."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.bot.conftest import Done, Run
from tests.conftest import DATA_KEY
from tests.places.boundary_files import around, geojson, rows

Places = Callable[..., Done]


@pytest.fixture
def places(run: Run, database_url: str) -> Places:
    """Run a command of `places`."""
    return lambda *words: run("places", *words, DATABASE_URL=database_url, DATA_KEY=DATA_KEY)


def told(done: Done) -> Any:
    """What a command printed as JSON; nothing else is printed."""
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def lines(done: Done) -> list[str]:
    """The printed lines, with single spaces."""
    assert (done.returncode, done.stderr) == (0, "")
    return [" ".join(line.split()) for line in done.stdout.splitlines()]


def test_an_import_and_the_way_back(places: Places, tmp_path: Path) -> None:
    """Each import takes the place of the one before; each can be had again, or none; the history tells all of it."""
    (tmp_path / "a.geojson").write_bytes(geojson(rows("3403", "3405")))
    (tmp_path / "b.geojson").write_bytes(geojson(rows("3403")))
    (tmp_path / "c.geojson").write_bytes(geojson(rows("340301")))
    assert lines(places("history")) == ["nothing was imported yet: the bot's own tables serve"]
    origin = ("--source", "OCHA", "--licence", "CC BY-IGO 3.0", "--date", "2021-01-21")
    assert told(places("import", "a.geojson", "--level", "district", *origin, "--json"))["import"] == 1
    places("import", "b.geojson", "--level", "district")
    places("import", "c.geojson", "--level", "subdistrict")
    shown = told(places("history", "--json"))
    assert [(one["import"], one["kind"], one["places"], one["in_use"]) for one in shown] == [
        (3, "subdistrict", 1, True), (2, "district", 1, True), (1, "district", 2, False),
    ]  # fmt: skip
    assert {name: shown[2][name] for name in ("file", "source", "licence", "dated")} == {
        "file": "a.geojson", "source": "OCHA", "licence": "CC BY-IGO 3.0", "dated": "2021-01-21",
    }  # fmt: skip
    assert shown[1]["source"] == "b.geojson" and "taken: 1 (of 1 in b, code in code)" in shown[1]["notes"]
    assert lines(places("restore", "1")) == ["import 1 is in use: 2 of district, from a.geojson"]
    assert lines(places("withdraw", "subdistrict"))[0].startswith("no import of subdistrict is in use now")
    state = [line.rsplit(maxsplit=1)[-1] for line in lines(places("history"))[1:]]
    assert state == ["restored", "restored", "use"]


def test_what_is_found_is_told(places: Places, tmp_path: Path) -> None:
    """As a table for people with what to do next, and the same as JSON."""
    features = [*rows("3801", "3403"), ({"code": "4303"}, around("3801")),
                ({"code": "9999"}, around("3403")), ({"code": "1001"}, around("3403"))]  # fmt: skip
    (tmp_path / "a.geojson").write_bytes(geojson(features))
    shown = lines(places("import", "a.geojson", "--level", "district"))
    assert shown[:3] == [
        "Import 1: district Number Which",
        "taken 2 of 5 in a, code in code",
        "repaired 0",
    ]
    assert shown[3].startswith("missing 228 2202 Khlung, 2204 ")
    assert shown[4:8] == [
        "overlapping 0",
        "unknown codes, left out 1 9999",
        "abolished, taken under today's code 1 4303 as 3801 Mueang Bueng Kan",
        "abolished, left out 0",
    ]
    assert shown[8:10] == [
        "joined from several areas 1 3801 Mueang Bueng Kan (2)",
        "not of the border provinces, left out 1",
    ]
    assert any("--source and --licence" in line for line in shown) and "places check" in shown[-1]
    found = told(places("import", "a.geojson", "--level", "district", "--json"))
    assert len(found.pop("missing")) == 228 and found.pop("stored_bytes") == 186
    assert found == {
        "import": 2, "replaced": 1, "no_longer": [],
        "level": "district", "file": "a.geojson", "source": "a.geojson", "licence": "", "dated": "",
        "format": "GeoJSON", "layer": "a", "code_field": "code", "projection": "WGS 84", "swapped": False,
        "areas": 5, "taken": 2, "repaired": [], "overlapping": [], "unknown": ["9999"], "without_code": 0,
        "abolished_taken": {"4303": "3801"}, "abolished_left_out": {}, "joined": {"3801": 2}, "elsewhere": 1,
        "empty_or_broken": [], "misplaced_km": {}, "points_before": 15, "points_after": 10,
    }  # fmt: skip


def test_what_is_lost_is_told(places: Places, tmp_path: Path) -> None:
    """Who imports one province after the other is told that the second took the place of the first, and the way back."""
    for name, codes in (("both", ("3403", "5703", "5704")), ("one", ("3403",)), ("more", ("3403", "3405"))):
        (tmp_path / f"{name}.geojson").write_bytes(geojson(rows(*codes)))
    places("import", "both.geojson", "--level", "district")
    assert (
        "It took the place of import 1, whose boundaries of 5703 Chiang Khong, 5704 Thoeng are gone with it: import all "
        "areas in one file, or go back with `python -m bot places restore 1`."
    ) in lines(places("import", "one.geojson", "--level", "district"))
    found = told(places("import", "more.geojson", "--level", "district", "--json"))
    assert (found["replaced"], found["no_longer"]) == (2, [])


def test_a_bad_file_changes_nothing(places: Places, tmp_path: Path) -> None:
    """One line that names the file, exit code 1, and the import in use is the same as before."""
    good = geojson(rows("3403", "3405"))
    (tmp_path / "good.geojson").write_bytes(good)
    places("import", "good.geojson", "--level", "district")
    before = places("history", "--json").stdout
    for number, content in enumerate(
        (b"", good[:-40], b"PK\x03\x04", good.replace(b"3403", b"1001").replace(b"3405", b""))
    ):
        name = f"bad{number}.zip"
        (tmp_path / name).write_bytes(content)
        done = places("import", name, "--level", "district")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(f"mekongwatch: {name}: ") and done.stderr.count("\n") == 1
    assert places("history", "--json").stdout == before


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (("import", "none.zip", "--level", "district"), 1, "mekongwatch: none.zip: No such file or directory\n"),
        (("import", ".", "--level", "district"), 1, "mekongwatch: .: Is a directory\n"),
        (("import", "x.zip"), 2, "Missing option '--level'"),
        (("import", "x.zip", "--level", "village"), 2, "'village' is not one of 'district', 'subdistrict'"),
        (("import", "x.zip", "--level", "district", "--date", "last year"), 2, "a day looks like"),
        (("import", "x.zip", "--level", "district", "--date", "2569-09-30"), 2, "2026 instead of 2569"),
        (("restore", "1"), 1, "mekongwatch: there is no import 1; see `python -m bot places history`\n"),
        (("restore", "built-in"), 2, "Invalid value for 'IMPORT'"),
        (("restore", "99999999999999999999"), 2, "Invalid value for 'IMPORT'"),
        (("withdraw", "district"), 1, "mekongwatch: no import of district is in use\n"),
        (("withdraw", "Villages"), 1, "mekongwatch: no import of village is in use\n"),
        (("withdraw", "province"), 2, "'province' is not one of"),
    ],
)  # fmt: skip
def test_mistakes(run: Run, words: tuple[str, ...], code: int, reason: str) -> None:
    """What cannot be done is one line; wrong usage is told as such."""
    done = run("places", *words)
    assert (done.returncode, done.stdout) == (code, "")
    assert reason == done.stderr if code == 1 else reason in " ".join(done.stderr.replace("│", "").split())
