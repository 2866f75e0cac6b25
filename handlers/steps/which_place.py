"""Several places have a name like the one that was typed: which of these? `Session.lists` holds their codes."""

from __future__ import annotations

from handlers.card import place_text
from handlers.events import TextSent
from handlers.messages import Choice, L, Message, T, Text, lines
from handlers.naming import named
from handlers.records import replace
from handlers.routing import by_codes
from handlers.session import Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import Area, World


def ask(session: Session, world: World) -> Message:
    """Each match with its district and province: many names stand for more than one place."""
    found = [area for code in session.lists if (area := world.places.area(code))]
    rows = [Text("{number}. {place}", (("number", n), ("place", _whole(a, world)))) for n, a in enumerate(found, 1)]
    choices = [
        Choice(a.code, L("🏘 {number}. {name}", number=n, name=a.name), wide=True) for n, a in enumerate(found, 1)
    ]
    none = Choice("none", L("🗂 None of these"), wide=True)
    return Message((T("Which place do you mean?"), lines(rows)), (*choices, none))


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """A subdistrict is a place; of a district or province, the lists ask what is in it. Another name is looked for."""
    if isinstance(answer, TextSent):
        return named(session, answer, world, result="")
    if not isinstance(answer, Picked) or session.draft is None:
        return None
    code = answer.answer
    if code == "none":
        return Turn(replace(session, lists=()), "none")
    if code not in session.lists:
        return None
    if len(code) < 6:
        return Turn(replace(session, lists=(code,) if len(code) == 2 else (code[:2], code)), "wider")
    place = by_codes(code, "", world.places)
    return Turn(replace(session, lists=(), draft=replace(session.draft, place=place)), "chosen") if place else None


def _whole(area: Area, world: World) -> Text:
    place = by_codes(area.code, "", world.places)
    return place_text(place, world.places) if place else T("province {name}", name=area.name)
