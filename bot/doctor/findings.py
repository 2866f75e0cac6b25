"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "fault", "skipped"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `says`: what was found, or why nothing could be; `do`: how to mend it."""

    check: str
    state: State
    says: str
    do: str = ""


def ok(check: str, says: str) -> Finding:
    """All is well."""
    return Finding(check, "ok", says)


def warning(check: str, says: str, do: str) -> Finding:
    """It works, and somebody should look at it."""
    return Finding(check, "warning", says, do)


def fault(check: str, says: str, do: str) -> Finding:
    """It does not work."""
    return Finding(check, "fault", says, do)


def skipped(check: str, why: str) -> Finding:
    """It could not be looked at, or there is no need to."""
    return Finding(check, "skipped", why)


def span(seconds: float) -> str:
    """A length of time in its largest unit: "40 s", "3 min", "5 h", "2 days"."""
    size = abs(seconds)
    if size < 120:
        return f"{size:.0f} s"
    if size < 7200:
        return f"{size / 60:.0f} min"
    return f"{size / 3600:.0f} h" if size < 172_800 else f"{size / 86_400:.0f} days"


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 case", "2 cases"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
