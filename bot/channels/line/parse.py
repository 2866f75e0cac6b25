"""LINE's webhook events, read straight from their dictionaries.

Nothing here raises, whatever a dictionary holds: a field of the wrong type counts as missing, and an event or message
kind that we do not know is `OtherSent` in a private chat and nothing in a group.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.channels.base import MediaSource, Parsed
from handlers.events import (
    ChoicePicked,
    Edited,
    Event,
    Happening,
    Joined,
    Left,
    LocationShared,
    MediaKind,
    MediaSent,
    OtherSent,
    TextSent,
    Unsent,
)

Fields = Mapping[str, Any]
NewId = Callable[[], str]

SERVICE_EVENTS = frozenset(
    {"videoPlayComplete", "beacon", "accountLink", "memberJoined", "memberLeft", "membership", "module", "activated"}
    | {"deactivated", "botSuspended", "botResumed", "delivery"}
)
"""Kinds that no person sends to us: dropped before they are stored."""

_MEDIA: dict[str, MediaKind] = {"image": "photo", "video": "video", "audio": "voice", "file": "file"}
_PICTURE_FILES = (".jpg", ".jpeg", ".png", ".webp")
_COMMAND = re.compile(r"/([^\s@/]+)(?:@\S*)?[^\S\n]*([^\n]*)")


def address_of(event: Fields) -> tuple[str, bool] | None:
    """The chat's id and whether it is a group (or a room of several people); None if the event names no chat."""
    source = _fields(event, "source")
    kind = _text(source, "type")
    names = {"user": "userId", "group": "groupId", "room": "roomId"}
    address = _text(source, names[kind]) if kind in names else ""
    return (address, kind != "user") if address else None


def wanted(event: Fields) -> bool:
    """Whether the event concerns us. Chatter in a group is not even stored: only commands, words after a mention of the
    bot, texts that quote a message (the quoted one may be ours), buttons, taken-back messages and the bot's own coming
    and going are."""
    kind = _text(event, "type")
    if not kind or kind in SERVICE_EVENTS or event.get("mode") == "standby":
        return False
    chat = address_of(event)
    if chat is None:
        return False
    if not chat[1] or kind in ("postback", "join", "leave", "unsend"):
        return True
    message = _fields(event, "message")
    if kind not in ("message", "messageEdited") or _text(message, "type") != "text":
        return False
    if _text(message, "quotedMessageId"):
        return True
    words = _after_mention(message)
    return kind == "message" and (words.startswith("/") or words != _text(message, "text"))


def parse(event: Fields, group: bool, new_id: NewId) -> Parsed:
    """What the event means; see `Channel.parse`."""
    if not wanted(event):
        return Parsed(None)
    media: tuple[MediaSource, ...] = ()
    kind = _text(event, "type")
    message = _fields(event, "message")
    happened: Event
    if kind == "message" and _text(message, "type") in _MEDIA:
        happened, media = _media(message, new_id)
    elif kind == "message":
        happened = _message(message)
    else:
        happened = _service(kind, event)
    if group and isinstance(happened, OtherSent):
        return Parsed(None)
    return Parsed(
        Happening(happened, reply_to=_text(message, "quotedMessageId")),
        reply_token=_text(event, "replyToken"),
        # A reporter's id is the address itself and asks for no name; only officers in a group are called by theirs.
        actor_id=_text(_fields(event, "source"), "userId") if group else "",
        media=media,
    )


def _service(kind: str, event: Fields) -> Event:
    """Every kind of event but a message."""
    if kind == "postback":
        data = _text(_fields(event, "postback"), "data")
        # The rich menu sends commands as button data, so that the chat shows its words and not "/report".
        return text_sent(data) if data.startswith("/") else ChoicePicked(data)
    if kind in ("follow", "join"):
        return Joined()
    if kind in ("unfollow", "leave"):
        return Left()
    if kind == "unsend":
        return Unsent(_text(_fields(event, "unsend"), "messageId"))
    message = _fields(event, "message")
    if kind == "messageEdited" and _text(message, "type") == "text":
        return Edited(_text(message, "id"), _text(message, "text"))
    return OtherSent()


def _message(message: Fields) -> Event:
    """A message that holds no media."""
    kind = _text(message, "type")
    if kind == "text":
        return text_sent(_after_mention(message), _text(message, "id"))
    if kind == "location":
        return _location(message)
    return OtherSent("sticker" if kind == "sticker" else "unknown")


def text_sent(text: str, message_id: str = "") -> TextSent:
    """Words; a leading /command is cut into its name and the rest of its line."""
    found = _COMMAND.match(text)
    if found is None:
        return TextSent(text, message_id=message_id)
    return TextSent(text, found[1].lower(), found[2].strip(), message_id)


def _location(message: Fields) -> LocationShared | OtherSent:
    latitude, longitude = _degrees(message, "latitude", 90.0), _degrees(message, "longitude", 180.0)
    if latitude is None or longitude is None:
        return OtherSent()
    title = _text(message, "title") or _text(message, "address")
    return LocationShared(latitude, longitude, title)


def _media(message: Fields, new_id: NewId) -> tuple[Event, tuple[MediaSource, ...]]:
    """A message with content to fetch by its id. Content of another provider is a link that we do not follow."""
    message_id = _text(message, "id")
    provider = _text(_fields(message, "contentProvider"), "type") or "line"
    if not message_id or provider != "line":
        return OtherSent(), ()
    kind = _MEDIA[_text(message, "type")]
    if kind == "file" and _text(message, "fileName").lower().endswith(_PICTURE_FILES):
        kind = "photo"
    album = _fields(message, "imageSet")
    media_id = new_id()
    sent = MediaSent(
        media_id,
        kind,
        album=_text(album, "id"),
        album_total=_count(album, "total"),
        size=_count(message, "fileSize"),
        message_id=message_id,
    )
    return sent, (MediaSource(media_id, kind, {"message_id": message_id}),)


def _after_mention(message: Fields) -> str:
    """The text without a mention of ourselves at its beginning. LINE's positions count UTF-16 units."""
    text = _text(message, "text")
    mentionees = _fields(message, "mention").get("mentionees")
    for mentionee in mentionees if isinstance(mentionees, list) else ():
        if isinstance(mentionee, Mapping) and mentionee.get("isSelf") is True and mentionee.get("index") == 0:
            rest = text.encode("utf-16-le", "replace")[2 * _count(mentionee, "length") :]
            return rest.decode("utf-16-le", "replace").strip()
    return text


def _fields(holder: Fields, name: str) -> Fields:
    value = holder.get(name)
    return value if isinstance(value, Mapping) else {}


def _text(holder: Fields, name: str) -> str:
    value = holder.get(name)
    return value if isinstance(value, str) else ""


def _count(holder: Fields, name: str) -> int:
    value = holder.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _degrees(holder: Fields, name: str, limit: float) -> float | None:
    value = holder.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and abs(value) <= limit else None
