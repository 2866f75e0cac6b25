"""No question open: the menu."""

from __future__ import annotations

from handlers.messages import Choice, L, Message, T
from handlers.session import Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import World


def ask(session: Session, world: World) -> Message:
    """What one can do here. Says nothing of any report."""
    choices = [Choice("report", L("📣 Report")), Choice("language", L("🌐 Language")), Choice("help", L("❓ Help"))]
    if session.mine:
        choices.insert(1, Choice("mine", L("📂 My reports")))
    return Message((T("What do you want to do?"),), tuple(choices))


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """The engine turns the menu's choices into the commands of the same names."""
    return Turn(session, "report") if answer == Picked("report") else None
