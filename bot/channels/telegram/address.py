"""A Telegram chat as one string: "700000001", "-1001234567890", or "-1001234567890#77" for a topic of a forum.

Every topic of a forum group is a conversation of its own: a centre linked inside a topic is answered, and gets its
cards, in that topic. The general chat of the same forum has the plain id, like every group without topics. What
Telegram tells about the group as a whole (added, removed) goes to the plain id.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """Chat id (negative for groups) and the topic's thread id (0 for none)."""

    chat: int
    topic: int = 0

    def __str__(self) -> str:
        return f"{self.chat}#{self.topic}" if self.topic else str(self.chat)

    @property
    def group(self) -> bool:
        """Whether more than one person may be listening."""
        return self.chat < 0

    @classmethod
    def read(cls, address: str) -> Address | None:
        """The address that `str()` wrote, or None for anything else."""
        chat, _, topic = address.partition("#")
        try:
            return cls(int(chat), int(topic or 0))
        except ValueError:
            return None
