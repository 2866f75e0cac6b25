"""What the channels without a platform share: a person's doing arrives as plain data, and so does what is said.

A doing is a mapping with `do` (text, tap, location, media, edit, unsend, join, leave, or something without use here),
`as` (who acted, in groups), `reply_to` (a message's number), and the fields that go with what was done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.channels.base import (
    Accepted,
    Fetched,
    FetchError,
    MediaSource,
    Parsed,
    Payload,
    RawEvent,
    Refused,
    Shown,
    Sink,
)
from handlers.events import (
    Actor,
    ChoicePicked,
    Edited,
    Event,
    Happening,
    Joined,
    Left,
    LocationShared,
    MediaSent,
    OtherSent,
    TextSent,
    Unsent,
)

CHUNK = 64 * 1024


def said(words: str) -> dict[str, str]:
    """The fields of words that were typed: a leading /command is told from what follows it. Several slashes begin none, on
    the platforms neither ("///three.little.words" is a place)."""
    commanding = words.startswith("/") and not words.startswith("//")
    command, _, argument = words[1:].partition(" ") if commanding else ("", "", "")
    return {"do": "text", "text": words, "command": command.lower(), "argument": argument.strip()}


class LocalChannel:
    """The half of a channel that needs no platform. `files` gives the content of a file by the name in the doing."""

    name: str

    def __init__(self, files: Callable[[str], bytes | None]) -> None:
        self._files = files

    def accept(self, headers: Mapping[str, str], body: bytes) -> Accepted:
        """No platform calls: whoever does is a stranger."""
        raise Refused(404, "this channel has no webhook")

    def parse(self, raw: RawEvent, new_id: Callable[[], str]) -> Parsed:
        """What was done."""
        body = raw.body
        media_id = new_id() if body["do"] == "media" else ""
        actor = Actor(name=body.get("as", "")) if raw.group else Actor()
        happening = Happening(
            _event(body, media_id), actor, str(body.get("reply_to", "")), str(body.get("language_hint", ""))
        )
        media = (MediaSource(media_id, body["kind"], {"file": body["file"]}),) if media_id else ()
        return Parsed(happening, actor_id=body.get("as", "") if raw.group else "", media=media)

    def pack(self, messages: Sequence[Shown]) -> tuple[Payload, ...]:
        """One call a message."""
        return tuple(
            Payload(
                asdict(shown) | {"attachments": [a.kind for a in shown.attachments]},
                tuple(a.media_id for a in shown.attachments),
                shown.about,
                shown.purpose,
                shown.under,
                shown.replace,
            )
            for shown in messages
        )

    async def fetch(self, source: MediaSource, sink: Sink, limit: int) -> Fetched | FetchError:
        """Read a file."""
        content = self._files(str(source.reference["file"]))
        if content is None:
            return FetchError("gone", "no such file")
        if len(content) > limit:
            return FetchError("too_big", "over the limit")
        for start in range(0, len(content), CHUNK):
            await sink(content[start : start + CHUNK])
        return Fetched(len(content), self.mime(str(source.reference["file"])))

    def mime(self, file: str) -> str:
        """What the file says of its own kind; nothing, as a rule."""
        return ""

    async def member_name(self, address: str, actor_id: str) -> str:
        """Names come with the events."""
        return actor_id

    async def busy(self, address: str) -> None:
        """Nothing takes long here."""

    async def open(self) -> None:
        """Nothing to connect."""

    async def close(self) -> None:
        """Nothing to let go of."""


def _event(body: Mapping[str, Any], media_id: str) -> Event:
    match body["do"]:
        case "text":
            return TextSent(body["text"], body["command"], body["argument"], body["id"])
        case "tap":
            return ChoicePicked(body["value"])
        case "location":
            return LocationShared(body["latitude"], body["longitude"])
        case "media":
            return MediaSent(
                media_id,
                body["kind"],
                caption=body["caption"],
                album=body["album"],
                album_total=body.get("of", 0),
                too_big=body["too_big"],
                message_id=body["id"],
            )
        case "edit":
            return Edited(body["id"], body["text"])
        case "unsend":
            return Unsent(body["id"])
        case "join":
            return Joined()
        case "leave":
            return Left()
        case what:
            return OtherSent(what if what in ("sticker", "contact") else "unknown")
