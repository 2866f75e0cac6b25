"""The centre's group: claim, ask, note, hand over, close; linking the group; its commands.

A group that nobody has linked hears nothing but how to link it, and the bot leaves it after a while. A reply under one
of our messages is understood by what that message was for (`Message.purpose`), never by its words.
"""

from __future__ import annotations

from datetime import timedelta

from handlers import codes, commands, officers
from handlers.buttons import parse
from handlers.card import kind_text, more_words, officers_card
from handlers.cases import Case
from handlers.events import ChoicePicked, Happening, Joined, Left, MediaSent, TextSent, TimerFired
from handlers.messages import Message, Moment, T, Text
from handlers.outcome import DropMedia, LeaveGroup, LinkGroup, Outcome, Say, UnlinkGroup
from handlers.records import replace
from handlers.session import Session
from handlers.where import centre_name
from handlers.world import World

TRIES_AN_HOUR = 5
"""Wrong codes that a group may type in an hour (a code has 40 bits; this is for calm, not for strength)."""
LISTED = 15


def advance(session: Session, happening: Happening, world: World) -> Outcome:
    """Decide for a group."""
    event = happening.event
    if isinstance(event, TextSent) and event.command == "link":
        return _link(session, world)
    if isinstance(event, Left):
        return Outcome(replace(session, centre="", remarks=(), timers=()), (UnlinkGroup(),))
    if not session.centre:
        return _stranger(session, happening, world)
    match event:
        case Joined():
            return _said(
                session, T("This group is linked to: {centre}", centre=centre_name(session.centre, world.places))
            )
        case ChoicePicked(value):
            pressed = parse(value)
            if pressed is None or pressed.role != "g":
                return Outcome(session)
            return officers.pressed(session, pressed, happening.actor, world)
        case TextSent(command="case"):
            return _one(session, world)
        case TextSent(command="open"):
            return _open(session, world)
        case TextSent(command="help") | TextSent(command="start"):
            return _said(session, *_help())
        case TextSent() if not event.command and not happening.reply_to:
            return _words(session, event, world)
        case TextSent() if world.case is not None and not event.command:
            return officers.replied(session, event, happening.actor, world)
        case TextSent() if world.purpose and not event.command:
            return _said(session, T("This case is no longer with this centre."))
        case MediaSent():
            return _media(session, event, world)
        case _:
            return Outcome(session)


def _said(session: Session, *words: Text) -> Outcome:
    return Outcome(session, (Say((Message(words),)),))


def code_in(words: str) -> str:
    """The case code at the end of what was said to the bot, or ""."""
    return codes.read(words.split()[-1]) if words.split() else ""


def _words(session: Session, said: TextSent, world: World) -> Outcome:
    """Words to the bot do what the commands do: the name of a list, or a case's code."""
    if code_in(said.text):
        return _one(session, world)
    if world.lexicon.says(said.text, commands.described_group()["open"]):
        return _open(session, world)
    if world.lexicon.says(said.text, commands.PERSON["help"]):
        return _said(session, *_help())
    return Outcome(session)


def _link(session: Session, world: World) -> Outcome:
    """Redeem a one-time code: this group becomes the centre's."""
    fresh = session.tries_at is not None and world.now - session.tries_at < timedelta(hours=1)
    tries = session.tries if fresh else 0
    if tries >= TRIES_AN_HOUR:
        return _said(session, T("Too many wrong codes. Please try again in an hour."))
    invitation = world.invitation
    if invitation is None or invitation.role != "group":
        tried = replace(session, tries=tries + 1, tries_at=session.tries_at if fresh else world.now)
        return _said(tried, T("This code does not work. It may be used already or too old."))
    linked = replace(session, centre=invitation.centre, tries=0, tries_at=None).without_timer("stranger")
    name = centre_name(invitation.centre, world.places)
    words = T("✅ This group is now linked to: {centre}. Reports of its area come here.", centre=name)
    return Outcome(linked, (LinkGroup(invitation.centre, invitation.id), Say((Message((words, *_help())),))))


def _stranger(session: Session, happening: Happening, world: World) -> Outcome:
    if isinstance(happening.event, Joined):
        waiting = session.with_timer("stranger", world.now + timedelta(seconds=world.settings.stranger_group_s))
        return _said(waiting, T("This group is not linked yet. Type /link and the code of your centre."))
    if isinstance(happening.event, TimerFired) and happening.event.timer == "stranger":
        return Outcome(session.without_timer("stranger"), (LeaveGroup(),))
    if isinstance(happening.event, MediaSent):
        return Outcome(session, (DropMedia((happening.event.media_id,)),))
    return Outcome(session)


def _one(session: Session, world: World) -> Outcome:
    if world.case is None:
        return _said(session, T("This centre has no case with that code."))
    return Outcome(session, (Say((officers_card(world.case, world.settings, world.places), *more_words(world.case))),))


def _open(session: Session, world: World) -> Outcome:
    if not world.cases:
        return _said(session, T("There is no open case."))
    lines = tuple(
        T(
            "{code} · {kind} · {at} · {who}",
            code=c.code,
            kind=kind_text(c.kind, world.settings),
            at=Moment(c.created),
            who=_whose(c),
        )
        for c in world.cases[:LISTED]
    )
    more = (T("and {count} more", count=len(world.cases) - LISTED),) if len(world.cases) > LISTED else ()
    return _said(session, T("Open cases: {count}", count=len(world.cases)), *lines, *more, T("To see one: /case CODE"))


def _whose(case: Case) -> str | Text:
    if case.claimed_by:
        return case.claimed_by
    return T("An officer") if case.claimed_at else T("nobody yet")


def _media(session: Session, sent: MediaSent, world: World) -> Outcome:
    """Pictures of officers are not kept, and never reach a reporter."""
    if world.case is None:
        return Outcome(session, (DropMedia((sent.media_id,)),))
    words = T("Pictures are not passed on. Please write a line instead.")
    return Outcome(session, (DropMedia((sent.media_id,)), Say((Message((words,)),))))


def _help() -> tuple[Text, ...]:
    return (
        T(
            "Each case is one card. Tap its buttons, or reply to the card: you are then asked whether it goes to the "
            "reporter."
        ),
        T("/open: open cases\n/case CODE: one case\n/help: this help"),
    )
