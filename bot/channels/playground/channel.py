"""The playground as a channel: what its page posts becomes events, what is said goes into the phones' journal.

An address is a phone's name ("villager-1") or a group's ("group-3403"). A phone with a LINE look is treated as LINE
treats it: what was sent there cannot be redrawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.channels.base import Deliverable, Envelope, Payload, SendError, Sent
from bot.channels.local import LocalChannel
from bot.channels.playground.phones import Phones


class PlaygroundChannel(LocalChannel):
    """`drill` gives the mark that every message bears, in a language."""

    name = "playground"

    def __init__(self, phones: Phones, drill: Callable[[str], str]) -> None:
        super().__init__(phones.read)
        self._phones = phones
        self._drill = drill

    def mime(self, file: str) -> str:
        """By its ending, which was chosen when it was kept."""
        return self._phones.mime(file)

    async def send(self, payload: Payload, envelope: Envelope) -> Sent | SendError:
        """Show it on the phone."""
        phone = self._phones.phones.get(envelope.address)
        if phone is None:
            return SendError("gone", "no such phone")
        said = self._entry(payload.body, phone.chat)
        if payload.replace and phone.look == "line":
            if not payload.body["instead"]:
                return Sent()
            said |= {"text": payload.body["instead"], "card": None, "choices": [], "links": []}
        elif payload.replace and envelope.card_id:
            said |= {"is": "edit", "number": int(envelope.card_id)}
        if payload.under and envelope.card_id:
            said["reply_to"] = int(envelope.card_id)
        said["purpose"] = payload.purpose
        said["files"] = [
            await self._file(kind, envelope.media.get(media_id))
            for kind, media_id in zip(payload.body["attachments"], payload.media, strict=True)
        ]
        number = self._phones.add(said)
        return Sent((envelope.card_id if said["is"] == "edit" else str(number),))

    async def leave(self, address: str) -> None:
        """The bot leaves a group."""
        self._phones.add({"is": "left", "chat": address})

    def _entry(self, body: Mapping[str, Any], chat: str) -> dict[str, Any]:
        return {
            "is": "message", "chat": chat, "from": "bot", "text": body["text"], "language": body["language"],
            "choices": body["choices"], "inline": body["inline"], "links": body["links"], "card": body["card"],
            "reply_box": body["reply_box"], "drill": self._drill(body["language"]),
        }  # fmt: skip

    async def _file(self, kind: str, media: Deliverable | None) -> dict[str, str]:
        """The group's copy; without an address where there is nothing to show."""
        if media is None:
            return {"kind": kind, "url": ""}
        return {
            "kind": kind,
            "url": media_url(self._phones.keep(f"copy-{media.media_id}", media.mime, await media.read())),
        }


def media_url(name: str) -> str:
    """Where the page finds a kept file."""
    return f"/api/media/{name}"
