"""Taking a backup: one file with all tables at one moment and the media that they name, beside a running programme.

Media are read after the moment of the tables: what was erased in between is counted and no fault; what came in between
is not taken, nor are its rows. What is sealed stays sealed, and the key is not in the file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, Engine

from bot import __version__
from bot.backup import archive, manifest
from bot.backup.archive import Member
from bot.backup.manifest import Manifest, MediaSum, TablePart
from bot.backup.new_file import new_file
from bot.backup.progress import Progress, unseen
from bot.media import SMALL
from storage import backup as tables
from storage import schema
from storage.backup import NotPortable, Shape
from storage.chats import Chats
from storage.media_store import MediaStore, OutOfReach
from storage.tables import MEDIA
from storage.vault import Unreadable, Vault

MEDIA_AT_ONCE = 8
"""Objects that are read together: a store far away answers slowly, and each may have 20 MB."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What went into a file of so many bytes. `erased`: objects that were erased while the backup was taken; `lost`:
    objects that the database still names and the store does not have."""

    manifest: Manifest
    bytes: int
    erased: int
    lost: int


@dataclass(frozen=True, slots=True)
class _Tables:
    """The tables of one moment, as they were written."""

    version: str
    numbers: Mapping[str, int]
    parts: Mapping[str, TablePart]
    media: tuple[Shape, Member]


def take(
    target: Path,
    engine: Engine,
    store: MediaStore,
    vault: Vault,
    now: datetime,
    *,
    force: bool = False,
    progress: Progress = unseen,
) -> Taken:
    """Write a backup to `target`, over an older file only with `force`.

    Raises `Unreadable` (the key), `InTheWay` and `OSError` (the file), `NotPortable` and SQLAlchemy's errors (the
    database), `OutOfReach` (the media); nothing is left of the file then.
    """
    with new_file(target, force=force) as file:
        writer = archive.Writer(file, now)
        with tables.snapshot(engine) as connection:
            _must_fit(vault, connection)
            written = _write_tables(writer, connection, progress)
        file.flush()
        with Path(file.name).open("rb") as again:
            wanted = _wanted(archive.Reader(again), *written.media)
            media, missing = asyncio.run(_write_media(writer, wanted, store, progress))
        lost = _lost(engine, missing)
        if lost and not media.objects:
            raise OutOfReach("none of the media that the database names are there: is it another place?")
        made = Manifest(
            manifest.FORMAT, __version__, written.version, engine.dialect.name, now, manifest.key_check(vault),
            written.parts, written.numbers, media.part(),
        )  # fmt: skip
        with writer.member(archive.MANIFEST) as part:
            part.write(made.written())
        with writer.member(archive.STAMP) as part:
            part.write(manifest.stamp(made.written(), vault))
        writer.finish()
        size = file.tell()
    return Taken(made, size, len(missing) - lost, lost)


def _must_fit(vault: Vault, connection: Connection) -> None:
    """A backup of no tables of ours, or stamped with another key than the rows were sealed with, would be none."""
    if schema.state(connection) == "empty":
        raise NotPortable("the database has no tables of this programme")
    if schema.state(connection) == "newer":
        raise NotPortable("a newer version of this programme has made the database")
    if not Chats(connection, vault).readable():
        raise Unreadable("the rows were sealed with another key")


def _write_tables(writer: archive.Writer, connection: Connection, progress: Progress) -> _Tables:
    shapes = {shape.name: shape for shape in tables.shapes(connection)}
    rows = {name: tables.count(connection, shape) for name, shape in shapes.items()}
    parts, members = {}, {}
    with progress("Reading rows", sum(rows.values())) as done:
        for name, shape in shapes.items():
            with writer.member(archive.table_member(name)) as part:
                for line in tables.lines(connection, shape):
                    part.write(line)
                    done(1)
            parts[name] = TablePart(shape.columns, rows[name], part.size, part.sha256)
            members[name] = part.member
    return _Tables(
        schema.version(connection),
        # Counters stand outside of transactions. They are read behind the rows, so that none of these is above them.
        tables.numbers(connection, shapes.values()),
        parts,
        (shapes[MEDIA.name], members[MEDIA.name]),
    )


def _wanted(file: archive.Reader, shape: Shape, member: Member) -> Iterator[tuple[str, str]]:
    """Media id and store key of each object that the rows name. They are read back from the file instead of being
    remembered: there may be very many."""
    for line in file.lines(member):
        row = tables.values(shape, line)
        keys = [row["key"], row["copy_key"]]
        if row["copy_mime"] == "image/jpeg":
            keys.append(row["copy_key"] + SMALL)
        yield from ((row["id"], key) for key in keys if key)


async def _write_media(
    writer: archive.Writer, wanted: Iterator[tuple[str, str]], store: MediaStore, progress: Progress
) -> tuple[MediaSum, list[str]]:
    """Write the objects as they lie in the store. Returns their sum, and the media id of each that is not there."""
    total, missing = MediaSum(), []
    with progress("Reading media") as done:
        while some := list(islice(wanted, MEDIA_AT_ONCE)):
            contents = await asyncio.gather(*(store.sealed(key) for _, key in some))
            for (media_id, key), content in zip(some, contents, strict=True):
                if content is None:
                    missing.append(media_id)
                    continue
                with writer.member(archive.MEDIA + key) as part:
                    part.write(content)
                total.add(key, part.size, part.sha256)
            done(len(some))
    return total, missing


def _lost(engine: Engine, missing: Sequence[str]) -> int:
    """How many of the missing objects should be there: those of media that nobody erased meanwhile."""
    if not missing:
        return 0
    with tables.snapshot(engine) as connection:
        kept = tables.still_kept(connection, sorted(set(missing)))
    return sum(media_id in kept for media_id in missing)
