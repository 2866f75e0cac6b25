"""Lengths as LINE counts them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.line.measure import clusters, cut_clusters, cut_units, split_units, units


@pytest.mark.parametrize(
    ("text", "count"),
    [("ส่งตำแหน่งที่ตั้ง", 10), ("ສົ່ງຕຳແໜ່ງ", 6), ("ផ្ញើទីតាំង", 4), ("👩‍👩‍👧 ok", 4), ("🇹🇭🇱🇦", 2), ("a\u0301b", 2)],
)
def test_labels_count_what_a_reader_sees(text: str, count: int) -> None:
    """A syllable with its marks, or a joined emoji, counts once."""
    assert len(clusters(text)) == count


def test_texts_count_utf16_units() -> None:
    """An emoji of the upper planes takes two."""
    assert (units("กข"), units("🚨"), units("☎")) == (2, 2, 1)


@pytest.mark.parametrize(
    "text", ["ส่งตำแหน่งที่ตั้งของฉันให้ศูนย์ทราบตอนนี้เลย", "ສົ່ງຕຳແໜ່ງຂອງຂ້ອຍໃຫ້ສູນຮູ້ດຽວນີ້ເລີຍ", "ផ្ញើទីតាំងរបស់ខ្ញុំទៅមជ្ឈមណ្ឌលឥឡូវនេះភ្លាម"]
)
def test_cutting_never_breaks_a_syllable(text: str) -> None:
    """A shortened Thai, Lao or Khmer label is a beginning of whole clusters and the dots."""
    cut = cut_clusters(text, 12)
    assert len(clusters(cut)) <= 12
    assert cut.endswith("…")
    assert clusters(text)[: len(clusters(cut)) - 1] == clusters(cut)[:-1]


@given(st.text(max_size=60), st.integers(2, 20))
def test_cuts_stay_within_their_limit(text: str, limit: int) -> None:
    """No text is longer than asked for, and a short one stays as it is."""
    assert len(clusters(cut_clusters(text, limit))) <= limit
    assert units(cut_units(text, limit + 2)) <= limit + 2
    assert cut_units(text, 500) == text


def test_long_texts_part_at_paragraphs() -> None:
    """What goes out in several messages breaks where the writer broke it."""
    assert split_units("a" * 30 + "\n\n" + "b" * 30, 40) == ["a" * 30, "b" * 30]
    assert split_units("a" * 30 + " " + "b" * 30, 40) == ["a" * 30, "b" * 30]
    assert split_units(" \n ", 40) == []


@given(st.text(alphabet="กำ็ ab\n🚨", max_size=200))
def test_splitting_loses_nothing_but_space(text: str) -> None:
    """All letters arrive, in order, in pieces within the limit."""
    pieces = split_units(text, 20)
    assert all(0 < units(piece) <= 20 for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
