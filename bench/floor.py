"""The floor: a bare server that verifies, makes one durable insert, and answers 200. `python -m bench.floor PORTLESS…`

Nothing can keep the promise "on disk before the 200" with less. It runs under the same uvicorn settings as the bot, in one
process, and commits each request by itself.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import socket
import sqlite3
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import psycopg
import uvicorn
import uvloop

from storage.engines import BUSY_S

Message = MutableMapping[str, Any]
Insert = Callable[[bytes], None]
Verify = Callable[[dict[bytes, bytes], bytes], bool]


def sqlite_insert(path: str) -> Insert:
    """Into a file that survives a power cut, like the bot's."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_S)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS floor (id INTEGER PRIMARY KEY, body BLOB)")

    def insert(body: bytes) -> None:
        connection.execute("INSERT INTO floor (body) VALUES (?)", (body,))

    return insert


def postgres_insert(url: str) -> Insert:
    """Into PostgreSQL; each insert is a transaction of its own."""
    connection = psycopg.connect(url, autocommit=True)
    connection.execute("CREATE TABLE IF NOT EXISTS floor (id bigserial PRIMARY KEY, body bytea)")

    def insert(body: bytes) -> None:
        connection.execute("INSERT INTO floor (body) VALUES (%b)", (body,), prepare=True)

    return insert


def verifier(channel: str, secret: str) -> Verify:
    """What each platform asks for."""
    key = secret.encode()
    if channel == "telegram":
        return lambda headers, body: hmac.compare_digest(headers.get(b"x-telegram-bot-api-secret-token", b""), key)

    def signed(headers: dict[bytes, bytes], body: bytes) -> bool:
        mac = base64.b64encode(hmac.digest(key, body, hashlib.sha256))
        return hmac.compare_digest(headers.get(b"x-line-signature", b""), mac)

    return signed


class Floor:
    """The ASGI application."""

    def __init__(self, verify: Verify, insert: Insert) -> None:
        self._verify = verify
        self._insert = insert

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        """Serve one request."""
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        status = 401
        if self._verify(dict(scope["headers"]), body):
            self._insert(body)
            status = 200
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


def main() -> None:
    """Serve until a signal comes; what to serve stands in the environment."""
    url, channel = os.environ["DATABASE_URL"], os.environ["FLOOR_CHANNEL"]
    is_sqlite = url.startswith("sqlite:///")
    insert = sqlite_insert(url.removeprefix("sqlite:///")) if is_sqlite else postgres_insert(url)
    app = Floor(verifier(channel, os.environ["FLOOR_SECRET"]), insert)
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    config = uvicorn.Config(
        app,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        log_config=None,
        lifespan="off",
        backlog=2048,
    )
    print(f"ready on http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    uvloop.run(uvicorn.Server(config).serve([listening]))


if __name__ == "__main__":
    main()
