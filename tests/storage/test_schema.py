"""The versions lead to exactly the tables that `storage.tables` defines."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import inspect, text

from storage import schema
from storage.database import Database
from storage.engines import create
from storage.tables import METADATA
from storage.vault import Vault
from tests.fixed import START


def test_an_empty_database_is_brought_up_to_date(empty_url: str) -> None:
    """After migrating, nothing differs from the tables in the code, and doing it again changes nothing."""
    engine = create(empty_url)
    for _ in range(2):
        with engine.begin() as connection:
            schema.upgrade(connection)
            assert schema.differences(connection) == []
            assert set(METADATA.tables) < set(inspect(connection).get_table_names())


def test_processes_that_start_together_migrate_once(empty_url: str, vault: Vault) -> None:
    """Five at a time, on an empty database: all succeed."""
    databases = [Database(empty_url, vault) for _ in range(5)]
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(Database.migrate, databases))
    assert databases[0].run_now(lambda uow: uow.outbox.claim("me", START, 1)) == []
    for database in databases:
        database.close()


@pytest.mark.parametrize(
    ("version", "state"), [("0002", "current"), ("0001", "older"), ("0000", "newer"), (None, "older")]
)
def test_state_of_a_database(empty_url: str, version: str | None, state: str) -> None:
    """The version in the database is told apart from the programme's own, and nothing is changed by looking."""
    with create(empty_url).begin() as connection:
        assert schema.state(connection) == "empty" and inspect(connection).get_table_names() == []
        schema.upgrade(connection)
        assert schema.state(connection) == "current"
        connection.execute(text("DELETE FROM alembic_version"))
        if version:
            connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})
        assert schema.state(connection) == state


def test_versions_follow_on_one_another() -> None:
    """The number at the beginning of a version's file is its own, and each follows on the one before: what tells a
    database's version relies on it."""
    files = sorted((schema.MIGRATIONS / "versions").glob("[0-9]*.py"))
    before = "None"
    for file in files:
        said = dict(
            re.findall(r'^(revision|down_revision) = "?(\w+)"?$', file.read_text(encoding="utf-8"), re.MULTILINE)
        )
        assert said == {"revision": file.name[:4], "down_revision": before}
        before = file.name[:4]
