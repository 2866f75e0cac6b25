"""Whoever holds the database file learns nothing, and cannot move a secret to another row."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from handlers.session import Part, Session
from storage.database import Database
from storage.inbox import NewEvent
from storage.media import NewMedia
from storage.outbox import NewRow
from storage.tables import CASES, CHATS, INBOX, MEDIA, OUTBOX, TRAIL
from storage.trail import TrailEntry
from storage.unit_of_work import UnitOfWork
from storage.vault import Unreadable, Vault
from tests.fixed import START
from tests.storage.samples import a_case, a_chat

NEEDLE = "needle7f3a"


def _fill(uow: UnitOfWork, n: int) -> None:
    """Put the needle through every sealed field, for the `n`th person."""
    chat = a_chat(uow, f"{NEEDLE}-address-{n}")
    chat.session = Session(language="th", loose=(Part("text", NEEDLE),))
    chat.reply_token, chat.reply_at = NEEDLE, START
    uow.chats.save([chat], START)
    uow.inbox.add([NewEvent("line", f"e{n}", f"{NEEDLE}-address-{n}", False, {"text": NEEDLE})], "a", START)
    uow.outbox.add([NewRow(f"o{n}", chat.id, {"t": NEEDLE}, reply_token=NEEDLE, reply_at=START)], "a", START)
    uow.cases.add(a_case(f"C{n}", parts=(Part("text", NEEDLE),)), chat.id)
    uow.trail.add([TrailEntry(f"C{n}", START, NEEDLE, "note", NEEDLE)])
    uow.media.add([NewMedia(f"m{n}", chat.id, "line", "photo", {"file_id": NEEDLE})], "a", START)


def test_no_needle_in_any_row(database: Database) -> None:
    """On both engines: no value of any row holds the words, the address or the token."""
    database.run_now(lambda uow: _fill(uow, 1))

    def everything(uow: UnitOfWork) -> list[object]:
        tables = (CHATS, INBOX, OUTBOX, CASES, TRAIL, MEDIA)
        return [v for t in tables for row in uow.chats._connection.execute(select(t)) for v in row]

    values = database.run_now(everything)
    assert sum(isinstance(value, bytes) for value in values) >= 10
    for value in values:
        assert NEEDLE.encode() not in (value if isinstance(value, bytes) else str(value).encode())


def test_no_needle_in_the_file(tmp_path: Path, vault: Vault) -> None:
    """SQLite's file and its log, byte by byte, while it is open and after."""
    path = tmp_path / "x.sqlite3"
    database = Database(f"sqlite:///{path}", vault)
    database.migrate()
    for number in range(20):
        database.run_now(partial(_fill, n=number))
    while_open = [file.read_bytes() for file in tmp_path.iterdir()]
    assert len(while_open) >= 2
    database.close()
    sqlite3.connect(path).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
    assert sum(map(len, while_open)) > 100_000
    assert not any(NEEDLE.encode() in content for content in (*while_open, path.read_bytes()))


@pytest.mark.parametrize(
    ("column", "read"),
    [
        (CHATS.c.address_sealed, lambda uow: uow.chats.by_ids([1])),
        (CHATS.c.session_sealed, lambda uow: uow.chats.by_ids([1])),
        (CHATS.c.reply_token_sealed, lambda uow: uow.chats.take_reply_tokens([1], START)),
        (INBOX.c.body_sealed, lambda uow: uow.inbox.take("b", START.replace(hour=9), 10)),
        (OUTBOX.c.payload_sealed, lambda uow: uow.outbox.claim("b", START.replace(hour=9), 10)),
        (OUTBOX.c.reply_token_sealed, lambda uow: uow.outbox.claim("b", START.replace(hour=9), 10)),
        (CASES.c.body_sealed, lambda uow: uow.cases.get("C1")),
        (TRAIL.c.entry_sealed, lambda uow: uow.trail.of("C1")),
        (MEDIA.c.source_sealed, lambda uow: uow.media.get(["m1"])),
    ],
    ids=lambda value: "" if callable(value) else str(value),
)
def test_swapped_values_do_not_open(database: Database, column: object, read: object) -> None:
    """Two rows' sealed values change places: neither opens."""
    assert hasattr(column, "table")
    assert callable(read)

    def swap(uow: UnitOfWork) -> None:
        _fill(uow, 1)
        _fill(uow, 2)
        table = column.table
        (key,) = table.primary_key
        rows = uow.chats._connection.execute(select(key, column).order_by(key)).all()  # type: ignore[call-overload]
        for (own, _), (_, others) in zip(rows, reversed(rows), strict=True):
            uow.chats._connection.execute(update(table).where(key == own).values({column: others}))

    database.run_now(swap)
    with pytest.raises(Unreadable):
        database.run_now(read)


def test_a_changed_line_of_the_trail_is_found(database: Database) -> None:
    """Somebody turns "close" into "note" in the database: the line does not open any more."""
    database.run_now(lambda uow: _fill(uow, 1))
    database.run_now(lambda uow: uow.trail._connection.execute(text("UPDATE trail SET action = 'close'")))
    with pytest.raises(Unreadable):
        database.run_now(lambda uow: uow.trail.of("C1"))


def test_another_key_reads_nothing(database: Database, database_url: str) -> None:
    """The file alone, with a guessed key."""
    database.run_now(lambda uow: _fill(uow, 1))
    thief = Database(database_url, Vault("a guessed key, long enough"))
    assert thief.run_now(lambda uow: uow.chats.find("line", f"{NEEDLE}-address-1")) is None
    with pytest.raises(Unreadable):
        thief.run_now(lambda uow: uow.cases.get("C1"))
    thief.close()
