"""The road on a real database between a scripted platform and a small conversation, driven by hand: no jobs run, and the
clock moves only when the test says so."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from bot import bootstrap
from bot.config import Settings
from bot.road import Road
from storage.database import Database
from storage.invitations import NewInvitation
from tests.fakes import small_engine
from tests.fakes.scripted import ScriptedChannel
from tests.fixed import FixedClock, FixedIds

PUBLIC = "https://bot.example"


class Rig:
    """One process."""

    def __init__(self, road: Road, channels: Mapping[str, ScriptedChannel], clock: FixedClock) -> None:
        self.road = road
        self.channels = channels
        self.channel = next(iter(channels.values()))
        self.clock = clock
        self._events = 0

    async def happen(
        self, chat: str, *, group: bool = False, event_id: str = "", over: str = "", settle: bool = True, **did: Any
    ) -> None:
        """Something happens in a chat; waits until it is handled and answered."""
        self._events += 1
        channel = self.channels[over] if over else self.channel
        raw = channel.event(event_id or f"{self.road.equipment.owner}-{self._events}", chat, did, group=group)
        await self.road.intake.receive(channel, [raw])
        if settle:
            await self.road.idle()

    async def later(self, seconds: float) -> None:
        """Time passes, and what is due is done once."""
        self.clock.advance(seconds)
        await self.road.intake.fire_timers()
        await self.road.intake.recover()
        await self.road.delivery.claim()
        await self.road.fetcher.claim()
        await self.road.idle()

    async def link(self, group: str, centre: str = small_engine.CENTRE, over: str = "") -> None:
        """A group is linked to a centre by a code."""
        code, now = f"CODE{centre}{group}".replace("-", ""), self.clock.now()
        hashed = self.road.database.vault.hash_code(code.upper())
        new = NewInvitation(f"inv-{centre}-{group}", hashed, "group", centre, now, now.replace(year=now.year + 1))
        await self.road.database.run(lambda uow: uow.invitations.add(new))
        await self.happen(group, group=True, over=over, text=f"/link {code}")


@asynccontextmanager
async def rig(
    database: Database,
    folder: Path,
    *channels: ScriptedChannel,
    clock: FixedClock | None = None,
    first_id: int = 0,
    dead: bool = False,
) -> AsyncIterator[Rig]:
    """A running process over these channels (one called "telegram" by default). A `dead` one only commits what comes."""
    clock = clock or FixedClock()
    over = {c.name: c for c in channels or (ScriptedChannel(),)}
    settings = Settings(_env_file=None, media_url=str(folder / "media"), public_url=PUBLIC)  # type: ignore[call-arg]
    road = bootstrap.road(settings, database, over, clock=clock, ids=FixedIds(first_id), engine=small_engine)
    road.equipment.card = small_engine.card
    handling = [] if dead else [asyncio.create_task(road.intake.run())]
    try:
        yield Rig(road, over, clock)
    finally:
        await road.stop()
        await asyncio.gather(*handling)


def picture() -> bytes:
    """A photo with words in its comment."""
    out = io.BytesIO()
    Image.new("RGB", (60, 30), "blue").save(out, "JPEG", comment=b"NEEDLE")
    return out.getvalue()
