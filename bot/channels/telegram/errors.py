"""What Telegram's refusals mean for delivery. Details are our own words, since Telegram's may quote what was sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.channels.base import SendError
from bot.channels.telegram.fields import number, record, whole, words

EDIT_TARGET_GONE = "nothing to edit"
REPLY_TARGET_GONE = "replied message gone"
TOPIC_GONE = "topic gone"
FILE_TOO_BIG = "file too big"

_HARMLESS = (
    "message is not modified",
    "query is too old",
    "message to delete not found",
)
_EDIT_TARGET_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_REPLY_TARGET_GONE = ("message to be replied not found", "replied message not found", "message to reply not found")
_TOPIC_GONE = ("message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")
_UNREACHABLE = (
    "chat not found",
    "peer_id_invalid",
    "group chat was deactivated",
    "user not found",
    "bot is not a member",
    "chat_id is empty",
)

_CONSTANT = re.compile(r"\b[A-Z]{3,}(?:_[A-Z]+)+\b")
"""Telegram's own error names, such as BUTTON_URL_INVALID: the only part of a description that is safe to repeat."""


SETTINGS_WAIT_S = 60.0


def send_error(status: int, answer: Mapping[str, Any]) -> SendError:
    """What an answer with "ok": false means. `answer` may be empty when the body was no JSON of Telegram's."""
    code = whole(answer, "error_code") or status
    parameters = record(answer, "parameters")
    moved_to = whole(parameters, "migrate_to_chat_id")
    if moved_to is not None:
        return SendError("moved", "group became a supergroup", moved_to=str(moved_to))
    if code == 429:
        return SendError(
            "limited", "429 too many requests", retry_after=max(number(parameters, "retry_after") or 1.0, 0.0)
        )
    if code == 403:
        return SendError("gone", "403 blocked, removed or deleted")
    if code in (401, 404):
        # the operator's affair, not the message's: it goes out once the token is right
        return SendError("retry", f"{code} is TELEGRAM_BOT_TOKEN right?", retry_after=SETTINGS_WAIT_S)
    if code == 504:
        return SendError("unclear", "504 the gateway gave up waiting")
    if code >= 500:
        return SendError("retry", f"{code} server error")
    return _bad_request(code, words(answer, "description"))


def _bad_request(code: int, description: str) -> SendError:
    said = description.lower()
    if any(phrase in said for phrase in _HARMLESS):
        return SendError("harmless", f"{code} nothing to do")
    if any(phrase in said for phrase in _EDIT_TARGET_GONE):
        return SendError("harmless", EDIT_TARGET_GONE)
    if any(phrase in said for phrase in _REPLY_TARGET_GONE):
        return SendError("refused", REPLY_TARGET_GONE)
    if any(phrase in said for phrase in _TOPIC_GONE):
        return SendError("refused", TOPIC_GONE)
    if any(phrase in said for phrase in _UNREACHABLE):
        return SendError("gone", f"{code} chat not found")
    if "file is too big" in said:
        return SendError("refused", FILE_TOO_BIG)
    if "file is temporarily unavailable" in said:
        return SendError("retry", f"{code} file not available now")
    constant = _CONSTANT.search(description)
    return SendError("refused", f"{code} {constant[0] if constant else 'not accepted'}")
