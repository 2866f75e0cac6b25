"""The grammar of callback data: what a tap carries through the platform and back.

    r:<draft>:<step>:<answer>     an answer to a question of the reporter's conversation
    q:<CODE>:<number>:<answer>    an answer to the centre's question, or something else about an own case (number 0)
    g:<verb>:<CODE>[:<more>]      an officer's action in the group
    h:<verb>:<CODE>               a coordinator's answer to an alert

All of it is ASCII and at most 64 bytes (Telegram's limit). Anybody can send any data: a value that does not parse, or
that names a draft, step or case which is not at hand, means nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from handlers.session import Session

NO_DRAFT = "0"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A parsed value. For "r": `key` is the draft, `verb` the step; for "q": `key` the case, `verb` the question's
    number; for "g" and "h": `key` the case, `verb` the action. `answer` is the rest."""

    role: Literal["r", "q", "g", "h"]
    key: str
    verb: str
    answer: str = ""


def of_step(session: Session, step: str, answer: str) -> str:
    """The value of a choice that answers `step` in this conversation's draft."""
    return f"r:{session.draft.id if session.draft else NO_DRAFT}:{step}:{answer}"


def of_case(code: str, number: int, answer: str) -> str:
    """The value of a choice by which a reporter answers about an own case."""
    return f"q:{code}:{number}:{answer}"


def of_group(verb: str, code: str, more: str = "") -> str:
    """The value of a choice by which an officer acts on a case."""
    return f"g:{verb}:{code}:{more}" if more else f"g:{verb}:{code}"


def of_coordinator(verb: str, code: str) -> str:
    """The value of a choice by which a coordinator answers an alert."""
    return f"h:{verb}:{code}"


def parse(value: str) -> Pressed | None:
    """Read a value; None if it is not one of ours."""
    role, _, rest = value.partition(":")
    parts = rest.split(":", 2)
    if role in ("r", "q") and len(parts) == 3:
        return Pressed("r" if role == "r" else "q", parts[0], parts[1], parts[2])
    if role in ("g", "h") and len(parts) >= 2:
        return Pressed("g" if role == "g" else "h", parts[1], parts[0], parts[2] if len(parts) > 2 else "")
    return None
