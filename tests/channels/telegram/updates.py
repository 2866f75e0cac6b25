"""Updates as tests write them: only what matters, the rest as Telegram would fill it."""

from __future__ import annotations

from typing import Any

from bot.channels.base import Parsed, RawEvent
from bot.channels.telegram.parse import Parser, raw_event

BOT_ID = 123456
TOKEN = f"{BOT_ID}:the-token-of-a-test"
SECRET = "the-secret-of-a-test"
PERSON = 700000001
GROUP = -1001234567890

BOT = {"id": BOT_ID, "is_bot": True, "first_name": "Report Bot", "username": "report_bot"}
SOMCHAI = {"id": PERSON, "is_bot": False, "first_name": "Somchai", "language_code": "lo"}
OFFICER = {"id": 700000002, "is_bot": False, "first_name": "Mali", "last_name": "Dee", "language_code": "en"}
CARD = {"message_id": 501, "from": BOT, "date": 1795250000, "text": "card"}


def private(**content: Any) -> dict[str, Any]:
    """A private message."""
    message = {"message_id": 10, "from": SOMCHAI, "chat": {"id": PERSON, "type": "private"}, "date": 1, **content}
    return {"update_id": 1, "message": message}


def in_group(**content: Any) -> dict[str, Any]:
    """A message in a group."""
    message = {"message_id": 30, "from": OFFICER, "chat": {"id": GROUP, "type": "supergroup"}, "date": 1, **content}
    return {"update_id": 2, "message": message}


def membership(chat: dict[str, Any], was: dict[str, Any] | str, now: dict[str, Any] | str) -> dict[str, Any]:
    """The bot's own membership changed."""
    old, new = ({"status": s} if isinstance(s, str) else s for s in (was, now))
    change = {"chat": chat, "from": OFFICER, "date": 1, "old_chat_member": old, "new_chat_member": new}
    return {"update_id": 3, "my_chat_member": change}


def event_of(update: dict[str, Any]) -> RawEvent:
    """The update as an event; it must have a chat."""
    raw = raw_event(update)
    assert raw is not None
    return raw


def parsed(update: dict[str, Any], username: str = "") -> Parsed:
    """What the update means; media get the id "m"."""
    return Parser(BOT_ID, username).parse(event_of(update), lambda: "m")
