"""What a villager does in the measured conversation: a whole report, from the first word to the receipt.

`tap` carries the answer's name in the grammar of handlers/buttons.py ({kind} is the villager's own choice); `then` is the
question whose buttons the answer must show, which proves that the right answer came. No photos: fetching and redrawing
them is work beside the conversation.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from bot import reference
from bot.config import Settings
from handlers.routing import locate
from storage.places.gazetteer import Gazetteer


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a villager does. Exactly one of `say`, `tap` and `here` (share a location)."""

    then: str
    say: str = ""
    tap: str = ""
    here: bool = False

    def shown_in(self, body: bytes) -> bool:
        """Whether this call is the right answer. Telegram's place question has buttons without values."""
        if self.then == "place" and b'"request_location"' in body:
            return True
        return not self.then or f":{self.then}:".encode() in body


WORDS = "Two boats came to the bank behind the temple. Six people got out and went into a white van."

REPORT = (
    Step("language", say="/start"),
    Step("notice", tap="language:th"),
    Step("kind", tap="notice:agree"),
    Step("when", tap="kind:{kind}"),
    Step("safety", tap="when:now"),
    Step("place", tap="safety:yes"),
    Step("story", here=True),
    Step("story", say=WORDS),
    Step("photos", tap="story:done"),
    Step("callback", tap="photos:done"),
    Step("review", tap="callback:yes"),
    Step("", tap="review:send"),
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A position that leads to the centre of this district without doubt."""

    centre: str
    latitude: float
    longitude: float


def kinds() -> tuple[str, ...]:
    """Keys of the incident kinds; villagers take turns with them."""
    return tuple(kind.key for kind in reference.kinds())


def spots(centres: int) -> tuple[Spot, ...]:
    """The middle of every subdistrict of so many served districts, for villagers to take turns with: reports are spread
    over a region, as they would be, since those near one another are counted."""
    places = Gazetteer.load(Settings.model_fields["served_districts"].default)
    found: dict[str, list[Spot]] = {}
    for district in sorted(places.served()):
        for subdistrict in places.subdistricts(district):
            point = places.point(subdistrict.code)
            located = locate(*point, places) if point else None
            if point and located and located.sure and located.places[0].centre == district:
                found.setdefault(district, []).append(Spot(district, *point))
        if len(found) == centres:
            break
    return tuple(spot for row in zip_longest(*found.values()) for spot in row if spot)
