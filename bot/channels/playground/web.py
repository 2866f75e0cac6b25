"""The playground's web side: one page, one stream of what happens, and what the page posts.

Only this machine is meant to call. So that no other web site can do so through the visitor's browser, every POST needs a
header that a foreign page may not set unasked, and the address must be one that was agreed on (DNS rebinding).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from importlib.resources import files
from ipaddress import ip_address
from typing import Any, Protocol
from urllib.parse import urlsplit

import orjson
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.base import RawEvent
from bot.channels.playground.doings import BadDoing, act, number, send_file
from bot.channels.playground.phones import Phones
from bot.channels.playground.words import WORDS
from handlers.messages import Text

MAX_JSON = 64 * 1024
KEEP_ALIVE_S = 15.0
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")
GUARD = "x-playground"
_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' blob: data:; media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "permissions-policy": "microphone=(self), geolocation=(), camera=()",
}
_FILE_HEADERS = _HEADERS | {"content-security-policy": "default-src 'none'; sandbox"}


class Box(Protocol):
    """What stands behind the page (`bot/sandbox.py`)."""

    phones: Phones
    limit_bytes: int

    async def take(self, event: RawEvent) -> None:
        """Something happened on a phone."""

    async def add_phone(self, role: str, look: str, language: str, centre: str) -> str:
        """A new villager's or headman's phone; gives its name. Raises `BadDoing`."""

    async def start_over(self) -> None:
        """Wipe everything and begin anew."""

    def map(self) -> Sequence[Mapping[str, Any]]:
        """What the map of each demo district shows."""

    def new_name(self) -> str:
        """A name for a file."""


def app(box: Box, text: Callable[[Text, str], str], rest: ASGIApp, host: str = LOCAL_HOSTS[0]) -> ASGIApp:
    """The page. `text` gives a text in a language; `rest` serves every other path (health, metrics); `host` is the
    address that is listened on."""
    page = _Page(box, text)
    return Starlette(
        routes=[
            Route("/", page.index),
            Route("/static/{name}", page.static),
            Route("/api/words", page.words),
            Route("/api/map", page.map),
            Route("/api/events", page.events),
            Route("/api/act", _guarded(page.act), methods=["POST"]),
            Route("/api/media", _guarded(page.send_file), methods=["POST"]),
            Route("/api/media/{name}", page.file),
            Route("/api/chats", _guarded(page.add_phone), methods=["POST"]),
            Route("/api/start-over", _guarded(page.start_over), methods=["POST"]),
            Mount("/", rest),
        ],
        middleware=[Middleware(_OwnName, host=host.lower())],
    )


class _OwnName:
    """Serve only those who call this machine by a name that no stranger can point to it (DNS rebinding): its own names for
    itself, and in a training room its address, or a name of that network alone."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app, self._host = app, host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on, or refuse it."""
        served: ASGIApp = (
            self._app if self._ours(_called(HTTPConnection(scope))) else Response("Wrong host name\n", 400)
        )
        await served(scope, receive, send)

    def _ours(self, name: str) -> bool:
        if name in (*LOCAL_HOSTS, self._host):
            return True
        if self._host in LOCAL_HOSTS or not name:
            return False
        with suppress(ValueError):
            return bool(ip_address(name))
        return "." not in name or name.endswith(".local")


def _called(request: HTTPConnection) -> str:
    """What the caller calls this machine, without the port; "" if that is no name."""
    try:
        return (urlsplit("//" + request.headers.get("host", "")).hostname or "").rstrip(".")
    except ValueError:
        return ""


class _Page:
    """The handlers."""

    def __init__(self, box: Box, text: Callable[[Text, str], str]) -> None:
        self._box = box
        self._text = text
        folder = files("bot.channels.playground") / "static"
        self._files = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}

    async def index(self, _request: Request) -> Response:
        """The page itself."""
        return Response(self._files["index.html"], media_type="text/html", headers=_HEADERS)

    async def static(self, request: Request) -> Response:
        """A file of the page."""
        name = request.path_params["name"]
        if name not in self._files:
            return Response(status_code=404)
        return Response(self._files[name], media_type=_TYPES.get(name.rpartition(".")[2]), headers=_HEADERS)

    async def words(self, request: Request) -> Response:
        """The page's own words in a language (Thai, if it is none of ours)."""
        language = request.query_params.get("lang", "")
        return _json({"words": {key: self._text(text, language) for key, text in WORDS.items()}})

    async def map(self, _request: Request) -> Response:
        """The maps of the demo districts."""
        return _json(self._box.map())

    async def events(self, request: Request) -> Response:
        """The journal from where the page left off, then what happens."""
        after = request.headers.get("last-event-id") or request.query_params.get("after", "0")
        stream = self._stream(number(after))
        return StreamingResponse(stream, media_type="text/event-stream", headers=_HEADERS)

    async def _stream(self, after: int) -> AsyncIterator[bytes]:
        async for entry in self._box.phones.follow(after, KEEP_ALIVE_S):
            if entry is None:
                yield b": still here\n\n"
            else:
                place = b"id: %d\n" % entry["n"] if "n" in entry else b""
                yield place + b"data: " + orjson.dumps(entry) + b"\n\n"

    async def act(self, request: Request) -> Response:
        """Somebody types, taps, shares a location."""
        await self._box.take(act(self._box.phones, await _object(request)))
        return Response(status_code=204)

    async def send_file(self, request: Request) -> Response:
        """Somebody sends a photo, a video, a voice note, a file."""
        content = await _body(request, self._box.limit_bytes)
        mime = request.headers.get("content-type", "")
        event = send_file(self._box.phones, dict(request.query_params), self._box.new_name(), mime, content)
        await self._box.take(event)
        return Response(status_code=204)

    async def file(self, request: Request) -> Response:
        """A file that was sent along."""
        name = request.path_params["name"]
        mime, content = self._box.phones.mime(name), self._box.phones.read(name)
        if content is None or not mime:
            return Response(status_code=404)
        return Response(content, media_type=mime, headers=_FILE_HEADERS)

    async def add_phone(self, request: Request) -> Response:
        """One more phone."""
        wish = await _object(request)
        words = [str(wish.get(name) or "") for name in ("role", "look", "language", "centre")]
        return _json({"chat": await self._box.add_phone(*words)})

    async def start_over(self, _request: Request) -> Response:
        """Wipe the playground."""
        await self._box.start_over()
        return Response(status_code=204)


Handler = Callable[[Request], Awaitable[Response]]


def _guarded(handle: Handler) -> Handler:
    """Only for our own page; what cannot be done is told in one line."""

    async def guarded(request: Request) -> Response:
        if GUARD not in request.headers:
            return _json({"reason": f"the header {GUARD} is missing"}, 403)
        try:
            return await handle(request)
        except BadDoing as problem:
            return _json({"reason": str(problem), "word": problem.word}, 400)
        except _TooLong as problem:
            return _json({"reason": str(problem)}, 413)
        except OSError as problem:
            return _json({"reason": f"nothing can be written ({problem.strerror})"}, 507)
        except ClientDisconnect:
            return Response(status_code=400)

    return guarded


class _TooLong(Exception):
    """More bytes than are taken."""


async def _body(request: Request, limit: int) -> bytes:
    """The whole body, read no further than `limit`."""
    whole = bytearray()
    async for chunk in request.stream():
        whole += chunk
        if len(whole) > limit:
            raise _TooLong(f"more than {limit // 1024 // 1024} MB")
    return bytes(whole)


async def _object(request: Request) -> Mapping[str, Any]:
    try:
        posted = orjson.loads(await _body(request, MAX_JSON))
    except orjson.JSONDecodeError:
        posted = None
    if not isinstance(posted, dict):
        raise BadDoing("no JSON object")
    return posted


def _json(value: object, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, media_type="application/json", headers=_HEADERS)
