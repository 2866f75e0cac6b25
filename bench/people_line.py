"""LINE's people: a signature over the body, events in a list, reply tokens that are good once."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections import Counter
from typing import Any

import orjson

from bench.people import JSON, NOW, People
from bench.script import Spot


class LinePeople(People):
    """Everybody on LINE."""

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
            "timestamp": NOW * 1000,
            "source": source,
            "replyToken": token,
            "mode": "active",
        }
        return orjson.dumps({"destination": f"U{'d' * 32}", "events": [whole]})
