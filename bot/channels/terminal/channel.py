"""The terminal as a channel: what is typed becomes events, what is said becomes lines. Same engine, storage and outbox.

An address is a person's name ("villager", "headman") or a group's ("group", "group-2"). Nothing here has limits worth
checking; edits are possible, so cards are redrawn as on Telegram.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.channels.base import (
    Accepted,
    Envelope,
    Fetched,
    FetchError,
    MediaSource,
    Parsed,
    Payload,
    RawEvent,
    Refused,
    SendError,
    Sent,
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


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that arrived in a chat. `edited` is the number of the message it replaces, 0 for a new one; `under` the
    number of the message it hangs under; `files` the kinds of what came along."""

    address: str
    number: int
    text: str
    choices: tuple[tuple[str, str], ...]
    phone: tuple[str, ...]
    links: tuple[str, ...]
    files: tuple[str, ...]
    purpose: str = ""
    edited: int = 0
    under: int = 0


class TerminalChannel:
    """Gives what is said to `hear`; media come from `files` by the name that the event gave."""

    name = "terminal"

    def __init__(self, hear: Callable[[Heard], None], files: Callable[[str], bytes | None]) -> None:
        self._hear = hear
        self._files = files
        self._count: dict[str, int] = {}

    def goes_on(self, other: TerminalChannel) -> None:
        """Number messages from where another terminal ended."""
        self._count = other._count

    def accept(self, headers: Mapping[str, str], body: bytes) -> Accepted:
        """Nothing comes in over the web."""
        raise Refused(404, "the terminal has no webhook")

    def parse(self, raw: RawEvent, new_id: Callable[[], str]) -> Parsed:
        """What was typed (see `bot/channels/terminal/script.py` for how)."""
        body = raw.body
        media_id = new_id() if body["do"] == "media" else ""
        event = _event(body, media_id)
        actor = Actor(name=body.get("as", "")) if raw.group else Actor()
        happening = Happening(event, actor, str(body.get("reply_to", "")))
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

    async def send(self, payload: Payload, envelope: Envelope) -> Sent | SendError:
        """Show it."""
        body = payload.body
        number = self._count.get(envelope.address, 0) + 1
        edited = int(envelope.card_id) if payload.replace and envelope.card_id else 0
        if not edited:
            self._count[envelope.address] = number
        self._hear(
            Heard(
                address=envelope.address,
                number=edited or number,
                text=body["text"],
                choices=tuple((c["value"], c["label"]) for c in body["choices"] if not c["asks"]),
                phone=tuple(c["label"] for c in body["choices"] if c["asks"]),
                links=tuple(f"{link['label']} {link['url']}" for link in body["links"]),
                files=tuple(
                    kind if media_id in envelope.media else f"{kind} (no preview)"
                    for kind, media_id in zip(body["attachments"], payload.media, strict=True)
                ),
                purpose=payload.purpose,
                edited=edited,
                under=int(envelope.card_id) if payload.under and envelope.card_id else 0,
            )
        )
        return Sent((str(edited or number),))

    async def fetch(self, source: MediaSource, sink: Sink, limit: int) -> Fetched | FetchError:
        """Read a file."""
        content = self._files(str(source.reference["file"]))
        if content is None:
            return FetchError("gone", "no such file")
        if len(content) > limit:
            return FetchError("too_big", "over the limit")
        for start in range(0, len(content), CHUNK):
            await sink(content[start : start + CHUNK])
        return Fetched(len(content), "")

    async def member_name(self, address: str, actor_id: str) -> str:
        """Names come with the events."""
        return actor_id

    async def busy(self, address: str) -> None:
        """Nothing takes long here."""

    async def leave(self, address: str) -> None:
        """The group is told."""
        self._hear(Heard(address, 0, "(the bot left the group)", (), (), (), ()))

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
