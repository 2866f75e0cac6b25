"""Really erase me?"""

from __future__ import annotations

from handlers.messages import Choice, L, Message, T
from handlers.outcome import DropMedia, Forget
from handlers.session import Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import World


def ask(session: Session, world: World) -> Message:
    """What goes and what stays."""
    return Message(
        (
            T(
                "Erase you here? We then forget this chat. Reports already sent stay with the centre without any link "
                "to you: no answer can reach you, and you cannot add to them."
            ),
        ),
        (Choice("no", L("▶️ No")), Choice("yes", L("🗑 Yes, erase me"))),
    )


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Start again as a stranger."""
    if answer == Picked("no"):
        return Turn(session, over=True)
    if answer == Picked("yes"):
        drafted = session.draft.parts if session.draft else ()
        gone = tuple(p.media_id for p in (*drafted, *session.loose) if p.media_id)
        say = Message((T("You are erased here. Please also clear this chat on your phone. Goodbye."),))
        return Turn(Session(), over=True, say=(say,), effects=(DropMedia(gone), Forget()), quiet=True)
    return None
