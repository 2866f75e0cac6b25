"""`serve` and `worker`: the processes of a deployment. Their work is in `bot.cli.running`, which is slow to load."""

from __future__ import annotations

import typer

from bot.cli import start


def serve() -> None:
    """Receive webhooks (or poll), hold the conversations and send the answers.

    It listens on HOST and PORT, and stops at Ctrl-C or SIGTERM after finishing what it holds.

    Example: python -m bot serve
    """
    _run(web=True)


def worker() -> None:
    """Do the same without the web side: handle and send what `serve` processes receive.

    Needs PostgreSQL when it runs on another machine than `serve`.

    Example: python -m bot worker
    """
    _run(web=False)


def _run(*, web: bool) -> None:
    read = start.settings(quiet=False)
    from bot.cli import running  # after the settings: a mistake in them is told at once

    raise typer.Exit(running.run(read, web=web))
