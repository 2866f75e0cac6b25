"""The web side: webhooks, media links, health and metrics.

A webhook is verified, its events are committed, and it is answered; nothing is handled here. The two webhook paths are
served before Starlette's routing, because they carry all the load.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import Any

import orjson
import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.base import Channel, RawEvent, Refused
from bot.clock import Clock
from bot.counters import WEBHOOKS_REFUSED, Counters
from bot.health import Pulse
from bot.metrics import Metrics
from bot.parcels import Missing, opened
from storage.database import Database
from storage.media_store import MediaStore

log = structlog.get_logger(__name__)

MAX_BODY = 1024 * 1024
"""Bytes of a webhook; both platforms stay far below."""
WEBHOOKS = "/webhooks/"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Take = Callable[[Channel, Sequence[RawEvent]], Awaitable[None]]

_JSON = [(b"content-type", b"application/json")]
_MEDIA_HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "referrer-policy": "no-referrer",
    "accept-ranges": "bytes",
}


class Web:
    """The ASGI application. `take` commits events (`Intake.receive`)."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        take: Take,
        database: Database,
        store: MediaStore,
        clock: Clock,
        counters: Counters,
    ) -> None:
        self._channels = {f"{WEBHOOKS}{name}": channel for name, channel in channels.items()}
        self._take = take
        self._database = database
        self._store = store
        self._clock = clock
        self._counters = counters
        self._pulse = Pulse(database, clock)
        self._pages = Starlette(
            routes=[
                Route("/media/{signed}", self._media, methods=["GET"]),
                Route("/healthz", self._healthz, methods=["GET"]),
                Route("/readyz", self._readyz, methods=["GET"]),
                Route("/metrics", Metrics(counters, channels, self._pulse), methods=["GET"]),
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["path"].startswith(WEBHOOKS):
            status, answer = await self._webhook(scope, receive)
            headers = [*(_JSON if answer else ()), (b"content-length", str(len(answer)).encode())]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": answer})
        else:
            await self._pages(scope, receive, send)

    async def _webhook(self, scope: Scope, receive: Receive) -> tuple[int, bytes]:
        """Status and body of the answer. A refusal says nothing more than its status."""
        channel = self._channels.get(scope["path"])
        if channel is None:
            return 404, b""
        if scope["method"] != "POST":
            return 405, b""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            body = await _body(headers, receive)
            accepted = channel.accept(headers, body)
        except Refused as refusal:
            self._counters.up(WEBHOOKS_REFUSED, channel.name, str(refusal.status))
            log.warning("webhook_refused", channel=channel.name, status=refusal.status, reason=refusal.reason)
            return refusal.status, b""
        if accepted.events:
            try:
                await self._take(channel, accepted.events)
            except Exception as error:  # not committed: the platform has to bring it again
                self._counters.up(WEBHOOKS_REFUSED, channel.name, "503")
                log.error("webhook_not_stored", channel=channel.name, exc_info=error)
                return 503, b""
        return 200, orjson.dumps(accepted.answer) if accepted.answer is not None else b""

    async def _media(self, request: Request) -> Response:
        """A group's copy, behind a signed link that expires. Everything else is simply not there."""
        subject = self._database.vault.signer.verify(request.path_params["signed"], self._clock.now())
        found = await opened(self._database, self._store, subject) if subject else None
        if found is None:
            return Response(status_code=404)
        try:
            content = await found.read()
        except Missing:
            return Response(status_code=404)
        return _part(content, found.mime, request.headers.get("range", ""))

    async def _healthz(self, _request: Request) -> Response:
        """The process runs."""
        return PlainTextResponse("ok\n")

    async def _readyz(self, _request: Request) -> Response:
        """Whether webhooks may come: the database answers, and its tables are those of this programme. Late delivery is
        told, but turns no webhook away (docs/decisions/0014-ready-though-late.md)."""
        schema, health = await asyncio.gather(self._pulse.schema(), self._pulse.health())
        ready = health is not None and schema == "current"
        told: dict[str, object] = {
            "ready": ready,
            "database": "away" if health is None else "up",
            "migrations": schema or "unknown",
        }
        if health is not None:
            told |= {"delivery": "late" if health.late else "on time"}
            told |= {"delivery_lag_s": health.delivery_lag_s, "inbox_lag_s": health.inbox_lag_s}
        return Response(orjson.dumps(told), 200 if ready else 503, media_type="application/json")


async def _body(headers: Mapping[str, str], receive: Receive) -> bytes:
    """The whole body, read no further than `MAX_BODY`."""
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > MAX_BODY:
        raise Refused(413, "body too large")
    blocks: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "body cut short")
        blocks.append(message.get("body", b""))
        size += len(blocks[-1])
        if size > MAX_BODY:
            raise Refused(413, "body too large")
        more = message.get("more_body", False)
    return blocks[0] if len(blocks) == 1 else b"".join(blocks)


def _part(content: bytes, mime: str, asked: str) -> Response:
    """The content, or the single range of it that a player asks for (RFC 9110, 14.1.2: "bytes=first-last")."""
    first, dash, last = asked.removeprefix("bytes=").partition("-")
    numbers = all(n.isascii() and n.isdecimal() for n in (first, last) if n)
    if not asked.startswith("bytes=") or not dash or not (first or last) or not numbers:
        return Response(content, media_type=mime, headers=_MEDIA_HEADERS)
    start = int(first) if first else max(len(content) - int(last), 0)
    end = min(int(last), len(content) - 1) if first and last else len(content) - 1
    if start > end:
        return Response(status_code=416, headers={**_MEDIA_HEADERS, "content-range": f"bytes */{len(content)}"})
    span = {"content-range": f"bytes {start}-{end}/{len(content)}"}
    return Response(content[start : end + 1], 206, media_type=mime, headers={**_MEDIA_HEADERS, **span})
