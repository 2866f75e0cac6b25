"""The golden transcripts are the specification of the conversation: replayed, each must come out as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.config import Settings
from handlers.codes import ALPHABET
from storage.database import Database
from tests.transcripts.play import Replay

FOLDER = Path(__file__).parent
_CODE = re.compile(rf"\b[{ALPHABET}]{{3}}-[{ALPHABET}]{{4}}\b")
FILES = sorted(FOLDER.glob("*.txt"))
UNLIKE = [path for path in FILES if not re.search("_(lo|km|en)$", path.stem)]
"""Without those that say the same as a Thai one in another language."""


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _with_counted_codes(lines: list[str]) -> list[str]:
    """Case codes as "case 1", "case 2": a restart draws other ones."""
    seen: dict[str, str] = {}
    return [_CODE.sub(lambda m: seen.setdefault(m[0], f"case {len(seen) + 1}"), line) for line in lines]


def settings(database: Database, folder: Path) -> Settings:
    """Settings that only the stage reads."""
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        database_url=SecretStr("sqlite:///unused"),
        media_url=str(folder / "media"),
        served_districts="border",
    )


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
async def test_transcript(path: Path, database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """What people do leads to what stands written, on both databases."""
    before = _read(path)
    replayed = await Replay(settings(database, tmp_path), database).run(before.splitlines())
    after = "\n".join(replayed).rstrip() + "\n"
    if request.config.getoption("--update-transcripts"):
        _write(path, after)
        return
    assert after.splitlines() == before.splitlines()


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("path", UNLIKE, ids=lambda p: p.stem)
async def test_a_restart_before_every_line_changes_nothing(path: Path, database: Database, tmp_path: Path) -> None:
    """The programme may die between any two steps: nothing of the conversation is lost."""
    before = _read(path)
    replayed = await Replay(settings(database, tmp_path), database, restarts=True).run(before.splitlines())
    assert _with_counted_codes(replayed) == _with_counted_codes(before.splitlines())


def test_every_language_has_a_whole_report() -> None:
    """A language without a transcript would go unread."""
    names = {p.stem for p in FILES}
    assert {f"report_{language}" for language in ("th", "lo", "km", "en")} <= names
