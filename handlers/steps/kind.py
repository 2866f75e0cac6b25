"""What happened? The kinds are data of the deployment."""

from __future__ import annotations

from handlers.messages import Choice, L, Message, T
from handlers.records import replace
from handlers.session import Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import World


def ask(session: Session, world: World) -> Message:
    """One choice a kind, in the deployment's order."""
    choices = tuple(
        Choice(k.key, L("{emoji} {kind}", emoji=k.emoji, kind=k.label), wide=True) for k in world.settings.kinds
    )
    return Message((T("What do you want to report?"),), choices)


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Remember the kind."""
    known = {k.key for k in world.settings.kinds}
    if isinstance(answer, Picked) and answer.answer in known and session.draft:
        return Turn(replace(session, draft=replace(session.draft, kind=answer.answer)), "picked")
    return None
