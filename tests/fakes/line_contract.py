"""What LINE would refuse: its published contract, where ../shared is there, and the limits that no schema holds."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import regex

from tests.shared import SHARED

BUBBLE_BYTES = 30 * 1024
CAROUSEL_BUBBLES_BYTES = 50 * 1024


@cache
def _checker() -> Any:
    assert SHARED is not None
    spec = importlib.util.spec_from_file_location("check_contract", SHARED / "tools" / "check_contract.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def problems_of(schema: str, body: Any, side: str = "api") -> list[str]:
    """Problems of a request body; empty if LINE would take it."""
    found = [] if SHARED is None else list(_checker().line_object(schema, body, side=side))
    if not isinstance(body, dict):
        return [*found, f"{schema}: no object"]
    messages = body.get("messages", [])
    if "messages" in body and not 1 <= len(messages) <= 5:
        found.append(f"{len(messages)} messages")
    return [*found, *(problem for message in messages for problem in _message_problems(message))]


def _message_problems(message: Any) -> Iterator[str]:
    if message["type"] == "text" and not 1 <= _units(message["text"]) <= 5000:
        yield f"text of {_units(message['text'])} units"
    if message["type"] == "flex":
        if not 1 <= _units(message["altText"]) <= 1500:
            yield "altText too long or empty"
        contents = message["contents"]
        carousel = contents["type"] == "carousel"
        bubbles = contents["contents"] if carousel else [contents]
        for bubble in bubbles:
            if len(json.dumps(bubble, ensure_ascii=False).encode()) > BUBBLE_BYTES:
                yield "bubble over 30 KB"
        if carousel and len(json.dumps(contents, ensure_ascii=False).encode()) > CAROUSEL_BUBBLES_BYTES:
            yield "carousel over 50 KB"
        yield from _flex_problems(contents)
    items = message.get("quickReply", {}).get("items", [])
    if "quickReply" in message and not 1 <= len(items) <= 13:
        yield f"{len(items)} quick replies"
    for item in items:
        yield from _action_problems(item["action"], 20)


def _flex_problems(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _flex_problems(item)
    elif isinstance(node, dict):
        if node.get("type") == "text" and not node.get("text"):
            yield "empty Flex text"
        if node.get("type") == "box" and not node.get("contents"):
            yield "empty Flex box"
        if node.get("type") == "image" and not node["url"].startswith("https://"):
            yield "Flex image without HTTPS"
        if isinstance(node.get("action"), dict):
            yield from _action_problems(node["action"], 40)
        for key, value in node.items():
            if key != "action":
                yield from _flex_problems(value)


def _action_problems(action: Any, label_limit: int) -> Iterator[str]:
    label = action.get("label", "")
    if not 1 <= len(regex.findall(r"\X", label)) <= label_limit:
        yield f"label {label!r} is empty or over {label_limit}"
    if action["type"] == "postback" and _units(action.get("displayText", "-")) > 300:
        yield "displayText over 300"
    if action["type"] == "uri" and (len(action["uri"]) > 1000 or not action["uri"].isascii()):
        yield "uri over 1000 characters or not ASCII"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
