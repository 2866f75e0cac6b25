"""How long a sound is: LINE wants to know before it plays one."""

from __future__ import annotations

import struct

_HEAD = 4 + 4 + 4
"""Version and flags, time of creation, time of change: what stands before the time scale in a version 0 `mvhd` box."""


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
