"""How commands show what they found: tables for people, JSON for machines, progress for who waits.

Rich is imported when something is drawn, not before: most commands draw nothing, and it costs them a tenth of a second.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

import typer

PIPED_WIDTH = 4096
"""Columns of a table that goes into a file or a pipe: rows stay whole, whoever reads them may cut them."""

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
"""Control characters but the line feed: a stored name must not be able to steer a terminal."""


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, title: str = "") -> None:
    """Print a table on standard output; without colours and with each row on a line of its own when it is no terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    terminal = _is_terminal(sys.stdout)
    drawn = Table(
        title=Text(title) if title else None,
        title_justify="left",
        box=box.ROUNDED if terminal else None,
        show_edge=terminal,
        pad_edge=terminal,
        padding=(0, 1) if terminal else (0, 2, 0, 0),
    )
    for column in columns:
        drawn.add_column(Text(column), overflow="fold", no_wrap=not terminal)
    for row in rows:
        drawn.add_row(*(Text(CONTROL.sub(" ", cell)) for cell in row))  # Text: a cell's [brackets] are no markup
    if terminal:
        Console(file=sys.stdout).print(drawn)
    else:
        Console(file=sys.stdout, width=PIPED_WIDTH, force_terminal=False, color_system=None).print(drawn)


def data(value: object) -> None:
    """Print one JSON value on a line of standard output. Dataclasses, enums, ids and datetimes are written out."""
    import orjson

    typer.echo(orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode())


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show on standard error how far a long work is, if that is a terminal; `total` in steps, None where nobody knows it.

    What it gives is called with the steps done since the last call: `with progress("Copying", 8) as done: ... done(1)`.
    """
    if not _is_terminal(sys.stderr):
        yield lambda steps: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(file=sys.stderr), transient=True) as drawn:
        task = drawn.add_task(what.replace("[", r"\["), total=total)
        yield lambda steps: drawn.advance(task, steps)


def _is_terminal(stream: TextIO | None) -> bool:
    """Python has None for a stream that was closed before it started."""
    return stream is not None and stream.isatty()
