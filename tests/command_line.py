"""Whether a command line that stands somewhere in a page, a unit file or a help text is one that our programme takes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from bot.cli import app

Command = TyperCommand | TyperGroup
Path = tuple[str, ...]
"""The names that lead to a command: `("centre", "open")`."""

_COMMAND = re.compile(r"(?:\bpython -m bot|\bsudo (?:env \S+ )?mekongwatch)\b(?P<words>[^`\n|]*)")
_REMARK = re.compile(r"\s(?:#|→|&&|\|\|).*")


def _every(command: Command, path: Path = ()) -> Iterator[tuple[Path, Command]]:
    yield path, command
    if isinstance(command, TyperGroup):
        for name, below in command.commands.items():
            assert isinstance(below, TyperCommand | TyperGroup)
            yield from _every(below, (*path, name))


COMMANDS: dict[Path, Command] = dict(_every(get_command(app)))
"""Every command and group by its path; the programme itself by the empty one."""


def command_lines(text: str) -> list[str]:
    """What follows `python -m bot`, `sudo mekongwatch` or `sudo env … mekongwatch` in a text, without remarks; lines with
    an "…" are left out."""
    found = (_REMARK.sub("", match["words"]).strip() for match in _COMMAND.finditer(text))
    return [words for words in found if words and "…" not in words]


def meant(words: Sequence[str]) -> Path:
    """The path of the command that these words mean, all of its own arguments being right; raises what Typer raises for
    wrong usage, and `typer.Exit` where an option ends the programme early (--help). Nothing is run."""
    path: Path = ()
    command, context, rest = COMMANDS[path], None, list(words)
    while True:
        context = command.make_context(path[-1] if path else "mekongwatch", rest, parent=context)
        if not isinstance(command, TyperGroup):
            return path
        name, _, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        assert name
        path = (*path, name)
        command = COMMANDS[path]


def refusal(words: str) -> str:
    """Why the programme would not take these words, or "". Nothing is run."""
    try:
        meant(shlex.split(words))
    except typer.Exit:  # --help and --version end early
        return ""
    except typer.TyperException as mistake:
        return str(mistake) or type(mistake).__name__
    return ""
