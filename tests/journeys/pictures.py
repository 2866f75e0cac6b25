"""Pictures and sounds as phones send them, with everything in them that must not get through."""

from __future__ import annotations

import io
import os

from PIL import Image

NEEDLE = b"comment-needle-7f3a"
"""Stands in the comment of every photo."""
CAMERA = "Camera-of-Somchai-9c"
GPS_IFD, MAKE, OWNER = 0x8825, 0x010F, 0xA430


def photo(size: tuple[int, int] = (320, 240)) -> bytes:
    """A JPEG with a noisy picture (no two are alike), a position, a camera's name and a comment."""
    exif = Image.Exif()
    exif[MAKE] = CAMERA
    exif[OWNER] = CAMERA
    exif.get_ifd(GPS_IFD).update({1: "N", 2: (15.0, 19.0, 6.6), 3: "E", 4: (105.0, 30.0, 2.88)})
    picture = Image.frombytes("RGB", size, os.urandom(3 * size[0] * size[1]))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80, exif=exif, comment=NEEDLE)
    return out.getvalue()


def clean_copy_of(original: bytes, shown: bytes) -> None:
    """Fail unless `shown` is a picture without anything of the original file but what can be seen."""
    with Image.open(io.BytesIO(shown)) as image:
        image.load()
        assert image.format == "JPEG"
        assert not image.getexif()
        assert not image.info.keys() & {"exif", "comment", "icc_profile", "xmp", "photoshop"}
    assert NEEDLE in original and NEEDLE not in shown
    assert CAMERA.encode() in original and CAMERA.encode() not in shown
    pixels = original[original.rindex(b"\xff\xda") :]
    assert len(pixels) > 4000
    assert not any(pixels[at : at + 24] in shown for at in range(0, len(pixels) - 24, 24)), "original bytes went out"


def voice() -> bytes:
    """The smallest M4A whose length can be read: 3 seconds at 1,000 units a second."""
    mvhd = bytes(12) + (1000).to_bytes(4, "big") + (3000).to_bytes(4, "big") + bytes(80)
    return _box(b"ftyp", b"M4A \0\0\0\0M4A isom") + _box(b"moov", _box(b"mvhd", mvhd)) + _box(b"mdat", os.urandom(64))


def _box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content
