"""The page's own words."""

from __future__ import annotations

from handlers.messages import Text

WORDS: dict[str, Text] = {}
