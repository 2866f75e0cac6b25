"""The file of a backup: a plain tar of a few kinds of members, written in one go and read with distrust.

Any tar programme lists and unpacks it. We read it ourselves, because a tar can hold links, devices and paths that lead
elsewhere, and all that we ever write is regular files under names of our own. Nothing is unpacked anywhere.
"""

from __future__ import annotations

import hashlib
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from storage.media_store import KEY

BLOCK = tarfile.BLOCKSIZE
END = bytes(2 * BLOCK)
CHUNK = 1 << 20
TABLES, MEDIA = "tables/", "media/"
MANIFEST, STAMP = "manifest.json", "manifest.stamp"
_TABLE = re.compile(rf"{TABLES}([a-z_]+)\.jsonl")
_MEDIUM = re.compile(rf"{MEDIA}({KEY.pattern})")
_NAMED = 100
"""Bytes that a name has in the header of a tar."""


class Damaged(Exception):
    """This is no whole backup; the text says in a few words what is wrong."""


@dataclass(frozen=True, slots=True)
class Member:
    """Where a member's bytes lie."""

    name: str
    offset: int
    size: int


class Part:
    """A member while it is written: its size in bytes and SHA-256 so far."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self._offset = file.tell()
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, content: bytes) -> None:
        """Add bytes."""
        self._file.write(content)
        self._digest.update(content)
        self.size += len(content)

    @property
    def sha256(self) -> str:
        """In hexadecimal digits."""
        return self._digest.hexdigest()

    @property
    def member(self) -> Member:
        """Where it lies."""
        return Member(self._name, self._offset, self.size)


class Writer:
    """Writes members one behind the other. How long one gets need not be known before."""

    def __init__(self, file: BinaryIO, made_at: datetime) -> None:
        self._file = file
        self._made_at = int(made_at.timestamp())

    @contextmanager
    def member(self, name: str) -> Iterator[Part]:
        """Write a member; its header is filled in at the end."""
        start = self._file.tell()
        self._file.write(bytes(BLOCK))
        part = Part(self._file, name)
        yield part
        self._file.write(bytes(-part.size % BLOCK))
        end = self._file.tell()
        self._file.seek(start)
        self._file.write(_header(name, part.size, self._made_at))
        self._file.seek(end)

    def finish(self) -> None:
        """Write the mark of the end."""
        self._file.write(END)


class Reader:
    """Reads a file that may be anything. Every method raises `Damaged`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, 2)

    def members(self) -> Iterator[Member]:
        """All members in their order; only their headers are read."""
        position = 0
        while True:
            head = self._at(position, BLOCK)
            if head == END[:BLOCK]:
                break
            member = self._member(head, position + BLOCK)
            end = member.offset + member.size
            filler = self._at(end, -end % BLOCK)
            if filler.strip(b"\0"):
                raise Damaged("it is damaged between its members")
            position = end + len(filler)
            yield member
        if self._at(position, len(END)) != END or position + len(END) != self.size:
            raise Damaged("something stands behind its end")

    def blocks(self, member: Member) -> Iterator[bytes]:
        """A member's bytes, piece by piece."""
        for start in range(0, member.size, CHUNK):
            yield self._at(member.offset + start, min(CHUNK, member.size - start))

    def lines(self, member: Member) -> Iterator[bytes]:
        """A member's lines."""
        rest = b""
        for block in self.blocks(member):
            *whole, rest = (rest + block).split(b"\n")
            yield from whole
        if rest:
            yield rest

    def whole(self, member: Member) -> bytes:
        """All of a member."""
        return self._at(member.offset, member.size)

    def _at(self, offset: int, size: int) -> bytes:
        if offset + size > self.size:  # before reading: a damaged size may be larger than any memory
            raise Damaged("the file ends too early")
        self._file.seek(offset)
        read = self._file.read(size)
        if len(read) != size:
            raise Damaged("the file ends too early")
        return read

    @staticmethod
    def _member(head: bytes, offset: int) -> Member:
        try:
            info = tarfile.TarInfo.frombuf(head, "ascii", "strict")
        except (tarfile.HeaderError, ValueError):
            raise Damaged("it is no backup of this programme, or it is damaged") from None
        # A header that is not byte for byte as we write it may be a link, a device, a path that leads elsewhere.
        if not _is_ours(info.name) or info.size < 0 or head != _header(info.name, info.size, int(info.mtime)):
            raise Damaged("it holds something that no backup of this programme holds")
        return Member(info.name, offset, info.size)


def table_member(table: str) -> str:
    """The name of a table's member."""
    return f"{TABLES}{table}.jsonl"


def media_key(member: Member) -> str:
    """The store's key of a medium, or "" if the member is something else."""
    found = _MEDIUM.fullmatch(member.name)
    return found[1] if found else ""


def _header(name: str, size: int, made_at: int) -> bytes:
    if len(name) > _NAMED:
        raise ValueError("the name is too long for the header of a member")
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = size, made_at, 0o600
    return info.tobuf(tarfile.GNU_FORMAT)  # the form that knows members of more than 8 GB


def _is_ours(name: str) -> bool:
    return name in (MANIFEST, STAMP) or bool(_TABLE.fullmatch(name) or _MEDIUM.fullmatch(name))
