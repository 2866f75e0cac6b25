"""`places check`: how well districts are told apart, on the command line."""

from __future__ import annotations

import csv
import json
import logging
from pathlib import Path

import pytest

from tests.bot.conftest import Run
from tests.shared import SHARED, needs_shared

HEAD = "district_code,lat,lon\n"
KHONG_CHIAM = "3403,15.3190,105.4950\n"
MISSED = "5703,15.3190,105.4950\n"


def test_a_table(run: Run, tmp_path: Path) -> None:
    """Shares are told for people, then each miss with its line, both districts and the distance, and abolished codes."""
    (tmp_path / "x.csv").write_text(HEAD + KHONG_CHIAM * 2 + MISSED + "4303,15.3190,105.4950\n", encoding="utf-8")
    done = run("places", "check", "x.csv")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[:4] == [
        "Of 4 positions Number Share",
        "right district first 2 50.00 %",
        "right district first or second 2 50.00 %",
        "reporter would be asked 0 0.00 %",
    ]
    assert lines[5:7] == [
        "Misses",
        "Line Right district First district Right one second km to its nearest known point to its boundary",
    ]
    assert lines[7].startswith("4 5703 Chiang Khong 3403 Khong Chiam no 7")
    assert lines[8].startswith("5 3801 Mueang Bueng Kan 3403 Khong Chiam no 3")
    assert lines[9:] == ["4303 is abolished: counted as 3801 Mueang Bueng Kan"]


def test_json(run: Run, tmp_path: Path) -> None:
    """The same for machines; the distance is named for what it is."""
    (tmp_path / "x.csv").write_text(HEAD + KHONG_CHIAM + "3403,51.4779,-0.0015\n", encoding="utf-8")
    done = run("places", "check", "x.csv", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    (miss,) = told.pop("misses")
    assert told == {
        "rows": 2, "right": 1, "share_right": 0.5, "right_within_two": 1, "share_right_within_two": 0.5,
        "asked": 0, "share_asked": 0.0, "missed": 1, "abolished": {},
    }  # fmt: skip
    assert 9_000 < miss.pop("km_to_nearest_known_point") < 10_000
    assert miss == {
        "line": 3, "district_code": "3403", "district": "Khong Chiam", "first_code": "", "first": "",
        "right_one_second": False, "km_to_boundary": None,
    }  # fmt: skip


def test_a_share_is_never_rounded_up(run: Run, tmp_path: Path) -> None:
    """One miss among many is not shown as 100 %."""
    (tmp_path / "x.csv").write_text(HEAD + KHONG_CHIAM * 29_999 + MISSED, encoding="utf-8")
    assert "99.99 %" in run("places", "check", "x.csv").stdout


def test_more_misses_than_are_listed(run: Run, tmp_path: Path) -> None:
    """The rest is told as a number."""
    (tmp_path / "x.csv").write_text(HEAD + MISSED * 1_002, encoding="utf-8")
    done = run("places", "check", "x.csv")
    assert done.stdout.endswith("\nand 2 more misses\n")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark(run: Run, tmp_path: Path, mark: bytes) -> None:
    """Spreadsheets put one before the first column's name."""
    (tmp_path / "x.csv").write_bytes(mark + (HEAD + KHONG_CHIAM).encode())
    assert json.loads(run("places", "check", "x.csv", "--json").stdout)["right"] == 1


@pytest.mark.parametrize("code", ["TH3403", "3403.0", "๓๔๐๓", "34030000"])
def test_a_code_as_files_write_it(run: Run, tmp_path: Path, code: str) -> None:
    """The same spellings as in a file of boundaries: the operator has both from one source."""
    (tmp_path / "x.csv").write_text(HEAD + KHONG_CHIAM.replace("3403", code), encoding="utf-8")
    assert json.loads(run("places", "check", "x.csv", "--json").stdout)["right"] == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (HEAD.encode(), "has no rows below the names of its columns"),
        (b"lat,lon\n", "its first line does not name the column district_code, separated by commas"),
        ((HEAD + KHONG_CHIAM).encode("utf-16"), "is not UTF-8; in a spreadsheet choose to save it as CSV UTF-8"),
        (f"{HEAD}3403,15.3190,105.4950\nโขงเจียม,".encode("cp874"), "is not UTF-8; in a spreadsheet choose to save it "
         "as CSV UTF-8"),
        (HEAD.encode() + KHONG_CHIAM.encode() * 2_000 + b"\xff", "is not UTF-8; in a spreadsheet choose to save it as "
         "CSV UTF-8"),
        (f"{HEAD}3403,105.4950,15.3190\n".encode(), "line 2: lat and lon seem swapped; lat is the one from 5 to 23"),
        (f"{HEAD}3403,15.3190,east\n".encode(), "line 2: lon is no number"),
        (f"{HEAD}3403,-91,105.4950\n".encode(), "line 2: lat is out of range, -90 to 90"),
        (f"{HEAD}9999,15.3190,105.4950\n".encode(), "line 2: district_code 9999 is no district of the border provinces"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("how", [(), ("--json",)])
def test_a_bad_file(run: Run, tmp_path: Path, content: bytes, reason: str, how: tuple[str, ...]) -> None:
    """One line with the file's name and what is wrong, nothing half-told, also for machines."""
    (tmp_path / "x.csv").write_bytes(content)
    done = run("places", "check", "x.csv", *how)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"mekongwatch: x.csv: {reason}\n")


def test_no_file(run: Run, tmp_path: Path) -> None:
    """A missing file and a folder are refused in a line."""
    (tmp_path / "folder").mkdir()
    for name, reason in (("none.csv", "No such file or directory"), ("folder", "Is a directory")):
        done = run("places", "check", name)
        assert (done.returncode, done.stdout, done.stderr) == (1, "", f"mekongwatch: {name}: {reason}\n")


def test_a_huge_file_of_something_else(run: Run, tmp_path: Path) -> None:
    """200 MB without a line end are not read to their end."""
    with (tmp_path / "x.csv").open("wb") as file:
        file.truncate(200_000_000)
    done = run("places", "check", "x.csv")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "mekongwatch: x.csv: line 1: is longer than a row can be; this is no CSV file\n"


def test_nothing_is_logged_or_left(run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """No log line, and no database, key or copy beside the file."""
    (tmp_path / "x.csv").write_text(HEAD + MISSED, encoding="utf-8")
    with caplog.at_level(logging.DEBUG):
        assert run("places", "check", "x.csv", LOG_LEVEL="DEBUG").stderr == ""
    assert caplog.records == []
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


@needs_shared
def test_district_offices(run: Run, tmp_path: Path) -> None:
    """Of the border districts' offices 98.5 % get their own district alone or first, 99.5 % among the ones offered."""
    assert SHARED is not None
    with (
        (SHARED / "data" / "border_districts.csv").open(encoding="utf-8") as source,
        (tmp_path / "offices.csv").open("w", encoding="utf-8", newline="") as made,
    ):
        offices = csv.writer(made)
        offices.writerow(("district_code", "lat", "lon"))
        offices.writerows((r["code"], r["office_lat"], r["office_lon"]) for r in csv.DictReader(source))
    told = json.loads(run("places", "check", "offices.csv", "--json").stdout)
    print(f"\n{told}")
    assert told["rows"] == 70
    assert told["share_right"] >= 0.985
    assert told["share_right_within_two"] >= 0.995
