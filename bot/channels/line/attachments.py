"""Media that go out: LINE takes no uploads, only addresses, and these exist only at the moment of sending.

`arrange` therefore puts placeholders (objects whose type begins with "~") among the message objects, and `fill` turns
them into real ones. Media without an address, or without a form that LINE can show, leave no trace. Limits: HTTPS only,
addresses up to 2000 characters, five objects in one call, which is billed once (developers.line.biz, message objects).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.channels.base import Deliverable, ShownLink
from bot.channels.line import flex
from handlers.messages import Attachment

Object = dict[str, Any]

ADDRESS_CHARACTERS = 2000
AUDIO = frozenset({"audio/mp4", "audio/m4a", "audio/x-m4a", "audio/mpeg"})
"""What an audio message plays: M4A and MP3."""
SYMBOLS = {"photo": "📷", "video": "🎞", "voice": "🔊", "file": "📎"}
"""Labels of buttons that open media: a symbol is understood in every language."""


def arrange(attachments: Sequence[Attachment], room: int) -> list[Object]:
    """Placeholders for these media, in at most `room` objects where that can be (it can from three on: up to twelve
    photos share a carousel, and everything else a bubble of buttons)."""
    photos = [a.media_id for a in attachments if a.kind == "photo"]
    others = [[a.media_id, a.kind] for a in attachments if a.kind != "photo"]
    single: list[Object] = [{"type": "~photo", "media": p} for p in photos]
    step = flex.CAROUSEL_BUBBLES
    carousels: list[Object] = [{"type": "~photos", "media": photos[i : i + step]} for i in range(0, len(photos), step)]
    played: list[Object] = [{"type": f"~{kind}", "media": media_id} for media_id, kind in others]
    linked: list[Object] = [{"type": "~links", "media": others}] if others else []
    for choice in (single + played, carousels + played, single + linked):
        if len(choice) <= room:
            return choice
    return carousels + linked


def media_ids(objects: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The media that these objects' placeholders stand for."""
    for item in objects:
        media = item.get("media", ())
        if isinstance(media, str):
            yield media
        else:
            yield from (entry if isinstance(entry, str) else entry[0] for entry in media)


def fill(objects: Sequence[Mapping[str, Any]], media: Mapping[str, Deliverable]) -> list[Object]:
    """The objects with every placeholder replaced, or left out where there is nothing to show."""
    filled = (_real(item, media) if str(item["type"]).startswith("~") else dict(item) for item in objects)
    return [item for item in filled if item is not None]


def _real(item: Mapping[str, Any], media: Mapping[str, Deliverable]) -> Object | None:
    kind = item["type"]
    if kind == "~photos":
        return _photos([media[i] for i in item["media"] if i in media])
    if kind == "~links":
        return _links([(media[i], what) for i, what in item["media"] if i in media])
    found = media.get(item["media"])
    if found is None or not _usable(found.url):
        return None
    if kind == "~photo":
        return _with_preview("image", found, found.preview_url or found.url)
    if kind == "~video" and _usable(found.preview_url):
        return _with_preview("video", found, found.preview_url)
    if kind == "~voice" and found.mime.partition(";")[0].strip().lower() in AUDIO and found.duration_ms > 0:
        return {"type": "audio", "originalContentUrl": found.url, "duration": found.duration_ms}
    return _links([(found, kind[1:])])


def _with_preview(kind: str, found: Deliverable, preview: str) -> Object:
    return {"type": kind, "originalContentUrl": found.url, "previewImageUrl": preview}


def _photos(found: Sequence[Deliverable]) -> Object | None:
    shown = [(d.url, d.preview_url or d.url) for d in found if _usable(d.url) and flex.can_open(d.url)]
    if not shown:
        return None
    return flex.message(f"{SYMBOLS['photo']} {len(shown)}", flex.photo_carousel(shown))


def _links(found: Sequence[tuple[Deliverable, str]]) -> Object | None:
    usable = [(d, kind) for d, kind in found if _usable(d.url) and flex.can_open(d.url)]
    if not usable:
        return None
    labels = [SYMBOLS.get(kind, SYMBOLS["file"]) for _, kind in usable]
    if len(usable) > 1:
        labels = [f"{symbol} {number}" for number, symbol in enumerate(labels, 1)]
    links = [ShownLink(label, d.url) for label, (d, _) in zip(labels, usable, strict=True)]
    return flex.message(" ".join(labels), flex.link_bubble(links))


def _usable(url: str) -> bool:
    return url.startswith("https://") and len(url) <= ADDRESS_CHARACTERS
