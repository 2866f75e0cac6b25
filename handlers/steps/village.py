"""Which village? From the operator's list where there is one; a name or number as people say it; may be skipped.

`Session.lists` holds the page ("p1"), or the codes of the villages that have a name like the typed one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.events import TextSent
from handlers.likely import likely_first
from handlers.messages import Choice, L, Message, T, Text, lines
from handlers.pinning import positioned
from handlers.records import replace
from handlers.session import Place, Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import Area, World

MAX_VILLAGE = 60
PAGE = 7
"""Villages on a page: with more, previous, skip, back and cancel they fit LINE's 13 quick replies."""


def ask(session: Session, world: World) -> Message:
    """The villages, a page at a time; without a list, free words. Or: which of those with a name like that?"""
    place = _place(session)
    villages = _villages(place, world)
    if not villages:
        return Message(
            (T("Which village? Type its name or its number, or skip."),),
            (Choice("skip", L("⏭ Skip")),),
            numbered=False,
        )
    alike = [village for village in villages if village.code in session.lists]
    if alike:
        rows = [Text("{number}. {place}", (("number", _number(a)), ("place", _name(a)))) for a in alike]
        mine = Choice("mine", L("✍️ As I wrote it"), wide=True)
        return Message((T("Which place do you mean?"), lines(rows)), (*_choices(alike), mine), numbered=False)
    page = next((int(c[1:]) for c in session.lists if c.startswith("p")), 0)
    choices = _choices(likely_first(villages, session)[page * PAGE : (page + 1) * PAGE])
    if (page + 1) * PAGE < len(villages):
        choices.append(Choice(f"p{page + 1}", L("➡️ More")))
    if page:
        choices.append(Choice(f"p{page - 1}", L("⬅️ Earlier")))
    text = T("Which village? Choose it, type its name or its number, or skip.")
    return Message((text,), (*choices, Choice("skip", L("⏭ Skip"))), numbered=False)


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Remember the village: one of the list, its number, which finds its headman, or words. A position is more exact."""
    place = _place(session)
    if place is None:
        return None
    if found := positioned(session, answer, world):
        return found
    if isinstance(answer, TextSent):
        return _typed(session, place, answer.text.strip()[:MAX_VILLAGE], world)
    if not isinstance(answer, Picked):
        return None
    picked = answer.answer
    if picked in ("skip", "mine"):
        return Turn(replace(session, lists=()), "given")
    if picked.startswith("p") and picked[1:].isdecimal():
        return Turn(replace(session, lists=(f"p{int(picked[1:]) % 100}",)))
    known = next((village for village in _villages(place, world) if village.code == picked), None)
    return _with(session, _in(place, known), "given") if known else None


def _typed(session: Session, place: Place, words: str, world: World) -> Turn:
    """A number or the very name of a village is one; of a name that is like others, the person says which."""
    villages = _villages(place, world)
    number = re.fullmatch(r"\D{0,12}?(\d{1,2})", world.lexicon.digits(words))
    if number and not place.abroad:
        return _with(session, replace(place, village=f"{int(number[1]):02d}"), "given")
    alike = world.places.find(words, f"{_within(place)}-") if villages else ()
    spoken = world.lexicon.normal(words)
    same = [
        one
        for one in alike
        if spoken in map(world.lexicon.normal, (one.name.th, one.name.en, one.name.lo, one.name.km))
    ]
    if len(same) == 1:
        return _with(session, _in(place, same[0]), "given")
    told = replace(place, village=words)
    return _with(session, told, "", alike) if alike else _with(session, told, "given")


def _with(session: Session, place: Place, result: str, alike: Sequence[Area] = ()) -> Turn:
    draft = replace(session.draft, place=place) if session.draft else None
    return Turn(replace(session, draft=draft, lists=tuple(area.code for area in alike)), result)


def _in(place: Place, village: Area) -> Place:
    """The place narrowed to one of its villages."""
    if place.abroad:
        return replace(place, abroad=village.code, village="")
    return replace(place, village=village.code[6:])


def _place(session: Session) -> Place | None:
    return session.draft.place if session.draft else None


def _within(place: Place) -> str:
    """The code of the subdistrict or commune; of a village across the border that was chosen before, its commune."""
    return place.abroad[:8] if place.abroad else place.subdistrict


def _villages(place: Place | None, world: World) -> Sequence[Area]:
    return world.places.villages(_within(place)) if place else ()


def _choices(villages: Sequence[Area]) -> list[Choice]:
    return [Choice(a.code, L("🏘 {number}. {name}", number=_number(a), name=a.name.bare), wide=True) for a in villages]


def _number(village: Area) -> int:
    return int(village.code[-2:])


def _name(village: Area) -> Text:
    return Text("{name}", (("name", village.name),))
