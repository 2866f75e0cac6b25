"""Is it happening now?"""

from __future__ import annotations

from handlers.messages import Choice, L, Message, T
from handlers.records import replace
from handlers.session import Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import World


def ask(session: Session, world: World) -> Message:
    """Now, today or earlier."""
    return Message(
        (T("When is it happening?"),),
        (
            Choice("now", L("🔴 Happening now")),
            Choice("today", L("🕐 Earlier today")),
            Choice("earlier", L("📅 Before today")),
        ),
    )


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Now makes the case urgent."""
    if not isinstance(answer, Picked) or not session.draft:
        return None
    if answer.answer == "now":
        draft = replace(session.draft, when="now", when_at=world.now, when_about="")
    elif answer.answer == "today":
        draft = replace(session.draft, when="today", when_at=world.now, when_about="", safe="")
    elif answer.answer == "earlier":
        draft = replace(session.draft, when="earlier", when_at=None, when_about="", safe="")
    else:
        return None
    return Turn(replace(session, draft=draft), answer.answer)
