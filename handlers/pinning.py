"""A position came: from the phone, typed, or in a map link. It leads to a place, to a question, or to an explanation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.events import LocationShared, TextSent
from handlers.messages import Message, T, Text
from handlers.positions import Typed, read
from handlers.records import replace
from handlers.routing import locate
from handlers.session import Draft, Part, Place, Session
from handlers.turn import KEPT_WORDS, Answer, Turn
from handlers.vague import tells
from handlers.world import World

UNREADABLE = T("This link cannot be opened here. Tap + or 📎, then Location. Move the map to the place and send it.")

_WORD = r"[^\s./?#,]{1,40}"
THREE_WORDS = re.compile(rf"(?:(?<![:/])///|\b(?:w3w\.co|what3words\.com)/){_WORD}(?:\.{_WORD}){{2}}", re.IGNORECASE)
"""A square of the Earth as what3words names it, or the link to one."""

FULL = T("Your report is full. These words were not kept.")


def positioned(session: Session, answer: Answer, world: World) -> Turn | None:
    """What a shared or typed position leads to: "found", "doubt", "swapped" when it has to be asked whether the corrected
    one is meant, or "" when the question stays. None for other answers."""
    if session.draft is None:
        return None
    if isinstance(answer, LocationShared):
        return pinned(session, session.draft, answer.latitude, answer.longitude, world)
    if isinstance(answer, TextSent) and not answer.command and (typed := read(answer.text, world.lexicon.digits)):
        return _typed(session, session.draft, typed, answer, world)
    return None


def pinned(session: Session, draft: Draft, latitude: float, longitude: float, world: World, *said: Text) -> Turn:
    """What a position leads to; before that, some lines if there are any."""
    draft = replace(draft, meant=None)
    located = locate(latitude, longitude, world.places)
    corrected = located.corrected
    if corrected:  # latitude and longitude the wrong way round: never taken without a yes
        located = locate(*corrected, world.places)
    if located.sure and corrected:
        result = "" if session.step == "place" else "swapped"
        return _turn(session, replace(draft, meant=located.places[0]), result, *said)
    if located.places:  # of two, one has to be chosen: that is a yes as well
        return led(session, draft, located.places, *said)
    return _turn(session, draft, "", *said, T("This location could not be read. Please choose from the lists."))


def led(session: Session, draft: Draft, places: Sequence[Place], *said: Text, found: str = "found") -> Turn:
    """One place is `found`; of several, the person has to say which: "doubt". `places`: at least one, likeliest first."""
    first, second = (*places, None)[:2]
    draft = replace(draft, place=first, other_place=second, meant=None)
    return _turn(replace(session, lists=()), draft, "doubt" if second else found, *said)


def _typed(session: Session, draft: Draft, typed: Typed, sent: TextSent, world: World) -> Turn:
    said: tuple[Text, ...] = ()
    if len(world.lexicon.normal(typed.beside)) < KEPT_WORDS:
        draft = with_words(draft, sent, typed.beside, world)
    else:
        draft, said = with_part(draft, sent, typed.beside, world)
    if typed.position:
        return pinned(session, draft, *typed.position, world, *said)
    return _turn(session, replace(draft, meant=None), "", *said, UNREADABLE)


def with_part(draft: Draft, sent: TextSent, words: str, world: World) -> tuple[Draft, tuple[Text, ...]]:
    """The draft with these words as a part of what is told, unless it is full; and what to say of it."""
    if draft.letters() + len(words) > world.settings.max_story_chars:
        return draft, (FULL,)
    part = Part("text", text=words, at=world.now, message_id=sent.message_id)
    return replace(draft, parts=(*draft.parts, part)), (T("Your words are kept for the report."),)


def with_words(draft: Draft, sent: TextSent, words: str, world: World, *, more: bool = False) -> Draft:
    """The draft with these words about its place, for the officers: in the stead of earlier ones, or `more` of them. Three
    words, which say where it is exactly, give way to three others only."""
    if not tells(words, world):
        return draft
    part = Part("place", text=about_place(words), at=world.now, message_id=sent.message_id)
    square = THREE_WORDS.search(words)
    earlier = (p for p in draft.parts if more or p.kind != "place" or (not square and THREE_WORDS.search(p.text)))
    return replace(draft, parts=(*earlier, part))


def about_place(words: str) -> str:
    """Words about a place as they stand among those of the story."""
    return f"📍 {words.strip()}"


def _turn(session: Session, draft: Draft, result: str, *said: Text) -> Turn:
    return Turn(replace(session, draft=draft), result, (Message(said),) if said else ())
