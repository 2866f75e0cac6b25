"""Payloads in LINE's form, written here so that the tests also run without ../shared."""

from __future__ import annotations

import itertools
from typing import Any

from bot.channels.base import RawEvent, Shown, ShownChoice

PERSON = "U" + "1" * 32
OFFICER = "U" + "2" * 32
GROUP = "C" + "3" * 32
ROOM = "R" + "4" * 32

Object = dict[str, Any]


def event(kind: str, source: str = PERSON, user: str = "", **fields: Any) -> Object:
    """A webhook event."""
    where: Object = {"type": "user", "userId": source}
    if source[0] == "C":
        where = {"type": "group", "groupId": source}
    elif source[0] == "R":
        where = {"type": "room", "roomId": source}
    if user:
        where["userId"] = user
    fixed = {"mode": "active", "timestamp": 1795250000000, "webhookEventId": "01K9ZQ4YJH0000000000000001"}
    return {"type": kind, "source": where, "deliveryContext": {"isRedelivery": False}, **fixed, **fields}


def message(kind: str, source: str = PERSON, user: str = "", **fields: Any) -> Object:
    """A message event."""
    return event("message", source, user, replyToken="token", message={"id": "575", "type": kind, **fields})


def raw(event: Object) -> RawEvent:
    """The event as `accept` hands it on."""
    address = next(event["source"][name] for name in ("groupId", "roomId", "userId") if name in event["source"])
    return RawEvent(event["webhookEventId"], address, event["source"]["type"] != "user", event)


def ids() -> Any:
    """m1, m2, …"""
    numbers = itertools.count(1)
    return lambda: f"m{next(numbers)}"


def choices(*labels: str, prefix: str = "r:d1:kind:") -> tuple[ShownChoice, ...]:
    """Answers with these labels."""
    return tuple(ShownChoice(f"{prefix}{n}", label) for n, label in enumerate(labels, 1))


def question(text: str, *labels: str) -> Shown:
    """A question with answers."""
    return Shown(text, choices=choices(*labels))
