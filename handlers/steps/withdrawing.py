"""Really take a sent report back?"""

from __future__ import annotations

from handlers.messages import Choice, L, Message, T
from handlers.own import withdraw
from handlers.records import replace
from handlers.session import Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import World


def ask(session: Session, world: World) -> Message:
    """Officers who saw it have seen it; they are told to stop."""
    return Message(
        (T("Take report {code} back? The centre is told that you withdrew it.", code=session.answering),),
        (Choice("no", L("▶️ Keep it")), Choice("yes", L("↩️ Take it back"))),
    )


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Close the case as withdrawn. Its place is not offered again."""
    if not isinstance(answer, Picked):
        return None
    case = next((c for c in world.cases if c.code == session.answering), None)
    done = replace(session, answering="")
    if answer.answer == "no":
        return Turn(done, over=True)
    if answer.answer != "yes":
        return None
    if case is None or not case.open:
        return Turn(done, over=True, say=(Message((T("This report is closed already."),)),))
    say = Message((T("Report {code} was taken back.", code=case.code),))
    poster = done.home if done.home and done.home.method == "link" else None
    return Turn(replace(done, home=poster), over=True, say=(say,), effects=withdraw(case, world))
