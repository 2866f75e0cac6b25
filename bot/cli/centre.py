"""`centre`: what the programme office decides about centres. Codes: a district (3403), a province desk (34), or the
programme desk (00)."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Annotated

import typer

from bot import bootstrap
from bot.cli import start
from bot.clock import RandomIds, SystemClock
from bot.config import Settings
from bot.invitations import invite
from handlers.cases import PROGRAMME_DESK
from storage.places.gazetteer import Gazetteer
from storage.unit_of_work import UnitOfWork

app = typer.Typer(
    help="Open, close and list centres; make the codes that link groups and headmen.", no_args_is_help=True
)

AREA = re.compile(r"(\d{6})(?:-(\d{2}))?")

CodeArgument = Annotated[str, typer.Argument(metavar="CODE", help="3403 (a district), 34 (a province desk), 00")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("open")
def open_(code: CodeArgument) -> None:
    """Serve a district from now on."""
    read = start.settings()
    name = _name(bootstrap.gazetteer(read), code)
    with start.database(read) as data:
        data.run_now(lambda uow: uow.centres.open(code, name))
    typer.echo(f"{code} {name}: open")


@app.command()
def close(code: CodeArgument) -> None:
    """Serve a district no longer; its open cases stay with its group."""
    read = start.settings()
    name = _name(bootstrap.gazetteer(read), code)
    with start.database(read) as data:
        data.run_now(lambda uow: uow.centres.close(code))
    typer.echo(f"{code} {name}: closed")


@app.command("list")
def list_(as_json: Json = False) -> None:
    """Centres that were opened or closed by hand or have a group."""
    read = start.settings()
    with start.database(read) as data:
        centres = data.run_now(lambda uow: uow.centres.all())
    if as_json:
        typer.echo(json.dumps([asdict(centre) for centre in centres], ensure_ascii=False))
        return
    if not centres:
        typer.echo("no centre has a group yet: `centre code 3403` makes the code that links the group of district 3403")
    for centre in centres:
        state = "open" if centre.opened else "closed"
        typer.echo(f"{centre.code:<5} {state:<7} groups: {centre.groups}  {centre.name}")


@app.command()
def code(
    centre: CodeArgument,
    headman: Annotated[
        str, typer.Option(metavar="AREA", help="Invite a coordinator: 340301 (kamnan) or 340301-04 (village 4).")
    ] = "",
    as_json: Json = False,
) -> None:
    """Make a one-time code, good for a day: for a centre's group, or for a headman."""
    read = start.settings()
    places = bootstrap.gazetteer(read)
    _name(places, centre)
    area = _area(places, centre, headman) if headman else ""
    with start.database(read) as data:
        if not data.run_now(lambda uow: _is_served(uow, read, centre)):
            start.refuse(f"{centre} is not served: `centre open {centre}` first, or see SERVED_DISTRICTS")
        made, until = data.run_now(lambda uow: invite(uow, RandomIds(), SystemClock().now(), centre, area))
    expires = until.isoformat(timespec="minutes")
    command = f"/join {made}" if area else f"/link {made}"
    if as_json:
        link = {"start": f"j_{made}"} if area else {}
        typer.echo(json.dumps({"code": made, "command": command, "expires_at": expires, **link}))
    elif area:
        typer.echo(f"{command}\n\nThe headman sends this line to the bot, once, before {expires}.")
        typer.echo(f"As a Telegram link: https://t.me/YOUR_BOT?start=j_{made}")
    else:
        typer.echo(f"{command}\n\nSomebody of the centre sends this line in the group, once, before {expires}.")


def _name(places: Gazetteer, code: str) -> str:
    """The centre's English name; refuses an unknown code."""
    if code == PROGRAMME_DESK:
        return "programme desk"
    area = places.area(code) if len(code) in (2, 4) else None
    if area is None:
        start.refuse(f"{code} is no district, province or 00 of the border provinces")
    return area.name.en or area.name.th


def _area(places: Gazetteer, centre: str, headman: str) -> str:
    """The area as the conversation knows it; refuses one outside of the centre's district."""
    found = AREA.fullmatch(headman)
    if found is None:
        start.refuse(f"{headman} is no area: 340301 for a subdistrict, 340301-04 for its village 4")
    if places.area(found[1]) is None or not found[1].startswith(centre):
        start.refuse(f"{found[1]} is no subdistrict of {centre}")
    return headman


def _is_served(uow: UnitOfWork, read: Settings, code: str) -> bool:
    if len(code) != 4:
        return True
    if code in uow.centres.closed():
        return False
    return code in uow.centres.opened() or code in bootstrap.gazetteer(read).served()
