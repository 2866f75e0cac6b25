"""The one entrance: what happened + what is known -> what the conversation becomes and what is to be done.

Pure: no clock, network, database or chance. `needs` says first what the caller should look up; `advance` then decides.
Whatever does not fit is answered kindly and leaves everything as it was.
"""

from __future__ import annotations

from datetime import timedelta

from handlers import centre, codes, coordinator, corrections, keeping, menu, reporter, village_link
from handlers.asking import typed
from handlers.buttons import Pressed, parse
from handlers.commands import person as person_command
from handlers.events import (
    ChoicePicked,
    Edited,
    Happening,
    Joined,
    Left,
    LocationShared,
    MediaSent,
    Migrated,
    OtherSent,
    TextSent,
    TimerFired,
    Unsent,
)
from handlers.messages import Message
from handlers.officers import closed_to_reporter, to_reporter
from handlers.outcome import Blocked, Here, Outcome, Say
from handlers.records import replace
from handlers.session import IDLE, Session
from handlers.world import Needs, Settings, World

DOUBLE_TAP_S = 10
JOIN_PAYLOAD = "j_"
"""A deep link's parameter that carries a coordinator's one-time code."""


def needs(session: Session, happening: Happening, settings: Settings) -> Needs:
    """What has to be looked up for this event; nothing for most steps of a report."""
    event = happening.event
    if isinstance(event, ChoicePicked):
        pressed = parse(event.value)
        if pressed is None:
            return Needs()
        if pressed.role in ("g", "h"):
            return Needs(case=pressed.key)
        own = pressed.role == "q" or bool(session.mine and (session.detour or session.step == IDLE))
        sending = session.step == "review" and pressed.answer == "send"
        return Needs(own=own, near=_near(session) if sending else None, linked=sending)
    if session.group:
        return _group_needs(happening)
    if isinstance(event, TextSent):
        if event.command == "join" or (event.command == "start" and event.argument.startswith(JOIN_PAYLOAD)):
            return Needs(code=event.argument.removeprefix(JOIN_PAYLOAD).strip())
        sending = session.step == "review"
        return Needs(own=bool(session.mine), near=_near(session) if sending else None, linked=sending)
    if isinstance(event, MediaSent | LocationShared | Edited | Unsent):
        return Needs(own=bool(session.mine))
    return Needs()


def _group_needs(happening: Happening) -> Needs:
    event = happening.event
    if isinstance(event, TextSent) and event.command == "link":
        return Needs(code=event.argument.strip())
    if isinstance(event, TextSent) and event.command == "case":
        return Needs(case=codes.read(event.argument))
    if isinstance(event, TextSent) and event.command == "open":
        return Needs(open=True)
    if isinstance(event, TextSent) and not event.command and not happening.reply_to:
        return Needs(case=centre.code_in(event.text), open=True)
    return Needs(reply=happening.reply_to)


def _near(session: Session) -> tuple[str, float, float] | None:
    place = session.draft.place if session.draft else None
    if session.draft is None or place is None or place.latitude is None or place.longitude is None:
        return None
    return session.draft.kind, place.latitude, place.longitude


def advance(session: Session, happening: Happening, world: World) -> Outcome:
    """Decide. Never raises for anything that a person or a platform can send."""
    if session.group:
        return centre.advance(session, happening, world)
    outcome = _person(session, happening, world)
    if isinstance(happening.event, TimerFired | Left):
        return outcome
    return Outcome(_timed(outcome.session, world), outcome.effects)


def _person(session: Session, happening: Happening, world: World) -> Outcome:
    hint = world.language_hint.partition("-")[0]
    if hint and not session.language and not session.likely:
        session = replace(session, likely=hint)
    if not session.language and session.step == IDLE and session.detour != "language":
        session = replace(session, step="language")  # whatever comes first, nothing can be said before this is known
    match happening.event:
        case Left():
            return Outcome(session, (Blocked(),))
        case Joined() if session.hidden:
            return Outcome(session, (Blocked(False), *menu.neutral(session).effects))
        case Joined():
            arrived = menu.start(session, world)
            return Outcome(arrived.session, (Blocked(False), *arrived.effects))
        case TimerFired(timer):
            return keeping.timer(session, timer, world)
        case Migrated():
            return Outcome(session)
        case Edited() | Unsent() as change:
            return corrections.correct(session, change, world)
        case _ if session.hidden:
            return _hidden(session, happening, world)
        case ChoicePicked(value):
            return _tapped(session, value, happening, world)
        case TextSent() as text:
            return _typed(session, text, world)
        case LocationShared() as location:
            return keeping.located(session, location, world)
        case MediaSent() as media:
            return keeping.media(session, media, world)
        case OtherSent(what):
            return reporter.other(session, what, world)


def _tapped(session: Session, value: str, happening: Happening, world: World) -> Outcome:
    pressed = parse(value)
    if _tapped_before(session, value, pressed, world):
        return Outcome(session)  # the first of the two was answered already
    session = replace(session, last_tap=value, last_tap_at=world.now)
    if pressed is None:
        return reporter.stale(session, world)
    if pressed.role == "h":
        return coordinator.tapped(session, pressed, world)
    if pressed.role == "q":
        return reporter.own_case(session, pressed, world)
    if pressed.role == "r":
        return reporter.pressed(session, pressed, world)
    return reporter.stale(session, world)


def _tapped_before(session: Session, value: str, pressed: Pressed | None, world: World) -> bool:
    """Whether this is the second of two equal taps within seconds, on a button that no longer stands for anything."""
    if value != session.last_tap or session.last_tap_at is None:
        return False
    if world.now - session.last_tap_at >= timedelta(seconds=DOUBLE_TAP_S):
        return False
    return pressed is None or not (pressed.role == "r" and reporter.fits(session, pressed))


def _typed(session: Session, text: TextSent, world: World) -> Outcome:
    command = text.command
    link = village_link.read(text.argument if command == "start" else "" if command else text.text)
    if link and (arrived := menu.from_poster(session, link, world)):
        return arrived
    if command == "join" or (command == "start" and text.argument.startswith(JOIN_PAYLOAD)):
        return coordinator.join(session, world)
    if command == "leave":
        return coordinator.leave(session, world)
    if not command and (choice := typed(session, text, world)) is not None:
        return reporter.picked(session, choice, world)
    if name := person_command(text, world.lexicon):
        return menu.command(session, name, world)
    return reporter.said(session, text, world)


def _hidden(session: Session, happening: Happening, world: World) -> Outcome:
    """After "hide" nothing is shown until the person begins again knowingly."""
    event = happening.event
    if isinstance(event, TextSent) and event.command in ("start", "report", "mine", "forget"):  # "hello" is no command
        back = _person(replace(session, hidden=False), happening, world)
        missed = _missed(session, world)
        return Outcome(back.session, (*back.effects, *((Say(missed),) if missed else ())))
    if not isinstance(event, MediaSent):
        return menu.neutral(session)
    kept = keeping.media(session, event, world)  # it may be evidence; but nothing of the report is shown
    silent = tuple(e for e in kept.effects if not (isinstance(e, Say) and e.to == Here()))
    return Outcome(kept.session, (*silent, *menu.neutral(session).effects))


def _missed(session: Session, world: World) -> tuple[Message, ...]:
    """What the centre said while the chat was hidden: said now, because it was not said then."""
    own = [case for case in world.cases if case.code in session.mine]
    asked = (to_reporter(case, q) for case in own if case.open for q in case.questions if not q.answered)
    since = session.hidden_at
    closed = (
        closed_to_reporter(c) for c in own if c.state == "closed" and c.closed_at and since and c.closed_at > since
    )
    return (*asked, *closed)


def _timed(after: Session, world: World) -> Session:
    """A draft left alone is asked about once and erased after a day; both clocks start again with each event."""
    if after.draft is None and not after.loose:
        return after.without_timer("remind", "erase") if after.timers else after
    after = after.with_timer("erase", world.now + timedelta(seconds=world.settings.draft_erased_s))
    if after.draft is None or after.draft.reminded:
        return after.without_timer("remind")
    return after.with_timer("remind", world.now + timedelta(seconds=world.settings.draft_reminder_s))
