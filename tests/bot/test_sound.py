"""The group's copy of a sound."""

import io
import struct

import pytest

from bot import sound, video

NEEDLE = b"Somchai's phone"
TAG = b"ID3" + bytes([4, 0, 0x40]) + bytes([0, 0, 0, len(NEEDLE)]) + NEEDLE
LAST = b"TAG" + NEEDLE.ljust(125, b"\0")
MUSIC = b"\xff\xfb\x90\x00music"


def _blanked(content: bytes) -> bytes:
    file = io.BytesIO(content)
    sound.blank(file, len(content))
    assert len(file.getvalue()) == len(content)
    return file.getvalue()


@pytest.mark.parametrize("content", [TAG + MUSIC, MUSIC.ljust(200, b"m") + LAST, TAG + MUSIC + LAST])
def test_tags_go_and_the_sound_stays(content: bytes) -> None:
    """ID3 tags at either end are wiped where they stand."""
    clean = _blanked(content)
    assert NEEDLE not in clean and MUSIC in clean and not clean.endswith(LAST)


def test_boxes_of_a_phones_recorder_go() -> None:
    """LINE's voice notes are MP4 files, cleaned like a movie; a broken one is not shown."""
    tagged = struct.pack(">I4s4s", 12, b"ftyp", b"M4A ") + struct.pack(">I4s", 8 + len(NEEDLE), b"udta") + NEEDLE
    assert NEEDLE not in _blanked(tagged)
    with pytest.raises(video.NotAMovie):
        _blanked(tagged[:-1])


@pytest.mark.parametrize("content", [b"", b"OggS", TAG[:8], TAG[:12], b"OggS" + bytes(300)])
def test_other_sounds_stay_as_they_are(content: bytes) -> None:
    """Short and cut files, and OGG, do no harm."""
    assert _blanked(content)[:3] == content[:3]
