"""How commands show what they found."""

from __future__ import annotations

import json
import os
import pty
import select
import sys
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot.cli import show


@dataclass(frozen=True)
class Found:
    """Something to print."""

    code: str
    at: datetime


def test_a_table_in_a_pipe(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each row is one whole line, whatever the environment says about widths and colours; nothing in a cell is markup."""
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("FORCE_COLOR", "1")
    show.table(["Code", "Name"], [["3403", "[b]x[/b] " + "ຄຳ " * 50], ["1", "\x1b[31mred\ttea"]], title="All [1/2]")
    title, head, first, second = capsys.readouterr().out.splitlines()
    assert (title.strip(), head.split()) == ("All [1/2]", ["Code", "Name"])
    assert first.split() == ["3403", "[b]x[/b]", *["ຄຳ"] * 50]
    assert second.split() == ["1", "[31mred", "tea"] and "\x1b" not in second


def test_a_table_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal gets no line that is wider than it is."""
    reading, writing = pty.openpty()
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "xterm")
    with os.fdopen(writing, "w") as terminal, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", terminal)
        show.table(["Code"], [["word " * 30]])
        terminal.flush()
        drawn = ""
        while "100%" not in drawn and select.select([reading], [], [], 5)[0]:  # a terminal hands out a piece at a time
            drawn += os.read(reading, 65536).decode()
    os.close(reading)
    assert drawn.count("word") == 30 and max(len(line.rstrip()) for line in drawn.splitlines()[3:]) <= 40


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Dataclasses, datetimes and letters beyond ASCII come out as one line that reads back."""
    show.data({"found": [Found("ກ", datetime(2026, 11, 21, tzinfo=UTC))], "paths": {1: None}})
    out = capsys.readouterr().out
    assert out.count("\n") == 1 and "ກ" in out
    assert json.loads(out) == {"found": [{"code": "ກ", "at": "2026-11-21T00:00:00+00:00"}], "paths": {"1": None}}


def test_progress(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress is drawn on a terminal, on standard error only, and is silent elsewhere."""
    with show.progress("Copying", 3) as done:
        done(1)
    assert capsys.readouterr() == ("", "")
    reading, writing = pty.openpty()
    with os.fdopen(writing, "w") as terminal, monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", terminal)
        with show.progress("Copying [1]", 2) as done:
            done(2)
        terminal.flush()
        drawn = ""
        while "100%" not in drawn and select.select([reading], [], [], 5)[0]:  # a terminal hands out a piece at a time
            drawn += os.read(reading, 65536).decode()
    os.close(reading)
    assert "Copying [1]" in drawn and "100%" in drawn and capsys.readouterr().out == ""
