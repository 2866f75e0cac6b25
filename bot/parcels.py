"""What is resolved at the last moment before a call: photos that have arrived by now, the message to hang it under, and
a reply token that came in meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.channels.base import Deliverable, Envelope, Payload
from bot.media import SMALL
from bot.sound import duration_ms
from storage.database import Database
from storage.media import Media
from storage.media_store import MediaStore
from storage.outbox import OutboxRow
from storage.unit_of_work import UnitOfWork
from storage.vault import Signer

TOKEN_LIFE = timedelta(seconds=50)
"""LINE takes a reply token for one minute (Messaging API reference, "Send reply message"); the rest is for the way."""
LINK_LIFE = timedelta(days=7)
"""A card is looked at again days later, and LINE's apps then fetch its photos anew."""
COPY, PREVIEW = "c", "p"
"""First letter of a signed subject: the group's copy, or the small preview of it."""


class Missing(Exception):
    """Media that the database knows are not in the store."""


@dataclass(frozen=True, slots=True)
class _Found:
    media: dict[str, Media]
    card_id: str
    token: tuple[str, datetime] | None


@dataclass(frozen=True, slots=True)
class Parcels:
    """Makes the envelope of a row."""

    database: Database
    store: MediaStore
    signer: Signer
    public_url: str = ""

    async def envelope(self, row: OutboxRow, payload: Payload, now: datetime, *, keyed: bool) -> Envelope | None:
        """The envelope, or None while it is worth waiting for media. `keyed`: the channel knows reply tokens."""
        token, token_at = (row.reply_token, row.reply_at) if keyed else ("", None)
        if token_at is not None and now - token_at >= TOKEN_LIFE:
            token, token_at = "", None
        found = _Found({}, "", None)
        if payload.media or payload.under or payload.replace or (keyed and not token):
            if self._still_waiting(await self._media(payload), row, now):
                return None
            take = keyed and not token
            found = await self.database.run(lambda uow: _look(uow, row, payload, now - TOKEN_LIFE if take else None))
        if found.token:
            token, token_at = found.token
        return Envelope(
            address=row.address,
            key=row.id,
            reply_token=token,
            token_fresh=bool(token),
            media=await self._deliverables(found.media, now),
            card_id=found.card_id,
        )

    async def _media(self, payload: Payload) -> dict[str, Media]:
        if not payload.media:
            return {}
        return await self.database.run(lambda uow: uow.media.get(payload.media))

    @staticmethod
    def _still_waiting(media: dict[str, Media], row: OutboxRow, now: datetime) -> bool:
        return bool(row.waits_until and now < row.waits_until) and any(m.state == "waiting" for m in media.values())

    async def _deliverables(self, media: dict[str, Media], now: datetime) -> dict[str, Deliverable]:
        """What can be shown. Media without a copy, or gone from the store, are left out."""
        ready: dict[str, Deliverable] = {}
        for found in media.values():
            with suppress(Missing):
                if found.state == "stored" and found.copy_key:
                    ready[found.id] = await self._deliverable(found, now)
        return ready

    async def _deliverable(self, media: Media, now: datetime) -> Deliverable:
        read = partial(read_whole, self.store, media.copy_key)
        length = duration_ms(await read()) if media.kind == "voice" else 0
        return Deliverable(
            media_id=media.id,
            kind=media.kind,
            mime=media.copy_mime,
            read=read,
            url=self._link(COPY, media, now),
            preview_url=self._link(PREVIEW, media, now) if media.copy_mime == "image/jpeg" else "",
            duration_ms=length,
        )

    def _link(self, what: str, media: Media, now: datetime) -> str:
        if not self.public_url:
            return ""
        return f"{self.public_url}/media/{self.signer.sign(what + media.id, now + LINK_LIFE)}"


def _look(uow: UnitOfWork, row: OutboxRow, payload: Payload, token_since: datetime | None) -> _Found:
    hangs = payload.under or payload.replace
    tokens = uow.chats.take_reply_tokens([row.chat_id], token_since) if token_since else {}
    return _Found(
        uow.media.get(payload.media) if payload.media else {},
        uow.messages.card_of(row.chat_id, hangs) if hangs else "",
        tokens.get(row.chat_id),
    )


async def read_whole(store: MediaStore, key: str) -> bytes:
    """A stored object's bytes; raises `Missing`."""
    content = await store.get(key)
    if content is None:
        raise Missing(key)
    return content


@dataclass(frozen=True, slots=True)
class Opened:
    """What a signed link leads to."""

    mime: str
    read: Callable[[], Awaitable[bytes]]


async def opened(database: Database, store: MediaStore, subject: str) -> Opened | None:
    """The copy behind a verified subject; None if it is gone. Never an original: only copies have links."""
    what, media_id = subject[:1], subject[1:]
    found = (await database.run(lambda uow: uow.media.get([media_id]))).get(media_id)
    if found is None or found.state != "stored" or not found.copy_key or what not in (COPY, PREVIEW):
        return None
    key = found.copy_key + SMALL if what == PREVIEW else found.copy_key
    return Opened(found.copy_mime, partial(read_whole, store, key))
