"""From a stored call and what is known at the moment of sending to the request that goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.channels.base import Deliverable, Envelope, Payload
from bot.channels.telegram.address import Address

PHOTO_LIMIT = 10 << 20
"""Bytes of a photo upload (Bot API reference, sendPhoto); a bigger one goes as a document."""

_SHAPES = {"photo": "Photo", "video": "Video", "voice": "Voice", "file": "Document"}
_SHOWN_AS = {
    "photo": frozenset({"image/jpeg", "image/png", "image/webp"}),
    "video": frozenset({"video/mp4"}),
    "voice": frozenset({"audio/ogg", "audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/aac", "audio/m4a"}),
}
"""What Telegram plays in the chat; anything else is sent as a document (Bot API reference, sendVideo and sendVoice)."""

_SUFFIXES = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "video/mp4": "mp4", "audio/ogg": "ogg",
    "audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/x-m4a": "m4a", "audio/m4a": "m4a", "audio/aac": "aac",
    "application/pdf": "pdf",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a request; `name` is ours (a number), never the one that the sender's phone gave it."""

    field: str
    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """One Bot API call. `otherwise` is what to send if an edit finds no message to change."""

    method: str
    params: Mapping[str, Any]
    uploads: tuple[Upload, ...] = ()
    otherwise: Mapping[str, Any] | None = None

    @property
    def weight(self) -> int:
        """Messages that this call makes, as Telegram's rate limits count them."""
        return len(self.uploads) if self.method == "sendMediaGroup" else 1

    def without(self, *names: str) -> Request:
        """The same request without these parameters."""
        return replace(self, params={k: v for k, v in self.params.items() if k not in names})


async def request(payload: Payload, envelope: Envelope, address: Address) -> Request | None:
    """The request for this call, or None where there is nothing to send (no card to redraw, no media left)."""
    body = payload.body
    if body["method"] == "editMessageText":
        return _edit(body, envelope, address)
    reply = _reply_to(envelope.card_id) if payload.under else {}
    if body["method"] == "media":
        return await _media(body["items"], envelope, {**_to(address), **reply})
    params = {**_to(address), **_for_chat(body["params"], address), **reply}
    return Request(body["method"], params)


def _to(address: Address) -> dict[str, Any]:
    to: dict[str, Any] = {"chat_id": address.chat}
    if address.topic:
        to["message_thread_id"] = address.topic
    return to


def _reply_to(card_id: str) -> dict[str, Any]:
    """Hangs a message under another; if that one was deleted, it goes out all the same."""
    if not card_id.isdecimal():
        return {}
    return {"reply_parameters": {"message_id": int(card_id), "allow_sending_without_reply": True}}


def _for_chat(params: Mapping[str, Any], address: Address) -> dict[str, Any]:
    """Groups have no location button (Telegram refuses it) and nothing to take off. A forced reply there must be
    selective: else every member's next words would be an answer to us, and might be passed on by accident."""
    markup = params.get("reply_markup")
    if not markup or not address.group or "inline_keyboard" in markup:
        return dict(params)
    rest = {k: v for k, v in params.items() if k != "reply_markup"}
    if "force_reply" in markup:
        return {**rest, "reply_markup": {**markup, "selective": True}}
    return rest


def _edit(body: Mapping[str, Any], envelope: Envelope, address: Address) -> Request | None:
    otherwise = {**_to(address), **body["instead"]} if body["instead"] else None
    if envelope.card_id.isdecimal():
        params = {"chat_id": address.chat, "message_id": int(envelope.card_id), **body["params"]}
        return Request("editMessageText", params, otherwise=otherwise)
    return Request("sendMessage", otherwise) if otherwise else None


@dataclass(frozen=True, slots=True)
class _Item:
    kind: str
    upload: Upload
    duration_ms: int = field(default=0)


async def _media(items: list[Mapping[str, str]], envelope: Envelope, to: Mapping[str, Any]) -> Request | None:
    present = [(i, envelope.media[i["media_id"]]) for i in items if i["media_id"] in envelope.media]
    loaded = [await _item(i["kind"], found, number) for number, (i, found) in enumerate(present, start=1)]
    if not loaded:
        return None
    return _single(loaded[0], to) if len(loaded) == 1 else _album(loaded, to)


async def _item(kind: str, found: Deliverable, number: int) -> _Item:
    content = await found.read()
    too_big = kind == "photo" and len(content) > PHOTO_LIMIT
    shown_as = kind if found.mime in _SHOWN_AS.get(kind, ()) and not too_big else "file"
    name = f"{kind}-{number}.{_SUFFIXES.get(found.mime, 'bin')}"
    return _Item(shown_as, Upload(f"file{number}", name, found.mime, content), found.duration_ms)


def _single(item: _Item, to: Mapping[str, Any]) -> Request:
    shape = _SHAPES[item.kind]
    upload = replace(item.upload, field=shape.lower())
    extra = {"duration": -(-item.duration_ms // 1000)} if item.duration_ms and item.kind in ("voice", "video") else {}
    return Request(f"send{shape}", {**to, **extra}, (upload,))


def _album(items: list[_Item], to: Mapping[str, Any]) -> Request:
    """One album. It cannot mix documents and pictures, so one item that cannot be shown makes all of them documents."""
    mixed = any(item.kind == "file" for item in items)
    media = [{"type": "document" if mixed else item.kind, "media": f"attach://{item.upload.field}"} for item in items]
    return Request("sendMediaGroup", {**to, "media": media}, tuple(item.upload for item in items))
