"""How long work tells how far it is, without knowing who looks: `bot.cli.show.progress` draws it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol


class Progress(Protocol):
    """Shows one piece of work while the context lasts; what it gives is called with the steps done since the last
    call."""

    def __call__(self, what: str, total: int | None = None) -> AbstractContextManager[Callable[[int], None]]: ...


def unseen(what: str, total: int | None = None) -> AbstractContextManager[Callable[[int], None]]:
    """The `Progress` that shows nothing."""
    return nullcontext(lambda steps: None)
