"""Where? A pin from the phone, or province, district and subdistrict from lists."""

from __future__ import annotations

from handlers.events import LocationShared
from handlers.messages import Choice, L, Message, T
from handlers.records import replace
from handlers.routing import locate
from handlers.session import Draft, Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import World


def ask(session: Session, world: World) -> Message:
    """The place of the incident, which need not be where the person is."""
    choices = [
        Choice("", L("📍 Send location"), asks="location"),
        Choice("lists", L("🗂 Choose from lists"), wide=True),
    ]
    if session.draft and session.draft.early_place:
        choices.insert(0, Choice("early", L("📌 The one I sent"), wide=True))
    return Message((T("Where is it? Send a location, or choose from the lists."),), tuple(choices))


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """A pin leads to a place, to a question between two districts, or to a kind explanation."""
    if answer == Picked("lists"):
        return Turn(replace(session, lists=()), "lists")
    if session.draft is None:
        return None
    early = session.draft.early_place
    if answer == Picked("early") and early and early.latitude is not None and early.longitude is not None:
        return _pinned(session, session.draft, early.latitude, early.longitude, world)
    if isinstance(answer, LocationShared):
        return _pinned(session, session.draft, answer.latitude, answer.longitude, world)
    return None


def _pinned(session: Session, draft: Draft, latitude: float, longitude: float, world: World) -> Turn:
    located = locate(latitude, longitude, world.places)
    if located.sure:
        return Turn(replace(session, draft=replace(draft, place=located.places[0])), "found")
    if located.doubt:
        first, second = located.places
        return Turn(replace(session, draft=replace(draft, place=first, other_place=second)), "doubt")
    return Turn(session, say=(Message((T("This location could not be read. Please choose from the lists."),)),))
