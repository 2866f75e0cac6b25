"""Keeps the promise of the notice: what people sent is deleted after its time, from the database and from the store."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot.media import delete
from storage.database import Database
from storage.media_store import MediaStore
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

BITE = 100
"""Cases or people erased in one transaction."""
LOOSE_FOR = timedelta(days=2)
"""A draft lives a day; media that no case took are left over after two."""


async def clean_up(database: Database, store: MediaStore, now: datetime, keep_days: int) -> None:
    """Delete everything older than `keep_days`. Several processes may do it at once."""
    before = now - timedelta(days=keep_days)
    erased = BITE
    while erased == BITE:
        erased, keys = await database.run(lambda uow: uow.retention.expire_cases(before, BITE))
        await delete(store, keys)
        if erased:
            log.info("cases_erased", count=erased)
    forgotten = BITE
    while forgotten == BITE:
        forgotten = await database.run(lambda uow: _forget(uow, before, now))
    keys = await database.run(lambda uow: uow.media.drop(uow.media.loose(now - LOOSE_FOR, BITE)))
    await delete(store, keys)


def _forget(uow: UnitOfWork, before: datetime, now: datetime) -> int:
    people = uow.retention.quiet_people(before, BITE)
    for chat_id in people:
        uow.chats.forget(chat_id, now)
    return len(people)
