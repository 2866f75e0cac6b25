"""How an operator calls this programme: what advice and examples say has to work where it is typed."""

from __future__ import annotations

import os
from typing import Protocol

PLAIN = "python -m bot"
"""As the texts in this programme have it."""

CALLED = os.environ.get("MEKONGWATCH_CALLED") or PLAIN
"""As it is called here: `deploy/mekongwatch` and `deploy/compose.yml` set the variable. It changes nothing else."""


class Command(Protocol):
    """Of a command line's command, what is needed here."""

    help: str | None


def examples_as_called(command: Command) -> None:
    """Let the help of a command, and of those below it, show examples that can be typed here."""
    command.help = command.help.replace(PLAIN, CALLED) if command.help else command.help
    for below in getattr(command, "commands", {}).values():
        examples_as_called(below)
