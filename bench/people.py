"""The people of both platforms: their webhooks as bytes, and the fake API that hears what the bot answers.

A fake lives in the load generator's own process. It keeps no state but counters, and answers what each platform would
answer to a call that pleases it; that calls are right is proved by the tests with their stateful fakes.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from time import perf_counter
from typing import Any

import orjson

from bench.script import Spot, Step, kinds

JSON = b"application/json"
_DRAFT = re.compile(rb"\"r:(\w+):")
_NOW = 1_790_000_000
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


class TelegramPeople(People):
    """Telegram: a secret in a header, one update a webhook."""

    name = "telegram"
    token = "100200300:bench-token-of-nobody"
    secret = "bench-webhook-secret"

    def address(self, person: int) -> str:
        """A person's chat."""
        return str(500_000_000 + person)

    def group(self, number: int) -> str:
        """A group's chat."""
        return str(-1_001_000_000_000 - number)

    def settings(self, api_url: str) -> dict[str, str]:
        """The server's environment."""
        return {
            "TELEGRAM_BOT_TOKEN": self.token,
            "TELEGRAM_WEBHOOK_SECRET": self.secret,
            "TELEGRAM_API_URL": api_url,
        }

    def proof(self, body: bytes) -> bytes:
        """The secret."""
        return b"X-Telegram-Bot-Api-Secret-Token: %b\r\n" % self.secret.encode()

    def says(self, address: str, text: str) -> bytes:
        """Somebody writes."""
        command = {"entities": [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]}
        return self._message(address, {"text": text, **(command if text.startswith("/") else {})})

    def shares(self, address: str, spot: Spot) -> bytes:
        """Somebody shares a location."""
        return self._message(address, {"location": {"latitude": spot.latitude, "longitude": spot.longitude}})

    def taps(self, address: str, value: str) -> bytes:
        """Somebody taps a button; Telegram sends the button's message along."""
        number = self.next_number()
        keys = [[{"text": f"button {n}", "callback_data": value}] for n in range(4)]
        shown = {
            "message_id": number,
            "from": {"id": 100200300, "is_bot": True, "first_name": "Watch", "username": "watch_bot"},
            "chat": self._chat(address),
            "date": _NOW,
            "text": "The question to which these buttons belong, as it stands in the chat.",
            "reply_markup": {"inline_keyboard": keys},
        }
        tap = {"id": str(number), "from": self._person(address), "message": shown, "chat_instance": "1", "data": value}
        return orjson.dumps({"update_id": number, "callback_query": tap})

    def answer(self, method: bytes, path: bytes, body: bytes) -> tuple[int, bytes, bytes]:
        """The fake Bot API."""
        call = path.rpartition(b"/")[2].decode()
        self.calls[call] += 1
        number = self.next_number()
        if call not in ("sendMessage", "editMessageText"):
            return 200, JSON, b'{"ok":true,"result":true}'
        chat_id = orjson.loads(body)["chat_id"]
        self._arrived(str(chat_id), body)
        result = b'{"ok":true,"result":{"message_id":%d,"date":%d,"chat":{"id":%d,"type":"private"},"text":"-"}}'
        return 200, JSON, result % (number, _NOW, int(chat_id))

    def _message(self, address: str, content: dict[str, Any]) -> bytes:
        number = self.next_number()
        message = {
            "message_id": number,
            "from": self._person(address),
            "chat": self._chat(address),
            "date": _NOW,
            **content,
        }
        return orjson.dumps({"update_id": number, "message": message})

    def _person(self, address: str) -> dict[str, Any]:
        own = int(address) if int(address) > 0 else 400_000_000
        return {"id": own, "is_bot": False, "first_name": "Somebody", "language_code": "th"}

    def _chat(self, address: str) -> dict[str, Any]:
        number = int(address)
        if number > 0:
            return {"id": number, "first_name": "Somebody", "type": "private"}
        return {"id": number, "title": "A district", "type": "supergroup"}


class LinePeople(People):
    """LINE: a signature over the body, events in a list, reply tokens."""

    name = "line"
    secret = "0123456789abcdef0123456789abcdef"
    member = f"U{'e' * 32}"

    def __init__(self) -> None:
        """`replied` and `pushed` count calls, `objects` the messages in them, by chat."""
        super().__init__()
        self.replied: Counter[str] = Counter()
        self.pushed: Counter[str] = Counter()
        self.objects: Counter[str] = Counter()
        self._tokens: dict[str, str] = {}
        self.content = b""
        """What every photo holds."""

    def address(self, person: int) -> str:
        """A person's chat."""
        return f"U{person:032x}"

    def group(self, number: int) -> str:
        """A group's chat."""
        return f"C{number:032x}"

    def settings(self, api_url: str) -> dict[str, str]:
        """The server's environment."""
        return {
            "LINE_CHANNEL_SECRET": self.secret,
            "LINE_CHANNEL_ACCESS_TOKEN": "bench-access-token-of-nobody",
            "LINE_API_URL": api_url,
            "LINE_DATA_API_URL": api_url,
        }

    def proof(self, body: bytes) -> bytes:
        """The signature."""
        mac = hmac.digest(self.secret.encode(), body, hashlib.sha256)
        return b"X-Line-Signature: %b\r\n" % base64.b64encode(mac)

    def says(self, address: str, text: str) -> bytes:
        """Somebody writes."""
        return self._sends(address, {"type": "text", "text": text, "quoteToken": "q" * 80})

    def quotes(self, address: str, text: str, message_id: str) -> bytes:
        """Somebody answers a message by quoting it."""
        return self._sends(address, {"type": "text", "text": text, "quoteToken": "q", "quotedMessageId": message_id})

    def shares(self, address: str, spot: Spot) -> bytes:
        """Somebody shares a location."""
        where = {"latitude": spot.latitude, "longitude": spot.longitude, "address": "by the river"}
        return self._sends(address, {"type": "location", **where})

    def photographs(self, address: str) -> bytes:
        """Somebody sends a photo."""
        return self._sends(address, {"type": "image", "contentProvider": {"type": "line"}, "quoteToken": "q"})

    def taps(self, address: str, value: str) -> bytes:
        """Somebody taps a button."""
        return self._event(address, {"type": "postback", "postback": {"data": value}})

    def answer(self, method: bytes, path: bytes, body: bytes) -> tuple[int, bytes, bytes]:
        """The fake Messaging API."""
        call = path.decode()
        if call.endswith("/message/reply"):
            self.calls["reply"] += 1
            address = self._tokens.pop(orjson.loads(body)["replyToken"], "")
            if not address:
                return 400, JSON, b'{"message":"Invalid reply token"}'
            self.replied[address] += 1
            return self._sent(address, body)
        if call.endswith("/message/push"):
            self.calls["push"] += 1
            address = orjson.loads(body)["to"]
            self.pushed[address] += 1
            return self._sent(address, body)
        return self._other(method, call)

    def _sent(self, address: str, body: bytes) -> tuple[int, bytes, bytes]:
        self._arrived(address, body)
        ids = [{"id": str(self.next_number())} for _ in orjson.loads(body)["messages"]]
        self.objects[address] += len(ids)
        return 200, JSON, orjson.dumps({"sentMessages": ids})

    def _other(self, method: bytes, call: str) -> tuple[int, bytes, bytes]:
        if call.endswith("/content"):
            self.calls["content"] += 1
            return 200, b"image/jpeg", self.content
        if "/richmenu/" in call:
            self.calls["rich menu"] += 1
            return (200, JSON, b'{"richMenuId":"richmenu-1"}') if method == b"GET" else (200, JSON, b"{}")
        self.calls["other"] += 1
        return 200, JSON, b'{"displayName":"Anan"}'

    def _sends(self, address: str, message: dict[str, Any]) -> bytes:
        return self._event(address, {"type": "message", "message": {"id": str(self.next_number()), **message}})

    def _event(self, address: str, event: dict[str, Any]) -> bytes:
        number = self.next_number()
        token = f"{number:032x}"
        self._tokens[token] = address
        group = address.startswith("C")
        source = {"type": "user", "userId": self.member if group else address}
        if group:
            source |= {"type": "group", "groupId": address}
        whole = {
            **event,
            "webhookEventId": f"{number:026d}",
            "deliveryContext": {"isRedelivery": False},
            "timestamp": _NOW * 1000,
            "source": source,
            "replyToken": token,
            "mode": "active",
        }
        return orjson.dumps({"destination": f"U{'d' * 32}", "events": [whole]})
