"""Which village? A name or number as people say it; may be skipped."""

from __future__ import annotations

import re

from handlers.events import TextSent
from handlers.messages import Choice, L, Message, T
from handlers.records import replace
from handlers.session import Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import World

MAX_VILLAGE = 60


def ask(session: Session, world: World) -> Message:
    """Free words: the village lists are the operator's and come with the roster."""
    return Message(
        (T("Which village? Type its name or its number, or skip."),),
        (Choice("skip", L("⏭ Skip")),),
        numbered=False,
    )


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Remember the village; a bare number is the village's number, which finds its headman."""
    if not session.draft or not session.draft.place:
        return None
    if answer == Picked("skip"):
        return Turn(session, "given")
    if not isinstance(answer, TextSent):
        return None
    words = answer.text.strip()[:MAX_VILLAGE]
    number = re.fullmatch(r"\D{0,12}?(\d{1,2})", world.lexicon.digits(words))
    village = f"{int(number[1]):02d}" if number else words
    place = replace(session.draft.place, village=village)
    return Turn(replace(session, draft=replace(session.draft, place=place)), "given")
