"""The pin lies between two districts: which of these?"""

from __future__ import annotations

from handlers.card import place_text
from handlers.messages import Choice, L, Message, Name, T
from handlers.records import replace
from handlers.routing import choose
from handlers.session import Place, Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import World


def ask(session: Session, world: World) -> Message:
    """Both districts by name, or neither."""
    found = _candidates(session)
    lines = tuple(place_text(p, world.places) for p in found)
    choices = tuple(Choice(p.district, L("🏘 {name}", name=_name(p, world))) for p in found)
    return Message((T("Which of these is it?"), *lines), (*choices, Choice("neither", L("🗂 Neither of them"))))


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """The chosen one, or the lists."""
    if not isinstance(answer, Picked) or session.draft is None:
        return None
    if answer.answer == "neither":
        return Turn(replace(session, lists=(), draft=replace(session.draft, place=None, other_place=None)), "neither")
    found = _candidates(session)
    place = next((p for p in found if p.district == answer.answer), None)
    if place is None:
        return None
    other = next((p for p in found if p != place), None)  # kept, so that Back can ask again
    return Turn(replace(session, draft=replace(session.draft, place=choose(place), other_place=other)), "chosen")


def _candidates(session: Session) -> tuple[Place, ...]:
    draft = session.draft
    return tuple(p for p in (draft.place, draft.other_place) if p is not None) if draft else ()


def _name(place: Place, world: World) -> Name:
    area = world.places.area(place.district)
    return area.name if area else Name(th=place.district)
