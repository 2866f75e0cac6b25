"""Where? A pin from the phone, a typed position or name, a map link, a known place, or lists."""

from __future__ import annotations

from handlers.events import TextSent
from handlers.likely import home_of
from handlers.messages import Choice, L, Message, T
from handlers.naming import named, named_beside_link
from handlers.picking import again
from handlers.pinning import led, pinned, positioned
from handlers.records import replace
from handlers.session import Place, Session
from handlers.turn import Answer, Picked, Turn
from handlers.vague import MY_PLACE
from handlers.where import place_text, shortly
from handlers.world import World


def ask(session: Session, world: World) -> Message:
    """The place of the incident, which need not be where the person is; or whether a corrected position is it."""
    choices = [
        Choice("", L("📍 Send location"), asks="location"),
        Choice("lists", L("🗂 Choose from lists"), wide=True),
    ]
    if (home := home_of(session)) and (name := shortly(home, world.places)):
        label = L("🏠 {name}", name=name) if home.method == "link" else L("🕘 {name}", name=name)
        choices.insert(0, Choice("home", label, wide=True, signed=True))
    draft = session.draft
    if draft and draft.early_place:
        choices.insert(0, Choice("early", L("📌 The one I sent"), wide=True))
    if draft and draft.meant:
        area = world.places.area(draft.meant.district)
        label = L("🏘 {name}", name=area.name.bare) if area else L("📌 This place")
        choices.insert(0, Choice(_meant(draft.meant), label, wide=True))
        return Message((T("Did you mean this place?"), place_text(draft.meant, world.places)), tuple(choices))
    return Message(
        (T("Where is it? Send a location, type the name of the place, or choose from the lists."),), tuple(choices)
    )


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """A position leads to a place, to a question between two districts, or to a kind explanation."""
    draft = session.draft
    if answer == Picked("lists"):
        return Turn(replace(session, lists=()), "lists")
    if draft is None:
        return None
    mine = answer == Picked("home") or (isinstance(answer, TextSent) and world.lexicon.says(answer.text, MY_PLACE))
    home = home_of(session) if mine else None
    if home and isinstance(answer, TextSent) and home.method != "link":
        home = None  # the last report's place may be anywhere: "my village" is the poster's, or a headman's own
    if home and (place := again(home, world.places)):
        return led(session, draft, (place,), found="near" if place.subdistrict and not place.village else "found")
    for value, known in (("early", draft.early_place), (_meant(draft.meant), draft.meant)):
        if known and answer == Picked(value) and known.latitude is not None and known.longitude is not None:
            return pinned(session, draft, known.latitude, known.longitude, world)
    if isinstance(answer, TextSent) and (found := named_beside_link(session, answer, world)):
        return found
    if found := positioned(session, answer, world):
        return found
    return named(session, answer, world) if isinstance(answer, TextSent) else None


def _meant(place: Place | None) -> str:
    """The value of "yes, there": an older button for another district does not fit it."""
    return f"meant{place.district}" if place else ""
