"""What to do about a call that did not go out. Decides, never does.

limited   as long as the platform says, at least the back-off
retry     back-off
unclear   back-off where repeating is safe; a few more tries for an alert (rather twice than lost), none for other words
moved     at once, to the new address
refused   given up      gone  given up      harmless  dropped without a word

After MAX_ATTEMPTS a call is given up, unless it is an alert: somebody's report is never lost because a platform was down,
a quota used up or a token wrong for a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.base import SendError

MAX_ATTEMPTS = 12
UNCLEAR_ATTEMPTS = 4
"""Tries of an alert that may be out already, on a platform that would show it again."""
LONGEST_WAIT_S = 300.0
JITTER = 0.2
"""Waits are stretched by up to this share, so that a platform that comes back is not hit by all rows at once."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again at this time."""

    at: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It will never go out; the operator should know why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Drop:
    """There is nothing left to do, and nobody misses anything."""


Decision = Retry | GiveUp | Drop


@dataclass(frozen=True, slots=True)
class Call:
    """The nature of the call that failed.

    alert        somebody waits for it at the centre: a double is better than a loss
    repeatable   the platform recognises a repetition (LINE's retry key, a reply token that is used up)
    """

    alert: bool = False
    repeatable: bool = False


def backoff(attempts: int, jitter: float) -> float:
    """Seconds to wait after this many attempts: 1, 2, 4 … 300, stretched by `jitter` (0 to 1) times `JITTER`."""
    plain = min(2.0 ** max(attempts - 1, 0), LONGEST_WAIT_S)
    return plain * (1 + JITTER * jitter)


def decide(error: SendError, attempts: int, now: datetime, jitter: float, call: Call = Call()) -> Decision:
    """What to do after `attempts` attempts, the last of which ended with `error`. `jitter` is drawn from 0 to 1."""
    if error.kind == "harmless":
        return Drop()
    if error.kind in ("refused", "gone"):
        return GiveUp(f"{error.kind}: {error.detail}" if error.detail else error.kind)
    if attempts >= MAX_ATTEMPTS and not call.alert:
        return GiveUp(f"{error.kind} after {attempts} attempts: {error.detail}")
    if error.kind == "moved":
        return Retry(now)
    if error.kind == "unclear" and not call.repeatable and (not call.alert or attempts >= UNCLEAR_ATTEMPTS):
        return GiveUp("unclear: it may be out, and a repetition would show it twice")
    return Retry(now + timedelta(seconds=max(backoff(attempts, jitter), error.retry_after)))
