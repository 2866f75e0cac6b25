"""A platform in memory: a whole `Channel` without a network, whose answers a test writes beforehand.

Its webhooks are JSON: {"events": [{"id", "chat", "group", "did": {...}}]} with the header x-secret. `did` is one of
{"text"}, {"tap"}, {"photo"}, {"left"}, {"moved"}, {"broken"}, with "reply_to", "who", "name" and "token" beside it.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
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
from handlers.events import Actor, ChoicePicked, Event, Happening, Left, MediaSent, Migrated, TextSent

SECRET = "only the platform knows"
PER_CALL = 5


@dataclass(frozen=True)
class Call:
    """One call that was made."""

    address: str
    texts: tuple[str, ...]
    payload: Payload
    envelope: Envelope


@dataclass
class ScriptedChannel:
    """`results` are the answers to the next calls (then: success); `files` what there is to fetch by its reference."""

    name: str = "telegram"
    results: deque[Sent | SendError | Exception] = field(default_factory=deque)
    files: dict[str, bytes | FetchError] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    gate: asyncio.Event | None = None
    asked: int = 0
    is_open: bool = False
    _seen: int = 0

    def event(self, event_id: str, chat: str, did: Mapping[str, Any], *, group: bool = False) -> RawEvent:
        """A raw event, as `accept` would cut it."""
        return RawEvent(event_id, chat, group, dict(did))

    def accept(self, headers: Mapping[str, str], body: bytes) -> Accepted:
        """See `Channel`."""
        if headers.get("x-secret") != SECRET:
            raise Refused(401, "wrong secret")
        try:
            events = json.loads(body)["events"]
            return Accepted(
                tuple(self.event(e["id"], e["chat"], e["did"], group=e.get("group", False)) for e in events)
            )
        except (ValueError, KeyError, TypeError):
            raise Refused(400, "not ours") from None

    def parse(self, raw: RawEvent, new_id: Callable[[], str]) -> Parsed:
        """See `Channel`."""
        did = raw.body
        if did.get("broken") == "parse":
            raise RuntimeError("this channel cannot read this")
        media: tuple[MediaSource, ...] = ()
        event: Event
        if "tap" in did:
            event = ChoicePicked(did["tap"])
        elif "photo" in did:
            media = (MediaSource(new_id(), did.get("kind", "photo"), {"file": did["photo"]}),)
            event = MediaSent(media[0].media_id, did.get("kind", "photo"))
        elif "left" in did:
            event = Left()
        elif "moved" in did:
            event = Migrated(did["moved"])
        else:
            text = did.get("text", "")
            command, _, argument = text[1:].partition(" ") if text.startswith("/") else ("", "", "")
            event = TextSent(text, command, argument)
        happening = Happening(event, Actor(name=did.get("name", "")), did.get("reply_to", ""))
        return Parsed(happening, did.get("token", ""), did.get("who", "") if raw.group else "", media)

    def pack(self, messages: Sequence[Shown]) -> tuple[Payload, ...]:
        """Up to five messages a call."""
        return tuple(self._payload(messages[i : i + PER_CALL]) for i in range(0, len(messages), PER_CALL))

    @staticmethod
    def _payload(messages: Sequence[Shown]) -> Payload:
        media = tuple(a.media_id for m in messages for a in m.attachments)
        about = next((m for m in messages if m.about), Shown(""))
        under = next((m.under for m in messages if m.under), "")
        body = {"texts": [m.text for m in messages], "languages": [m.language for m in messages]}
        return Payload(body, media, about.about, about.purpose, under)

    async def send(self, payload: Payload, envelope: Envelope) -> Sent | SendError:
        """Note the call and give the next written answer."""
        if self.gate is not None:
            await self.gate.wait()
        self.calls.append(Call(envelope.address, tuple(payload.body["texts"]), payload, envelope))
        result = self.results.popleft() if self.results else None
        if isinstance(result, Exception):
            raise result
        self._seen += 1
        return result or Sent((f"m{self._seen}",))

    async def fetch(self, source: MediaSource, sink: Sink, limit: int) -> Fetched | FetchError:
        """Give the file, in two blocks."""
        found = self.files.get(source.reference["file"], FetchError("gone"))
        if isinstance(found, FetchError):
            return found
        if len(found) > limit:
            return FetchError("too_big")
        await sink(found[:10])
        await sink(found[10:])
        return Fetched(len(found), "image/jpeg" if source.kind == "photo" else "audio/mp4")

    async def member_name(self, address: str, actor_id: str) -> str:
        """The name, if the test gave one."""
        self.asked += 1
        return self.names.get(actor_id, "")

    async def busy(self, address: str) -> None:
        """Nothing to show."""

    async def leave(self, address: str) -> None:
        """Note it."""
        self.left.append(address)

    async def open(self) -> None:
        """Note it."""
        self.is_open = True

    async def close(self) -> None:
        """Note it."""
        self.is_open = False

    def said(self, address: str) -> list[str]:
        """All texts that reached a chat."""
        return [text for call in self.calls if call.address == address for text in call.texts]
