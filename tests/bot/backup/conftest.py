"""A place with something in it, a backup of it, and an empty place."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.media_store import MediaStore
from storage.vault import Vault
from tests.bot.backup.places import (
    PICTURES,
    fill,
    settings,
)
from tests.bot.conftest import Run
from tests.postgres import Postgres


@pytest.fixture
def store(tmp_path: Path, vault: Vault) -> MediaStore:
    """The media of the place that is backed up."""
    made = MediaStore(str(tmp_path / "media"), vault)
    for key, content in PICTURES.items():
        asyncio.run(made.put(key, content, len(content)))
    return made


@pytest.fixture
def source(database: Database, database_url: str, store: MediaStore, tmp_path: Path) -> dict[str, str]:
    """The variables of a place with something in it."""
    database.run_now(fill)
    return settings(database_url, tmp_path / "media")


@pytest.fixture
def target_name() -> str:
    """The engine of the empty place, unless a test names others."""
    return "sqlite"


@pytest.fixture
def empty(request: pytest.FixtureRequest, target_name: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables of an empty place."""
    if target_name == "sqlite":
        yield settings(f"sqlite:///{tmp_path / 'new.sqlite3'}", tmp_path / "new-media")
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.create()
    yield settings(url, tmp_path / "new-media")
    server.drop(url)


@pytest.fixture
def file(run: Run, source: dict[str, str], tmp_path: Path) -> Path:
    """A backup."""
    assert run("backup", "backup.tar", **source).returncode == 0
    return tmp_path / "backup.tar"
