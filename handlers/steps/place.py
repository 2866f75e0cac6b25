"""Where? A pin from the phone, a typed position or name, a map link, or province, district and subdistrict from lists."""

from __future__ import annotations

from handlers.card import place_text
from handlers.events import LocationShared, TextSent
from handlers.messages import Choice, L, Message, T, Text
from handlers.naming import named
from handlers.positions import Typed, read
from handlers.records import replace
from handlers.routing import locate
from handlers.session import Draft, Part, Place, Session
from handlers.turn import KEPT_WORDS, Answer, Picked, Turn
from handlers.world import World


def ask(session: Session, world: World) -> Message:
    """The place of the incident, which need not be where the person is; or whether a corrected position is it."""
    choices = [
        Choice("", L("📍 Send location"), asks="location"),
        Choice("lists", L("🗂 Choose from lists"), wide=True),
    ]
    draft = session.draft
    if draft and draft.early_place:
        choices.insert(0, Choice("early", L("📌 The one I sent"), wide=True))
    if draft and draft.meant:
        area = world.places.area(draft.meant.district)
        label = L("🏘 {name}", name=area.name) if area else L("📌 This place")
        choices.insert(0, Choice(_meant(draft.meant), label, wide=True))
        return Message((T("Did you mean this place?"), place_text(draft.meant, world.places)), tuple(choices))
    return Message(
        (T("Where is it? Send a location, type the name of the place, or choose from the lists."),), tuple(choices)
    )


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """A position leads to a place, to a question between two districts, or to a kind explanation."""
    if answer == Picked("lists"):
        return Turn(replace(session, lists=()), "lists")
    if session.draft is None:
        return None
    for value, known in (("early", session.draft.early_place), (_meant(session.draft.meant), session.draft.meant)):
        if known and answer == Picked(value) and known.latitude is not None and known.longitude is not None:
            return _pinned(session, session.draft, known.latitude, known.longitude, world)
    if isinstance(answer, LocationShared):
        return _pinned(session, session.draft, answer.latitude, answer.longitude, world)
    if isinstance(answer, TextSent) and not answer.command and (typed := read(answer.text, world.lexicon.digits)):
        return _typed(session, session.draft, typed, answer, world)
    if isinstance(answer, TextSent):
        return named(session, answer, world)
    return None


def _meant(place: Place | None) -> str:
    """The value of "yes, there": an older button for another district does not fit it."""
    return f"meant{place.district}" if place else ""


def _typed(session: Session, draft: Draft, typed: Typed, sent: TextSent, world: World) -> Turn:
    """A position in words is a pin; what was written beside it is kept as part of the report."""
    said: tuple[Text, ...] = ()
    if len(world.lexicon.normal(typed.beside)) >= KEPT_WORDS:
        part = Part("text", text=typed.beside, at=world.now, message_id=sent.message_id)
        draft = replace(draft, parts=(*draft.parts, part))
        said = (T("Your words are kept for the report."),)
    if typed.position:
        return _pinned(session, draft, *typed.position, world, *said)
    how = T("This link cannot be opened here. Tap + or 📎, then Location. Move the map to the place and send it.")
    return _turn(session, replace(draft, meant=None), "", *said, how)


def _pinned(session: Session, draft: Draft, latitude: float, longitude: float, world: World, *said: Text) -> Turn:
    draft = replace(draft, meant=None)
    located = locate(latitude, longitude, world.places)
    corrected = located.corrected
    if corrected:  # latitude and longitude the wrong way round: never taken without a yes
        located = locate(*corrected, world.places)
    if located.doubt:  # both are named, and one has to be chosen: that is a yes as well
        first, second = located.places
        return _turn(session, replace(draft, place=first, other_place=second), "doubt", *said)
    if located.sure and corrected:
        return _turn(session, replace(draft, meant=located.places[0]), "", *said)
    if located.sure:
        return _turn(session, replace(draft, place=located.places[0]), "found", *said)
    return _turn(session, draft, "", *said, T("This location could not be read. Please choose from the lists."))


def _turn(session: Session, draft: Draft, result: str, *said: Text) -> Turn:
    return Turn(replace(session, draft=draft), result, (Message(said),) if said else ())
