"""Something was sent after a receipt: does it belong to an earlier report, or is it a new one? Never guessed."""

from __future__ import annotations

from handlers.messages import Choice, L, Message, T
from handlers.outcome import DropMedia
from handlers.own import add_parts
from handlers.records import replace
from handlers.session import Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import World

OFFERED = 3


def ask(session: Session, world: World) -> Message:
    """The newest cases by their code, a new report, or nothing at all."""
    over = {c.code for c in world.cases if c.state == "withdrawn"}
    codes = [code for code in reversed(session.mine) if code not in over][:OFFERED]
    return Message(
        (T("Kept for now: {count} messages. Where do they belong?", count=len(session.loose)),),
        (
            *(Choice(f"add-{code}", L("➕ {code}", code=code)) for code in codes),
            Choice("new", L("🆕 New report")),
            Choice("drop", L("🗑 Throw away")),
        ),
    )


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Add to a case of one's own, or begin a new report with it (the engine does that), or erase it."""
    if not isinstance(answer, Picked):
        return None
    if answer.answer == "drop":
        gone = tuple(p.media_id for p in session.loose if p.media_id)
        say = Message((T("Thrown away."),))
        return Turn(replace(session, loose=()), over=True, say=(say,), effects=(DropMedia(gone),) if gone else ())
    verb, _, code = answer.answer.partition("-")
    case = next((c for c in world.cases if c.code == code), None)
    if verb != "add" or case is None or case.state == "withdrawn":
        return None
    return Turn(
        replace(session, loose=()),
        over=True,
        say=(Message((T("Added to {code}. Thank you.", code=code),)),),
        effects=add_parts(case, session.loose, world),
    )
