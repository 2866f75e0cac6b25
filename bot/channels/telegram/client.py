"""The only socket to the Bot API: ready JSON out, results or errors as data back.

The token is part of every address, so no exception of the HTTP library leaves this module and no address is logged.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import aiohttp
import orjson

from bot.channels.base import Fetched, FetchError, SendError, Sink
from bot.channels.telegram.dispatch import Upload
from bot.channels.telegram.errors import FILE_TOO_BIG, send_error
from bot.channels.telegram.fields import whole, words

TIMEOUT = aiohttp.ClientTimeout(total=10, connect=5)
UPLOAD_TIMEOUT = aiohttp.ClientTimeout(total=60, connect=5)
DOWNLOAD_TIMEOUT = aiohttp.ClientTimeout(total=180, connect=5, sock_read=20)

KEEP_ALIVE_S = 30
"""Idle connections are closed before Telegram's servers do it: a call on a connection that just died is unclear."""

CONNECTIONS = 64
CHUNK_BYTES = 64 << 10
_JSON = {"Content-Type": "application/json"}

_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
"""Errors that come before a byte of the request is out (among them time-outs while waiting for a connection)."""


class TelegramClient:
    """Calls methods and downloads files. `open` before use, in the running event loop."""

    def __init__(self, token: str, api_url: str, timeout: aiohttp.ClientTimeout = TIMEOUT) -> None:
        base = api_url.rstrip("/")
        self._methods = f"{base}/bot{token}/"
        self._files = f"{base}/file/bot{token}/"
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make the connection pool."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEEP_ALIVE_S)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(self, method: str, params: Mapping[str, Any], uploads: tuple[Upload, ...] = ()) -> Any | SendError:
        """Make one call and give its `result`, or why there is none."""
        session = self._open_session()
        body: bytes | aiohttp.FormData = _form(params, uploads) if uploads else orjson.dumps(params)
        try:
            async with session.post(
                self._methods + method,
                data=body,
                headers=None if uploads else _JSON,
                timeout=UPLOAD_TIMEOUT if uploads else self._timeout,
                allow_redirects=False,
            ) as response:
                return _result(response.status, await response.read())
        except _NOT_SENT as error:
            return SendError("retry", type(error).__name__)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return SendError("unclear", type(error).__name__)

    async def fetch(self, reference: Mapping[str, Any], sink: Sink, limit: int) -> Fetched | FetchError:
        """Stream the file of a `file_id` into `sink`, at most `limit` bytes."""
        found = await self.call("getFile", {"file_id": words(reference, "file_id")})
        if isinstance(found, SendError):
            return _no_file(found)
        path, size = words(found, "file_path"), whole(found, "file_size") or 0
        if not path:
            return FetchError("retry", "no path yet")
        if size > limit:
            return FetchError("too_big")
        try:
            async with self._download(path) as response:
                if response.status != 200:
                    return _no_download(response.status)
                return await _stream(response, sink, limit, size, words(reference, "mime"))
        except (aiohttp.ClientError, TimeoutError) as error:
            return FetchError("retry", type(error).__name__)

    @asynccontextmanager
    async def _download(self, path: str) -> AsyncIterator[aiohttp.ClientResponse]:
        url = self._files + quote(path)
        async with self._open_session().get(url, timeout=DOWNLOAD_TIMEOUT, allow_redirects=False) as response:
            yield response

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("the Telegram channel is not open")
        return self._session


def _form(params: Mapping[str, Any], uploads: tuple[Upload, ...]) -> aiohttp.FormData:
    """Multipart: strings and numbers as they are, everything else as JSON text."""
    form = aiohttp.FormData()
    for name, value in params.items():
        plain = isinstance(value, (str, int)) and not isinstance(value, bool)
        form.add_field(name, str(value) if plain else orjson.dumps(value).decode())
    for upload in uploads:
        form.add_field(upload.field, upload.content, filename=upload.name, content_type=upload.mime)
    return form


def _result(status: int, body: bytes) -> Any | SendError:
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        answer = None
    if not isinstance(answer, dict):
        # A 200 that is not Telegram's (a proxy's page) does not say whether the call was made.
        return SendError("unclear", "200 without JSON") if status == 200 else send_error(status, {})
    if status == 200 and answer.get("ok") is True:
        return answer.get("result")
    return send_error(status, answer)


def _no_file(error: SendError) -> FetchError:
    """`getFile` was refused. Asking again does no harm, so whatever is not final is tried again."""
    if error.detail == FILE_TOO_BIG:
        return FetchError("too_big")
    if error.kind == "refused" and error.detail.startswith("400"):
        return FetchError("gone", error.detail)
    return FetchError("retry", error.detail, error.retry_after)


def _no_download(status: int) -> FetchError:
    """A path is good for an hour at least; 404 means that it ran out, and a new one is asked for on the next try."""
    return FetchError("retry", f"{status} on download")


async def _stream(
    response: aiohttp.ClientResponse, sink: Sink, limit: int, announced: int, mime: str
) -> Fetched | FetchError:
    size = 0
    async for chunk in response.content.iter_chunked(CHUNK_BYTES):
        size += len(chunk)
        if size > limit:
            return FetchError("too_big")
        await sink(chunk)
    if announced and size != announced:
        return FetchError("retry", "cut short")
    return Fetched(size, mime or response.content_type)
