"""The group's copy of a video: the same pictures and sound without what the phone wrote beside them.

An MP4 or QuickTime file is a tree of boxes (ISO/IEC 14496-12: 4 bytes of length, 4 of type, content). Boxes that hold
metadata (place, device, owner) are turned into free space where they stand, so that no offset in the file changes, and
the times of making are zeroed. Works on an open binary file, in place; reads headers only, so size does not matter.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

CONTAINERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"edts", b"moof", b"traf", b"mvex"})
METADATA = frozenset({b"udta", b"meta", b"uuid", b"free", b"skip", b"wide"})
"""Free space is wiped as well: some cameras put their data there."""
TIMED = frozenset({b"mvhd", b"tkhd", b"mdhd"})
MOVIE = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"})
"""Types with which a file of this family may begin."""
MAX_BOXES = 10_000
_BLOCK = bytes(64 * 1024)


class NotAMovie(Exception):
    """The file is not a tree of boxes, or a broken one; nothing of it may be shown."""


def blank(file: BinaryIO, size: int) -> int:
    """Blank the metadata of a movie of `size` bytes in place; gives the number of boxes blanked.

    Raises `NotAMovie` when the boxes do not fill the file exactly: a file half understood would be shown half cleaned.
    """
    file.seek(4)
    if file.read(4) not in MOVIE:
        raise NotAMovie("no known first box")
    return _Walker(file).walk(0, size)


class _Walker:
    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.seen = 0

    def walk(self, start: int, end: int) -> int:
        """Go through the boxes between two offsets."""
        blanked = 0
        at = start
        while at < end:
            self.seen += 1
            if self.seen > MAX_BOXES:
                raise NotAMovie("too many boxes")
            kind, content, after = self._box(at, end)
            if kind in METADATA:
                self._wipe(at, content, after)
                blanked += 1
            elif kind in CONTAINERS:
                blanked += self.walk(content, after)
            elif kind in TIMED:
                self._untime(content, after)
            at = after
        return blanked

    def _box(self, at: int, end: int) -> tuple[bytes, int, int]:
        """Type, start of the content and end of the box at this offset."""
        self.file.seek(at)
        head = self.file.read(16)
        if len(head) < 8:
            if not any(head):  # QuickTime may end a list of boxes with four zero bytes
                return b"", at + len(head), end
            raise NotAMovie("a box is cut short")
        length, kind = struct.unpack(">I4s", head[:8])
        content = at + 8
        if length == 1 and len(head) == 16:
            length, content = struct.unpack(">Q", head[8:])[0], at + 16
        elif length == 0:
            length = end - at
        if at + length > end or at + length < content:
            raise NotAMovie("a box is longer than what holds it")
        return kind, content, at + length

    def _wipe(self, at: int, content: int, after: int) -> None:
        self.file.seek(at + 4)
        self.file.write(b"free")
        self.file.seek(content)
        left = after - content
        while left > 0:
            left -= self.file.write(_BLOCK[: min(left, len(_BLOCK))])

    def _untime(self, content: int, after: int) -> None:
        """Zero the times of creation and change, which stand behind the version and flags."""
        self.file.seek(content)
        width = 16 if self.file.read(1) == b"\x01" else 8
        if content + 4 + width <= after:
            self.file.seek(content + 4)
            self.file.write(bytes(width))
