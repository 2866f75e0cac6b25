"""The people of both platforms: their webhooks as bytes, and the fake API that hears what the bot answers.

A fake lives in the load generator's own process. It keeps no state but counters, and answers what each platform would
answer to a call that pleases it; that calls are right is proved by the tests with their stateful fakes.
"""

from __future__ import annotations

import asyncio
import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from time import perf_counter

from bench.script import Spot, Step, kinds

JSON = b"application/json"
_DRAFT = re.compile(rb"\"r:(\w+):")
NOW = 1_790_000_000
"""Seconds since 1970 in the webhooks; nothing reads it."""

Arrived = tuple[float, bytes]
"""When a call arrived (perf_counter), and the draft that its buttons name (empty if none)."""


class People(ABC):
    """Everybody on one platform. `calls` counts API calls by kind; `heard` has the last call for each chat."""

    name: str
    member = ""
    """Platform id of somebody in a group."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.heard: dict[str, bytes] = {}
        self._waiting: dict[str, tuple[Callable[[bytes], bool], asyncio.Future[Arrived]]] = {}
        self._numbers = 0
        self._kinds = kinds()

    def next_number(self) -> int:
        """A number that was not used before."""
        self._numbers += 1
        return self._numbers

    def expects(self, address: str, right: Callable[[bytes], bool]) -> asyncio.Future[Arrived]:
        """Resolved when a call that is `right` arrives for this chat. Ask before doing what causes it."""
        future: asyncio.Future[Arrived] = asyncio.get_running_loop().create_future()
        self._waiting[address] = right, future
        return future

    def _arrived(self, address: str, body: bytes) -> None:
        now = perf_counter()
        self.heard[address] = body
        right, future = self._waiting.get(address, (None, None))
        if right is None or future is None or not right(body):
            return
        del self._waiting[address]
        if not future.done():
            future.set_result((now, self.draft_of(address)))

    def still_waiting(self) -> int:
        """How many chats expect a call that has not come."""
        return len(self._waiting)

    def draft_of(self, address: str) -> bytes:
        """The draft that the last call's buttons name; empty if none."""
        found = _DRAFT.search(self.heard.get(address, b""))
        return found[1] if found else b""

    def act(self, person: int, spot: Spot, step: Step, draft: bytes) -> bytes:
        """The webhook of a villager's step."""
        address = self.address(person)
        if step.tap:
            answer = step.tap.format(kind=self._kinds[person % len(self._kinds)])
            return self.taps(address, f"r:{draft.decode()}:{answer}")
        if step.here:
            return self.shares(address, spot)
        return self.says(address, step.say)

    def head(self, body: bytes) -> bytes:
        """The request's head for this body, up to its length."""
        return b"POST /webhooks/%b HTTP/1.1\r\nHost: bot\r\nContent-Type: application/json\r\n%b" % (
            self.name.encode(),
            self.proof(body),
        )

    @abstractmethod
    def address(self, person: int) -> str:
        """A person's chat."""

    @abstractmethod
    def group(self, number: int) -> str:
        """A group's chat."""

    @abstractmethod
    def settings(self, api_url: str) -> dict[str, str]:
        """The server's environment for this platform."""

    @abstractmethod
    def proof(self, body: bytes) -> bytes:
        """The header line by which the server knows the platform."""

    @abstractmethod
    def says(self, address: str, text: str) -> bytes:
        """Somebody writes."""

    @abstractmethod
    def taps(self, address: str, value: str) -> bytes:
        """Somebody taps a button."""

    @abstractmethod
    def shares(self, address: str, spot: Spot) -> bytes:
        """Somebody shares a location."""

    @abstractmethod
    def answer(self, method: bytes, path: bytes, body: bytes) -> tuple[int, bytes, bytes]:
        """The fake API."""
