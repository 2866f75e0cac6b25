"""The group's copy of a photo, made in a process of its own: `python -m bot.preview < original > frames`.

A picture comes from a stranger and may be made to crash or to fill the memory, so this process has limits on memory
and processor time, knows no secret (it is started with an empty environment), and its parent kills it after `WALL_S`
seconds. Only pixels pass: they are pasted into a fresh image, so that EXIF, comments, colour profiles and anything behind
the picture's end stay in the sealed original. Output: two frames (length as 4 bytes, then a JPEG): copy and small one.

This file imports nothing of ours, so that it can be run by its path.
"""

from __future__ import annotations

import io
import struct
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 25_000_000
LONGEST = 1600
SMALL_LONGEST = 480
"""LINE wants a preview of at most 1 MB; 480 pixels square are below 0.5 MB at any content."""
CPU_S = 8
WALL_S = 10.0
MEMORY_BYTES = 1024**3
ORIENTATION_TAG = 0x0112


def limit_self() -> None:
    """Cap memory, processor time and file writing of this process, where the system can (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def copies(original: bytes) -> tuple[bytes, bytes]:
    """The copy and the small preview as JPEG. Raises whatever a broken picture makes Pillow raise."""
    from PIL import Image

    if len(original) > MAX_BYTES:
        raise ValueError("too many bytes")
    with Image.open(io.BytesIO(original), formats=FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            raise ValueError("too many pixels")
        turn = _turn(image.getexif().get(ORIENTATION_TAG))
        image.draft("RGB", (LONGEST, LONGEST))
        image.thumbnail((LONGEST, LONGEST))
        flat = image.convert("RGBA") if image.mode in ("RGBA", "LA", "PA", "P") else image.convert("RGB")
        fresh = Image.new("RGB", flat.size, "white")
        fresh.paste(flat, mask=flat if flat.mode == "RGBA" else None)
    if turn is not None:
        fresh = fresh.transpose(turn)
    small = fresh.copy()
    small.thumbnail((SMALL_LONGEST, SMALL_LONGEST))
    return _jpeg(fresh, 85), _jpeg(small, 75)


def _turn(orientation: object) -> Image.Transpose | None:
    """How to turn the pixels so that the picture stands upright without its EXIF (values of EXIF 2.3, 4.6.4)."""
    from PIL.Image import Transpose

    turns = {2: Transpose.FLIP_LEFT_RIGHT, 3: Transpose.ROTATE_180, 4: Transpose.FLIP_TOP_BOTTOM, 5: Transpose.TRANSPOSE,
             6: Transpose.ROTATE_270, 7: Transpose.TRANSVERSE, 8: Transpose.ROTATE_90}  # fmt: skip
    return turns.get(orientation) if isinstance(orientation, int) else None


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def main() -> int:
    """Read a picture from standard input and write the two frames; 1 and silence if it will not be read."""
    original = sys.stdin.buffer.read(MAX_BYTES + 1)
    limit_self()
    try:
        frames = copies(original)
    except Exception:  # whatever a hostile file provokes ends here: the parent only needs to know that there is no copy
        return 1
    for frame in frames:
        sys.stdout.buffer.write(struct.pack(">I", len(frame)) + frame)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
