"""Rows of media: fetched once, given to a case or dropped."""

from __future__ import annotations

from datetime import timedelta

from handlers.session import Session
from storage.chats import ChatKey
from storage.database import Database
from storage.media import LEASE_S, NewMedia
from storage.unit_of_work import UnitOfWork
from tests.fixed import START

LATER = START + timedelta(seconds=LEASE_S + 1)


def _add(database: Database, *ids: str, too_big: bool = False) -> list[str]:
    new = [NewMedia(id, 1, "line", "photo", {"message": id}, too_big) for id in ids]
    return [row.id for row in database.run_now(lambda uow: uow.media.add(new, "a", START))]


def _claim(database: Database, at_seconds: float) -> list[str]:
    now = START + timedelta(seconds=at_seconds)
    return [row.id for row in database.run_now(lambda uow: uow.media.claim("b", now, 10))]


def _stored(database: Database, id: str) -> bool:
    return database.run_now(
        lambda uow: uow.media.stored(
            id, size=5, mime="image/jpeg", sha256="ab", key=f"k/{id}", copy_key=f"c/{id}", copy_mime="image/png"
        )
    )


def test_media_are_fetched_by_one_process(database: Database) -> None:
    """Its own at first; another's once the lease is over; nobody's when they are too big."""
    assert _add(database, "m1", "m2") == ["m1", "m2"]
    assert _add(database, "m3", too_big=True) == []
    assert _claim(database, 1) == []
    assert sorted(_claim(database, LEASE_S + 1)) == ["m1", "m2"]
    assert _claim(database, LEASE_S + 1) == []
    rows = database.run_now(lambda uow: uow.media.get(["m1", "m3", "none"]))
    assert [(row.id, row.state, row.reference) for row in rows.values()] == [
        ("m1", "waiting", {"message": "m1"}), ("m3", "too_big", None),
    ]  # fmt: skip


def test_stored_media_forget_where_they_came_from(database: Database) -> None:
    """Size, kind and keys are known; the platform's reference is gone."""
    _add(database, "m1")
    assert _stored(database, "m1")
    row = database.run_now(lambda uow: uow.media.get(["m1"]))["m1"]
    assert (row.state, row.size, row.mime, row.sha256, row.reference) == ("stored", 5, "image/jpeg", "ab", None)
    assert (row.key, row.copy_key, row.copy_mime) == ("k/m1", "c/m1", "image/png")
    assert _claim(database, LEASE_S + 1) == []


def test_a_failed_try_comes_again(database: Database) -> None:
    """From its time on, until it failed for good."""
    _add(database, "m1", "m2")
    database.run_now(lambda uow: uow.media.errored("m1", START + timedelta(seconds=30), "retry"))
    database.run_now(lambda uow: uow.media.failed("m2", "gone"))
    assert _claim(database, 29) == []
    assert _claim(database, 30) == ["m1"]
    database.run_now(lambda uow: uow.media.failed("m1", "too long", too_big=True))
    rows = database.run_now(lambda uow: uow.media.get(["m1", "m2"]))
    assert [(r.state, r.tries, r.reason) for r in rows.values()] == [("too_big", 1, "too long"), ("failed", 0, "gone")]


def test_media_of_a_case(database: Database) -> None:
    """What was sent with a report belongs to it; what belongs to none is found after a while."""
    _add(database, "m1", "m2", "m3")
    database.run_now(lambda uow: uow.media.attach(["m1", "m2"], "ABC"))
    assert [row.id for row in database.run_now(lambda uow: uow.media.of_case("ABC"))] == ["m1", "m2"]
    assert database.run_now(lambda uow: uow.media.loose(START, 10)) == []
    assert database.run_now(lambda uow: uow.media.loose(LATER, 10)) == ["m3"]


def test_a_living_draft_keeps_its_media(database: Database) -> None:
    """However old they are, while the conversation still has a timer."""

    def draft(uow: UnitOfWork) -> None:
        chat = uow.chats.load([ChatKey("line", "U1")], START)["line", "U1"]
        chat.session = Session().with_timer("erase", LATER)
        uow.chats.save([chat], START)
        uow.media.add([NewMedia("m1", chat.id, "line", "photo", {})], "a", START)

    database.run_now(draft)
    assert database.run_now(lambda uow: uow.media.loose(LATER, 10)) == []


def test_dropped_media_name_what_to_delete(database: Database) -> None:
    """Also those that arrive only after they were dropped."""
    _add(database, "m1", "m2")
    _stored(database, "m1")
    assert database.run_now(lambda uow: uow.media.drop(["m1", "m2"])) == ["k/m1", "c/m1"]
    assert not _stored(database, "m2")
    assert database.run_now(lambda uow: uow.media.drop(["m1", "m2"])) == []
    assert database.run_now(lambda uow: uow.media.loose(LATER, 10)) == []
    row = database.run_now(lambda uow: uow.media.get(["m2"]))["m2"]
    assert (row.state, row.chat_id, row.reference) == ("dropped", None, None)
