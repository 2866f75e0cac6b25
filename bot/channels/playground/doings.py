"""What the page posts: each doing is checked, shown on its own phone, and turned into the event that it stands for.

What somebody who looks into the page could make up is refused with a reason; nothing here is trusted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels.base import RawEvent
from bot.channels.local import said
from bot.channels.playground.channel import media_url
from bot.channels.playground.phones import Phone, Phones

LONGEST_TEXT = 10_000
"""Characters: what LINE lets a person send in one message would be 5,000, Telegram 4,096; the story takes 10,000."""
LONGEST_VALUE = 64
KINDS = ("photo", "video", "voice", "file")
OFFICER_NAME = 40
LONGEST_NUMBER = 16


class BadDoing(Exception):
    """The page posted something that cannot be done. The text is one short line; `word` names the page's own words for
    it (`words.py`) where a person can come to it without looking into the page."""

    def __init__(self, reason: str, word: str = "") -> None:
        super().__init__(reason)
        self.word = word


def act(phones: Phones, doing: Mapping[str, Any]) -> RawEvent:
    """Show what somebody did on the own phone, and give the event. Raises `BadDoing`."""
    phone = _phone(phones, doing)
    actor = _words(doing, "as", OFFICER_NAME) if phone.role == "group" else ""
    shown: dict[str, Any]
    match doing.get("do"):
        case "text":
            words = _words(doing, "text", LONGEST_TEXT)
            if not words.strip():
                raise BadDoing("nothing was typed")
            body: dict[str, Any] = said(words)
            shown = {"text": words}
        case "tap":
            value = _words(doing, "value", LONGEST_VALUE)
            body, shown = {"do": "tap", "value": value}, {"text": _words(doing, "label", LONGEST_TEXT)}
        case "location":
            position = _degrees(doing, "latitude", 90), _degrees(doing, "longitude", 180)
            body = {"do": "location", "latitude": position[0], "longitude": position[1]}
            shown = {"text": "", "location": position}
        case "sticker":
            body, shown = {"do": "sticker"}, {"text": "", "sticker": True}
        case "join":
            body, shown = {"do": "join"}, {"text": "/start"}
        case _:
            raise BadDoing("unknown doing")
    reply_to = doing.get("reply_to") or 0
    if not isinstance(reply_to, int) or isinstance(reply_to, bool):
        raise BadDoing("reply_to is a message's number")
    return _happened(phones, phone, body | {"reply_to": reply_to or ""}, shown | {"reply_to": reply_to}, actor)


def send_file(phones: Phones, doing: Mapping[str, str], name: str, mime: str, content: bytes) -> RawEvent:
    """Keep a file that a phone sends, show it there, and give the event. An empty content stands for a file that the
    platform would not hand out (`too_big`). Raises `BadDoing`."""
    phone = _phone(phones, doing)
    kind, too_big = doing.get("kind", ""), doing.get("too_big") == "1"
    if kind not in KINDS or not (content or too_big):
        raise BadDoing("no photo, video, voice or file")
    kept = "" if too_big else phones.keep(name, mime, content)
    url = media_url(kept) if phones.mime(kept) else ""
    body = {
        "do": "media", "kind": kind, "caption": doing.get("caption", "")[:1000], "album": doing.get("album", "")[:64],
        "of": number(doing.get("of", "")), "file": kept, "too_big": too_big,
    }  # fmt: skip
    actor = doing.get("as", "")[:OFFICER_NAME] if phone.role == "group" else ""
    return _happened(phones, phone, body, {"text": body["caption"], "files": [{"kind": kind, "url": url}]}, actor)


def number(words: str) -> int:
    """A number that came as words; 0 if it is none, or longer than any of ours."""
    return int(words) if words.isascii() and words.isdecimal() and len(words) < LONGEST_NUMBER else 0


def _happened(phones: Phones, phone: Phone, body: dict[str, Any], shown: Mapping[str, Any], actor: str) -> RawEvent:
    own = {"is": "message", "chat": phone.chat, "from": actor or "me", "language": "", "choices": [], "links": []}
    number = phones.add({**own, **shown})
    hint = phone.language if phone.look == "telegram" else ""  # LINE does not tell a phone's language
    body |= {"id": str(number), "as": actor, "language_hint": hint}
    return RawEvent(f"journal-{number}", phone.chat, phone.role == "group", body)


def _phone(phones: Phones, doing: Mapping[str, Any]) -> Phone:
    phone = phones.phones.get(str(doing.get("chat")))
    if phone is None:
        raise BadDoing("no such phone")
    return phone


def _words(doing: Mapping[str, Any], name: str, longest: int) -> str:
    words = doing.get(name)
    if not isinstance(words, str):
        raise BadDoing(f"{name} is missing")
    if len(words) > longest:
        raise BadDoing(f"{name} is longer than {longest}", "too_long")
    return words


def _degrees(doing: Mapping[str, Any], name: str, most: int) -> float:
    degrees = doing.get(name)
    if isinstance(degrees, int | float) and not isinstance(degrees, bool) and -most <= degrees <= most:
        return float(degrees)
    raise BadDoing(f"{name} is no number of degrees")
