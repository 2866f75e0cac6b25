"""`centre`: what the programme office decides about centres. Codes: a district (3403), a province desk (34), or the
programme desk (00)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from bot.called import CALLED
from bot.cli import show, start

if TYPE_CHECKING:
    from bot.config import Settings
    from storage.centres import Centre
    from storage.places.gazetteer import Gazetteer
    from storage.unit_of_work import UnitOfWork

HELP = """\
Open, close and list centres; make the codes that link groups and headmen.

Example: python -m bot centre code 3403
"""

app = typer.Typer(help=HELP, no_args_is_help=True)

AREA = re.compile(r"(\d{6})(?:-(\d{2}))?", re.ASCII)

CodeArgument = Annotated[str, typer.Argument(metavar="CODE", help="3403 (a district), 34 (a province desk), 00")]
DistrictArgument = Annotated[str, typer.Argument(metavar="CODE", help="A district: 3403")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("open")
def open_(code: DistrictArgument, as_json: Json = False) -> None:
    """Serve a district from now on.

    Example: python -m bot centre open 3403
    """
    read = start.settings()
    name = _district(_places(read), code)
    with start.database(read) as data:
        data.run_now(lambda uow: uow.centres.open(code, name))
    _decided(code, name, "open", as_json)


@app.command()
def close(code: DistrictArgument, as_json: Json = False) -> None:
    """Serve a district no longer; its open cases stay with its group.

    Example: python -m bot centre close 3403
    """
    read = start.settings()
    places = _places(read)
    name = _district(places, code)

    def closed(uow: UnitOfWork) -> bool:
        """Whether another one stays open: without any, nobody could be asked for a place."""
        if not (places.served() | uow.centres.opened()) - uow.centres.closed() - {code}:
            return False
        uow.centres.close(code)
        return True

    with start.database(read) as data:
        if not data.run_now(closed):
            start.refuse(
                f"{code} is the last open district: `{CALLED} centre open CODE` a neighbour first, group or not"
            )
    _decided(code, name, "closed", as_json)


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the centres that were opened or closed by hand or have a group.

    Example: python -m bot centre list --json
    """
    read = start.settings()
    places = _places(read)
    with start.database(read) as data:
        centres = data.run_now(lambda uow: uow.centres.all())
    found = [_described(places, centre) for centre in centres]
    if as_json:
        show.data(found)
    elif found:
        show.table(
            ("Code", "Name", "State", "Groups"),
            [(str(c["code"]), str(c["name"]), str(c["state"]), str(c["groups"])) for c in found],
        )
    else:
        typer.echo(
            f"no centre has a group yet: `{CALLED} centre code 3403` makes the code that links the group of "
            "district 3403"
        )


@app.command()
def code(
    centre: CodeArgument,
    headman: Annotated[
        str, typer.Option(metavar="AREA", help="Invite a coordinator: 340301 (kamnan) or 340301-04 (village 4).")
    ] = "",
    as_json: Json = False,
) -> None:
    """Make a one-time code, good for a day: for a centre's group, or for a headman.

    Example: python -m bot centre code 3403 --headman 340301-04
    """
    from bot.clock import RandomIds, SystemClock
    from bot.invitations import invite

    read = start.settings()
    places = _places(read)
    _name(places, centre)
    area = _area(places, centre, headman) if headman else ""
    with start.database(read) as data:
        if not data.run_now(lambda uow: _is_served(uow, places, centre)):
            start.refuse(f"{centre} is not served: `{CALLED} centre open {centre}` first, or see SERVED_DISTRICTS")
        made, until = data.run_now(lambda uow: invite(uow, RandomIds(), SystemClock().now(), centre, area))
    expires = until.isoformat(timespec="minutes")
    command = f"/join {made}" if area else f"/link {made}"
    if as_json:
        link = {"start": f"j_{made}"} if area else {}
        show.data({"code": made, "command": command, "expires_at": expires, **link})
    elif area:
        typer.echo(f"{command}\n\nThe headman sends this line to the bot, once, before {expires}.")
        typer.echo(f"As a Telegram link: https://t.me/YOUR_BOT?start=j_{made}")
    else:
        typer.echo(f"{command}\n\nSomebody of the centre sends this line in the group, once, before {expires}.")


def _places(read: Settings) -> Gazetteer:
    from bot import bootstrap

    return bootstrap.gazetteer(read)


def _decided(code: str, name: str, state: str, as_json: bool) -> None:
    """Say what is true of a centre from now on."""
    if as_json:
        show.data({"code": code, "name": name, "state": state})
    else:
        typer.echo(f"{code} {name}: {state}")


def _described(places: Gazetteer, centre: Centre) -> dict[str, str | int | bool | None]:
    """A centre for the list. `opened` is what was decided by hand; `state` is what holds, with SERVED_DISTRICTS."""
    name = centre.name or _known_name(places, centre.code) or ""
    served = len(centre.code) != 4 or centre.code in places.served()
    state = "open" if (served if centre.opened is None else centre.opened) else "closed"
    return {"code": centre.code, "name": name, "state": state, "opened": centre.opened, "groups": centre.groups}


def _known_name(places: Gazetteer, code: str) -> str | None:
    """The English name of a district, a province or the programme desk; None for any other code."""
    from handlers.cases import PROGRAMME_DESK

    if code == PROGRAMME_DESK:
        return "programme desk"
    area = places.area(code) if len(code) in (2, 4) else None
    return None if area is None else area.name.en or area.name.th


def _name(places: Gazetteer, code: str) -> str:
    """The centre's English name; refuses an unknown code."""
    name = _known_name(places, code)
    if name is None:
        start.refuse(f"{code} is no district, province or 00 of the border provinces")
    return name


def _district(places: Gazetteer, code: str) -> str:
    """The district's English name; refuses any other code."""
    name = _name(places, code)
    if len(code) != 4:
        start.refuse(f"{code} is a desk: it gets cases as long as it has a group, and is not opened or closed")
    return name


def _area(places: Gazetteer, centre: str, headman: str) -> str:
    """The area as the conversation knows it; refuses one outside of the centre's district."""
    found = AREA.fullmatch(headman)
    if found is None:
        start.refuse(f"{headman} is no area: 340301 for a subdistrict, 340301-04 for its village 4")
    if places.area(found[1]) is None or not found[1].startswith(centre):
        start.refuse(f"{found[1]} is no subdistrict of {centre}")
    return headman


def _is_served(uow: UnitOfWork, places: Gazetteer, code: str) -> bool:
    if len(code) != 4:
        return True
    if code in uow.centres.closed():
        return False
    return code in uow.centres.opened() or code in places.served()
