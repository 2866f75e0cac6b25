"""What the command line says about itself."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.bot.conftest import Run
from tests.command_line import COMMANDS, meant

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = re.compile(r"Example: python -m bot (\S.*)")


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(path) or "mekongwatch")
def test_every_command_has_help_with_an_example(path: tuple[str, ...]) -> None:
    """Each command and group says in a first paragraph what it does, and last a command line that really parses."""
    paragraphs = (COMMANDS[path].help or "").strip().split("\n\n")
    assert paragraphs[0].endswith(".") and "Example" not in paragraphs[0]
    found = EXAMPLE.fullmatch(paragraphs[-1].strip())
    assert found, "the help must end with a paragraph `Example: python -m bot …`"
    assert meant(shlex.split(found[1]))[: len(path)] == path


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(path) or "mekongwatch")
def test_every_option_is_explained(path: tuple[str, ...]) -> None:
    """No option and no argument is without a word of help."""
    assert [parameter.name for parameter in COMMANDS[path].params if not getattr(parameter, "help", "")] == []


def test_an_example_that_does_not_parse_is_found_out() -> None:
    """The walk above fails for an unknown command, an unknown option and a missing argument."""
    for wrong in ("explode", "centre open 3403 --loud", "centre open"):
        with pytest.raises(Exception, match=r"No such|Missing"):
            meant(wrong.split())


def test_examples_can_be_typed_where_they_are_shown(tmp_path: Path) -> None:
    """On a server the commands are called otherwise; usage and examples say it as there."""
    called = {"MEKONGWATCH_CALLED": "sudo mekongwatch", "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
    words = [sys.executable, "-m", "bot", "places", "--help"]
    shown = subprocess.run(words, cwd=tmp_path, env={**os.environ, **called}, capture_output=True, text=True).stdout
    assert "Usage: sudo mekongwatch places" in shown and "Example: sudo mekongwatch places find" in shown
    assert "python -m bot" not in shown


def test_advice_is_as_called() -> None:
    """No advice in the programme's code spells out how it is called; examples and module heads may."""
    spelt = re.compile(r'"[^"\n]*python -m bot [^"\n]*"')
    for path in (*(ROOT / "bot" / "cli").glob("*.py"), *(ROOT / "bot" / "doctor").glob("*.py")):
        code = re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert spelt.findall(code) == [], path.name


def test_the_first_page(run: Run) -> None:
    """The commands are shown in groups, and each of them is there."""
    shown = run("--help", COLUMNS="80").stdout
    places = [shown.find(f"─ {panel} ─") for panel in ("Try it", "Run it", "Set it up", "Look after it")]
    assert -1 not in places
    assert "─ Commands ─" not in shown, "a command without rich_help_panel"
    for path in COMMANDS:
        assert len(path) != 1 or re.search(rf"│ {path[0]} ", shown)
    assert run().stdout.strip() == shown.strip()


def test_the_version(run: Run) -> None:
    """`--version` tells the version of the package, which stands in two places because a clone is not installed."""
    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"mekongwatch {said}\n")
