"""A database as lines of text and back, the same for both engines: what a backup file holds of the tables.

A row is a JSON list of its values in the order of its table's columns: times in ISO 8601 with UTC, bytes in base64.
What the tables are is asked of the database and not of the code, so that one of an older version can be carried too.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlmodel import UTCDateTime

from storage import schema
from storage.engines import ONLY_READS
from storage.tables import MEDIA, METADATA

Kind = Literal["number", "real", "truth", "text", "time", "bytes"]

AT_ONCE = 500
"""Rows that are read or written in one go: enough to be fast, and at most some MB in memory."""
HELD_BY = ("owner", "lease_until")
"""Columns that say which process holds a row. Whoever starts on a restored database is another one."""

_KINDS: Sequence[tuple[type[sa.types.TypeEngine[Any]], Kind]] = (
    (sa.Boolean, "truth"),
    (sa.Integer, "number"),
    (sa.Float, "real"),
    (sa.String, "text"),
    (sa.DateTime, "time"),
    (sa.LargeBinary, "bytes"),
)
_TYPES: Mapping[Kind, sa.types.TypeEngine[Any]] = {
    "number": sa.BigInteger(),
    "real": sa.Float(),
    "truth": sa.Boolean(),
    "text": sa.String(),
    "time": UTCDateTime(),
    "bytes": sa.LargeBinary(),
}
_WRITTEN: Mapping[Kind, Callable[[Any], Any]] = {
    "time": datetime.isoformat,
    "bytes": lambda value: b64encode(value).decode(),
}
_READ: Mapping[Kind, Callable[[Any], Any]] = {
    "time": datetime.fromisoformat,
    "bytes": lambda value: b64decode(value, validate=True),
}


class NotPortable(Exception):
    """The database cannot be carried over, or not into this place; the text says why in one line."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A table: its columns in their order, and by which of them its rows are told apart."""

    name: str
    columns: Mapping[str, Kind]
    key: Sequence[str]

    def clause(self) -> sa.TableClause:
        """The table for statements."""
        return sa.table(self.name, *(sa.column(name, _TYPES[kind]) for name, kind in self.columns.items()))


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """One moment of the database for as long as the block reads, however much is written meanwhile; it holds up nobody.

    SQLite: a read transaction in WAL mode. PostgreSQL: REPEATABLE READ, READ ONLY.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        else:
            connection.execution_options(**{ONLY_READS: True})
        with connection.begin():
            schema.version(connection)  # the moment is that of the first read
            yield connection


def shapes(connection: Connection) -> list[Shape]:
    """The tables of ours that are there, by name. Raises `NotPortable`."""
    inspector = sa.inspect(connection)
    there = set(inspector.get_table_names())
    strange = there - METADATA.tables.keys() - {schema.VERSION_TABLE}
    if strange and schema.state(connection) != "current":
        # In an up-to-date database these are somebody else's. In an older one they may be ours, with rows to lose.
        raise NotPortable(f"the table {min(strange)} is unknown to this version of the programme")
    found = []
    for name in sorted(there & METADATA.tables.keys()):
        columns = {column["name"]: _kind(name, column) for column in inspector.get_columns(name)}
        found.append(Shape(name, columns, inspector.get_pk_constraint(name)["constrained_columns"]))
    return found


def _kind(table: str, column: Any) -> Kind:
    for type_, kind in _KINDS:
        if isinstance(column["type"], type_):
            return kind
    raise NotPortable(f"{table}.{column['name']} is of a type that no backup knows")


def count(connection: Connection, shape: Shape) -> int:
    """How many rows there are."""
    return connection.execute(sa.select(sa.func.count()).select_from(shape.clause())).scalar_one()


def lines(connection: Connection, shape: Shape) -> Iterator[bytes]:
    """A table's rows, one line each, read as they are asked for."""
    table = shape.clause()
    statement = sa.select(*table.c).order_by(*(table.c[name] for name in shape.key))
    written = [_WRITTEN.get(kind, _as_it_is) for kind in shape.columns.values()]
    for row in connection.execution_options(yield_per=AT_ONCE).execute(statement):
        values = [None if value is None else write(value) for write, value in zip(written, row, strict=True)]
        yield orjson.dumps(values) + b"\n"


def values(shape: Shape, line: bytes) -> dict[str, Any]:
    """A line as a row."""
    read = [(name, _READ.get(kind, _as_it_is)) for name, kind in shape.columns.items()]
    return {
        name: None if value is None else made(value)
        for (name, made), value in zip(read, orjson.loads(line), strict=True)
    }


def load(connection: Connection, shape: Shape, rows: Iterable[bytes]) -> Iterator[int]:
    """Put lines into an empty table, held by nobody; tells after each batch how many rows it had."""
    statement = shape.clause().insert()
    nobody = {name: None for name in HELD_BY if name in shape.columns}
    batch: list[dict[str, Any]] = []
    for line in rows:
        batch.append(values(shape, line) | nobody)
        if len(batch) == AT_ONCE:
            connection.execute(statement, batch)
            yield len(batch)
            batch = []
    if batch:
        connection.execute(statement, batch)
        yield len(batch)


def numbers(connection: Connection, tables: Iterable[Shape]) -> dict[str, int]:
    """The last number that each table gave to a row of its own, also if that row is erased by now."""
    if connection.dialect.name == "sqlite":
        if not sa.inspect(connection).has_table("sqlite_sequence"):
            return {}
        rows = connection.execute(sa.text("SELECT name, seq FROM sqlite_sequence ORDER BY name"))
        ours = {shape.name for shape in tables}
        return {row.name: row.seq for row in rows if row.name in ours and row.seq}
    given: dict[str, int] = {}
    for shape in tables:
        counter = _counter(connection, shape)
        if counter:
            last, used = connection.execute(sa.text(f"SELECT last_value, is_called FROM {counter}")).one()
            given |= {shape.name: last} if used else {}
    return given


def set_numbers(connection: Connection, tables: Iterable[Shape], given: Mapping[str, int]) -> None:
    """Go on counting behind these."""
    lite = connection.dialect.name == "sqlite"
    for shape in tables:
        last = given.get(shape.name, 0)
        if not last:
            continue
        if lite:
            row = {"name": shape.name, "last": last}
            connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), row)
            connection.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), row)
        else:
            connection.execute(
                sa.text("SELECT setval(:counter, :last)"), {"counter": _counter(connection, shape), "last": last}
            )


def _counter(connection: Connection, shape: Shape) -> str | None:
    """The sequence behind a table's number, quoted for a statement (PostgreSQL)."""
    if len(shape.key) != 1:
        return None
    found = sa.text("SELECT pg_get_serial_sequence(:table, :key)")
    name: str | None = connection.execute(found, {"table": shape.name, "key": shape.key[0]}).scalar()
    return name


def make_room(connection: Connection, version: str) -> None:
    """Empty tables of this version in a database without any rows of ours. Raises `NotPortable`."""
    schema.take_turn(connection)
    if not schema.knows(version):
        raise NotPortable(f"it was made by a newer programme (version {version} of the tables): install that first")
    if schema.state(connection) == "newer":
        raise NotPortable("the database belongs to a newer programme")
    _lock(connection)
    taken = occupied(connection)
    if taken:
        raise NotPortable(f"the database is not empty ({taken} has rows): restore into a new one")
    METADATA.drop_all(connection)
    connection.execute(sa.text(f"DROP TABLE IF EXISTS {schema.VERSION_TABLE}"))
    schema.upgrade(connection, version)


def _lock(connection: Connection) -> None:
    """Nobody writes between the look whether the tables are empty and the end of the transaction. (On SQLite every
    transaction that may write keeps the others out from its beginning.)"""
    if connection.dialect.name != "postgresql":
        return
    there = set(sa.inspect(connection).get_table_names())
    for name in sorted(there & METADATA.tables.keys()):
        connection.execute(sa.text(f'LOCK TABLE "{name}" IN ACCESS EXCLUSIVE MODE'))


def occupied(connection: Connection) -> str:
    """The name of a table of ours that has rows, or ""."""
    inspector = sa.inspect(connection)
    for name in METADATA.tables:
        if inspector.has_table(name) and connection.execute(sa.text(f'SELECT 1 FROM "{name}" LIMIT 1')).first():
            return name
    return ""


def still_kept(connection: Connection, media_ids: Sequence[str]) -> set[str]:
    """Those of these media that are said to lie in the store by now."""
    statement = sa.select(MEDIA.c.id).where(MEDIA.c.id.in_(sa.bindparam("ids", expanding=True)), MEDIA.c.key != "")
    kept: set[str] = set()
    for start in range(0, len(media_ids), AT_ONCE):
        kept |= set(connection.execute(statement, {"ids": media_ids[start : start + AT_ONCE]}).scalars())
    return kept


def _as_it_is(value: Any) -> Any:
    return value
