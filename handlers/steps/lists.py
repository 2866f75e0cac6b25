"""No pin: province, district, subdistrict from lists, a page at a time.

`Session.lists` holds the codes chosen so far and the page: ("34", "3403", "p1").
"""

from __future__ import annotations

from collections.abc import Sequence

from handlers.events import TextSent
from handlers.messages import Choice, L, Message, Name, T, Text
from handlers.naming import named
from handlers.records import replace
from handlers.routing import by_codes
from handlers.session import Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import Area, World

PAGE = 7
"""Names on a page: with more, previous, up, back and cancel they fit LINE's 13 quick replies."""


def ask(session: Session, world: World) -> Message:
    """One page of names of the next level."""
    codes, page = _state(session)
    areas = _areas(codes, world)
    shown = areas[page * PAGE : (page + 1) * PAGE]
    choices = [Choice(a.code, L("🏘 {name}", name=a.name)) for a in shown]
    if (page + 1) * PAGE < len(areas):
        choices.append(Choice(f"p{page + 1}", L("➡️ More")))
    if page:
        choices.append(Choice(f"p{page - 1}", L("⬅️ Earlier")))
    if codes:
        choices.append(Choice("up", L("⬆️ Other area")))
    return Message((_heading(codes, world),), tuple(choices))


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Go down a level, turn a page, go up, or arrive at a subdistrict. Who types a name need not look for it."""
    if isinstance(answer, TextSent) and session.draft:
        return named(session, answer, world)
    if not isinstance(answer, Picked) or session.draft is None:
        return None
    codes, _ = _state(session)
    picked = answer.answer
    if picked == "up":
        return Turn(replace(session, lists=codes[:-1]))
    if picked.startswith("p") and picked[1:].isdecimal():
        return Turn(replace(session, lists=(*codes, f"p{int(picked[1:]) % 100}")))
    if picked not in {a.code for a in _areas(codes, world)}:
        return None
    if len(codes) < 2:
        return Turn(replace(session, lists=(*codes, picked)))
    place = by_codes(picked, "", world.places)
    if place is None:
        return None
    return Turn(replace(session, lists=(), draft=replace(session.draft, place=place)), "chosen")


def _state(session: Session) -> tuple[tuple[str, ...], int]:
    codes = tuple(c for c in session.lists if not c.startswith("p"))
    page = next((int(c[1:]) for c in session.lists if c.startswith("p")), 0)
    return codes, page


def _areas(codes: Sequence[str], world: World) -> Sequence[Area]:
    if not codes:
        return world.places.provinces()
    if len(codes) == 1:
        return world.places.districts(codes[0])
    return world.places.subdistricts(codes[1])


def _heading(codes: Sequence[str], world: World) -> Text:
    if not codes:
        return T("Which province?")
    area = world.places.area(codes[-1])
    name = area.name if area else Name(th=codes[-1])
    if len(codes) == 1:
        return T("Which district of {province}?", province=name)
    return T("Which subdistrict of {district}?", district=name)
