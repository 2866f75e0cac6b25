"""`places link`: what stands behind a village's poster, one link and QR code for each platform."""

from __future__ import annotations

import re
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli import show, start
from handlers.village_link import Language

if TYPE_CHECKING:
    from segno import QRCode

    from bot.config import Settings
    from storage.imports import NamedPoint
    from storage.unit_of_work import UnitOfWork

CODE = re.compile(r"(\d{6})(?:-?(\d\d))?", re.ASCII)

QUIET_ZONE = 4
"""Modules of white around a code, as ISO/IEC 18004 asks."""

CORRECTION = "q"
"""A quarter of the code may be torn or dirty: it hangs outside."""

PIXELS, DOTS_PER_INCH = 20, 300
"""Of a PNG's module: a code is some 900 pixels wide, 8 cm on paper."""

ANYBODY_READS = 0o644
"""Rights of the files: they are made to hang on a wall."""


@dataclass(frozen=True, slots=True)
class _Poster:
    """A platform's link, and its QR code with the files that are to hold it."""

    platform: str
    url: str
    code: QRCode
    files: tuple[Path, ...]


def link(
    village: Annotated[str, typer.Argument(metavar="VILLAGE", help="34030104 or 340301-04; 340301: a subdistrict.")],
    language: Annotated[Language | None, typer.Option(help="The poster's language, for the bot's greeting.")] = None,
    png: Annotated[
        Path | None, typer.Option(dir_okay=False, help="poster.png makes poster-telegram.png and poster-line.png.")
    ] = None,
    svg: Annotated[Path | None, typer.Option(dir_okay=False, help="The same as SVG, for any size of print.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over files that are there.")] = False,
    telegram: Annotated[str, typer.Option(metavar="NAME", help="The Telegram bot; else Telegram is asked.")] = "",
    line: Annotated[str, typer.Option(metavar="ID", help="The LINE account; else LINE is asked.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make a village's links and QR codes for its poster; opened, the bot knows village and language.

    Without --png and --svg the links are printed, and on a terminal their codes too.

    Example: python -m bot places link 340301-04 --language lo --png poster.png
    """
    read = start.settings()
    code, name = _known(read, village)
    wanted = [(path, ending) for path, ending in ((png, ".png"), (svg, ".svg")) if path]
    posters = [
        _Poster(platform, url, _qr(url), tuple(_beside(path, platform, ending) for path, ending in wanted))
        for platform, url in _links(read, code, language or "", telegram, line).items()
    ]
    _write(posters, code, force)
    if as_json:
        links = [{"platform": p.platform, "url": p.url, "files": [str(file) for file in p.files]} for p in posters]
        show.data({"code": code, "name": name, "language": language or "", "links": links})
        return
    typer.echo(f"{code} {name}")
    for poster in posters:
        typer.echo(f"\n{poster.platform}: {poster.url}")
        for file in poster.files:
            typer.echo(f"  {file}")
        if not poster.files and sys.stdout.isatty():
            poster.code.terminal(out=sys.stdout, border=QUIET_ZONE, compact=True)


def _known(read: Settings, village: str) -> tuple[str, str]:
    """The code, six or eight digits, and the English name with what it lies in; refuses a village that is not there."""
    from storage.places.gazetteer import Gazetteer

    found = CODE.fullmatch(village)
    if found is None or found[2] == "00":
        start.refuse(f"{village} is no village: 34030104 or 340301-04 for village 4 of 340301, 340301 for all of it")
    places, subdistrict = Gazetteer.load("provinces"), found[1]
    if places.area(subdistrict) is None:
        start.refuse(f"{subdistrict} is no subdistrict of the border provinces")
    areas = (places.area(subdistrict[:size]) for size in (6, 4, 2))
    within = ", ".join(area.name.en or area.name.th for area in areas if area)
    if not found[2]:
        return subdistrict, within
    code = subdistrict + found[2]
    with start.database(read) as data:
        roster = data.run_now(_roster)
    known = roster.get(code)
    # A list may be of one district: of a subdistrict that it leaves out, every number may be a village's.
    if known is None and any(other.startswith(subdistrict) for other in roster):
        start.refuse(f"{code} is not in the imported list, which has villages of {subdistrict}")
    name = (known.en or known.th) if known else f"village no. {int(found[2])}"
    return code, f"{name}, {within}"


def _roster(uow: UnitOfWork) -> dict[str, NamedPoint]:
    """The imported villages by code."""
    number = uow.imports.active().get("village")
    return {point.code: point for point in uow.imports.points(number)} if number is not None else {}


def _links(read: Settings, code: str, language: Language | Literal[""], telegram: str, line: str) -> dict[str, str]:
    """The link of each platform whose bot was named or has a token; refuses if that is none."""
    from storage.places.links import NoName, line_link, telegram_link

    links = {}
    try:
        if telegram or read.telegram_bot_token:
            links["telegram"] = telegram_link(telegram or _telegram_name(read), code, language)
    except NoName as error:
        start.refuse(f"--telegram: {error}")
    try:
        if line or read.line_channel_access_token:
            links["line"] = line_link(line or _line_id(read), code, language)
    except NoName as error:
        start.refuse(f"--line: {error}")
    if not links:
        start.refuse(
            "TELEGRAM_BOT_TOKEN and LINE_CHANNEL_ACCESS_TOKEN are not set: "
            "name the bot with --telegram NAME, the LINE account with --line ID, or both"
        )
    return links


def _telegram_name(read: Settings) -> str:
    """What Telegram calls the bot."""
    from bot.channels.telegram.bot import TokenRefusedError
    from bot.channels.telegram.standing import NotAnsweredError, standing

    assert read.telegram_bot_token
    names: list[str] = []

    async def ask() -> int:
        names.append((await standing(token, read.telegram_api_url)).username)
        return 0

    token = read.telegram_bot_token.get_secret_value()
    try:
        with show.progress("Asking Telegram"):
            start.run(ask())
    except (TokenRefusedError, NotAnsweredError) as error:
        start.refuse(f"{error}; or name the bot with --telegram NAME")
    return names[0]


def _line_id(read: Settings) -> str:
    """What LINE calls the account."""
    from bot.channels.line.account import AccountError, bot_info

    assert read.line_channel_access_token
    ids: list[str] = []

    async def ask() -> int:
        ids.append((await bot_info(token, read.line_api_url)).basic_id)
        return 0

    token = read.line_channel_access_token.get_secret_value()
    try:
        with show.progress("Asking LINE"):
            start.run(ask())
    except AccountError as error:
        start.refuse(f"{error}; or name the account with --line ID")
    return ids[0]


def _qr(url: str) -> QRCode:
    import segno

    return segno.make_qr(url, error=CORRECTION)


def _beside(path: Path, platform: str, ending: str) -> Path:
    """poster.png as poster-telegram.png."""
    name = path.name[: -len(ending)] if path.name.lower().endswith(ending) else path.name
    return path.with_name(f"{name}-{platform}{ending}")


def _write(posters: list[_Poster], title: str, force: bool) -> None:
    """All files, or none if one may not be written: each gets its name when all are on the disk."""
    from bot.backup.new_file import InTheWay, new_file

    targets = [(poster, file) for poster in posters for file in poster.files]
    with ExitStack() as open_files:
        for poster, target in targets:
            try:
                file = open_files.enter_context(new_file(target, force=force))
            except InTheWay as error:
                start.refuse(f"{target}: {error}")
            if target.suffix == ".png":
                poster.code.save(
                    file, kind="png", scale=PIXELS, border=QUIET_ZONE, dpi=DOTS_PER_INCH, dark="black", light="white"
                )
            else:
                poster.code.save(
                    file, kind="svg", scale=PIXELS, border=QUIET_ZONE, dark="black", light="white", title=title
                )
    for _, target in targets:
        target.chmod(ANYBODY_READS)
