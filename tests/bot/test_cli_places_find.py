"""`places find`: codes by name."""

import json

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
