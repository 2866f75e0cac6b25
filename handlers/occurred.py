"""When it happened, in words."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from handlers.messages import Moment, T, Text, verbatim

ABOUT = {"week": T("in the last 7 days"), "month": T("in the last 30 days"), "longer": T("more than a month ago")}
OWN_WORDS = "="
"""Marks a `when_about` that holds the person's own words instead of a key of `ABOUT`."""


class Told(Protocol):
    """A draft or a case."""

    @property
    def when(self) -> str: ...
    @property
    def when_at(self) -> datetime | None: ...
    @property
    def when_about(self) -> str: ...


def when_text(told: Told, own_words: bool = True) -> Text:
    """When it happened, as it was told; without `own_words` nothing that the person wrote."""
    if told.when == "now":
        return T("happening now, told at {at}", at=Moment(told.when_at)) if told.when_at else T("happening now")
    if told.when == "today":
        return T("today, told at {at}", at=Moment(told.when_at)) if told.when_at else T("today")
    if told.when_at:
        return T("on {day}", day=Moment(told.when_at, "day"))
    if told.when_about.startswith(OWN_WORDS):
        return verbatim(told.when_about.removeprefix(OWN_WORDS)) if own_words else T("before today")
    return ABOUT.get(told.when_about) or T("before today")
