"""A process that died is recognised, one that lives is left alone."""

from __future__ import annotations

import os
import subprocess
import sys

from bot.owner import is_dead, machine, own_name
from storage.database import Database
from storage.inbox import NewEvent
from tests.fixed import FixedClock, FixedIds


def test_an_own_name_is_alive() -> None:
    """Nobody takes rows from itself."""
    name = own_name(FixedIds())
    assert not is_dead(name, name)


def test_an_earlier_life_with_the_same_number_is_dead() -> None:
    """In a container every life is process 1."""
    assert is_dead(own_name(FixedIds(1)), own_name(FixedIds(7)))


def test_an_ended_process_is_dead_and_a_running_one_is_not() -> None:
    """The operating system knows."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert is_dead(f"{machine()}/{ended.pid}/X", own_name(FixedIds()))
    assert not is_dead(f"{machine()}/{os.getppid()}/X", own_name(FixedIds()))


def test_another_machine_is_never_called_dead() -> None:
    """Nor is a name of another form."""
    assert not is_dead("elsewhere/1/X", own_name(FixedIds()))
    assert not is_dead("nonsense", own_name(FixedIds()))


def test_rows_of_the_dead_are_taken_at_once(database: Database, clock: FixedClock) -> None:
    """Without waiting for the lease; rows of the living stay theirs."""
    new = [NewEvent("line", name, name, False, {}) for name in ("one", "two")]
    database.run_now(lambda uow: uow.inbox.add(new[:1], "dead", clock.now()))
    database.run_now(lambda uow: uow.inbox.add(new[1:], "alive", clock.now()))
    assert database.run_now(lambda uow: uow.leases.owners()) == {"dead", "alive"}
    database.run_now(lambda uow: uow.leases.abandon(["dead"]))
    taken = database.run_now(lambda uow: uow.inbox.take("me", clock.now(), 10))
    assert [row.address for row in taken] == ["one"]
