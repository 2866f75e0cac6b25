"""Collects texts for the catalogues: `T("…")` and `L("…")` in Python, "label" and "text" in the data files.

Labels of buttons get a comment with their limit; translators read it and tests/locales checks by it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

from babel.messages.extract import extract_python

LABEL_LIMIT = 20
"""Grapheme clusters of a LINE quick reply's label (LINE Messaging API, quick reply action)."""

LABEL_COMMENT = "Button: at most {limit} letters as one sees them, emoji and spaces included."

SYNONYMS_COMMENT = (
    "Words that people may type instead of tapping, separated by |: natural ones of your language, as many as "
    "you like. Only the first is ever shown; a message counts only if it is exactly one of them."
)

Found = tuple[int, str | None, Any, list[Any]]
"""Line, keyword, text, comments: what Babel wants of an extractor."""


def from_python(
    file: IO[bytes], keywords: Mapping[str, Any], tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Found]:
    """As Babel does it, and a comment at each label."""
    found: Iterator[Found] = extract_python(file, keywords, tags, options)  # type: ignore[arg-type,assignment]
    for line, keyword, text, comments in found:
        hints = [label_comment(LABEL_LIMIT)] if keyword == "L" else []
        if "|" in str(text):
            hints.append(SYNONYMS_COMMENT)
        yield line, keyword, text, comments + hints


def from_json(
    file: IO[bytes], keywords: Mapping[str, Any], tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Found]:
    """Every "label" (of a button; an "emoji" apart from it takes room) and every "text", at any depth.

    "translators" beside them is the translators' comment."""
    yield from _labelled(json.load(file))


def _labelled(node: Any) -> Iterator[Found]:
    if isinstance(node, dict):
        remarks = [f"Translators: {node['translators']}"] if "translators" in node else []
        if isinstance(node.get("label"), str):
            apart = node.get("emoji") and not node["label"].startswith(node["emoji"])
            yield 1, None, node["label"], [*remarks, label_comment(LABEL_LIMIT - (2 if apart else 0))]
        if isinstance(node.get("text"), str):
            yield 1, None, node["text"], remarks
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _labelled(child)


def label_comment(limit: int) -> str:
    """What a translator is told about a button's label."""
    return LABEL_COMMENT.format(limit=limit)


def label_limit(comments: Collection[str]) -> int | None:
    """The limit that the comments of a catalogue entry name; the smallest one where the label is used twice."""
    start, end = LABEL_COMMENT.split("{limit}")
    joined = " ".join(comments)
    limits = [int(piece.split(end)[0]) for piece in joined.split(start)[1:]]
    return min(limits, default=None)
