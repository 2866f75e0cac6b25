"""Which village? From the operator's list where there is one; a name or number as people say it; may be skipped.

`Session.lists` holds the page ("p1"), or the codes of the villages that have a name like the typed one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.events import TextSent
from handlers.likely import likely_first
from handlers.messages import Choice, L, Message, T, Text, lines, verbatim
from handlers.naming import named_elsewhere, three_words
from handlers.pinning import positioned, with_words
from handlers.records import replace
from handlers.session import Place, Session
from handlers.turn import Answer, Picked, Turn
from handlers.vague import DONT_KNOW, HERE, MY_PLACE
from handlers.world import Area, World

SKIP = L("⏭ Skip")
# Translators: what people write before a village's number ("village no. 4"); no words for a house, a road or a kilometre.
NUMBER = T("village no.|village|no.|number|moo|mu|ban")

MAX_VILLAGE = 60
"""Letters beyond which words are a story and no village; the story keeps them."""
PAGE = 7
"""Villages on a page: with more, previous, skip, back and cancel they fit LINE's 13 quick replies."""


def ask(session: Session, world: World) -> Message:
    """The villages, a page at a time; without a list, free words. Or: which of those with a name like that?"""
    place = _place(session)
    villages = _villages(place, world)
    if not villages:
        return Message(
            (T("Which village? Type its name or its number, or skip."),),
            (Choice("skip", SKIP),),
            numbered=False,
        )
    alike = [village for village in villages if village.code in session.lists]
    if alike:
        rows = [Text("{number}. {place}", (("number", _number(a)), ("place", _name(a)))) for a in alike]
        mine = Choice("mine", L("✍️ As I wrote it"), wide=True)
        return Message((T("Which place do you mean?"), lines(rows)), (*_choices(alike), mine), numbered=False)
    page = next((int(c[1:]) for c in session.lists if c.startswith("p")), 0)
    page = min(page, (len(villages) - 1) // PAGE)  # an old button may turn to a page that this list does not have
    choices = _choices(likely_first(villages, session)[page * PAGE : (page + 1) * PAGE])
    if (page + 1) * PAGE < len(villages):
        choices.append(Choice(f"p{page + 1}", L("➡️ More")))
    if page:
        choices.append(Choice(f"p{page - 1}", L("⬅️ Earlier")))
    text = T("Which village? Choose it, type its name or its number, or skip.")
    return Message((text,), (*choices, Choice("skip", SKIP)), numbered=False)


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Remember the village: one of the list, its number, which finds its headman, or words. A position is more exact."""
    place = _place(session)
    if place is None:
        return None
    if found := positioned(session, answer, world):
        return found
    if isinstance(answer, TextSent):
        words = answer.text.strip()
        if world.lexicon.says(words, SKIP) or world.lexicon.says(words, DONT_KNOW):  # also where Skip is not offered
            return _skipped(session, place)
        if world.lexicon.says(words, HERE) or world.lexicon.says(words, MY_PLACE):
            return Turn(session, say=(Message((T("We cannot see where you are."),)),))
        if found := three_words(session, answer, world):
            return found
        return _typed(session, place, answer, words, world) if len(words) <= MAX_VILLAGE else None
    if not isinstance(answer, Picked):
        return None
    picked = answer.answer
    if picked == "skip":
        return _skipped(session, place)
    if picked == "mine":
        return Turn(replace(session, lists=()), "given")
    if re.fullmatch(r"p\d{1,2}", picked, re.ASCII):
        return Turn(replace(session, lists=(picked,)))
    known = next((village for village in _villages(place, world) if village.code == picked), None)
    return _with(session, _in(place, known), "given") if known else None


def _skipped(session: Session, place: Place) -> Turn:
    """No village, not even the one that was said before."""
    return _with(session, replace(place, village="", abroad=_within(place) if place.abroad else ""), "given")


def _typed(session: Session, place: Place, sent: TextSent, words: str, world: World) -> Turn | None:
    """A number or the very name of a village is one; of a name that is like others, the person says which. None for what
    is neither a name nor a village's number."""
    villages = _villages(place, world)
    spoken = world.lexicon.normal(words)
    same = [one for one in villages if spoken and spoken in _spoken(one, world)]
    if len(same) == 1:
        return _with(session, _in(place, same[0]), "given")
    if other := named_elsewhere(session, sent, place, world):
        return other
    if said := _number_said(words, world):
        number, beside = said
        return _numbered(session, place, number, sent if beside else None, world)
    if not spoken or spoken.isdecimal():
        return None
    alike = same or (world.places.find_village(words, _within(place)) if villages else ())
    told = replace(place, village=words)
    return _with(session, told, "", alike) if alike else _with(session, told, "given")


_DIGITS = re.compile(r"(?<!\d)0*(\d{1,2})(?!\d)")


def _number_said(words: str, world: World) -> tuple[int, bool] | None:
    """The village's number in these words, and whether they say more than that. The number stands alone, or behind a word
    for it: house 5, kilometre 12 and Ban Non 5 are no villages' numbers, and would call the wrong headman."""
    words = world.lexicon.digits(words)
    found = _DIGITS.search(words)
    if found is None:
        return None
    number, before, behind = int(found[1]), words[: found.start()], words[found.end() :]
    if world.lexicon.says(words, verbatim(found[0])):
        return number, False
    if world.lexicon.says(before, NUMBER):
        return number, any(map(str.isalpha, behind))
    last = before.split()[-1:]
    return (number, True) if last and world.lexicon.says(last[0], NUMBER) else None


def _numbered(session: Session, place: Place, number: int, sent: TextSent | None, world: World) -> Turn | None:
    """A Thai village is known by its number, listed or not; one across the border only from the list. What was `sent` goes
    with the report where it says more than the number."""
    listed = next((one for one in _villages(place, world) if _number(one) == number), None)
    if listed is None and (not number or place.abroad):
        return None
    if sent and session.draft:
        session = replace(session, draft=with_words(session.draft, sent, sent.text, world, more=True))
    return _with(session, _in(place, listed) if listed else replace(place, village=f"{number:02d}"), "given")


def _spoken(village: Area, world: World) -> list[str]:
    """A village's names as people may type them."""
    name = village.name
    return [world.lexicon.normal(one) for one in (name.th, name.en, name.lo, name.km) if one]


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
