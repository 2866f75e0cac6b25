"""No pin: province, district, subdistrict from lists, a page at a time; likewise what lies across the border.

`Session.lists` holds the codes chosen so far and the page: ("34", "3403", "p1"), or ("KH", "KH01").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.events import TextSent
from handlers.likely import SPOKEN_IN, likely_first
from handlers.messages import Choice, L, Message, Name, T, Text
from handlers.naming import named, named_beside_link
from handlers.picking import candidates
from handlers.pinning import led, positioned
from handlers.records import replace
from handlers.session import Session
from handlers.turn import Answer, Picked, Turn
from handlers.vague import DONT_KNOW
from handlers.where import COUNTRIES
from handlers.world import Area, World, level

PAGE = 7
"""Names on a page: with more, previous, "I don't know", up, back and cancel they fit LINE's 13 quick replies."""

LEVELS = {"KH": 3, "LA": 2}
"""Levels of the lists by country: a Lao list ends with the district, a Cambodian one with the commune, a Thai one with the
subdistrict."""


def ask(session: Session, world: World) -> Message:
    """One page of names of the next level. At the top, the countries across the border where anybody serves them."""
    codes, page = _state(session)
    areas = likely_first(_areas(codes, world), session)
    page = min(page, max(0, len(areas) - 1) // PAGE)  # an old button may turn to a page that this list does not have
    shown = areas[page * PAGE : (page + 1) * PAGE]
    choices = [Choice(a.code, L("🏘 {name}", name=a.name.bare)) for a in shown]
    if (page + 1) * PAGE < len(areas):
        choices.append(Choice(f"p{page + 1}", L("➡️ More")))
    if page:
        choices.append(Choice(f"p{page - 1}", L("⬅️ Earlier")))
    elif not codes:
        choices += _countries(session, world)
    if _enough(codes):
        choices.append(Choice("skip", L("🤷 I don't know")))
    if codes:
        choices.append(Choice("up", L("⬆️ Other area")))
    return Message((_heading(codes, world),), tuple(choices))


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Go down a level, turn a page, go up, or arrive. Who types a name or sends a position need not look for it."""
    if session.draft is None:
        return None
    codes, _ = _state(session)
    if isinstance(answer, TextSent) and _enough(codes) and world.lexicon.says(answer.text, DONT_KNOW):
        answer = Picked("skip")
    if isinstance(answer, TextSent) and (found := named_beside_link(session, answer, world)):
        return found
    if found := positioned(session, answer, world):
        return found
    if isinstance(answer, TextSent):
        return named(session, answer, world, lists="")
    if not isinstance(answer, Picked):
        return None
    picked = answer.answer
    if picked == "up":
        return Turn(replace(session, lists=codes[:-1]))
    if re.fullmatch(r"p\d{1,2}", picked, re.ASCII):
        return Turn(replace(session, lists=(*codes, picked)))
    if picked == "skip" and _enough(codes):
        return _arrived(session, codes[-1], world)
    if not codes and picked in COUNTRIES:
        return Turn(replace(session, lists=(picked,)))
    if picked not in {a.code for a in _areas(codes, world)}:
        return None
    if len(codes) + 1 < _levels((*codes, picked)):
        return Turn(replace(session, lists=(*codes, picked)))
    return _arrived(session, picked, world)


def _arrived(session: Session, code: str, world: World) -> Turn | None:
    """Of a subdistrict or commune the village is asked; of a district nothing more."""
    places = candidates(code, world.places)
    if session.draft is None or not places:
        return None
    return led(session, session.draft, places, found="chosen" if level(code) == 6 else "found")


def _levels(codes: Sequence[str]) -> int:
    """How many names are chosen one after another, the country among them."""
    return 1 + LEVELS[codes[0]] if codes[0] in COUNTRIES else 3


def _enough(codes: Sequence[str]) -> bool:
    """Whether what was chosen so far tells the centre: a district does."""
    return bool(codes) and level(codes[-1]) == 4


def _countries(session: Session, world: World) -> list[Choice]:
    own = SPOKEN_IN.get(session.language, "")
    labels = {"LA": L("🌏 In Laos"), "KH": L("🌏 In Cambodia")}
    faced = sorted((code for code in COUNTRIES if world.places.across(code)), key=lambda code: code != own)
    return [Choice(code, labels[code]) for code in faced]


def _state(session: Session) -> tuple[tuple[str, ...], int]:
    codes = tuple(c for c in session.lists if not c.startswith("p"))
    page = next((int(c[1:]) for c in session.lists if c.startswith("p")), 0)
    return codes, page


def _areas(codes: Sequence[str], world: World) -> Sequence[Area]:
    if not codes:
        return world.places.provinces()
    if codes[0] in COUNTRIES:
        return world.places.across(codes[-1])
    if len(codes) == 1:
        return world.places.districts(codes[0])
    return world.places.subdistricts(codes[1])


def _heading(codes: tuple[str, ...], world: World) -> Text:
    if not codes or codes[-1] in COUNTRIES:
        return T("Which province of Laos?") if codes == ("LA",) else T("Which province?")
    area = world.places.area(codes[-1])
    name = area.name if area else Name(th=codes[-1])
    if codes[0] == "LA":  # its provinces and districts are called by other words than those of Thailand and Cambodia
        return T("Which district of {province} in Laos?", province=name)
    if level(codes[-1]) == 2:
        return T("Which district of {province}?", province=name)
    return T("Which subdistrict of {district}?", district=name)
