"""Which file of a message counts, and what is known about it before it is fetched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.telegram.fields import record, records, whole, words
from handlers.events import MediaKind

DOWNLOAD_LIMIT = 20 << 20
"""Bytes; a bot cannot download more (Bot API reference, getFile)."""

_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
"""What can be decoded and shown as a photo later; other image files (HEIC, TIFF) are kept as files."""

_FIELDS: tuple[tuple[str, MediaKind, str], ...] = (
    ("animation", "video", "video/mp4"),  # before "document", which Telegram fills as well
    ("video", "video", "video/mp4"),
    ("video_note", "video", "video/mp4"),
    ("voice", "voice", "audio/ogg"),
    ("audio", "voice", "audio/mpeg"),
)
"""Fields of a message with one file, what we take it for, and the type where the message does not say."""


@dataclass(frozen=True, slots=True)
class FoundMedia:
    """A file at Telegram. `size` in bytes, 0 when unknown. Its name is not read: names of files tell about people."""

    kind: MediaKind
    file_id: str
    mime: str
    size: int

    @property
    def too_big(self) -> bool:
        """Whether Telegram will refuse to hand it out."""
        return self.size > DOWNLOAD_LIMIT

    def reference(self) -> dict[str, Any]:
        """What `fetch` needs."""
        return {"file_id": self.file_id, "mime": self.mime, "size": self.size}


def media_of(message: Mapping[str, Any]) -> FoundMedia | None:
    """The file of a message, or None. Of a photo the largest size; of a live photo its still picture."""
    photo = _largest(records(message, "photo") or records(record(message, "live_photo"), "photo"))
    if photo:
        return _found("photo", photo, "image/jpeg")
    for field, kind, mime in _FIELDS:
        found = _found(kind, record(message, field), mime)
        if found:
            return found
    document = record(message, "document")
    kind = "photo" if words(document, "mime_type").lower() in _PICTURES else "file"
    return _found(kind, document, "application/octet-stream")


def _largest(sizes: tuple[Mapping[str, Any], ...]) -> Mapping[str, Any]:
    return max(sizes, key=lambda size: (whole(size, "width") or 0) * (whole(size, "height") or 0), default={})


def _found(kind: MediaKind, file: Mapping[str, Any], mime: str) -> FoundMedia | None:
    file_id = words(file, "file_id")
    if not file_id:
        return None
    return FoundMedia(kind, file_id, (words(file, "mime_type") or mime).lower(), max(whole(file, "file_size") or 0, 0))
