"""Village and subdistrict headmen: joining with a one-time code, and answering an alert with one tap."""

from __future__ import annotations

from typing import Literal

from handlers import cases
from handlers.asking import question
from handlers.buttons import Pressed
from handlers.card import sighting_text
from handlers.cases import Sighting
from handlers.messages import Message, T, Text
from handlers.moves import asked
from handlers.outcome import JoinArea, LeaveArea, Outcome, Record, SaveCase, Say
from handlers.own import redrawn
from handlers.records import replace
from handlers.session import IDLE, Session
from handlers.welcome import welcome
from handlers.world import World

ANSWERS: dict[str, Literal["seen", "unseen", "going"]] = {"seen": "seen", "unseen": "unseen", "going": "going"}


def join(session: Session, world: World) -> Outcome:
    """Redeem an invitation; a wrong, used or old one is explained without saying which of these it is."""
    invitation = world.invitation
    if invitation is None or invitation.role != "coordinator":
        words = T("This code does not work. It may be used already or too old. Ask your district office for a new one.")
        return asked(session, world, words)
    area = invitation.area
    joined = replace(session, area=area)
    effect = JoinArea(area, invitation.centre, invitation.id)
    if not session.language:  # the language first; the welcome follows in it
        asked_first = replace(joined, step=IDLE, detour="language")
        return Outcome(asked_first, (effect, Say((question(asked_first, world),))))
    return Outcome(joined, (effect, Say((welcome(area, world.places), question(joined, world)))))


def leave(session: Session, world: World) -> Outcome:
    """No alerts any more."""
    if not session.area:
        return asked(session, world, T("You do not get alerts here."))
    left = replace(session, area="")
    return Outcome(left, (LeaveArea(), *asked(left, world, T("You get no alerts any more.")).effects))


def tapped(session: Session, tap: Pressed, world: World) -> Outcome:
    """Seen, not seen, or I go and look: shown under the centre's card by office, not by name."""
    case = world.case
    if case is None or not session.area or tap.verb not in ANSWERS:
        return Outcome(session, (Say((Message((T("This alert is not for you any more."),)),)),))
    if not case.open:
        closed = T("Case {code} is closed already. Thank you.", code=case.code)
        return Outcome(session, (Say((Message((closed,)),)),))
    answer = ANSWERS[tap.verb]
    sighting = Sighting(session.area, answer, world.now)
    changed = cases.sighted(case, sighting)
    line = T("{code}: {what}", code=case.code, what=sighting_text(sighting, world.places))
    thanks: tuple[Text, ...] = (T("Thank you. The centre sees your answer to {code}.", code=case.code),)
    if answer == "going":
        thanks = (*thanks, T("Watch from far away, and take somebody with you."))
    return Outcome(
        session,
        (
            SaveCase(changed),
            Record(case.code, "coordinator", answer),
            redrawn(changed, world, line),
            Say((Message(thanks),)),
        ),
    )
