"""What a backup says of itself: its last member but one, stamped by a key that comes from DATA_KEY.

The stamp covers the check sums of all other members, so that nobody without the key can change a byte of a backup: not
even what is not sealed, such as which group is a centre's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson
from pydantic import TypeAdapter, ValidationError

from bot.backup.archive import Damaged
from storage.backup import Kind
from storage.vault import Vault

FORMAT = 1
MAX_BYTES = 1 << 20
"""A manifest has some KB; more is none."""
_CHECK, _STAMP = "check of a backup's key", "manifest of a backup"


class WrongKey(Exception):
    """The backup was made with another DATA_KEY."""


@dataclass(frozen=True, slots=True)
class TablePart:
    """A table's member. `columns` in the order of each line's values."""

    columns: Mapping[str, Kind]
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class MediaPart:
    """All media together; `sha256` as `MediaSum` makes it."""

    objects: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """See the module. `numbers` are the last ones that the tables gave to rows of theirs; `key_check` tells whether a
    DATA_KEY is the right one, and nothing about it."""

    format: int
    programme: str
    version: str
    engine: str
    created_at: datetime
    key_check: str
    tables: Mapping[str, TablePart]
    numbers: Mapping[str, int]
    media: MediaPart

    def written(self) -> bytes:
        """As the member's bytes."""
        return orjson.dumps(self, option=orjson.OPT_INDENT_2) + b"\n"


class MediaSum:
    """One check sum over the names and bytes of all media in their order: a list of them all could get very long."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self.objects = self.bytes = 0

    def add(self, key: str, size: int, sha256: str) -> None:
        """The next object."""
        self._digest.update(f"{key} {size} {sha256}\n".encode())
        self.objects += 1
        self.bytes += size

    def part(self) -> MediaPart:
        """What the manifest says of them."""
        return MediaPart(self.objects, self.bytes, self._digest.hexdigest())


def key_check(vault: Vault) -> str:
    """The same for every backup with the same key."""
    return vault.stamp(_CHECK)


def stamp(written: bytes, vault: Vault) -> bytes:
    """The bytes of the last member."""
    return vault.stamp(_STAMP, written).encode() + b"\n"


def read(written: bytes, stamped: bytes, vault: Vault) -> Manifest:
    """A manifest that can be believed. Raises `Damaged` or `WrongKey`."""
    try:
        format_ = orjson.loads(written)["format"]
    except (ValueError, TypeError, KeyError):
        raise Damaged("its manifest is damaged") from None
    if format_ != FORMAT:
        raise Damaged("it was made by a newer programme: install that first")
    try:
        manifest = TypeAdapter(Manifest).validate_json(written)
    except ValidationError:
        raise Damaged("its manifest is damaged") from None
    if manifest.key_check != key_check(vault):
        raise WrongKey("the backup was made with another DATA_KEY")
    if stamped != stamp(written, vault):
        raise Damaged("its manifest is damaged")
    return manifest
