"""A report was left alone, or a new one is asked for while one is open: go on, or throw it away?"""

from __future__ import annotations

from handlers.discarding import CHOICES, decided
from handlers.messages import Message, T
from handlers.session import Session
from handlers.turn import Answer, Turn
from handlers.world import World


def ask(session: Session, world: World) -> Message:
    """Asked once after half an hour, and whenever a second report is begun."""
    return Message((T("You have a report that was not sent yet. Go on with it, or throw it away?"),), CHOICES)


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Erase the draft with its media, or go on."""
    return decided(session, answer)
