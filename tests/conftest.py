"""Fixtures for every test: both databases, a fixed clock, fixed ids."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.vault import Vault
from tests.fixed import FixedClock, FixedIds
from tests.postgres import Postgres, running

DATA_KEY = "a key for the tests only"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-transcripts` rewrites what is said in tests/transcripts/; read the difference before committing it."""
    parser.addoption("--update-transcripts", action="store_true", default=False)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Nothing of the modules and tests that are loaded now is ever thrown away: the collector need not look through it."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture
def clock() -> FixedClock:
    """It is 2026-11-21, 08:00 UTC, until the test says otherwise."""
    return FixedClock()


@pytest.fixture
def ids() -> FixedIds:
    """Ids that count from 1."""
    return FixedIds()


@pytest.fixture(scope="session")
def vault() -> Vault:
    """A vault with the tests' key."""
    return Vault(DATA_KEY)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL server for the whole run, started by the first test that wants it."""
    with running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each test that asks for a database runs on both engines."""
    return str(request.param)


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, engine_name: str, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.create()
    yield url
    server.drop(url)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory, vault: Vault) -> Path:
    """An up-to-date, empty SQLite database, migrated once for all the tests that begin with a copy of it."""
    path = tmp_path_factory.mktemp("migrated") / "empty.sqlite3"
    database = Database(f"sqlite:///{path}", vault)
    database.migrate()
    database.close()
    return path


@pytest.fixture
def database_url(request: pytest.FixtureRequest, engine_name: str, tmp_path: Path) -> str:
    """The URL of an up-to-date, empty database, for tests that open several at once or start a process of their own."""
    if engine_name == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        return server.emptied()
    template: Path = request.getfixturevalue("migrated_file")
    return f"sqlite:///{shutil.copyfile(template, tmp_path / 'test.sqlite3')}"


@pytest.fixture
def database(database_url: str, vault: Vault) -> Iterator[Database]:
    """An open database on each engine."""
    opened = Database(database_url, vault)
    yield opened
    opened.close()
