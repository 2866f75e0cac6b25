"""Making of SQLAlchemy engines: which driver, which settings, and which of their errors pass by themselves."""

from __future__ import annotations

import sqlite3
from typing import Any

from psycopg.types.array import ListBinaryDumper
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.pool import NullPool, StaticPool

BUSY_S = 30
"""How long SQLite waits for another process's transaction, in seconds."""

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # a commit survives a power cut, not only a crash of the process
    "secure_delete=FAST",
    "temp_store=MEMORY",
)
_PASSING_SQLITE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_PASSING_POSTGRES = ("08", "40", "53", "55", "57")
"""SQLSTATE classes (PostgreSQL, appendix A): connection, rollback (serialization, deadlock), resources, object not in
the needed state (lock not available), operator intervention (shutdown, restart)."""


class UnusableUrl(ValueError):
    """DATABASE_URL names no database that we can use. The text holds no part of the URL: it may have a password."""


def normalised(url: str) -> URL:
    """The URL with our driver: `sqlite:///x`, `postgres://…` and `postgresql://…` as people write them."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UnusableUrl("DATABASE_URL is not a database URL") from None
    backend = parsed.drivername.partition("+")[0]
    if backend == "sqlite":
        return parsed.set(drivername="sqlite+pysqlite")
    if backend in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    raise UnusableUrl("DATABASE_URL must begin with sqlite:/// or postgresql://")


def create(url: str) -> Engine:
    """An engine. Its connections are kept by whoever opens them, so there is no pool."""
    parsed = normalised(url)
    if parsed.get_backend_name() == "postgresql":
        engine = create_engine(parsed, poolclass=NullPool, connect_args={"connect_timeout": 10})
        event.listen(engine, "connect", _prepare_postgres)
        return engine
    memory = parsed.database in (None, "", ":memory:")
    engine = create_engine(
        parsed,
        poolclass=StaticPool if memory else NullPool,
        connect_args={"check_same_thread": False, "timeout": BUSY_S},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_postgres(connection: Any, _: Any) -> None:
    # Lists go as binary: as text, psycopg escapes every byte of a sealed value in Python, 2 ms for each.
    connection.adapters.register_dumper(list, ListBinaryDumper)


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: `_begin_sqlite` does
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the write lock first: a transaction that reads and then writes cannot fail halfway with "busy".
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def is_passing(error: BaseException) -> bool:
    """Whether the same work may well succeed on a fresh connection: a lost connection, a lost race, a busy database."""
    if isinstance(error, DisconnectionError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", None)
        return code is not None and code & 0xFF in _PASSING_SQLITE
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return type(error).__name__ in ("OperationalError", "InterfaceError")
    return str(state).startswith(_PASSING_POSTGRES)
