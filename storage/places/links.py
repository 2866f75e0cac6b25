"""The links behind a village's poster: one opens the bot on Telegram, one on LINE, and each tells it the village.

Telegram: https://core.telegram.org/bots/features#deep-linking. LINE, on phones only:
https://developers.line.biz/en/docs/messaging-api/using-line-url-scheme/.
"""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import quote

from handlers.village_link import Language, line_text, start_payload

_TELEGRAM = re.compile(r"(?:https://t\.me/|@)?([A-Za-z][A-Za-z0-9_]{3,31})", re.ASCII)
_LINE = re.compile(r"@?([A-Za-z0-9][A-Za-z0-9._-]{1,31})", re.ASCII)
"""LINE gives ids of up to 20 characters and has more than once allowed more; we only keep out what is no id."""


class NoName(ValueError):
    """One line for an operator: why this names no bot."""


def telegram_link(bot: str, code: str, language: Language | Literal[""] = "") -> str:
    """A link that opens the bot and sends it the village. `bot`: its user name. Raises `NoName`."""
    name = _TELEGRAM.fullmatch(bot.strip())
    if name is None:
        raise NoName("is no name of a Telegram bot, such as mekong_bot")
    return f"https://t.me/{name[1]}?start={start_payload(code, language)}"


def line_link(account: str, code: str, language: Language | Literal[""] = "") -> str:
    """A link that opens the account's chat with the village's words in the message field, for the person to send.
    `account`: its basic or premium id. Raises `NoName`."""
    name = _LINE.fullmatch(account.strip())
    if name is None:
        raise NoName("is no id of a LINE account, such as @123abcde")
    return f"https://line.me/R/oaMessage/{quote('@' + name[1], safe='')}/?{quote(line_text(code, language), safe='')}"
