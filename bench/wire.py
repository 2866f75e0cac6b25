"""The least HTTP/1.1 that a load generator and a fake platform need, on bare asyncio protocols.

Both share two cores with the server that is measured, so they must cost next to nothing: bodies are bytes, a message is
looked at only as far as its length, connections stay open.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

END = b"\r\n\r\n"


class WireError(Exception):
    """The other side hung up, or answered what HTTP does not know."""


def _length(head: bytes) -> int:
    """Content-Length of a message; 0 without one. Neither side uses chunks for what is sent here."""
    at = head.lower().find(b"\r\ncontent-length:")
    if at < 0:
        return 0
    start = at + len(b"\r\ncontent-length:")
    end = head.find(b"\r\n", start)
    return int(head[start : end if end >= 0 else len(head)])


@dataclass(slots=True)
class _Cutter:
    """Cuts a stream into messages."""

    rest: bytes = b""

    def feed(self, data: bytes) -> None:
        self.rest = self.rest + data if self.rest else data

    def cut(self) -> tuple[bytes, bytes] | None:
        """Head and body of the next whole message."""
        end = self.rest.find(END)
        if end < 0:
            return None
        head, start = self.rest[:end], end + len(END)
        stop = start + _length(head)
        if len(self.rest) < stop:
            return None
        body, self.rest = self.rest[start:stop], self.rest[stop:]
        return head, body


class Caller(asyncio.Protocol):
    """One kept connection to the server that is measured; one request at a time."""

    def __init__(self) -> None:
        self._cutter = _Cutter()
        self._transport: asyncio.WriteTransport | None = None
        self._answer: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's transports are of no common class

    def data_received(self, data: bytes) -> None:
        """Tell the waiting caller the status."""
        self._cutter.feed(data)
        message = self._cutter.cut()
        if message and self._answer and not self._answer.done():
            self._answer.set_result(int(message[0][9:12]))

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody waits for ever."""
        self._transport = None
        if self._answer and not self._answer.done():
            self._answer.set_exception(WireError("the server hung up"))

    async def post(self, head: bytes, body: bytes) -> int:
        """Send a request whose head lacks only its length; the status of the answer."""
        if self._transport is None:
            raise WireError("the connection is closed")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(b"%bContent-Length: %d\r\n\r\n%b" % (head, len(body), body))
        return await self._answer

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


async def calling(port: int) -> Caller:
    """A connection to 127.0.0.1."""
    _, protocol = await asyncio.get_running_loop().create_connection(Caller, "127.0.0.1", port)
    return protocol


Answerer = Callable[[bytes, bytes, bytes], tuple[int, bytes, bytes]]
"""Method, path and body of a call -> status, content type and body of the answer."""


class Answering(asyncio.Protocol):
    """One connection to the fake platform."""

    def __init__(self, answer: Answerer) -> None:
        self._cutter = _Cutter()
        self._answer = answer
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's transports are of no common class

    def data_received(self, data: bytes) -> None:
        """Answer each whole request at once."""
        self._cutter.feed(data)
        while self._transport and (message := self._cutter.cut()):
            method, path, _ = message[0].split(b" ", 2)
            status, kind, body = self._answer(method, path, message[1])
            self._transport.write(
                b"HTTP/1.1 %d -\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b" % (status, kind, len(body), body)
            )


async def answering(answer: Answerer) -> tuple[asyncio.Server, int]:
    """A server on a port of the system's choice, and the port."""
    server = await asyncio.get_running_loop().create_server(lambda: Answering(answer), "127.0.0.1", 0, backlog=1024)
    port: int = server.sockets[0].getsockname()[1]
    return server, port
