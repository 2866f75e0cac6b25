"""A place's name was typed: the matches are offered, never taken unasked. What was typed goes with the report: of "behind
the market of Khong Chiam" the lists know but the last two words."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.events import TextSent
from handlers.likely import near_code
from handlers.messages import Message, T
from handlers.pinning import THREE_WORDS, UNREADABLE, with_words
from handlers.positions import read
from handlers.records import replace
from handlers.session import Place, Session
from handlers.turn import KEPT_WORDS, Turn
from handlers.vague import vague
from handlers.world import Area, World

LONGEST_ADDRESS = 80
"""Letters beyond which words are a story and no place, not even one with its subdistrict, district and province."""


def named(session: Session, sent: TextSent, world: World, result: str = "named", lists: str = "lists") -> Turn | None:
    """Offer the places whose names are like these words; `Session.lists` then holds their codes. None for words that are
    worth keeping and name no place: they are kept, as words at the wrong moment always are. `result` leads to the question
    which of them it is, `lists` to the lists."""
    if sent.command:
        return None
    if found := three_words(session, sent, world) or vague(session, sent, world, lists):
        return found
    if len(sent.text) > LONGEST_ADDRESS:
        return None
    matches = world.places.find(sent.text, near_code(session))
    if matches:
        known = _is_a_name(sent.text, matches, world)
        return _offered(session if known else _with_words(session, sent, sent.text, world), matches, result)
    if len(world.lexicon.normal(sent.text)) >= KEPT_WORDS:
        return None
    sorry = T("No place with a name like this was found. Please try again, or choose from the lists.")
    return Turn(_with_words(session, sent, sent.text, world), say=(Message((sorry,)),))


def named_beside_link(session: Session, sent: TextSent, world: World, result: str = "named") -> Turn | None:
    """Map apps share a link together with the place's name or address. Where the link itself says nothing, that counts.
    None where there is no such link, or no name beside it."""
    typed = None if sent.command else read(sent.text, world.lexicon.digits)
    if typed is None or typed.position or not typed.beside or len(typed.beside) > LONGEST_ADDRESS:
        return None
    matches = world.places.find(typed.beside, near_code(session))
    if not matches:
        return None
    session = _with_words(session, sent, typed.beside, world)  # a very name, too: it may be a shop's or a road's
    return _offered(session, matches, result, Message((UNREADABLE,)))


def named_elsewhere(session: Session, sent: TextSent, place: Place, world: World) -> Turn | None:
    """Where the village is asked, another district or subdistrict than the one chosen is no village's name. None for words
    that name no other one."""
    here = place.abroad or place.subdistrict
    matches = world.places.find_of_kind(sent.text, here)
    if not matches or here.startswith(matches[0].code):
        return None
    if session.draft:  # chosen or not, what was said of the place before is not replaced
        session = replace(session, draft=with_words(session.draft, sent, sent.text, world, more=True))
    return _offered(session, matches, "named")


def three_words(session: Session, sent: TextSent, world: World) -> Turn | None:
    """A square of the Earth by its three words (what3words), which only its maker can look up: kept for the officers. None
    for other words."""
    if session.draft is None or len(sent.text) > LONGEST_ADDRESS or not THREE_WORDS.search(sent.text):
        return None
    kept = T("These three words are kept for the officers. They cannot be looked up here: please also say where it is.")
    return Turn(_with_words(session, sent, sent.text, world), say=(Message((kept,)),))


def _offered(session: Session, matches: Sequence[Area], result: str, *say: Message) -> Turn:
    return Turn(replace(session, lists=tuple(area.code for area in matches)), result, say)


def _is_a_name(words: str, matches: Sequence[Area], world: World) -> bool:
    """Whether these words are no more than the very name of a match, which then needs no keeping."""
    spoken = world.lexicon.normal(words)
    names = (name for area in matches for name in (area.name.th, area.name.en, area.name.lo, area.name.km))
    return any(spoken == world.lexicon.normal(name) for name in names)


def _with_words(session: Session, sent: TextSent, words: str, world: World) -> Session:
    return replace(session, draft=with_words(session.draft, sent, words, world)) if session.draft else session
