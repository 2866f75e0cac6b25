"""The versions lead to exactly the tables that `storage.tables` defines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import inspect

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
