"""The playground's world: two demo districts on a database of their own, where everything is a drill.

The same road as in earnest, over the playground's channel alone. Everything lies in one folder: the database with its
key, the media, the phones' journal. Nothing leaves the machine, and starting over wipes it.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, BinaryIO, get_args

from pydantic import SecretStr

from bot import bootstrap
from bot.asgi import Receive, Scope, Send, Web
from bot.channels.base import RawEvent
from bot.channels.playground.channel import PlaygroundChannel
from bot.channels.playground.doings import BadDoing, act
from bot.channels.playground.phones import JOURNAL, Look, Phone, Phones
from bot.clock import Clock, Ids
from bot.config import BadSettings, Settings
from bot.i18n import LANGUAGES, Catalogues
from bot.invitations import invite
from bot.road import Road
from handlers.messages import T
from handlers.steps import language as language_step
from storage.database import Database

DEMO = {"3403": "telegram", "2706": "line"}
"""Khong Chiam at the Mekong (Laos) and Aranyaprathet (Cambodia), with the look of their groups."""
HEADMAN_AREA = {"3403": "340301", "2706": "270601"}
"""The subdistrict in which a demo district's headmen live."""
ALERT_DELAY_S = (5, 10)
"""In earnest a headman's alert waits for 10 to 30 minutes, unless it is urgent; nobody in a lesson wants to."""
MOST_PHONES = 24
LOCK = "playground.lock"
MARGIN = 0.12
"""Degrees of land shown around a district's points: some 13 km, so that the other bank is on the map."""


class Sandbox:
    """Opens, holds and wipes the playground of a folder."""

    def __init__(self, folder: Path, clock: Clock, ids: Ids) -> None:
        """Raises `BadSettings` if the folder cannot be used, or is used: what lies there may be wiped."""
        self._folder, self._clock, self._ids = folder, clock, ids
        with ExitStack() as held:
            try:
                self._lock = held.enter_context(_claimed(folder))
                self.phones = Phones(folder, clock)
            except (OSError, ValueError, TypeError, KeyError) as error:
                raise BadSettings(f"--folder: cannot be used ({type(error).__name__})") from None
            held.pop_all()
        self.texts = Catalogues.load()
        drill = T("Drill")
        self.channel = PlaygroundChannel(self.phones, lambda language: self.texts.text(drill, language))
        self._turn = asyncio.Lock()
        self._database: Database | None = None
        self.road: Road
        self._web: Web
        self.limit_bytes = bootstrap.world_settings().max_media_mb * 1024 * 1024

    async def open(self) -> None:
        """Start the road; set the demo districts up, unless an earlier run has done so to the end."""
        if not self.phones.furnished:
            if self.phones.phones:
                self.phones.wipe()
            self._erase()
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]
            database_url=SecretStr(f"sqlite:///{self._folder / 'playground.sqlite3'}"),
            media_url=str(self._folder / "media"),
            served_districts=",".join(DEMO),
            data_key=None,  # whatever the environment says of a deployment is not meant for the playground
            public_url=None,
        )
        self._database = await asyncio.to_thread(bootstrap.database, settings, self._ids)
        world = replace(bootstrap.world_settings(), headman_delay_s=ALERT_DELAY_S)
        self.road = bootstrap.road(
            settings, self._database, {self.channel.name: self.channel}, clock=self._clock, ids=self._ids, world=world
        )
        self._web = bootstrap.web(self.road)
        await self.road.start()
        if not self.phones.furnished:
            await self._furnish()

    async def close(self) -> None:
        """Come to rest, and leave the folder to others."""
        await self._stop()
        self._lock.close()

    async def _stop(self) -> None:
        if self._database is None:
            return
        await self.road.stop()
        await asyncio.to_thread(self._database.close)

    async def rest(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Health and metrics, as a server has them."""
        await self._web(scope, receive, send)

    async def take(self, event: RawEvent) -> None:
        """Something happened on a phone."""
        async with self._turn:
            await self.road.intake.receive(self.channel, [event])

    async def start_over(self) -> None:
        """Wipe everything and set it up anew."""
        async with self._turn:
            await self._stop()
            self.phones.wipe()  # first: should it be broken off here, the next start finds nothing furnished
            await self.open()

    async def add_phone(self, role: str, look: str, language: str, centre: str) -> str:
        """A new villager's or headman's phone; gives its name. Raises `BadDoing`."""
        if role not in ("villager", "headman") or look not in get_args(Look) or language not in ("", *LANGUAGES):
            raise BadDoing("unknown role, look or language")
        if role == "headman" and centre not in DEMO:
            raise BadDoing("a headman belongs to one of the demo districts")
        if len(self.phones.phones) >= MOST_PHONES:
            raise BadDoing(f"{MOST_PHONES} phones are enough", "enough_phones")
        async with self._turn:
            if role == "headman":
                return (await self._add_headman(centre, look, language)).chat
            phone = self.phones.add_phone("villager", look, language=language)  # type: ignore[arg-type]
            if language:
                await self._begin(phone)
            return phone.chat

    def map(self) -> Sequence[Mapping[str, Any]]:
        """What the map of each demo district shows: its imported boundary, and the points of its subdistricts and of the
        districts around it."""
        return [self._map(centre) for centre in DEMO]

    def new_name(self) -> str:
        """A name for a file."""
        return self._ids.uuid()

    async def _furnish(self) -> None:
        """A villager with each look, the centres' groups, linked, and a headman who has joined."""
        self.phones.add_phone("villager", "line")
        self.phones.add_phone("villager", "telegram")
        for centre, look in DEMO.items():
            group = self.phones.add_phone("group", look, centre=centre, place=self._name(centre))  # type: ignore[arg-type]
            await self._types(group, f"/link {await self._code(centre)}")
        await self._add_headman(next(iter(DEMO)), "line", "th")
        self.phones.add({"is": "furnished"})

    async def _add_headman(self, centre: str, look: str, language: str) -> Phone:
        area = HEADMAN_AREA[centre]
        phone = self.phones.add_phone(
            "headman", look, centre=centre, language=language, place=self._name(area)  # type: ignore[arg-type]
        )  # fmt: skip
        await self._types(phone, f"/join {await self._code(centre, area)}")
        if language:
            await self._types(phone, language_step.LANGUAGES[language])
        return phone

    async def _begin(self, phone: Phone) -> None:
        """Press Start, and answer the question for the language."""
        await self._receive(phone, {"do": "join"})
        await self._types(phone, language_step.LANGUAGES[phone.language])

    async def _types(self, phone: Phone, words: str) -> None:
        await self._receive(phone, {"do": "text", "text": words, "as": "Anan"})

    async def _receive(self, phone: Phone, doing: Mapping[str, Any]) -> None:
        """Do something on a phone, and wait for the answer: what comes next may depend on it."""
        await self.road.intake.receive(self.channel, [act(self.phones, {"chat": phone.chat, **doing})])
        await self.road.idle()

    async def _code(self, centre: str, area: str = "") -> str:
        now = self._clock.now()
        made, _ = await self.road.database.run(lambda uow: invite(uow, self._ids, now, centre, area))
        return made

    def _name(self, code: str) -> dict[str, str]:
        area = self.road.preset.area(code)
        return asdict(area.name) if area else {}

    def _map(self, centre: str) -> dict[str, Any]:
        places = self.road.equipment.places
        own = [s.code for s in places.subdistricts(centre)]
        inside = [p for p in map(places.point, own) if p]
        shape = places.outline(centre)
        shown = [(p[0] + out, p[1] + out) for p in inside for out in (-MARGIN, MARGIN)]
        shown += [corner for ring in shape for corner in ring]
        south, north = min(p[0] for p in shown), max(p[0] for p in shown)
        west, east = min(p[1] for p in shown), max(p[1] for p in shown)
        points = []
        for district in places.districts(centre[:2]):
            for code, kind in (
                (district.code, "district"),
                *((s.code, "subdistrict") for s in places.subdistricts(district.code)),
            ):
                at = places.point(code)
                if at and south < at[0] < north and west < at[1] < east:
                    points.append({
                        "lat": at[0], "lon": at[1], "name": self._name(code), "kind": kind, "own": code.startswith(centre),
                    })  # fmt: skip
        area = places.area(centre)
        return {
            "code": centre, "name": self._name(centre), "box": [south, west, north, east],
            "across": area.neighbours[0] if area and area.neighbours else "", "points": points, "shape": shape,
        }  # fmt: skip

    def _erase(self) -> None:
        """Everything but the journal, which tells its own readers."""
        for path in self._folder.glob("playground.sqlite3*"):
            path.unlink()
        with suppress(FileNotFoundError):
            (self._folder / bootstrap.KEY_FILE).unlink()
        shutil.rmtree(self._folder / "media", ignore_errors=True)


def _claimed(folder: Path) -> BinaryIO:
    """The lock of a playground's folder. Raises `BadSettings` where another playground runs, or where something else lies:
    starting over would wipe a deployment's key and media with the rest."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = {path.name for path in folder.iterdir()}
    if names and not names & {LOCK, JOURNAL}:
        raise BadSettings("--folder: something else is in it; name a new folder")
    lock = (folder / LOCK).open("ab")
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise BadSettings("--folder: another playground is using it; name another folder") from None
    return lock
