"""Telegram's people: a secret in a header, one update a webhook."""

from __future__ import annotations

from typing import Any

import orjson

from bench.people import JSON, NOW, People
from bench.script import Spot


class TelegramPeople(People):
    """Everybody on Telegram."""

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
            "date": NOW,
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
        return 200, JSON, result % (number, NOW, int(chat_id))

    def _message(self, address: str, content: dict[str, Any]) -> bytes:
        number = self.next_number()
        message = {
            "message_id": number,
            "from": self._person(address),
            "chat": self._chat(address),
            "date": NOW,
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
