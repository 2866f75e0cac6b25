"""Which emergency numbers a person is shown: the Thai ones, and those of the country whose language the person reads."""

from __future__ import annotations

from handlers.world import Hotline, Settings

HOME = {"lo": "LA", "km": "KH"}
POLICE = "Police"
"""The English label that begins each country's police entry in the data file."""


def first_numbers(language: str, settings: Settings) -> list[Hotline]:
    """The few numbers for somebody to whom it happens now."""
    here = ("TH", HOME.get(language, "TH"))
    return [h for h in settings.hotlines if h.first and h.country in here]


def police(language: str, settings: Settings) -> str:
    """The police's number as it stands in a sentence: "191", or "191 / 117" for a reader of Khmer."""
    numbers = [h.number for h in first_numbers(language, settings) if h.label.id.startswith(POLICE)]
    return " / ".join(dict.fromkeys(numbers))
