"""The writer thread: group commit, failing neighbours, lost connections, several processes."""

from __future__ import annotations

import asyncio
import threading

import pytest
from sqlalchemy import event, text

from storage.database import Closed, Database
from storage.engines import UnusableUrl, normalised
from storage.unit_of_work import UnitOfWork
from storage.vault import Vault
from tests.fixed import START


def _opening(code: str):  # type: ignore[no-untyped-def]
    def work(uow: UnitOfWork) -> str:
        uow.centres.open(code)
        return code

    return work


def _pragma(name: str):  # type: ignore[no-untyped-def]
    return lambda uow: uow.centres._connection.execute(text(f"PRAGMA {name}")).scalar()


def _failing(uow: UnitOfWork) -> None:
    uow.centres.open("9999")
    raise LookupError("a bad neighbour")


async def test_waiting_works_share_a_commit(database: Database) -> None:
    """Fifty works that wait while one is busy are committed together, and each gets its own result."""
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    go_on = threading.Event()
    busy = asyncio.create_task(database.run(lambda uow: go_on.wait()))
    waiting = [asyncio.create_task(database.run(_opening(f"{n:04}"))) for n in range(50)]
    await asyncio.sleep(0)
    go_on.set()
    assert await asyncio.gather(*waiting) == [f"{n:04}" for n in range(50)]
    await busy
    assert len(commits) <= 2  # the busy one alone, or it with all the others
    assert len(database.run_now(lambda uow: uow.centres.opened())) == 50


async def test_a_failing_neighbour_harms_nobody(database: Database) -> None:
    """The work that raises hears its own error and leaves nothing; the others in its group are done."""
    go_on = threading.Event()
    busy = asyncio.create_task(database.run(lambda uow: go_on.wait()))
    works = [_opening("0001"), _failing, _opening("0002"), _failing, _opening("0003")]
    waiting = [asyncio.create_task(database.run(work)) for work in works]
    await asyncio.sleep(0)
    go_on.set()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    await busy
    assert [r if isinstance(r, str) else type(r) for r in results] == ["0001", LookupError, "0002", LookupError, "0003"]
    assert database.run_now(lambda uow: uow.centres.opened()) == {"0001", "0002", "0003"}


async def test_a_caller_that_went_away_does_not_disturb(database: Database) -> None:
    """A cancelled caller's work may still be done; the next one is served as usual."""
    go_on = threading.Event()
    busy = asyncio.create_task(database.run(lambda uow: go_on.wait()))
    await asyncio.sleep(0)
    gone = asyncio.create_task(database.run(_opening("0001")))
    await asyncio.sleep(0)
    gone.cancel()
    go_on.set()
    await busy
    assert await database.run(_opening("0002")) == "0002"
    assert gone.cancelled()


def test_works_of_many_threads_are_all_done(database: Database) -> None:
    """Callers without an event loop, from eight threads at once."""
    threads = [
        threading.Thread(target=lambda n=n: [database.run_now(_opening(f"{n}{m}")) for m in range(10)])
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(database.run_now(lambda uow: uow.centres.opened())) == 80


def test_two_processes_write_side_by_side(database_url: str, vault: Vault) -> None:
    """Two databases on the same file or server: neither sees "busy", nothing is lost."""
    both = [Database(database_url, vault) for _ in range(2)]

    def fill(database: Database, first: str) -> None:
        for number in range(30):
            database.run_now(_opening(f"{first}{number}"))

    threads = [threading.Thread(target=fill, args=(db, name)) for db, name in zip(both, "ab", strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(both[0].run_now(lambda uow: uow.centres.opened())) == 60
    for database in both:
        database.close()


def test_closing_finishes_what_waits(database_url: str, vault: Vault) -> None:
    """A work that was handed in before `close` is committed; one after it is refused."""
    database = Database(database_url, vault)
    go_on = threading.Event()
    results: list[object] = []
    first = threading.Thread(target=lambda: results.append(database.run_now(lambda uow: go_on.wait())))
    first.start()
    second = threading.Thread(target=lambda: results.append(database.run_now(_opening("0001"))))
    second.start()
    closing = threading.Thread(target=database.close)
    go_on.set()
    first.join()
    second.join()
    closing.start()
    closing.join()
    assert sorted(map(str, results)) == ["0001", "True"]
    with pytest.raises(Closed):
        database.run_now(_opening("0002"))
    database.close()


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_a_killed_connection_is_replaced(database: Database) -> None:
    """PostgreSQL ends our connection in the middle: the work is done again on a fresh one, once."""
    tries: list[int] = []

    def work(uow: UnitOfWork) -> None:
        tries.append(1)
        uow.centres.open("0001")
        if len(tries) == 1:
            uow.centres._connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    database.run_now(work)
    assert len(tries) == 2
    assert database.run_now(lambda uow: uow.centres.opened()) == {"0001"}


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_a_lost_race_is_run_again(database: Database) -> None:
    """A serialization failure is not the caller's affair."""
    tries: list[int] = []

    def work(uow: UnitOfWork) -> str:
        tries.append(1)
        if len(tries) < 3:
            uow.centres._connection.execute(text("DO $$ BEGIN RAISE serialization_failure; END $$"))
        return "done"

    assert database.run_now(work) == "done"
    assert len(tries) == 3


def test_a_mistake_in_a_statement_is_not_run_again(database: Database) -> None:
    """Only what passes by itself is tried again."""
    tries: list[int] = []

    def work(uow: UnitOfWork) -> None:
        tries.append(1)
        uow.centres._connection.execute(text("SELECT nonsense FROM nowhere"))

    with pytest.raises(Exception, match="nowhere"):
        database.run_now(work)
    assert len(tries) == 1


def test_a_database_in_memory_works(vault: Vault) -> None:
    """For a try-out that is to leave nothing behind."""
    database = Database("sqlite://", vault)
    database.migrate()
    database.run_now(_opening("0001"))
    assert database.run_now(lambda uow: uow.centres.opened()) == {"0001"}
    database.close()


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_sqlite_is_durable(database_url: str, vault: Vault) -> None:
    """WAL, and every commit on the disk before anybody is told."""
    database = Database(database_url, vault)
    pragmas = [database.run_now(_pragma(name)) for name in ("journal_mode", "synchronous")]
    database.close()
    assert pragmas == ["wal", 2]


@pytest.mark.parametrize(
    ("written", "driver"),
    [
        ("sqlite:///x.sqlite3", "sqlite+pysqlite"),
        ("postgres://u:p@h/d", "postgresql+psycopg"),
        ("postgresql://u:p@h/d", "postgresql+psycopg"),
        ("postgresql+psycopg2://u:p@h/d", "postgresql+psycopg"),
    ],
)
def test_urls_as_people_write_them(written: str, driver: str) -> None:
    """Each gets the driver that we ship."""
    assert normalised(written).drivername == driver


@pytest.mark.parametrize("written", ["", "nonsense", "mysql://u:secret@h/d"])
def test_a_useless_url_is_refused_without_repeating_it(written: str) -> None:
    """It may hold a password."""
    with pytest.raises(UnusableUrl) as refused:
        normalised(written)
    assert "secret" not in str(refused.value)


def test_time_without_a_zone_is_refused(database: Database) -> None:
    """A naive time would mean another moment on another machine."""
    with pytest.raises(Exception, match="timezone"):
        database.run_now(lambda uow: uow.outbox.claim("me", START.replace(tzinfo=None), 1))
