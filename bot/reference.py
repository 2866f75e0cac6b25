"""The deployment's data files: incident kinds, and emergency numbers with the page and day they were checked against.

Their English words ("label" of a button, "text" elsewhere) are catalogue entries; `babel.cfg` collects them.
"""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from handlers.messages import Text
from handlers.world import Hotline, Kind

RECHECK_AFTER = timedelta(days=180)
"""Emergency numbers change; after this time somebody should look again."""

_KEY = re.compile(r"[a-z_]{1,16}")  # it travels in callback data, of which Telegram allows 64 bytes


class BadReference(Exception):
    """A data file does not hold together. The text is one line for the operator."""


def kinds() -> tuple[Kind, ...]:
    """The incident kinds in the order in which they are offered."""
    return kinds_from(_read("kinds.json"))


def kinds_from(rows: list[dict[str, Any]]) -> tuple[Kind, ...]:
    """Kinds from plain data. Raises `BadReference` for a missing field, or a key that cannot be a button's value."""
    try:
        found = tuple(Kind(row["key"], row["emoji"], Text(row["label"])) for row in rows)
    except KeyError as missing:
        raise BadReference(f"kinds.json: an entry has no {missing}") from None
    keys = [kind.key for kind in found]
    if not keys or len(set(keys)) < len(keys) or not all(_KEY.fullmatch(key) for key in keys):
        raise BadReference("kinds.json: keys must be different and of 1 to 16 letters a-z and _")
    return found


def hotlines() -> tuple[Hotline, ...]:
    """The emergency numbers, the most urgent first."""
    return tuple(
        Hotline(row["number"], Text(row["text"]), row["country"], row.get("first", False))
        for row in _read("hotlines.json")
    )


def outdated_hotlines(today: date) -> tuple[Hotline, ...]:
    """The numbers that nobody has checked for half a year, for `doctor` to name."""
    checked = (date.fromisoformat(row["checked_on"]) for row in _read("hotlines.json"))
    return tuple(line for line, day in zip(hotlines(), checked, strict=True) if today - day > RECHECK_AFTER)


@cache
def _read(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((files("bot") / "data" / name).read_text(encoding="utf-8"))
    return rows
