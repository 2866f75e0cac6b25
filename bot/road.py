"""The running programme without its web side: what is started, in which order, and how it comes to rest."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import structlog

from bot.channels.base import Channel
from bot.counters import ALARMS, CASES_FILED, Counters
from bot.delivery import Delivery
from bot.effects import follow_up
from bot.housekeeping import clean_up
from bot.intake import Intake
from bot.jobs import Job, Jobs
from bot.media import Fetcher, delete
from bot.owner import is_dead
from bot.work import Aftermath, Equipment
from storage.database import Database
from storage.media_store import MediaStore
from storage.places.gazetteer import Gazetteer
from storage.places.imported import Imported, Read
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

COURTESY_S = 5.0
"""How long what runs beside (a group to leave, stored objects to delete) may take to finish at the end, in seconds."""


@runtime_checkable
class LanguageMenus(Protocol):
    """A channel with a standing menu per language (LINE's rich menu)."""

    async def use_menu(self, address: str, language: str) -> None:
        """Give a person the menu of this language; errors are swallowed."""


@dataclass(slots=True)
class Road:
    """Everything between a webhook and the answer. `preset` is the gazetteer as the settings alone have it."""

    database: Database
    store: MediaStore
    channels: Mapping[str, Channel]
    equipment: Equipment
    counters: Counters
    delivery: Delivery
    fetcher: Fetcher
    preset: Gazetteer
    more_jobs: Sequence[Job] = ()
    intake: Intake = field(init=False)
    broken: asyncio.Event = field(init=False)
    _tasks: set[asyncio.Task[Any]] = field(init=False, default_factory=set)
    _jobs: Jobs = field(init=False)

    def __post_init__(self) -> None:
        self.intake = Intake(self.database, self.equipment, self.after, self.counters)
        self.fetcher.tell(self._follow_up)
        self.broken = asyncio.Event()
        self._jobs = Jobs(
            [
                Job("timers", 0.5, self.intake.fire_timers),
                Job("outbox", 1, self.delivery.claim),
                Job("inbox", 5, self.intake.recover),
                Job("media", 2, self.fetcher.claim),
                Job("leases", 10, self._renew),
                Job("places", 15, self._renew_places),
                Job("forgotten", 60, self._erase_forgotten),
                Job("retention", 3600, self.clean_up),
                *self.more_jobs,
            ]
        )

    async def start(self) -> None:
        """Open the channels and begin with what an earlier process left behind."""
        await self.read_places()
        await self.database.run(self._take_from_the_dead)
        for channel in self.channels.values():
            await channel.open()
        self.spawn(self.intake.run())
        await self.intake.recover()
        await self.delivery.claim()
        await self.fetcher.claim()
        self._jobs.start()

    async def stop(self) -> None:
        """Finish what is in hand and give the rest back. Nothing may come in any more. In the order of the road: what is
        handled now still queues calls, and a call that was begun is finished and written down, so that the next process
        neither misses nor repeats it."""
        await self._jobs.stop()
        await self.intake.stop()
        await asyncio.gather(self.delivery.stop(), self.fetcher.stop())
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=COURTESY_S)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._let_go()
        for channel in self.channels.values():
            await channel.close()

    async def _let_go(self) -> None:
        """Give back all that this process still holds, so that another one need not wait for the leases to run out."""
        try:
            await self.database.run(lambda uow: uow.leases.abandon([self.equipment.owner]))
        except Exception as error:  # the database is away: they run out by themselves
            log.warning("leases_not_given_back", exc_info=error)

    async def idle(self) -> None:
        """Wait until all that came in is handled, fetched and sent, but for what waits for its time."""
        while not self.intake.resting or self.fetcher.busy or self.delivery.busy:
            await self.intake.idle()
            await self.fetcher.idle()
            await self.delivery.idle()

    async def after(self, aftermath: Aftermath) -> None:
        """Do what a committed work left to do. None of it is waited for."""
        self.delivery.accept(aftermath.rows)
        self.fetcher.accept(aftermath.media)
        for what in aftermath.noted:
            self.counters.up(ALARMS, what)
            log.error("alarm", what=what)
        for urgent in aftermath.filed:
            self.counters.up(CASES_FILED, "yes" if urgent else "no")
        for deed in aftermath.deeds:
            log.info(f"case_{deed.action}".replace(" ", "_"), case=deed.case, inbox_id=deed.inbox_id)
        if aftermath.delete:
            self.spawn(delete(self.store, aftermath.delete))
        for name, address in aftermath.leave:
            if name in self.channels:
                self.spawn(self.channels[name].leave(address))
        for name, address in dict.fromkeys(aftermath.busy):
            if name in self.channels:
                self.spawn(self.channels[name].busy(address))
        for name, address, language in aftermath.languages:
            channel = self.channels.get(name)
            if isinstance(channel, LanguageMenus):
                self.spawn(channel.use_menu(address, language))

    async def read_places(self) -> None:
        """Take over what the programme office has changed by hand: centres opened and closed, places imported."""
        places = self.equipment.places
        opened, closed, versions = await self.database.run(
            lambda uow: (uow.centres.opened(), uow.centres.closed(), uow.imports.active())
        )
        by_hand = frozenset(code for code in opened if len(code) == 4)
        served = (self.preset.served() | by_hand) - closed or places.served()
        if versions != places.imported.versions:
            read = await self.database.run(lambda uow: Read.active(uow.imports))
            imported = await asyncio.to_thread(Imported.made, read)
            places = self.preset.with_served(served).with_imported(imported)
            log.info("places_imported", imports=dict(read.versions))
            if imported.lost:
                log.error("places_lost", imports=dict(read.versions), lost=dict(imported.lost))
        elif served != places.served():
            places = places.with_served(served)
        self.equipment.places = places

    async def _renew_places(self) -> None:
        await self.read_places()
        await asyncio.to_thread(self.equipment.places.prepare)  # here, and not when the first person types a name

    def _take_from_the_dead(self, uow: UnitOfWork) -> None:
        own = self.equipment.owner
        uow.leases.abandon([owner for owner in uow.leases.owners() if is_dead(owner, own)])

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run something beside; should it break, that is noted, and `broken` is set."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("part_broke", part=task.get_coro().__qualname__, exc_info=error)  # type: ignore[union-attr]
            self.broken.set()

    async def _follow_up(self, media_id: str) -> None:
        now = self.equipment.clock.now()
        await self.after(await self.database.run(lambda uow: follow_up(self.equipment, uow, media_id, now)))

    async def _renew(self) -> None:
        await self.intake.renew()
        await self.delivery.renew()

    async def clean_up(self) -> None:
        """Delete what is over its time: old cases, people who no longer write, media that no case took."""
        await clean_up(self.database, self.store, self.equipment.clock.now(), self.equipment.settings.keep_days)

    async def _erase_forgotten(self) -> None:
        await self.database.run(lambda uow: uow.chats.erase_forgotten())
