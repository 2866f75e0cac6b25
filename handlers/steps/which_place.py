"""Several places have a name like the one that was typed: which of these? `Session.lists` holds their codes."""

from __future__ import annotations

from handlers.events import TextSent
from handlers.messages import Choice, L, Message, T, Text, lines
from handlers.naming import named, named_beside_link
from handlers.picking import candidates
from handlers.pinning import led, positioned
from handlers.records import replace
from handlers.session import Session
from handlers.turn import Answer, Picked, Turn
from handlers.where import area_text
from handlers.world import World, level


def ask(session: Session, world: World) -> Message:
    """Each match with its district and province: many names stand for more than one place."""
    found = [area for code in session.lists if (area := world.places.area(code))]
    rows = [
        Text("{number}. {place}", (("number", n), ("place", area_text(a, world.places))))
        for n, a in enumerate(found, 1)
    ]
    choices = [
        Choice(a.code, L("🏘 {number}. {name}", number=n, name=a.name.bare), wide=True) for n, a in enumerate(found, 1)
    ]
    if not found:  # what was offered is on no list any more
        sorry = T("No place with a name like this was found. Please try again, or choose from the lists.")
        return Message((sorry,), (Choice("none", L("🗂 Choose from lists"), wide=True),))
    none = Choice("none", L("🗂 None of these"), wide=True)
    return Message((T("Which place do you mean?"), lines(rows)), (*choices, none))


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """A village, landmark or place across the border is enough; of a subdistrict the village is asked, of a district or
    province the lists ask what is in it. Another name is looked for."""
    if session.draft is None:
        return None
    if isinstance(answer, TextSent) and (found := named_beside_link(session, answer, world, result="")):
        return found
    if found := positioned(session, answer, world):
        return found
    if isinstance(answer, TextSent):
        return named(session, answer, world, result="", lists="none")
    if not isinstance(answer, Picked):
        return None
    code = answer.answer
    if code == "none":
        return Turn(replace(session, lists=()), "none")
    if code not in session.lists:
        return None
    if wider := _wider(code, world):
        return Turn(replace(session, lists=wider), "wider")
    places = candidates(code, world.places, "name")
    if not places:
        return None
    return led(session, session.draft, places, found="near" if code.isdecimal() and len(code) == 6 else "found")


def _wider(code: str, world: World) -> tuple[str, ...]:
    """Where the lists go on for an area that is too large to be a place; () for one that is not, or that no list is of."""
    if code.isdecimal():
        return {2: (code,), 4: (code[:2], code)}.get(len(code), ())
    return (code[:2], code) if level(code) == 2 and world.places.across(code) else ()
