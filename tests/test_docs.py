"""The documents say what is so."""

import re
from pathlib import Path

import pytest

from docs.draw_flow import PATH, drawn
from tests.command_line import command_lines, refusal

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    path.relative_to(ROOT)
    for folder in (ROOT, ROOT / "docs", ROOT / "docs" / "decisions", ROOT / "locales")
    for path in folder.glob("*.md")
)
TOP = ("bot", "handlers", "storage", "locales", "tests", "docs", "bench", "deploy", ".ci")
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
_FILE = re.compile(rf"`((?:{'|'.join(map(re.escape, TOP))})/[\w./-]+)`")
_MAKE = re.compile(r"\bmake ([a-z][a-z-]*)`")
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_SETTING = re.compile(r"(?<![\w/])[A-Z]{2,}(?:_[A-Z0-9]+)+\b(?!\?)")
FOR_OPERATORS = [page for page in PAGES if page.name in ("README.md", "INSTALL.md", "OPERATIONS.md")]


def test_flow_diagram_is_current() -> None:
    """The drawn conversation is the one that the table holds (else: `make flow`)."""
    assert PATH.read_text(encoding="utf-8") == drawn()


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_what_a_page_names_exists(page: Path) -> None:
    """Every linked page, every file in backticks and every make target is there."""
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in _LINK.findall(text) if not (ROOT / page.parent / link).exists()]
    files = [name for name in _FILE.findall(text) if not (ROOT / name).exists()]
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert (links, files, [name for name in _MAKE.findall(text) if name not in targets]) == ([], [], [])


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_command_line_is_taken(page: Path) -> None:
    """What a page tells people to type is a command of this programme, with its options and arguments."""
    lines = command_lines((ROOT / page).read_text(encoding="utf-8"))
    assert [(words, why) for words in lines if (why := refusal(words))] == []


def test_a_wrong_command_line_is_seen() -> None:
    """The check above tells a missing argument, an unknown option and an unknown command from a right line."""
    page = "`python -m bot centre code`, `python -m bot serve --fast`, `sudo mekongwatch dance  # a remark`\n"
    assert command_lines(page) == ["centre code", "serve --fast", "dance"]
    assert all(refusal(words) for words in command_lines(page))
    assert [refusal(words) for words in ("centre code 3403 --headman 340301", "telegram --help", "serve")] == [""] * 3


@pytest.mark.parametrize("page", FOR_OPERATORS, ids=str)
def test_every_setting_is_explained(page: Path) -> None:
    """Each setting that a page for operators names stands in `.env.example`, the one list of them."""
    explained = set(
        re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    )
    code = " ".join(_CODE.findall((ROOT / page).read_text(encoding="utf-8")))
    assert set(_SETTING.findall(code)) - explained - {"YOUR_BOT"} == set()
