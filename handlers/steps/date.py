"""Before today: on which day, or about when?"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from handlers.events import TextSent
from handlers.messages import Choice, L, Message, T
from handlers.occurred import ABOUT, OWN_WORDS
from handlers.records import replace
from handlers.session import Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import World

BANGKOK = timezone(timedelta(hours=7))
"""Local time of all three countries."""
MAX_ABOUT = 200
_DAYS_AGO = {"yesterday": 1, "two_days": 2}


def ask(session: Session, world: World) -> Message:
    """Ready answers, or a date, or any words."""
    return Message(
        (T("When was it? Choose, or type a date such as 25/12/2026, or write it in your own words."),),
        (
            Choice("yesterday", L("Yesterday")),
            Choice("two_days", L("Two days ago")),
            Choice("week", L("In the last 7 days")),
            Choice("month", L("In the last 30 days")),
            Choice("longer", L("Longer ago")),
            Choice("skip", L("⏭ Skip")),
        ),
    )


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """A ready answer, a date that can be read, or words kept as they are."""
    if not session.draft:
        return None
    draft = session.draft
    if isinstance(answer, Picked):
        if answer.answer in _DAYS_AGO:
            draft = replace(draft, when_at=world.now - timedelta(days=_DAYS_AGO[answer.answer]), when_about="")
        elif answer.answer in ABOUT:
            draft = replace(draft, when_at=None, when_about=answer.answer)
        elif answer.answer == "skip":
            draft = replace(draft, when_at=None, when_about="")
        else:
            return None
        return Turn(replace(session, draft=draft), "given")
    if not isinstance(answer, TextSent):
        return None
    day = read_date(world.lexicon.digits(answer.text), world.now)
    if day and day.date() > world.now.astimezone(BANGKOK).date():
        return Turn(session, say=(Message((T("That day is still to come. Please check the date."),)),))
    if day:
        draft = replace(draft, when_at=day, when_about="")
    else:
        draft = replace(draft, when_at=None, when_about=OWN_WORDS + answer.text[:MAX_ABOUT])
    return Turn(replace(session, draft=draft), "given")


def read_date(words: str, now: datetime) -> datetime | None:
    """A day as people write it: 25/12/2026, 25-12-69 (Buddhist), 2026-12-25, 25/12. Noon local time; None if unclear."""
    plain = words.strip()
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", plain):
        year, month, day = (int(g) for g in found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})(?:[-/. ](\d{2}|\d{4}))?", plain):
        day, month = int(found[1]), int(found[2])
        year = int(found[3]) if found[3] else _last_year_with(month, day, now)
    else:
        return None
    if 2400 <= year <= 2700:
        year -= 543
    elif 50 <= year <= 99:
        year += 2500 - 543
    elif year < 50:
        year += 2000
    try:
        return datetime(year, month, day, 12, tzinfo=BANGKOK)
    except ValueError:
        return None


def _last_year_with(month: int, day: int, now: datetime) -> int:
    local = now.astimezone(BANGKOK)
    return local.year if (month, day) <= (local.month, local.day) else local.year - 1
