"""`places find`: codes by name."""

import json
from pathlib import Path

from tests.bot.conftest import Run


def test_a_name_tells_its_code(run: Run) -> None:
    """A misspelt name in Lao script leads to the district's code, as a table and for machines."""
    assert "3403" in run("places", "find", "ໂຂງຈຽມ").stdout
    found = json.loads(run("places", "find", "Kong Chiam", "--json").stdout)
    assert found[0] == {"code": "3403", "th": "โขงเจียม", "en": "Khong Chiam"}


def test_no_such_name(run: Run) -> None:
    """A name like no other is one line and exit code 1; for machines it is an empty list."""
    done = run("places", "find", "zzzzzz")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert json.loads(run("places", "find", "zzzzzz", "--json").stdout) == []


def test_what_is_imported_is_found(run: Run, tmp_path: Path) -> None:
    """Villages and landmarks, with what they lie in; and a place across the border. Looking makes no database."""
    assert "KH0105" in run("places", "find", "អូរជ្រៅ").stdout
    assert list(tmp_path.glob("*.sqlite3")) == []
    villages = "code,th,en\n34030104,บ้านดงนา,Ban Dong Na\n"
    (tmp_path / "villages.csv").write_text(villages, encoding="utf-8")
    landmarks = "kind,th,en,lat,lon\npier,ท่าเรือด่าน,Dan pier,15.3190,105.4950\n"
    (tmp_path / "landmarks.csv").write_text(landmarks, encoding="utf-8")
    for layer in ("villages", "landmarks"):
        assert run("places", layer, f"{layer}.csv").returncode == 0
    assert json.loads(run("places", "find", "Ban Dong Naa", "--json").stdout)[0]["code"] == "34030104"
    words = " ".join(run("places", "find", "dan peir").stdout.split())
    assert "L1 ท่าเรือด่าน Dan pier Khong Chiam, Khong Chiam, Ubon Ratchathani" in words
