"""What people did, in the past tense. Channels make these from their payloads; the engine alone decides what they mean.

No event carries a name, an avatar or a platform id of a person who reports. An officer's `Actor` has a display name,
because "claimed by" must say who.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MediaKind = Literal["photo", "video", "voice", "file"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted in a group or as a headman. `key` is a keyed hash that only serves to tell two people apart."""

    key: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class TextSent:
    """Words, as typed. `command` is the lower-case name of a leading /command (any @bot suffix removed), `argument` the
    rest of the line. `message_id` serves later edits and unsends."""

    text: str
    command: str = ""
    argument: str = ""
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class ChoicePicked:
    """A button or quick reply was tapped; `value` is `Choice.value` as we sent it (or whatever a stranger made up)."""

    value: str


@dataclass(frozen=True, slots=True)
class LocationShared:
    """A pin, a venue or the first point of a live location. Degrees WGS 84. `title` is the platform's or venue's name."""

    latitude: float
    longitude: float
    title: str = ""


def pin_words(pin: LocationShared) -> str:
    """A pin as it stands among words, where it is no answer to "where?"."""
    return f"📍 {pin.latitude:.5f}, {pin.longitude:.5f}"


@dataclass(frozen=True, slots=True)
class MediaSent:
    """A photo, video, voice note or file, not yet fetched. `media_id` is our own id for the row that will hold it.

    album        platform's id of the album or image set, "" for a single one; `album_total` 0 when unknown
    size         bytes as announced by the platform, 0 when unknown; `too_big` when the platform will not hand it out
    """

    media_id: str
    kind: MediaKind
    caption: str = ""
    album: str = ""
    album_total: int = 0
    size: int = 0
    too_big: bool = False
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class OtherSent:
    """Something that carries nothing we can use as it is: a sticker, a contact, a poll, a kind not known yet."""

    what: Literal["sticker", "contact", "unknown"] = "unknown"


@dataclass(frozen=True, slots=True)
class Edited:
    """An earlier message was edited; `text` is its new text."""

    message_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Unsent:
    """An earlier message was taken back."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Joined:
    """A person opened the chat (followed, unblocked, pressed Start without words) or the bot was added to a group.

    `payload` is a deep link's parameter."""

    payload: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """A person blocked the bot, or the bot was removed from a group."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """A Telegram group became a supergroup; `address` is the new chat id. Handled by intake, never by the engine."""

    address: str


TOO_BIG = "too_big:"
"""Begins the name of the timer by which the road tells that media turned out too big when they were fetched (LINE does not
announce sizes); the id of the media follows."""


@dataclass(frozen=True, slots=True)
class TimerFired:
    """A time that the session asked for has come."""

    timer: str


Event = (
    TextSent
    | ChoicePicked
    | LocationShared
    | MediaSent
    | OtherSent
    | Edited
    | Unsent
    | Joined
    | Left
    | Migrated
    | TimerFired
)


@dataclass(frozen=True, slots=True)
class Happening:
    """An event with what surrounds it: who acted (groups only), and the message it replies to or quotes."""

    event: Event
    actor: Actor = Actor()
    reply_to: str = ""
    language_hint: str = ""
