"""Days as people on both sides of the river write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from handlers.steps.date import read_date

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("25/10/2026", date(2026, 10, 25)),
        ("25-10-2569", date(2026, 10, 25)),  # Buddhist year
        ("25.10.69", date(2026, 10, 25)),  # Buddhist, two digits
        ("25/10/26", date(2026, 10, 25)),
        ("2026-10-25", date(2026, 10, 25)),
        ("25/10", date(2026, 10, 25)),  # this year, since it is over
        ("25/12", date(2025, 12, 25)),  # last year: this year's is still to come
        (" 1 2 2026 ", date(2026, 2, 1)),
        ("31/02/2026", None),
        ("99/99/9999", None),
        ("after the rice harvest", None),
        ("", None),
    ],
)
def test_read_date(words: str, day: date | None) -> None:
    """A clear day is read; anything else stays the person's own words."""
    found = read_date(words, NOW)
    assert (found.date() if found else None) == day
