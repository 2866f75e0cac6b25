"""The documents say what is so."""

import re
from pathlib import Path

import pytest

from docs.draw_flow import PATH, drawn

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
