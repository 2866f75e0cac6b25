"""Go on with a report, or throw it away: the same two answers, whatever made us ask."""

from __future__ import annotations

from handlers.messages import Choice, L, Message, T
from handlers.outcome import DropMedia
from handlers.session import Session
from handlers.turn import Answer, Picked, Turn

CHOICES = (Choice("no", L("▶️ Go on")), Choice("yes", L("🗑 Throw away")))


def decided(session: Session, answer: Answer) -> Turn | None:
    """Erase the draft with its media, or go on."""
    if answer == Picked("no"):
        return Turn(session, over=True)
    if answer != Picked("yes"):
        return None
    gone = tuple(p.media_id for p in session.draft.parts if p.media_id) if session.draft else ()
    say = Message((T("The report was thrown away. Nothing was sent."),))
    return Turn(session.without_draft(), over=True, say=(say,), effects=(DropMedia(gone),) if gone else ())
