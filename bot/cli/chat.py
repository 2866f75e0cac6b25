"""`chat`: play villager, headman and group in one terminal, without any token."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import start

if TYPE_CHECKING:
    from bot.stage import Stage

CENTRE, HEADMAN = "3403", "340301"
"""Khong Chiam, Ubon Ratchathani: a district on the Mekong."""

HELP = """\
You play all sides. Everything lies in a temporary file and is erased at the end.
  words, /commands        said by the person of the prompt
  [2]                     tap choice 2
  (photo) (photo: a boat) also video, voice, file, sticker, contact; (album of 3)
  (location 15.32, 105.5) share a location
  (reply to card) words   in the group: reply to the newest card; (reply) to the newest message
  @villager @group @headman   become somebody else
  ?                       this help; Ctrl-D ends
"""


def chat(
    lang: Annotated[str, typer.Option(help="Begin in this language: th, lo, km or en.")] = "",
    save: Annotated[Path | None, typer.Option(help="Write what was said to this file.")] = None,
) -> None:
    """Play a villager, a headman and a centre's group in this terminal. No token is needed.

    Example: python -m bot chat --lang lo
    """
    from bot.i18n import LANGUAGES

    if lang and lang not in LANGUAGES:
        raise typer.BadParameter(f"one of {', '.join(LANGUAGES)}", param_hint="--lang")
    if sys.stdin is None:  # a daemon's, or `<&-`
        start.refuse("standard input: is closed, so nothing can be played")
    start.log("ERROR")
    with _written_to(save) as write:
        start.run(_played(lang, write))


@contextmanager
def _written_to(path: Path | None) -> Iterator[Callable[[str], None]]:
    """Each line goes into the file at once, so that nothing is lost however the game ends. Refuses a file that cannot be
    written before anything is played."""
    if path is None:
        yield lambda line: None
        return
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        start.refuse(f"--save: {path} cannot be written ({error.strerror})")
    with file:
        yield lambda line: print(line, file=file, flush=True)


async def _played(lang: str, write: Callable[[str], None]) -> int:
    from bot.stage import Stage, private_place

    typing = sys.stdin.isatty()

    def show(line: str) -> None:
        write(line)
        if not typing or not line.split(" ")[0].endswith(">"):  # what was typed stands in the terminal already
            typer.echo(line)

    with private_place() as (settings, database):
        stage = Stage(settings, database, show=show)
        await stage.road.start()
        try:
            await _begin(stage, lang)
            await _play_lines(stage, typing)
        finally:
            await stage.road.stop()
    return 0


async def _begin(stage: Stage, lang: str) -> None:
    """A linked group, and a headman who has joined, so that alerts have somewhere to go."""
    from bot.i18n import LANGUAGES

    typer.echo(HELP)
    await stage.plays("group", f"/link {await stage.code(CENTRE)}")
    await stage.plays("headman", f"/join {await stage.code(CENTRE, HEADMAN)}")
    if lang:
        await stage.plays("villager", "/start")
        await stage.plays("villager", f"[{LANGUAGES.index(lang) + 1}]")


async def _play_lines(stage: Stage, typing: bool) -> None:
    """Play what is typed until the input ends."""
    from bot.channels.terminal.script import BadLine

    person, next_line = "villager", _typed()
    while True:
        if typing:
            typer.echo(f"{person}> ", nl=False)
        line = await next_line()
        if not line:
            await stage.settle()
            return
        line = line.strip()
        if line == "?":
            typer.echo(HELP)
        elif line.startswith("@"):
            person = line[1:] or person
        elif line:
            try:
                await stage.plays(person, line)
            except BadLine as problem:
                typer.echo(f"({problem})")


def _typed() -> Callable[[], Coroutine[None, None, str]]:
    """Gives line after line as they are typed, "" at the end of the input. Raises what reading raises.

    A thread of its own reads, from a file object of its own: a thread of the loop's pool would make Ctrl-C wait for the
    Enter key, and `sys.stdin`, still locked by a reader, would break the interpreter's end.
    """
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[str | OSError]()
    source = open(sys.stdin.fileno(), encoding=sys.stdin.encoding, errors="replace", closefd=False)  # noqa: SIM115 - as long as the process

    def read() -> None:
        line: str | OSError = "-"
        while line and not loop.is_closed():
            try:
                line = source.readline()
            except OSError as error:
                line = error
            with suppress(RuntimeError):  # the loop has closed in between
                loop.call_soon_threadsafe(lines.put_nowait, line)
            if isinstance(line, OSError):
                return

    async def following() -> str:
        line = await lines.get()
        if isinstance(line, OSError):
            raise line
        return line

    threading.Thread(target=read, name="typing", daemon=True).start()
    return following
