"""A report was left alone, or a new one is asked for while one is open: go on, or throw it away?"""

from __future__ import annotations

from handlers.messages import Choice, L, Message, T
from handlers.outcome import DropMedia
from handlers.session import Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import World


def ask(session: Session, world: World) -> Message:
    """Asked once after half an hour, and whenever a second report is begun."""
    return Message(
        (T("You have a report that was not sent yet. Go on with it, or throw it away?"),),
        (Choice("no", L("▶️ Go on")), Choice("yes", L("🗑 Throw away"))),
    )


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Erase the draft with its media, or go on."""
    if answer == Picked("no"):
        return Turn(session, over=True)
    if answer == Picked("yes"):
        gone = tuple(p.media_id for p in session.draft.parts if p.media_id) if session.draft else ()
        say = Message((T("The report was thrown away. Nothing was sent."),))
        return Turn(session.without_draft(), over=True, say=(say,), effects=(DropMedia(gone),) if gone else ())
    return None
