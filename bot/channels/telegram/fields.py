"""Tolerant readers for JSON that somebody else wrote: a missing or wrongly typed field is empty, never an error."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

_EMPTY: Mapping[str, Any] = {}


def record(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object under `name`, or an empty one."""
    value = of.get(name)
    return value if isinstance(value, dict) else _EMPTY


def records(of: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], ...]:
    """The objects of the list under `name`; whatever else stands in it is left out."""
    value = of.get(name)
    return tuple(item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()


def words(of: Mapping[str, Any], name: str) -> str:
    """The string under `name`, or ""."""
    value = of.get(name)
    return value if isinstance(value, str) else ""


def whole(of: Mapping[str, Any], name: str) -> int | None:
    """The integer under `name` (a boolean is none), or None."""
    value = of.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def number(of: Mapping[str, Any], name: str) -> float | None:
    """The finite number under `name`, or None."""
    value = of.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None
