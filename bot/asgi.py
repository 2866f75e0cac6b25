"""The web side: webhooks, media links, health and metrics.

A webhook is verified, its events are committed, and it is answered; nothing is handled here. The two webhook paths are
served before Starlette's routing, because they carry all the load.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from datetime import datetime
from typing import Any

import orjson
import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.base import Channel, RawEvent, Refused
from bot.clock import Clock
from bot.parcels import Missing, opened
from storage.database import Database
from storage.inbox import InboxHealth
from storage.media_store import MediaStore
from storage.outbox import OutboxHealth

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
        counters: Counter[str],
    ) -> None:
        self._channels = {f"{WEBHOOKS}{name}": channel for name, channel in channels.items()}
        self._take = take
        self._database = database
        self._store = store
        self._clock = clock
        self._counters = counters
        self._pages = Starlette(
            routes=[
                Route("/media/{signed}", self._media, methods=["GET"]),
                Route("/healthz", self._healthz, methods=["GET"]),
                Route("/readyz", self._readyz, methods=["GET"]),
                Route("/metrics", self._metrics, methods=["GET"]),
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
            self._counters[f"refused_{refusal.status}"] += 1
            log.warning("webhook_refused", channel=channel.name, status=refusal.status, reason=refusal.reason)
            return refusal.status, b""
        if accepted.events:
            try:
                await self._take(channel, accepted.events)
            except Exception as error:  # not committed: the platform has to bring it again
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
        """The database answers. The lags are the ages of the oldest things that wait."""
        now = self._clock.now()
        try:
            inbox, outbox = await self._health(now)
        except Exception as error:  # whatever is wrong with the database, the answer is "not ready"
            log.error("not_ready", exc_info=error)
            return Response(orjson.dumps({"ready": False}), 503, media_type="application/json")
        lag = {"inbox_lag_s": _age(inbox.oldest, now), "delivery_lag_s": _age(outbox.oldest, now)}
        return Response(orjson.dumps({"ready": True, **lag}), media_type="application/json")

    async def _metrics(self, _request: Request) -> Response:
        """Counts since the start of this process, and what waits in the database."""
        now = self._clock.now()
        inbox, outbox = await self._health(now)
        numbers: dict[str, float] = {f"{name}_total": count for name, count in sorted(self._counters.items())}
        numbers |= {"inbox_waiting": inbox.waiting, "inbox_aside": inbox.aside}
        numbers["inbox_lag_seconds"] = _age(inbox.oldest, now)
        numbers |= {"outbox_queued": outbox.queued, "outbox_errored": outbox.errored, "outbox_failed": outbox.failed}
        numbers["outbox_lag_seconds"] = _age(outbox.oldest, now)
        return PlainTextResponse("".join(f"mekongwatch_{name} {value:g}\n" for name, value in numbers.items()))

    async def _health(self, now: datetime) -> tuple[InboxHealth, OutboxHealth]:
        return await self._database.run(lambda uow: (uow.inbox.health(), uow.outbox.health(now)))


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


def _age(since: datetime | None, now: datetime) -> float:
    """Seconds since then, 0 if there is nothing."""
    return round(max((now - since).total_seconds(), 0.0), 3) if since else 0.0
