"""A file that is there whole or not at all: written under another name beside it, and renamed when it is on the disk."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

ENDING = ".part"
OWNER_ONLY = 0o600
LOCKED = sys.platform != "win32"
"""Whether an unfinished file is kept from others."""


class InTheWay(Exception):
    """The file may not be written; the text says why in one line."""


@contextmanager
def new_file(target: Path, *, force: bool = False) -> Iterator[BinaryIO]:
    """FILE.part, open for writing and readable by our own user alone; it becomes FILE at the end of the block, or goes
    if the block fails. One that a killed run left behind is written over.

    Raises `InTheWay` if FILE exists (unless `force`) or somebody else is just writing it, and `OSError`.
    """
    _must_be_free(target, force)
    part = target.with_name(target.name + ENDING)
    with open(part, "r+b", opener=_opened) as file:
        _take(file, part)
        try:
            file.truncate()
            yield file
            file.flush()
            os.fsync(file.fileno())
            _must_be_free(target, force)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        if LOCKED:  # it gets its name while it is still ours
            part.replace(target)
    if not LOCKED:  # Windows renames no open file
        part.replace(target)
    _settle(target.parent)


def _must_be_free(target: Path, force: bool) -> None:
    if target.is_dir():
        raise InTheWay("is a folder")
    if target.exists() and not force:
        raise InTheWay("exists already: choose another name, or write over it with --force")


def _opened(path: str, flags: int) -> int:
    # Whoever may write in the folder (think of /tmp) could have laid a link there that leads elsewhere.
    return os.open(path, flags | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), OWNER_ONLY)


def _take(file: BinaryIO, part: Path) -> None:
    """Keep others from the unfinished file, and strangers from reading one that was there before."""
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InTheWay("is just being written by another process") from None
        if not part.exists() or not os.path.samestat(os.fstat(file.fileno()), part.stat()):
            raise InTheWay("has just been written by another process")
        if stat.S_IMODE(os.fstat(file.fileno()).st_mode) != OWNER_ONLY:
            with suppress(PermissionError):  # a stick's file system knows no permissions
                os.fchmod(file.fileno(), OWNER_ONLY)


def _settle(folder: Path) -> None:
    """Have the new name survive a power cut."""
    if sys.platform == "win32":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
