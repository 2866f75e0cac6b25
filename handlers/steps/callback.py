"""May officers ask back?"""

from __future__ import annotations

from handlers.messages import Choice, L, Message, T
from handlers.records import replace
from handlers.session import Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import World


def ask(session: Session, world: World) -> Message:
    """Through the bot, still hidden, or not at all."""
    return Message(
        (T("May officers ask you questions through this chat? They still do not see who you are."),),
        (Choice("yes", L("✅ Yes")), Choice("no", L("🚫 No"))),
    )


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Remember the choice."""
    if isinstance(answer, Picked) and answer.answer in ("yes", "no") and session.draft:
        return Turn(replace(session, draft=replace(session.draft, callback=answer.answer == "yes")), "answered")
    return None
