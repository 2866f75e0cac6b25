"""Making of SQLAlchemy engines: which driver, which settings, and which of their errors pass by themselves."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.pool import NullPool, StaticPool

BUSY_S = 30
"""How long SQLite waits for another process's transaction, in seconds."""
CONNECT_S = 10
"""How long PostgreSQL may take to accept a connection, in seconds."""
ONLY_READS = "only_reads"
"""Execution option of a connection to SQLite whose transactions write nothing."""

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

_FAULTS_SQLITE = {
    sqlite3.SQLITE_BUSY: "another program is holding the database; stop it, or try again",
    sqlite3.SQLITE_LOCKED: "another program is holding the database; stop it, or try again",
    sqlite3.SQLITE_READONLY: "the database may only be read: look at the rights of the file and its folder",
    sqlite3.SQLITE_PERM: "the database may not be opened: look at the rights of the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened: look at its folder, and at the rights of both",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk cannot be read or written",
    sqlite3.SQLITE_CORRUPT: "the database is damaged: restore the last backup",
    sqlite3.SQLITE_NOTADB: "the file is no SQLite database",
}
_FAULTS_POSTGRES = (
    ("28", "the server refuses the user or the password"),
    ("3D", "the server has no database of this name"),
    ("42501", "the user lacks rights in the database: make it the database's owner"),
    ("25006", "the server may only be read"),
    ("53100", "the server's disk is full"),
    ("53300", "the server has no connection left"),
    ("55P03", "another program is holding the database; stop it, or try again"),
    ("57P", "the server is starting or stopping; try again"),
    ("08", "the server cannot be reached, or it refuses the user"),
)
"""What an operator can do something about, by the first letters of the SQLSTATE."""


class UnusableUrl(ValueError):
    """DATABASE_URL names no database that we can use. The text holds no part of the URL: it may have a password."""


def normalised(url: str) -> URL:
    """The URL with our driver: `sqlite:///x`, `postgres://…` and `postgresql://…` as people write them."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: the port is no number
        raise UnusableUrl("DATABASE_URL is not a database URL") from None
    backend = parsed.drivername.partition("+")[0]
    if backend == "sqlite":
        return parsed.set(drivername="sqlite+pysqlite")
    if backend in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    raise UnusableUrl("DATABASE_URL must begin with sqlite:/// or postgresql://")


def create(url: str, *, wait_s: int | None = None) -> Engine:
    """An engine. Its connections are kept by whoever opens them, so there is no pool.

    `wait_s`: how long to wait for a server or for another process's transaction, where that is less than usual."""
    parsed = normalised(url)
    if parsed.get_backend_name() == "postgresql":
        engine = create_engine(parsed, poolclass=NullPool, connect_args={"connect_timeout": wait_s or CONNECT_S})
        event.listen(engine, "connect", _prepare_postgres)
        return engine
    memory = parsed.database in (None, "", ":memory:")
    engine = create_engine(
        parsed,
        poolclass=StaticPool if memory else NullPool,
        connect_args={"check_same_thread": False, "timeout": wait_s or BUSY_S},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_postgres(connection: Any, _: Any) -> None:
    from psycopg.types.array import ListBinaryDumper  # here, not above: with SQLite nobody need load the driver

    # Lists go as binary: as text, psycopg escapes every byte of a sealed value in Python, 2 ms for each.
    connection.adapters.register_dumper(list, ListBinaryDumper)


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: `_begin_sqlite` does
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the write lock first: a transaction that reads and then writes cannot fail halfway with "busy".
    # One that only reads leaves the lock to those who write.
    reads = connection.get_execution_options().get(ONLY_READS, False)
    connection.exec_driver_sql("BEGIN DEFERRED" if reads else "BEGIN IMMEDIATE")


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


def fault(error: BaseException) -> str | None:
    """What is wrong with the database, in half a line that quotes nothing; None if no operator could put it right."""
    if isinstance(error, UnusableUrl):
        return str(error).removeprefix("DATABASE_URL ")
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", None)
        return None if code is None else _FAULTS_SQLITE.get(code & 0xFF)
    if isinstance(cause, OSError):
        return cause.strerror
    state = str(getattr(cause, "sqlstate", None) or "")
    if not state and is_passing(error):
        state = "08"  # libpq gives no state when it cannot connect
    return next((words for start, words in _FAULTS_POSTGRES if state.startswith(start)), None)
