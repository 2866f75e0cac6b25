"""Lengths as LINE counts them, and cutting that never breaks a letter.

LINE counts message texts in UTF-16 units and labels in grapheme clusters (developers.line.biz, "Character counting in a
text"): a Thai or Khmer syllable of several code points is one cluster, an emoji of the upper planes is two units.
"""

from __future__ import annotations

import regex

ELLIPSIS = "…"
_CLUSTER = regex.compile(r"\X")


def units(text: str) -> int:
    """Number of UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clusters(text: str) -> list[str]:
    """The text's grapheme clusters, in order."""
    return _CLUSTER.findall(text)


def cut_clusters(text: str, limit: int) -> str:
    """The text in at most `limit` clusters; what is cut off shows as "…"."""
    if len(text) <= limit:
        return text
    found = clusters(text)
    return text if len(found) <= limit else "".join(found[: limit - 1]).rstrip() + ELLIPSIS


def cut_units(text: str, limit: int) -> str:
    """The text in at most `limit` UTF-16 units, cut between clusters; what is cut off shows as "…"."""
    return text if 2 * len(text) <= limit or units(text) <= limit else _head(text, limit - 1).rstrip() + ELLIPSIS


def split_units(text: str, limit: int) -> list[str]:
    """The text in pieces of at most `limit` UTF-16 units, parted at a paragraph, else a line, else a space, else
    between two clusters. Pieces are stripped; empty ones are left out."""
    pieces = []
    rest = text.strip()
    while units(rest) > limit:
        head = _head(rest, limit)
        # A break in the first half would leave pieces too small: then the next finer kind of break is used.
        breaks = (head.rfind(mark) for mark in ("\n\n", "\n", " "))
        cut = next((at for at in breaks if at > len(head) // 2), len(head))
        pieces.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [piece for piece in (*pieces, rest) if piece]


def _head(text: str, limit: int) -> str:
    """The longest beginning of whole clusters within `limit` units; at least one code point, so that cutting ends even
    for a single cluster of absurd length."""
    used = 0
    end = 0
    for found in _CLUSTER.finditer(text):
        used += units(found.group())
        if used > limit:
            break
        end = found.end()
    return text[:end] if end else text[: max(1, limit // 2)]
