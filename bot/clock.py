"""Time, ids and chance: the only place that reads them, so that tests can hold them still."""

from __future__ import annotations

import random
import secrets
import time
import uuid
from datetime import UTC, datetime
from typing import Protocol

LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Letters and digits that nobody takes for one another when reading aloud or from paper (no I, L, O, U, 0, 1)."""


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """The time of day, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""


class Ids(Protocol):
    """Fresh ids and drawn numbers."""

    def uuid(self) -> str:
        """A UUID in its usual form of 36 characters."""

    def token(self, n_bytes: int) -> str:
        """An unguessable string of this many random bytes, URL-safe."""

    def short(self, n: int) -> str:
        """`n` unguessable letters and digits without look-alikes."""

    def between(self, low: float, high: float) -> float:
        """A number drawn evenly from a range, both ends included."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The time of day, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""
        return time.monotonic()


class RandomIds:
    """Ids from the operating system's random source."""

    def uuid(self) -> str:
        """A version 4 UUID."""
        return str(uuid.uuid4())

    def token(self, n_bytes: int) -> str:
        """An unguessable string of this many random bytes, URL-safe."""
        return secrets.token_urlsafe(n_bytes)

    def short(self, n: int) -> str:
        """`n` unguessable letters and digits without look-alikes."""
        return "".join(secrets.choice(LETTERS) for _ in range(n))

    def between(self, low: float, high: float) -> float:
        """A number drawn evenly from a range (from the system's source: a delay must not be predictable)."""
        return random.SystemRandom().uniform(low, high)
