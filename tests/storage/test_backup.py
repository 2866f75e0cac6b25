"""Tables as lines and back: the same on both engines and across them, at one moment, with the numbers that were given."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import UTCDateTime

from storage import backup, schema
from storage.backup import NotPortable, Shape
from storage.database import Database
from storage.engines import create
from storage.tables import CASES, CENTRES, CHATS, METADATA, OUTBOX
from storage.vault import Vault
from tests.fixed import START
from tests.postgres import Postgres
from tests.storage.samples import a_chat
from tests.storage.versions import NEWEST, NEXT, next_version

CROSSWISE = [
    ("sqlite", "sqlite"),
    ("sqlite", "postgresql"),
    ("postgresql", "sqlite"),
    ("postgresql", "postgresql"),
]
ROWS = 7

Contents = dict[str, list[dict[str, Any]]]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An up-to-date, empty database."""
    made = create(database_url)
    yield made
    made.dispose()


@pytest.fixture
def target(request: pytest.FixtureRequest, target_name: str, tmp_path: Path) -> Iterator[Engine]:
    """A database without any table on the engine `target_name`."""
    if target_name == "sqlite":
        made = create(f"sqlite:///{tmp_path / 'target.sqlite3'}")
        yield made
        made.dispose()
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.create()
    made = create(url)
    yield made
    made.dispose()
    server.drop(url)


def some_value(column: Any, n: int) -> Any:
    """A value that is awkward for its type; nothing in every third row, where nothing is allowed."""
    if column.nullable and n % 3 == 0:
        return None
    if isinstance(column.type, sa.Boolean):
        return bool(n % 2)
    if isinstance(column.type, sa.Integer):
        return n if column.primary_key else n + (2**53 if isinstance(column.type, sa.BigInteger) else 2**30)
    if isinstance(column.type, sa.Float):
        return 15.1 + n / 3
    if isinstance(column.type, sa.LargeBinary):
        return bytes(range(256)) + bytes([n])
    if isinstance(column.type, UTCDateTime):
        return START + timedelta(days=n, microseconds=n)
    return f'{column.name}-{n} "ເຮືອ"\n\\ เรือ 🚤'


def fill(engine: Engine) -> None:
    """Rows in every table that there is."""
    with engine.begin() as connection:
        for table in METADATA.tables.values():
            counted = table.autoincrement_column is not None and table.dialect_options["sqlite"]["autoincrement"]
            for n in range(1, ROWS + 1):
                given = {c.name: some_value(c, n) for c in table.c if not (counted and c.primary_key)}
                connection.execute(table.insert(), given)


def contents(engine: Engine) -> Contents:
    """All rows of all tables, in no particular order of the database's."""
    with engine.begin() as connection:
        return {
            name: sorted((dict(row) for row in connection.execute(sa.select(table)).mappings()), key=str)
            for name, table in METADATA.tables.items()
        }


def carry(source: Engine, target: Engine) -> None:
    """From one database to the other, through lines."""
    with backup.snapshot(source) as old, target.begin() as new:
        backup.make_room(new, schema.version(old))
        shapes = backup.shapes(old)
        for shape in shapes:
            assert sum(backup.load(new, shape, backup.lines(old, shape))) == backup.count(old, shape)
        backup.set_numbers(new, shapes, backup.numbers(old, shapes))
        schema.upgrade(new)


def of_nobody(held: Contents) -> Contents:
    """The same, but that no process holds anything."""
    return {
        name: sorted(({k: None if k in backup.HELD_BY else v for k, v in row.items()} for row in rows), key=str)
        for name, rows in held.items()
    }


@pytest.mark.parametrize(("engine_name", "target_name"), CROSSWISE)
def test_every_value_comes_back(engine: Engine, target: Engine) -> None:
    """Every column of every table, on the same engine and on the other; only who held a row is forgotten."""
    fill(engine)
    carry(engine, target)
    assert contents(target) == of_nobody(contents(engine)) != contents(engine)
    with target.connect() as connection:
        assert schema.differences(connection) == []


@pytest.mark.parametrize(("engine_name", "target_name"), CROSSWISE)
def test_numbers_are_never_given_twice(engine: Engine, target: Engine, vault: Vault) -> None:
    """Not even those of rows that were erased before the backup, nor those of a table that is empty by now."""
    fill(engine)
    with engine.begin() as connection:
        for table in (CHATS, CASES):
            for n in range(10):
                connection.execute(table.insert(), {c.name: some_value(c, 60 + n) for c in table.c if c.name != "id"})
        connection.execute(CHATS.delete())
        connection.execute(CASES.delete().where(CASES.c.id > ROWS + 3))
    carry(engine, target)
    url = target.url.render_as_string(hide_password=False)
    database = Database(url, vault)
    assert database.run_now(lambda uow: a_chat(uow).id) == ROWS + 11
    database.close()
    with target.begin() as connection:
        row = {c.name: some_value(c, 99) for c in CASES.c if c.name != "id"}
        assert connection.execute(CASES.insert().returning(CASES.c.id), row).scalar_one() == ROWS + 11
        calls = {c.name: some_value(c, 99) for c in OUTBOX.c if c.name != "seq"}
        assert connection.execute(OUTBOX.insert().returning(OUTBOX.c.seq), calls).scalar_one() == ROWS + 1


def test_a_snapshot_is_one_moment(engine: Engine) -> None:
    """What is written while it is read is not in it, and nobody who writes has to wait for it."""
    fill(engine)
    late = {c.name: some_value(c, 50) for c in CENTRES.c}
    with backup.snapshot(engine) as connection:
        with engine.begin() as other:
            other.execute(CENTRES.insert(), late)
            other.execute(CASES.delete())
        shapes = {shape.name: shape for shape in backup.shapes(connection)}
        read = {name: list(backup.lines(connection, shape)) for name, shape in shapes.items()}
        assert len(read["centres"]) == len(read["cases"]) == backup.count(connection, shapes["cases"]) == ROWS
    with backup.snapshot(engine) as connection:
        assert backup.count(connection, shapes["centres"]) == ROWS + 1


def test_a_snapshot_writes_nothing(engine: Engine) -> None:
    """PostgreSQL refuses it; SQLite takes no lock that would keep a writer out."""
    with backup.snapshot(engine) as connection:
        if engine.dialect.name == "postgresql":
            with pytest.raises(sa.exc.DBAPIError, match="read-only"):
                connection.execute(CENTRES.delete())
        else:
            with engine.begin() as other:
                other.execute(CENTRES.delete())


def test_rows_are_read_as_they_are_asked_for(engine: Engine) -> None:
    """Never a whole table at once: reading 5 MB takes less than 3."""
    with engine.begin() as connection:
        name = "x" * 1000
        connection.execute(CENTRES.insert(), [{"code": str(n), "name": name, "opened": True} for n in range(5000)])
    with backup.snapshot(engine) as connection:
        (shape,) = [shape for shape in backup.shapes(connection) if shape.name == "centres"]
        tracemalloc.start()
        try:
            assert sum(len(line) for line in backup.lines(connection, shape)) > 5_000_000
            assert tracemalloc.get_traced_memory()[1] < 3_000_000
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("table", ["chats", "centres", "outbox"])
def test_only_an_empty_database_takes_a_backup(engine: Engine, table: str) -> None:
    """One row in any table is too many, and stays where it is."""
    with engine.begin() as connection:
        rows = METADATA.tables[table]
        connection.execute(rows.insert(), {c.name: some_value(c, 1) for c in rows.c})
    before = contents(engine)
    with engine.begin() as connection, pytest.raises(NotPortable, match=rf"not empty \({table} has rows\)"):
        backup.make_room(connection, NEWEST)
    assert contents(engine) == before


@pytest.mark.parametrize("target_name", ["sqlite", "postgresql"])
def test_only_known_versions(target: Engine) -> None:
    """A backup of a newer programme is refused, and so is a newer programme's database."""
    with target.begin() as connection, pytest.raises(NotPortable, match="newer programme"):
        backup.make_room(connection, NEXT)
    with target.begin() as connection:
        schema.upgrade(connection)
        connection.execute(sa.text(f"UPDATE {schema.VERSION_TABLE} SET version_num = '{NEXT}'"))
    with target.begin() as connection, pytest.raises(NotPortable, match="newer programme"):
        backup.make_room(connection, NEWEST)


@pytest.mark.parametrize(("engine_name", "target_name"), CROSSWISE[1:3])
def test_an_older_backup_is_brought_up_to_date(engine: Engine, target: Engine, tmp_path: Path) -> None:
    """Rows of an older version go into tables of that version, and then the way of every upgrade."""
    with engine.begin() as connection:
        connection.execute(CENTRES.insert(), {"code": "3403", "name": "Khong Chiam", "opened": True})
        newest = schema.version(connection)
    with next_version(tmp_path, newest):
        carry(engine, target)
        with target.connect() as connection:
            assert schema.state(connection) == "current"
            row = connection.execute(sa.text("SELECT name, remark FROM centres")).one()
            assert tuple(row) == ("KHONG CHIAM", "none")


def test_tables_that_might_be_ours_are_not_forgotten(engine: Engine, tmp_path: Path) -> None:
    """In an up-to-date database an unknown table is somebody else's; in an older one it may be one of ours."""
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE theirs (id INTEGER)"))
        assert {shape.name for shape in backup.shapes(connection)} == set(METADATA.tables)
        newest = schema.version(connection)
        with next_version(tmp_path, newest), pytest.raises(NotPortable, match="the table theirs is unknown"):
            backup.shapes(connection)
        connection.execute(sa.text("DROP TABLE theirs"))


def test_a_line_is_plain_json() -> None:
    """Whoever has to look into a backup by hand can."""
    shape = Shape("t", {"at": "time", "body": "bytes", "n": "number", "name": "text"}, ("n",))
    line = b'["2026-11-21T08:00:00+00:00","AAH/",7,null]\n'
    assert backup.values(shape, line) == {"at": START, "body": b"\x00\x01\xff", "n": 7, "name": None}
