"""A place's name was typed: the matches are offered, never taken unasked."""

from __future__ import annotations

from handlers.events import TextSent
from handlers.likely import near_code
from handlers.messages import Message, T
from handlers.records import replace
from handlers.session import Session
from handlers.turn import KEPT_WORDS, Turn
from handlers.world import World

LONGEST_ADDRESS = 80
"""Letters beyond which words are a story and no place, not even one with its subdistrict, district and province."""


def named(session: Session, sent: TextSent, world: World, result: str = "named") -> Turn | None:
    """Offer the places whose names are like these words; `Session.lists` then holds their codes. None for words that are
    worth keeping and name no place: they are kept, as words at the wrong moment always are."""
    if sent.command or len(sent.text) > LONGEST_ADDRESS:
        return None
    found = world.places.find(sent.text, near_code(session))
    if found:
        return Turn(replace(session, lists=tuple(area.code for area in found)), result)
    if len(world.lexicon.normal(sent.text)) >= KEPT_WORDS:
        return None
    sorry = T("No place with a name like this was found. Please try again, or choose from the lists.")
    return Turn(session, say=(Message((sorry,)),))
