"""A conversation of a few words, so that the road can be tested whatever the real conversation says.

file            a report for centre 3403; its card goes to the centre        photo   kept, part of the next report
file urgent     the same, urgent                                             claim CODE  an officer takes the case
boom            a defect in the conversation                                 later   a timer for five seconds from now
case CODE       says whether this chat may touch the case                    tell CODE words   says words to its reporter
/link CODE      links the group       forget       erases the person         anything else: counted and repeated
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from handlers.cases import Case
from handlers.events import Happening, Left, MediaSent, TextSent, TimerFired
from handlers.messages import Attachment, Card, Message, verbatim
from handlers.outcome import (
    Blocked,
    Effect,
    FileReport,
    Forget,
    LeaveGroup,
    LinkGroup,
    Outcome,
    Record,
    SaveCase,
    Say,
    ToCentre,
    ToReporter,
)
from handlers.session import Part, Place, Session
from handlers.world import Needs, Places, Settings, World

CENTRE = "3403"


def card(case: Case, settings: Settings, places: Places) -> Message:
    """A case's card."""
    attachments = tuple(Attachment(p.media_id, "photo") for p in case.parts if p.media_id)
    text = Card(verbatim(f"card {case.code}"))
    return Message(card=text, attachments=attachments, about=case.code, purpose="card")


def needs(session: Session, happening: Happening, settings: Settings) -> Needs:
    """What the words ask for."""
    event = happening.event
    words = event.text.split() if isinstance(event, TextSent) else []
    if words[:1] in (["case"], ["tell"], ["claim"]):
        return Needs(case=words[1])
    if words[:1] == ["/link"]:
        return Needs(code=words[1])
    return Needs(reply=happening.reply_to)


def advance(session: Session, happening: Happening, world: World) -> Outcome:
    """Do what the words say."""
    event = happening.event
    if isinstance(event, TimerFired):
        return Outcome(session, (say(f"timer {event.timer}"),))
    if isinstance(event, Left):
        return Outcome(session, (Blocked(),))
    if isinstance(event, MediaSent) and event.kind == "file":
        return Outcome(session)
    if isinstance(event, MediaSent):
        return Outcome(replace(session, loose=(*session.loose, Part(event.kind, media_id=event.media_id))))
    if not isinstance(event, TextSent):
        return Outcome(session, (say(f"by {happening.actor.name or 'nobody'}"),))
    return _words(session, event.text, happening, world)


def _words(session: Session, text: str, happening: Happening, world: World) -> Outcome:
    words = text.split()
    match words[:1]:
        case ["boom"]:
            raise RuntimeError("a defect")
        case ["file"]:
            return _file(session, world, urgent=words[1:] == ["urgent"])
        case ["later"]:
            timed = session.with_timer("nap", world.now + timedelta(seconds=5))
            return Outcome(timed if words[1:] != ["boom"] else timed.with_timer("boom", world.now))
        case ["forget"]:
            return Outcome(Session(), (say("forgotten"), Forget()))
        case ["away"]:
            return Outcome(session, (LeaveGroup(),))
        case ["case"]:
            return Outcome(session, (say(f"{words[1]} {'yes' if world.case else 'no'}"),))
        case ["claim"] if world.case:
            done: tuple[Effect, ...] = (
                SaveCase(replace(world.case, claimed_by=happening.actor.name, state="claimed")),
                Record(world.case.code, happening.actor.name, "claimed"),
                say(f"claimed by {happening.actor.name} {happening.actor.key != ''}"),
            )
            return Outcome(session, done)
        case ["tell"] if world.case:
            return Outcome(session, (Say((Message((verbatim(" ".join(words[2:])),)),), ToReporter(words[1])),))
        case ["/link"]:
            if world.invitation is None:
                return Outcome(session, (say("no such code"),))
            return Outcome(session, (LinkGroup(world.invitation.centre, world.invitation.id), say("linked")))
    count = session.notice + 1
    about = f" about {world.case.code} {world.purpose}" if world.case else ""
    return Outcome(replace(session, notice=count), (say(f"{count}: {text}{about}"),))


def _file(session: Session, world: World, *, urgent: bool) -> Outcome:
    place = Place(district=CENTRE, centre=CENTRE)
    case = Case(world.fresh_code, "drugs", world.now, CENTRE, place, urgent=urgent, parts=session.loose)
    effects = (
        FileReport(case),
        Record(case.code, "reporter", "filed"),
        Say((card(case, world.settings, world.places),), ToCentre(CENTRE)),
        say(f"filed {case.code}"),
    )
    return Outcome(replace(session, loose=(), mine=(*session.mine, case.code)), effects)


def say(words: str) -> Say:
    """Words here."""
    return Say((Message((verbatim(words),)),))
