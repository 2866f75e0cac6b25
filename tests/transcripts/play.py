"""Replays a transcript: does what its people do and writes down what is said.

A transcript is a text file that reads like a chat. What somebody does stands at the left ("villager> /start"), what is
said stands indented under it and is written by the replay. Besides, there are

    # a remark
    * link group 3403            the centre's one-time code, typed into that chat
    * join headman 340301        a headman's one-time code, likewise
    * village 34030104 ท่าแพ / Tha Phae            a village is on the operator's list; another line adds another one
    * landmark L1 ท่าเรือ / Pier at 15.31,105.49   likewise a landmark; a village may have a position, too
    * close 3403                 the programme office closes a district; "open" opens it
    --- 31 minutes later ---     time passes

Empty lines mean nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.config import Settings
from bot.stage import OFFICER, Stage
from storage.database import Database
from storage.imports import About, Layer, NamedPoint
from storage.places.transliteration import transliterate, transliterate_village
from storage.tables import METADATA
from storage.unit_of_work import UnitOfWork
from tests.fixed import FixedClock, SeededIds

TURN_S = 3.0
"""Seconds that pass with every line: enough for an album to come to rest and for a photo to arrive."""
_LISTED = re.compile(r"\* (village|landmark) (\w+) ([^/]+) / (.+?)(?: at ([\d.]+), ?([\d.]+))?")
STEP_S = 60.0
"""While time passes, the programme looks at its timers so often."""
_MOMENTS = [
    METADATA.tables[table].c[column]
    for table, columns in (
        ("chats", ("due_at",)),
        ("outbox", ("place_at", "due_at", "waits_until", "lease_until")),
        ("media", ("due_at", "lease_until")),
    )
    for column in columns
]
"""Whatever the programme does by itself, it does because one of these moments has come."""
_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


class Replay:
    """One play of a transcript on a database. `restarts` builds the whole programme anew before every line, as after a
    crash."""

    def __init__(self, settings: Settings, database: Database, *, restarts: bool = False) -> None:
        self._settings = settings
        self._database = database
        self._restarts = restarts
        self._clock, self._ids = FixedClock(), SeededIds()
        self._lines: list[str] = []
        self._stage = self._new_stage()

    async def run(self, script: Iterable[str]) -> list[str]:
        """The transcript as it comes about."""
        await self._stage.begin()
        try:
            for line in script:
                await self._line(line.rstrip("\n"))
        finally:
            await self._stage.road.stop()
        return self._lines

    async def _line(self, line: str) -> None:
        if line.startswith("#"):
            self._lines.append(line)
        elif line.startswith("---"):
            self._lines += ["", line]
            await self._later(line)
        elif line.startswith("* "):
            self._lines += ["", line]
            await self._office(line)
        elif found := re.fullmatch(r"([\w-]+)(?: \(([^)]*)\))?> (.*)", line):
            self._lines.append("")
            await self._between_lines()
            await self._stage.plays(found[1], found[3], found[2] or OFFICER)
        elif line and line[0] != " " and not line.endswith("<"):
            raise AssertionError(f"not a line of a transcript: {line}")
        else:
            return  # what was said last time: the replay writes it anew
        self._clock.advance(TURN_S)
        await self._stage.settle()

    async def _later(self, line: str) -> None:
        found = re.fullmatch(r"--- (\d+) (second|minute|hour|day)s? later ---", line)
        assert found, line
        await self._stage.settle()
        end = self._clock.now() + timedelta(seconds=int(found[1]) * _UNITS[found[2]])
        while (now := self._clock.now()) < end:  # in steps, so that what falls due on the way happens in its order
            due = self._next_moment(now) or end
            steps = max(1, math.ceil((due - now).total_seconds() / STEP_S))  # those at which nothing is due, at once
            self._clock.advance(min(steps * STEP_S, (end - now).total_seconds()))
            await self._stage.settle()

    def _next_moment(self, now: datetime) -> datetime | None:
        """The earliest time after now at which anything may fall due."""
        asked = [sa.select(sa.func.min(moment)).where(moment > now).scalar_subquery() for moment in _MOMENTS]
        with self._database.engine.connect() as connection:
            return min((moment for moment in connection.execute(sa.select(*asked)).one() if moment), default=None)

    async def _office(self, line: str) -> None:
        if found := _LISTED.fullmatch(line):
            await self._lists(found)
        elif found := re.fullmatch(r"\* (open|close) (\d{4})", line):
            await self._database.run(lambda uow: getattr(uow.centres, found[1])(found[2]))
            await self._stage.road.read_places()
        else:
            _, what, who, area = line.split()
            centre, within = (area, "") if what == "link" else (area[:4], area)
            await self._stage.plays(who, f"/{what} {await self._stage.code(centre, within)}", echo=False)

    async def _lists(self, found: re.Match[str]) -> None:
        """One more village or landmark on the operator's list."""
        layer: Layer = "village" if found[1] == "village" else "landmark"
        latitude, longitude = (float(found[5]), float(found[6])) if found[5] else (None, None)
        spell = transliterate_village if layer == "village" else transliterate
        lao, khmer = spell(found[3], found[4])
        one = NamedPoint(found[2], layer, found[3], found[4], lao, khmer, latitude, longitude, "lo km")

        def add(uow: UnitOfWork) -> None:
            before = uow.imports.points(uow.imports.active().get(layer, 0))
            uow.imports.add_points(layer, [*before, one], About("list.csv"), self._clock.now())

        await self._database.run(add)
        await self._stage.road.read_places()

    async def _between_lines(self) -> None:
        if not self._restarts:
            return
        old = self._stage
        await old.road.stop()
        self._stage = self._new_stage()
        self._stage.takes_over(old)
        await self._stage.begin()

    def _new_stage(self) -> Stage:
        return Stage(self._settings, self._database, clock=self._clock, ids=self._ids, show=self._lines.append)
