"""Time that stands still until a test moves it, and ids that come out the same every time."""

from __future__ import annotations

import random  # noqa: TID251 - seeded, so that every run is the same
from datetime import UTC, datetime, timedelta
from uuid import UUID

from bot.clock import LETTERS

START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


class FixedClock:
    """A `bot.clock.Clock` that only moves when told to."""

    def __init__(self, start: datetime = START) -> None:
        self._start = self._now = start

    def now(self) -> datetime:
        """The time it was set to."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since the start."""
        return (self._now - self._start).total_seconds()

    def advance(self, seconds: float) -> datetime:
        """Move on; returns the new time."""
        self._now += timedelta(seconds=seconds)
        return self._now


class SeededIds:
    """`bot.clock.Ids` that look drawn, but come out the same in every run: for whole plays, where codes must differ."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)

    def uuid(self) -> str:
        """A UUID in the form of version 4."""
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def token(self, n_bytes: int) -> str:
        """As long as a real token of this many bytes."""
        return self._random.randbytes(n_bytes).hex()[: (n_bytes * 4 + 2) // 3]

    def short(self, n: int) -> str:
        """Letters and digits without look-alikes."""
        return "".join(self._random.choice(LETTERS) for _ in range(n))

    def between(self, low: float, high: float) -> float:
        """A number drawn evenly."""
        return self._random.uniform(low, high)


class FixedIds:
    """`bot.clock.Ids` that count: every id differs from the one before, and every run gives the same."""

    def __init__(self, start: int = 0) -> None:
        self._count = start

    def uuid(self) -> str:
        """A UUID in the form of version 4, with the count at its end."""
        return str(UUID(int=(0x4000_8000_0000_0000_0000 | self._next()), version=4))

    def token(self, n_bytes: int) -> str:
        """As long as a real token of this many bytes."""
        return f"t{self._next()}".ljust((n_bytes * 4 + 2) // 3, "x")

    def short(self, n: int) -> str:
        """The count in `bot.clock.LETTERS`, filled up on the left."""
        number, letters = self._next(), ""
        while len(letters) < n:
            number, digit = divmod(number, len(LETTERS))
            letters = LETTERS[digit] + letters
        return letters

    def between(self, low: float, high: float) -> float:
        """The middle of the range."""
        return (low + high) / 2

    def _next(self) -> int:
        self._count += 1
        return self._count
