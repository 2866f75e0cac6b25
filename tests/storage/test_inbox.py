"""The inbox: once, in order, and never lost."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from storage.database import Database
from storage.inbox import LEASE_S, MAX_TRIES, InboxRow, NewEvent
from storage.vault import Vault
from tests.fixed import START
from tests.storage.samples import an_event

LATER = START + timedelta(seconds=LEASE_S + 1)


def _add(database: Database, *numbers: int, owner: str = "a", address: str = "U1") -> list[InboxRow]:
    events = [an_event(number, address) for number in numbers]
    return [row for row in database.run_now(lambda uow: uow.inbox.add(events, owner, START)) if row is not None]


def _take(database: Database, owner: str, now: datetime = LATER) -> list[int]:
    return [row.body["number"] for row in database.run_now(lambda uow: uow.inbox.take(owner, now, 100))]


def _errored(database: Database, event: int, now: datetime) -> bool:
    return database.run_now(lambda uow: uow.inbox.errored(event, "KeyError", now))


def test_an_event_is_kept_once(database: Database) -> None:
    """The second copy is known, in the same batch, in a later one, and for ever after it was handled."""
    batch = [an_event(1), an_event(2), an_event(1)]
    added = database.run_now(lambda uow: uow.inbox.add(batch, "a", START))
    assert [row and row.body["number"] for row in added] == [1, 2, None]
    assert _add(database, 1) == []
    ids = [row.id for row in added if row]
    assert database.run_now(lambda uow: uow.inbox.done(ids, "a")) == set(ids)
    assert _add(database, 1, 2) == []


def test_the_same_id_on_two_platforms_is_two_events(database: Database) -> None:
    """Ids are unique within a channel only."""
    batch = [NewEvent(channel, "1", "U1", False, {}) for channel in ("line", "telegram")]
    assert None not in database.run_now(lambda uow: uow.inbox.add(batch, "a", START))


def test_a_taken_event_is_opened_as_it_was_sent(database: Database) -> None:
    """Body, address and all come back from storage."""
    new = NewEvent("telegram", "77", "-100", True, {"update_id": 77, "ข้อความ": "สวัสดี"})
    database.run_now(lambda uow: uow.inbox.add([new], "a", START))
    (row,) = database.run_now(lambda uow: uow.inbox.take("b", LATER, 10))
    assert (row.channel, row.event_id, row.address, row.group, row.body) == (
        new.channel, new.event_id, new.address, new.group, new.body,
    )  # fmt: skip
    assert row.received_at == START


def test_events_of_a_dead_process_are_taken_over_in_order(database: Database) -> None:
    """While the lease holds nobody else gets them; after it, the next process does, once."""
    _add(database, 1, 2, 3)
    assert _take(database, "b", START) == []
    assert _take(database, "b") == [1, 2, 3]
    assert _take(database, "c") == []


def test_an_event_waits_for_an_earlier_one_elsewhere(database: Database) -> None:
    """The second process may not handle what came later in the same chat; another chat's event it may."""
    _add(database, 1, owner="a")
    later = _add(database, 2, owner="b") + _add(database, 3, owner="b", address="U2")
    blocked = database.run_now(lambda uow: uow.inbox.blocked_by_earlier(later, "b"))
    assert blocked == {later[0].id}
    database.run_now(lambda uow: uow.inbox.release(blocked, "b"))
    assert _take(database, "b", START) == []
    (first,) = database.run_now(lambda uow: uow.inbox.take("a", LATER, 1))
    assert _take(database, "b", LATER) == [3]  # 2 waits for 1
    database.run_now(lambda uow: uow.inbox.done([first.id], "a"))
    assert _take(database, "b", LATER) == [2]


def test_own_earlier_events_block_nothing(database: Database) -> None:
    """One process keeps its own order."""
    rows = _add(database, 1) + _add(database, 2)
    assert database.run_now(lambda uow: uow.inbox.blocked_by_earlier(rows, "a")) == set()


def test_done_counts_only_for_the_holder(database: Database) -> None:
    """A process whose events were taken over learns that they are not its any more."""
    (row,) = _add(database, 1)
    assert _take(database, "b") == [1]
    assert database.run_now(lambda uow: uow.inbox.done([row.id], "a")) == set()
    assert database.run_now(lambda uow: uow.inbox.done([row.id], "b")) == {row.id}
    assert database.run_now(lambda uow: uow.inbox.done([row.id], "b")) == set()


def test_renewed_events_stay_with_their_holder(database: Database) -> None:
    """A long queue does not lose its lease."""
    (row,) = _add(database, 1)
    database.run_now(lambda uow: uow.inbox.renew([row.id], "a", START + timedelta(seconds=LEASE_S)))
    assert _take(database, "b") == []


def test_a_poison_event_is_set_aside_and_lets_the_others_by(database: Database) -> None:
    """After five tries it lies aside with its body; until then those behind it wait."""
    poison, good = _add(database, 1, 2)
    database.run_now(lambda uow: uow.inbox.release([good.id], "a"))
    now = START
    for attempt in range(1, MAX_TRIES + 1):
        aside = _errored(database, poison.id, now)
        assert aside == (attempt == MAX_TRIES)
        if not aside:
            assert _take(database, "b", now) == []
            now += timedelta(seconds=60)
            assert _take(database, "a", now) == [1, 2] if attempt == 1 else [1]
            database.run_now(lambda uow: uow.inbox.release([good.id], "a"))
    assert _take(database, "b", now) == [2]
    health = database.run_now(lambda uow: uow.inbox.health())
    assert (health.waiting, health.aside, health.oldest) == (1, 1, START)


@pytest.mark.parametrize("count", [0, 1, 300])
def test_any_number_at_once(database: Database, count: int) -> None:
    """An empty batch, one event, a flood."""
    rows = _add(database, *range(count))
    assert [row.body["number"] for row in rows] == list(range(count))
    assert len({row.id for row in rows}) == count
    assert database.run_now(lambda uow: len(uow.inbox.done([row.id for row in rows], "a"))) == count


def test_three_processes_share_one_event(database_url: str, vault: Vault) -> None:
    """Redelivered to every process at once, it is added once."""
    processes = [Database(database_url, vault) for _ in range(3)]
    added = [len(_add(process, 1, owner=str(n))) for n, process in enumerate(processes * 10)]
    assert sum(added) == 1
    for process in processes:
        process.close()
