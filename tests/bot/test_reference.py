"""The data files: incident kinds and emergency numbers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import regex

from bot import reference


def test_the_six_kinds() -> None:
    """They stand in the product's order, each with an emoji, and fit a LINE quick reply (20 letters as one sees them)."""
    kinds = reference.kinds()
    assert [k.key for k in kinds] == ["human", "drugs", "migration", "goods", "scam", "other"]
    assert all(len(regex.findall(r"\X", f"{k.emoji} {k.label.id}")) <= 20 for k in kinds)
    assert all(k.emoji for k in kinds)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"key": "human", "emoji": "x"}],
        [{"key": "a:b", "emoji": "x", "label": "x"}],
        [{"key": "a", "emoji": "x", "label": "x"}, {"key": "a", "emoji": "y", "label": "y"}],
    ],
)
def test_kinds_that_cannot_work_are_refused(rows: list[dict[str, str]]) -> None:
    """A deployment's mistake is named at the start, in one line."""
    with pytest.raises(reference.BadReference, match=r"^kinds\.json: [^\n]+$"):
        reference.kinds_from(rows)


def test_emergency_numbers() -> None:
    """The confirmed ones and no other, Thailand's police first."""
    numbers = [(line.country, line.number) for line in reference.hotlines()]
    assert numbers[0] == ("TH", "191")
    assert set(numbers) == {
        *(("TH", n) for n in ("191", "1669", "199", "1300", "1386", "1567", "1155")),
        *(("LA", "191"), ("KH", "117"), ("KH", "1280")),
    }


def test_numbers_grow_old() -> None:
    """Half a year after the check each number is named again, not a day before."""
    checked = date(2026, 11, 21)
    assert reference.outdated_hotlines(checked + timedelta(days=180)) == ()
    assert reference.outdated_hotlines(checked + timedelta(days=181)) == reference.hotlines()
