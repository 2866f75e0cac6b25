"""What the notice promises: after a year nothing is left of a case or of a person who no longer writes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.housekeeping import LOOSE_FOR, clean_up
from handlers.cases import Case
from handlers.session import Part, Place
from storage.chats import ChatKey
from storage.database import Database
from storage.media import NewMedia
from storage.media_store import MediaStore
from storage.trail import TrailEntry
from storage.unit_of_work import UnitOfWork
from storage.vault import Vault
from tests.fixed import START

DAYS = 365


@pytest.fixture
def store(tmp_path: Path, vault: Vault) -> MediaStore:
    """A media store in a folder."""
    return MediaStore(str(tmp_path / "media"), vault)


def case(code: str) -> Case:
    """A case with one photo."""
    return Case(code, "drugs", START, "3403", Place(), parts=(Part("photo", media_id=f"m-{code}"),))


def file(uow: UnitOfWork, code: str, address: str) -> None:
    """A person files a case."""
    chat = uow.chats.load([ChatKey("line", address, False)], START)["line", address]
    uow.cases.add(case(code), chat.id)
    uow.media.add([NewMedia(f"m-{code}", chat.id, "line", "photo", {"id": 1})], "me", START)
    uow.media.attach([f"m-{code}"], code)
    uow.trail.add([TrailEntry(code, START, "reporter", "filed", "")])


async def test_a_case_lives_a_year(database: Database, store: MediaStore) -> None:
    """The day before it is all there; after the day it is gone, with trail, media and person."""
    database.run_now(lambda uow: file(uow, "AAA-AAAA", "villager"))
    now = START + timedelta(days=DAYS, hours=-1)
    await clean_up(database, store, now, DAYS)
    assert database.run_now(lambda uow: uow.cases.get("AAA-AAAA"))
    await clean_up(database, store, now + timedelta(hours=2), DAYS)
    assert database.run_now(lambda uow: uow.cases.get("AAA-AAAA")) is None
    assert database.run_now(lambda uow: uow.trail.of("AAA-AAAA")) == []
    assert database.run_now(lambda uow: uow.media.get(["m-AAA-AAAA"])) == {}
    assert database.run_now(lambda uow: uow.chats.find("line", "villager")) is None


async def test_who_still_writes_is_not_forgotten(database: Database, store: MediaStore) -> None:
    """Groups, coordinators and people who wrote lately stay."""
    later = START + timedelta(days=DAYS, hours=1)

    def fill(uow: UnitOfWork) -> None:
        chats = uow.chats.load([ChatKey("line", a, a == "group") for a in ("headman", "group", "quiet")], START)
        uow.coordinators.join(chats["line", "headman"].id, "3403", "340301", START)
        uow.chats.load([ChatKey("line", "writes", False)], later)

    database.run_now(fill)
    await clean_up(database, store, later, DAYS)
    left = {
        a
        for a in ("headman", "group", "quiet", "writes")
        if database.run_now(lambda uow, a=a: uow.chats.find("line", a))
    }
    assert left == {"headman", "group", "writes"}


async def test_media_that_no_case_took_go(database: Database, store: MediaStore) -> None:
    """A draft that ended without a word leaves nothing behind; fresh media of a draft stay."""

    def fill(uow: UnitOfWork) -> None:
        chat = uow.chats.load([ChatKey("line", "villager", False)], START)["line", "villager"]
        uow.media.add([NewMedia("old", chat.id, "line", "photo", {})], "me", START)
        uow.media.add([NewMedia("fresh", chat.id, "line", "photo", {})], "me", START + LOOSE_FOR)

    database.run_now(fill)
    await clean_up(database, store, START + LOOSE_FOR + timedelta(hours=1), DAYS)
    states = {m.id: m.state for m in database.run_now(lambda uow: uow.media.get(["old", "fresh"])).values()}
    assert states == {"old": "dropped", "fresh": "waiting"}
