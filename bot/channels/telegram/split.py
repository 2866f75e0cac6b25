"""Cutting long texts where a reader would pause. Telegram counts code points, not UTF-16 units (it takes a text of 4096
emoji, others measured; only the offsets of entities are UTF-16), so Python's `len` is the right measure."""

from __future__ import annotations

import unicodedata

TEXT_LIMIT = 4096
"""Code points of a message's text (Bot API reference, sendMessage)."""

_PAUSES = ("\n\n", "\n", " ")
_ZERO_WIDTH_SPACE = "\u200b"
"""Khmer and Lao texts mark the ends of words with it."""
_JOINER = "\u200d"


def split(text: str, limit: int = TEXT_LIMIT) -> tuple[str, ...]:
    """The text in pieces of at most `limit` code points: cut between paragraphs, lines, words or letters."""
    pieces = []
    rest = text.strip()
    while len(rest) > limit:
        at = _cut(rest, limit)
        pieces.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    if rest:
        pieces.append(rest)
    return tuple(pieces)


def shorten(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis."""
    text = text.strip()
    return text if len(text) <= limit else split(text, limit - 1)[0] + "…"


def _cut(text: str, limit: int) -> int:
    """Where to cut: never in the first half, so that pieces stay few."""
    for pause in (*_PAUSES, _ZERO_WIDTH_SPACE):
        at = text.rfind(pause, limit // 2, limit)
        if at > 0:
            return at
    at = limit
    while at > limit // 2 and _continues(text, at):
        at -= 1
    return at


def _continues(text: str, at: int) -> bool:
    """Whether the character at `at` belongs to the one before it (a vowel sign, a tone mark, a joined emoji)."""
    return unicodedata.category(text[at]).startswith("M") or _JOINER in (text[at], text[at - 1])
