"""Really throw the report away?"""

from __future__ import annotations

from handlers.discarding import CHOICES, decided
from handlers.messages import Message, T
from handlers.session import Session
from handlers.turn import Answer, Turn
from handlers.world import World


def ask(session: Session, world: World) -> Message:
    """Both ways back."""
    return Message((T("Throw this report away?"),), CHOICES)


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Erase the draft with its media, or go on."""
    return decided(session, answer)
