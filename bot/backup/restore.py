"""Putting a backup into an empty place: first the whole file is checked, then all of it is restored, or nothing."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import structlog
from sqlalchemy import Connection, Engine

from bot.backup import archive, manifest
from bot.backup.archive import Damaged, Member, Reader
from bot.backup.manifest import Manifest, MediaSum
from bot.backup.progress import Progress, unseen
from storage import backup as tables
from storage import schema
from storage.backup import NotPortable, Shape
from storage.media_store import MediaStore
from storage.vault import Vault

log = structlog.get_logger(__name__)

MEDIA_AT_ONCE = 8
"""Objects that are written together: a store far away answers slowly, and each may have 20 MB."""

Done = Callable[[int], None]


class Occupied(Exception):
    """The media store has other content under a key of the backup's; the text says so in one line."""


@dataclass(frozen=True, slots=True)
class Checked:
    """An open backup, every byte of which is what its manifest says."""

    reader: Reader
    manifest: Manifest
    tables: Mapping[str, Member]

    def media(self) -> Iterator[tuple[str, Member]]:
        """The media with their keys, in the order of the file."""
        return ((key, member) for member in self.reader.members() if (key := archive.media_key(member)))


@contextmanager
def checked(source: Path, vault: Vault, *, progress: Progress = unseen) -> Iterator[Checked]:
    """Open a backup and check all of it. Raises `Damaged`, `WrongKey`, and `OSError`."""
    with source.open("rb") as file:
        reader = Reader(file)
        found = _members(reader)
        said = _manifest(reader, found, vault)
        backup = Checked(reader, said, {name: found[archive.table_member(name)] for name in said.tables})
        with progress("Checking", sum(t.bytes for t in said.tables.values()) + said.media.bytes) as done:
            _check_tables(backup, done)
            _check_media(backup, done)
        yield backup


def restore(backup: Checked, engine: Engine, store: MediaStore, *, progress: Progress = unseen) -> None:
    """Put a checked backup into an empty database and a media store with nothing else under its keys.

    Raises `NotPortable` and SQLAlchemy's errors (the database), `Occupied` and `OutOfReach` (the media); neither of the
    two then holds anything of the backup. (A new SQLite file stays, empty: another restore may be waiting for it.) The
    commit comes last: media without rows are nobody's, rows without their media would be a loss.
    """
    with _undone(store) as put, engine.begin() as connection:
        _load(backup, connection, progress)
        with progress("Writing media", backup.manifest.media.objects) as done:
            asyncio.run(_put(backup, store, put, done))


def _members(reader: Reader) -> dict[str, Member]:
    """All but the media, by name."""
    found: dict[str, Member] = {}
    for member in reader.members():
        if archive.media_key(member):
            continue
        if member.name in found:
            raise Damaged(f"{member.name} is in it twice")
        found[member.name] = member
    return found


def _manifest(reader: Reader, found: Mapping[str, Member], vault: Vault) -> Manifest:
    written, stamped = found.get(archive.MANIFEST), found.get(archive.STAMP)
    if not written or not stamped or max(written.size, stamped.size) > manifest.MAX_BYTES:
        raise Damaged("it is no backup of this programme")
    said = manifest.read(reader.whole(written), reader.whole(stamped), vault)
    if found.keys() != {archive.MANIFEST, archive.STAMP, *map(archive.table_member, said.tables)}:
        raise Damaged("it has not the tables that its manifest names")
    return said


def _check_tables(backup: Checked, done: Done) -> None:
    for name, part in backup.manifest.tables.items():
        member = backup.tables[name]
        if (member.size, _sha256(backup.reader, member, done)) != (part.bytes, part.sha256):
            raise Damaged(f"{member.name} is damaged")


def _check_media(backup: Checked, done: Done) -> None:
    total = MediaSum()
    for key, member in backup.media():
        total.add(key, member.size, _sha256(backup.reader, member, done))
    if total.part() != backup.manifest.media:
        raise Damaged("its media are damaged")


def _sha256(reader: Reader, member: Member, done: Done) -> str:
    digest = hashlib.sha256()
    for block in reader.blocks(member):
        digest.update(block)
        done(len(block))
    return digest.hexdigest()


def _load(backup: Checked, connection: Connection, progress: Progress) -> None:
    """Make the tables as they were when the backup was taken, fill them, then bring them up to date."""
    said = backup.manifest
    tables.make_room(connection, said.version)
    there = {shape.name: shape for shape in tables.shapes(connection)}
    expected = {name: dict(shape.columns) for name, shape in there.items()}
    if expected != {name: dict(part.columns) for name, part in said.tables.items()}:
        raise NotPortable(f"its tables are not those of version {said.version}")
    with progress("Writing rows", sum(part.rows for part in said.tables.values())) as done:
        for name, part in said.tables.items():
            shape = Shape(name, part.columns, there[name].key)  # its columns in the order of the lines
            for rows in tables.load(connection, shape, backup.reader.lines(backup.tables[name])):
                done(rows)
    tables.set_numbers(connection, there.values(), said.numbers)
    schema.upgrade(connection)


async def _put(backup: Checked, store: MediaStore, put: list[str], done: Done) -> None:
    """Write the media; notes the keys that were not there before. Raises `Occupied`."""

    async def one(key: str, content: bytes) -> None:
        there = await store.sealed(key)
        if there is None:
            put.append(key)
            await store.put_sealed(key, content)
        elif there != content:
            raise Occupied("other media are there already: restore into an empty place")

    members = backup.media()
    while some := list(islice(members, MEDIA_AT_ONCE)):
        await asyncio.gather(*(one(key, backup.reader.whole(member)) for key, member in some))
        done(len(some))


@contextmanager
def _undone(store: MediaStore) -> Iterator[list[str]]:
    """Take out of the store again what was put, if the block fails."""
    put: list[str] = []
    try:
        yield put
    except BaseException:
        try:
            asyncio.run(store.delete(put))
        except Exception as error:  # what led here is the news; another try finds these as they must be
            log.error("restored_media_left", count=len(put), exc_info=error)
        raise
