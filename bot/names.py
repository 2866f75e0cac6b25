"""Officers' display names, for "claimed by". Asked for only when somebody acts in a linked group, and kept in memory
alone. Nothing in here is ever used for a private chat: a reporter's name is not wanted."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping

import structlog

from bot.channels.base import Channel
from bot.clock import Clock
from bot.work import Waiting
from handlers.events import ChoicePicked, TextSent
from storage.database import Database
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

WAIT_S = 3.0
KEPT_S = 3600.0
KEPT = 5_000
"""Names kept at once; the oldest go first."""


class Names:
    """What the officers are called."""

    def __init__(self, database: Database, channels: Mapping[str, Channel], clock: Clock) -> None:
        self._database = database
        self._channels = channels
        self._clock = clock
        self._known: OrderedDict[tuple[str, str, str], tuple[str, float]] = OrderedDict()

    def lacks(self, item: Waiting) -> bool:
        """Whether the platform has to be asked who did this; fills in a name that is known."""
        parsed = item.parsed
        if item.asked or not item.row.group or parsed is None or not parsed.actor_id or parsed.happening is None:
            return False
        happening = parsed.happening
        acts = isinstance(happening.event, ChoicePicked) or bool(happening.reply_to)
        commands = isinstance(happening.event, TextSent) and bool(happening.event.command)
        if happening.actor.name or not (acts or commands):
            return False
        name, until = self._known.get((*item.chat, parsed.actor_id), ("", 0.0))
        if not name or until < self._clock.monotonic():
            return True
        item.name = name
        return False

    async def ask(self, item: Waiting) -> None:
        """Ask for the name, if the group is linked. Without an answer it stays empty for this once."""
        item.asked = True
        channel, address = item.chat
        actor_id = item.parsed.actor_id if item.parsed else ""

        def linked(uow: UnitOfWork) -> bool:
            chat = uow.chats.find(channel, address)
            return bool(chat and uow.centres.centre_of(chat.id))

        try:
            if await self._database.run(linked):
                item.name = await asyncio.wait_for(self._channels[channel].member_name(address, actor_id), WAIT_S)
        except Exception as error:  # no name is no reason to lose a claim
            log.warning("name_unknown", channel=channel, exc_info=error)
        if item.name:
            self._known[channel, address, actor_id] = (item.name, self._clock.monotonic() + KEPT_S)
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
