"""Sounds: how long one is, because LINE wants to know before it plays it; and the group's copy without what a phone or a
music program wrote beside the sound itself."""

from __future__ import annotations

import struct
from typing import BinaryIO

from bot import video

_HEAD = 4 + 4 + 4
"""Version and flags, time of creation, time of change: what stands before the time scale in a version 0 `mvhd` box."""


_ID3_HEAD, _ID3_LAST = 10, 128
"""Bytes of the header of an ID3v2 tag, and of a whole ID3v1 tag at the end of a file."""


def duration_ms(sound: bytes) -> int:
    """Milliseconds of an MP4 sound (ISO/IEC 14496-12, 8.2.2, "mvhd"), 0 for any other kind of file."""
    at = sound.find(b"mvhd")
    if sound[4:8] != b"ftyp" or at < 0:
        return 0
    body = sound[at + 4 : at + 4 + 32]
    long = body[:1] == b"\x01"
    layout, start = (">IQ", _HEAD + 8) if long else (">II", _HEAD)
    if len(body) < start + struct.calcsize(layout):
        return 0
    scale, length = struct.unpack_from(layout, body, start)
    return int(length * 1000 // scale) if scale else 0


def blank(file: BinaryIO, size: int) -> None:
    """Blank the metadata of a sound of `size` bytes in place, so that its length does not change: the boxes of an MP4
    file, the ID3 tags of an MP3 file (id3.org, ID3v2.4 structure, 3.1, and ID3v1). Telegram's own voice notes have none.

    Raises `video.NotAMovie` for a broken MP4 file."""
    file.seek(0)
    head = file.read(_ID3_HEAD)
    if head[4:8] == b"ftyp":
        video.blank(file, size)
    elif head[:3] == b"ID3" and len(head) == _ID3_HEAD:
        length = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True))
        file.seek(5)
        file.write(bytes(1))  # no extended header and no footer: all that follows is padding
        file.seek(_ID3_HEAD)
        file.write(bytes(min(length, size - _ID3_HEAD)))
    if size >= _ID3_LAST:
        file.seek(size - _ID3_LAST)
        if file.read(3) == b"TAG":
            file.seek(size - _ID3_LAST)
            file.write(bytes(_ID3_LAST))
