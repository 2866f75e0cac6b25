"""`chat`: play villager, headman and group in one terminal, without any token."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import logs
from bot.channels.terminal.script import BadLine
from bot.cli import start
from bot.i18n import LANGUAGES
from bot.stage import Stage, private_place

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
    """Play a villager, a headman and a centre's group here. Example: python -m bot chat --lang lo"""
    if lang and lang not in LANGUAGES:
        raise typer.BadParameter(f"one of {', '.join(LANGUAGES)}", param_hint="--lang")
    logs.set_up("ERROR")
    transcript: list[str] = []
    try:
        start.run(_played(lang, transcript))
    finally:
        if save is not None:
            save.write_text("\n".join(transcript) + "\n", encoding="utf-8")


async def _played(lang: str, transcript: list[str]) -> int:
    typing = sys.stdin.isatty()

    def show(line: str) -> None:
        transcript.append(line)
        if not typing or not line.split(" ")[0].endswith(">"):  # what was typed stands in the terminal already
            typer.echo(line)

    with private_place() as (settings, database):
        stage = Stage(settings, database, show=show)
        await stage.road.start()
        try:
            await _begin(stage, lang)
            await _read_lines(stage, typing)
        finally:
            await stage.road.stop()
    return 0


async def _begin(stage: Stage, lang: str) -> None:
    """A linked group, and a headman who has joined, so that alerts have somewhere to go."""
    typer.echo(HELP)
    await stage.plays("group", f"/link {await stage.code(CENTRE)}")
    await stage.plays("headman", f"/join {await stage.code(CENTRE, HEADMAN)}")
    if lang:
        await stage.plays("villager", "/start")
        await stage.plays("villager", f"[{LANGUAGES.index(lang) + 1}]")


async def _read_lines(stage: Stage, typing: bool) -> None:
    person = "villager"
    while True:
        if typing:
            typer.echo(f"{person}> ", nl=False)
        line = await asyncio.to_thread(sys.stdin.readline)
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
