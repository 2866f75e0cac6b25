"""The place may lie in several districts, or several face it across the border: which of these?"""

from __future__ import annotations

from handlers.events import TextSent
from handlers.messages import Choice, L, Message, Name, T
from handlers.picking import across
from handlers.pinning import positioned
from handlers.records import replace
from handlers.routing import choose
from handlers.session import Place, Session
from handlers.turn import Answer, Picked, Turn
from handlers.vague import DONT_KNOW
from handlers.where import area_text, place_text
from handlers.world import World

MOST = 5
"""More districts than that face no place; kept low, so that the choices fit LINE's 13 quick replies."""


def ask(session: Session, world: World) -> Message:
    """Each district by name; or none of them, or whoever is across the border may not know."""
    found = _candidates(session, world)
    choices = [Choice(p.district, L("🏘 {name}", name=_name(p, world))) for p in found]
    unsure = Choice("unsure", L("🤷 I don't know"))
    if found and found[0].abroad:
        areas = [area for p in found if (area := world.places.area(p.district))]
        across_it = T("Which Thai district is on the other side?")
        return Message((across_it, *(area_text(area, world.places) for area in areas)), (*choices, unsure))
    lines = tuple(place_text(p, world.places) for p in found)
    neither = Choice("neither", L("🗂 Neither of them"))
    return Message((T("Which of these is it?"), *lines), (*choices, unsure, neither))


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """The chosen one, the likeliest, or the lists. Another position is another place."""
    if found := positioned(session, answer, world):
        return found
    if isinstance(answer, TextSent) and world.lexicon.says(answer.text, DONT_KNOW):
        answer = Picked("unsure")
    if not isinstance(answer, Picked) or session.draft is None:
        return None
    if answer.answer == "neither":
        return Turn(replace(session, lists=(), draft=replace(session.draft, place=None, other_place=None)), "neither")
    candidates = _candidates(session, world)
    unsure = answer.answer == "unsure"
    place = next((p for p in candidates if unsure or p.district == answer.answer), None)
    if place is None:
        return None
    other = next((p for p in candidates if p != place), None)  # kept, so that Back can ask again
    draft = replace(session.draft, place=choose(place, unsure=unsure), other_place=other)
    return Turn(replace(session, draft=draft), "chosen")


def _candidates(session: Session, world: World) -> tuple[Place, ...]:
    draft = session.draft
    if draft is None or draft.place is None:
        return ()
    if draft.place.abroad:
        return across(draft.place.abroad, draft.place.village, world.places, draft.place.method)[:MOST]
    return tuple(p for p in (draft.place, draft.other_place) if p is not None)


def _name(place: Place, world: World) -> Name:
    area = world.places.area(place.district)
    return area.name.bare if area else Name(th=place.district)
