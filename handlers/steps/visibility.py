"""Who may see this? The default is the centre and the village's coordinators."""

from __future__ import annotations

from handlers.messages import Choice, L, Message, T
from handlers.records import replace
from handlers.session import Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import World

HIDDEN: dict[str, tuple[str, ...]] = {
    "all": (),
    "headman": ("headman",),
    "police": ("police",),
    "both": ("headman", "police"),
}


def ask(session: Session, world: World) -> Message:
    """Leaving somebody out sends the case one level up."""
    return Message(
        (
            T("Who may see your report?"),
            T("If you leave out the police, it goes to the province or the programme office, not to the district."),
        ),
        (
            Choice("all", L("👥 Centre and headman"), wide=True),
            Choice("headman", L("🚫 Not my headman"), wide=True),
            Choice("police", L("🚫 Not the police"), wide=True),
            Choice("both", L("🚫 Neither of them"), wide=True),
        ),
    )


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Remember who is left out."""
    if isinstance(answer, Picked) and answer.answer in HIDDEN and session.draft:
        return Turn(replace(session, draft=replace(session.draft, hide_from=HIDDEN[answer.answer])), "chosen")
    return None
