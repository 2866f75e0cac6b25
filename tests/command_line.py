"""Whether a command line that stands somewhere in a page or a unit file is one that our programme takes."""

from __future__ import annotations

import re
import shlex

import typer
from typer.main import get_command

from bot.cli import app

_COMMAND = re.compile(r"(?:\bpython -m bot|\bsudo (?:env \S+ )?mekongwatch)\b(?P<words>[^`\n|]*)")
_REMARK = re.compile(r"\s(?:#|→|&&|\|\|).*")


def command_lines(text: str) -> list[str]:
    """What follows `python -m bot`, `sudo mekongwatch` or `sudo env … mekongwatch` in a text, without remarks; lines with
    an "…" are left out."""
    found = (_REMARK.sub("", match["words"]).strip() for match in _COMMAND.finditer(text))
    return [words for words in found if words and "…" not in words]


def refusal(words: str) -> str:
    """Why the programme would not take these words, or "". Nothing is run."""
    command, rest = get_command(app), shlex.split(words)
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        name, *rest = rest
        if name not in command.commands:
            return f"{name} is no command"
        command = command.commands[name]
    try:
        command.make_context("mekongwatch", rest)
    except typer.Exit:  # --help and --version end early
        return ""
    except typer.TyperException as mistake:
        return str(mistake) or type(mistake).__name__
    return ""
