"""Blanking a movie's metadata in place."""

import io
import struct

import pytest

from bot import video

NEEDLE = b"+17.4000+104.7000/"


def box(kind: bytes, *content: bytes) -> bytes:
    """A box of a movie."""
    whole = b"".join(content)
    return struct.pack(">I4s", 8 + len(whole), kind) + whole


def large(kind: bytes, content: bytes) -> bytes:
    """A box with a 64-bit length."""
    return struct.pack(">I4sQ", 1, kind, 16 + len(content)) + content


MVHD = box(b"mvhd", bytes(4), b"MADEWHEN", b"restrest")
TKHD = box(b"tkhd", b"\x01\0\0\7", b"MADEWHENMADEWHEN", b"rest")
MOVIE = (
    box(b"ftyp", b"isom")
    + box(b"moov", MVHD, box(b"udta", NEEDLE), box(b"trak", TKHD, box(b"meta", NEEDLE)), box(b"meta", NEEDLE))
    + box(b"uuid", NEEDLE)
    + large(b"mdat", b"pictures")
    + box(b"free", NEEDLE)
)


def test_metadata_goes_and_pictures_stay() -> None:
    """Places, times and free space are wiped where they stand; length and pictures do not change."""
    file = io.BytesIO(MOVIE)
    assert video.blank(file, len(MOVIE)) == 5
    clean = file.getvalue()
    assert len(clean) == len(MOVIE) and clean.index(b"pictures") == MOVIE.index(b"pictures")
    assert NEEDLE not in clean and b"MADEWHEN" not in clean and b"udta" not in clean
    assert b"restrest" in clean


def test_blanking_twice_changes_nothing() -> None:
    """A clean copy is a valid movie again."""
    file = io.BytesIO(MOVIE)
    video.blank(file, len(MOVIE))
    once = file.getvalue()
    video.blank(file, len(MOVIE))
    assert file.getvalue() == once


def test_an_open_ended_last_box() -> None:
    """Length 0 means: up to the end of the file."""
    movie = box(b"ftyp", b"isom") + struct.pack(">I4s", 0, b"udta") + NEEDLE
    file = io.BytesIO(movie)
    video.blank(file, len(movie))
    assert NEEDLE not in file.getvalue()


@pytest.mark.parametrize(
    "movie",
    [
        b"",
        b"RIFF....AVI LIST",
        MOVIE[:-3],
        box(b"ftyp") + struct.pack(">I4s", 4, b"moov"),
        box(b"ftyp") + struct.pack(">I4sQ", 1, b"moov", 2**63),
        box(b"ftyp") + box(b"moov", struct.pack(">I4s", 999, b"udta")),
        box(b"ftyp") + box(b"free") * (video.MAX_BOXES + 1),
    ],
    ids=["empty", "avi", "cut", "too short", "too long", "longer than its parent", "too many"],
)
def test_a_broken_movie_is_not_shown(movie: bytes) -> None:
    """What cannot be walked to its end is refused as a whole."""
    with pytest.raises(video.NotAMovie):
        video.blank(io.BytesIO(movie), len(movie))
