"""Words that name no place and answer "where?" all the same: "I don't know", "here", "my village", "in Laos".

They are looked for before any name: to somebody who writes "I don't know", five villages that sound like it are no answer.
"""

from __future__ import annotations

from handlers.events import TextSent
from handlers.messages import Message, T
from handlers.records import replace
from handlers.session import Session
from handlers.turn import Turn
from handlers.world import World

# Translators: asked where it was, somebody does not know.
DONT_KNOW = T("I don't know|don't know|do not know|I do not know|no idea|not sure|I am not sure|idk|unknown")
# Translators: asked where it was, somebody means the place where they are.
HERE = T("here|right here|near here|around here|this place|at this place|where I am|nearby")
# Translators: asked where it was, somebody means where they live.
MY_PLACE = T("my village|in my village|our village|my home|my house|at my house|at home|home")
# Translators: asked where it was, somebody says only that it was in Thailand.
_THAILAND = T("Thailand|in Thailand|Thai side|the Thai side")
# Translators: asked where it was, somebody says only that it was in Laos.
_LAOS = T("Laos|in Laos|Lao|Lao side|the Lao side|Lao PDR")
# Translators: asked where it was, somebody says only that it was in Cambodia.
_CAMBODIA = T("Cambodia|in Cambodia|Cambodian side|the Cambodian side|Khmer side")
_COUNTRIES = {"": _THAILAND, "LA": _LAOS, "KH": _CAMBODIA}
# Translators: words that stand beside a position on the map ("15.31, 105.49") and say no more than that it is one.
_POSITION = T("GPS|coordinates|location|my location|position|pin|dropped pin|map|place")


def vague(session: Session, sent: TextSent, world: World, lists: str) -> Turn | None:
    """What such words lead to. `lists`: the result of this step that leads to the lists, "" where they are open already.
    None for all other words."""
    says = world.lexicon.says
    if says(sent.text, DONT_KNOW):
        enough = T("You need not know it exactly. The district is enough: choose the nearest one that you know.")
        return Turn(session if not lists else replace(session, lists=()), lists, (Message((enough,)),))
    for country, words in _COUNTRIES.items():
        if says(sent.text, words):
            known = (country,) if country and world.places.across(country) else ()
            return Turn(replace(session, lists=known), lists)
    if says(sent.text, HERE) or says(sent.text, MY_PLACE):
        return Turn(session, say=(Message((T("We cannot see where you are."),)),))
    return None


def tells(words: str, world: World) -> bool:
    """Whether words beside a position or a choice tell anything of the place: not a slip, and none of the above."""
    empty = (HERE, DONT_KNOW, _POSITION)
    return len(world.lexicon.normal(words).replace(" ", "")) > 2 and not any(
        world.lexicon.says(words, e) for e in empty
    )
