"""Telegram's speed limits, kept in this process so that the platform seldom has to refuse.

About 30 messages a second in all, 20 a minute in one group (Telegram's bot FAQ). Other processes have buckets of their
own: what exceeds the limits together is answered with 429 and retried.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.channels.telegram.address import Address

PER_SECOND = 30
PER_GROUP_MINUTE = 20
PATIENCE_S = 1.0
"""Seconds that a sender may be held up; a longer wait goes back to the outbox, which lets other chats pass."""

_FORGET_ABOVE = 1000
"""Groups remembered before those with full buckets are forgotten."""


@dataclass(slots=True)
class _Bucket:
    """Tokens that refill evenly, `size` at most. Below zero they are promised to somebody who waits."""

    size: float
    per_second: float
    tokens: float
    at: float

    def wait(self, weight: float, now: float) -> float:
        """Seconds until `weight` tokens are there (more than `size` count as `size`)."""
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.per_second)
        self.at = now
        return max(0.0, (min(weight, self.size) - self.tokens) / self.per_second)


class Pacing:
    """Says how long a call has to wait, and reserves its place. `now` gives monotonic seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._all = _Bucket(PER_SECOND, PER_SECOND, PER_SECOND, now())
        self._groups: dict[int, _Bucket] = {}

    def reserve(self, address: Address, weight: int) -> float:
        """Seconds to wait before sending `weight` messages there. Up to `PATIENCE_S` the place is taken."""
        now = self._now()
        buckets = [self._all, self._group(address.chat, now)] if address.group else [self._all]
        wait = max(bucket.wait(weight, now) for bucket in buckets)
        if wait <= PATIENCE_S:
            for bucket in buckets:
                bucket.tokens -= weight
        return wait

    def _group(self, chat: int, now: float) -> _Bucket:
        if chat not in self._groups and len(self._groups) >= _FORGET_ABOVE:
            self._groups = {c: b for c, b in self._groups.items() if b.wait(b.size, now) > 0}
        size = PER_GROUP_MINUTE
        return self._groups.setdefault(chat, _Bucket(size, size / 60, size, now))
