"""The group's copies: what passes and what does not."""

import io
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image, PngImagePlugin

from bot import preview

NEEDLE = b"GPS-NEEDLE-17.40"


def jpeg(size: tuple[int, int] = (40, 20)) -> bytes:
    """A small JPEG with a needle in its comment and its EXIF."""
    exif = Image.Exif()
    exif[0x010E] = NEEDLE.decode()
    exif[preview.ORIENTATION_TAG] = 6
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, "JPEG", exif=exif, comment=NEEDLE)
    return out.getvalue()


def png(size: tuple[int, int] = (40, 20), mode: str = "RGBA") -> bytes:
    """A small PNG with a needle in a text chunk and in a colour profile."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", NEEDLE.decode())
    out = io.BytesIO()
    Image.new(mode, size).save(out, "PNG", pnginfo=info, icc_profile=NEEDLE * 8)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that claims to be huge."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width // 8 + 1) * height), 9)

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("original", [jpeg(), png(), png(mode="P"), png(mode="L"), png(mode="I;16")])
def test_only_pixels_pass(original: bytes) -> None:
    """Comments, EXIF, text chunks and colour profiles stay behind, whatever the picture's mode."""
    for copy in preview.copies(original + NEEDLE):
        assert NEEDLE not in copy and b"Exif" not in copy and b"ICC_PROFILE" not in copy
        with Image.open(io.BytesIO(copy)) as image:
            assert image.format == "JPEG" and image.mode == "RGB" and "comment" not in image.info


def test_a_turned_photo_stands_upright() -> None:
    """Orientation 6 (turned by 90 degrees) becomes pixels, since the copy has no EXIF."""
    with Image.open(io.BytesIO(preview.copies(jpeg((40, 20)))[0])) as image:
        assert image.size == (20, 40)


def test_copies_are_small() -> None:
    """The copy's longest side is 1600 pixels, the preview's 480."""
    copy, small = preview.copies(jpeg((3200, 1000)))
    with Image.open(io.BytesIO(copy)) as image:
        assert max(image.size) == 1600
    with Image.open(io.BytesIO(small)) as image:
        assert max(image.size) == 480


@pytest.mark.parametrize(
    "original",
    [
        bomb(9000, 9000),
        b"",
        b"not a picture",
        jpeg()[:60],
        b"GIF89a" + bytes(20),
        jpeg() + bytes(preview.MAX_BYTES),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    ],
    ids=["bomb", "empty", "words", "cut", "gif", "too big", "postscript"],
)
def test_hostile_files_are_refused(original: bytes) -> None:
    """What is no JPEG, PNG or WebP of sane size ends the process with 1 and no output."""
    done = subprocess.run(
        [sys.executable, "-I", preview.__file__], input=original, capture_output=True, timeout=30, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")


def test_the_process_writes_two_frames() -> None:
    """The process's output is exactly two length-prefixed JPEGs."""
    done = subprocess.run([sys.executable, "-m", "bot.preview"], input=jpeg(), capture_output=True, check=True)
    first = struct.unpack(">I", done.stdout[:4])[0]
    second = struct.unpack(">I", done.stdout[4 + first : 8 + first])[0]
    assert len(done.stdout) == 8 + first + second
    assert done.stdout[4:6] == done.stdout[8 + first : 10 + first] == b"\xff\xd8"
