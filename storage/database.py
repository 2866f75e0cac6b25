"""The database: one writer thread a process, whose waiting works share a transaction (group commit).

A durable commit costs far more than the statements in it, so whatever waits while one commit is under way goes into the
next one together. A work is a plain function of a `UnitOfWork`; it must be re-runnable and touch nothing outside of it,
because it may run again: alone, when a neighbour in its group raised, or whole, on a fresh connection.
"""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from storage import schema
from storage.engines import create, is_passing
from storage.unit_of_work import UnitOfWork
from storage.vault import Vault

R = TypeVar("R")
Work = Callable[[UnitOfWork], R]

GROUP = 64
"""At most this many works share a transaction, so that one commit stays in the order of milliseconds."""
WAITS_S = (0.0, 0.1, 0.3, 1.0, 2.0)
"""Pauses before each new try after a lost connection or a lost race, in seconds; then the caller hears of it."""


class Closed(RuntimeError):
    """The database was closed."""


@dataclass(slots=True)
class _Job:
    work: Work[Any]
    future: asyncio.Future[Any] | Future[Any]
    loop: asyncio.AbstractEventLoop | None
    result: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        """Tell the waiting caller, unless it has gone away; runs in the caller's own loop."""
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class Database:
    """The one door to the database; safe to use from any thread and event loop."""

    def __init__(self, url: str, vault: Vault) -> None:
        """`url`: sqlite:///path or postgresql://…; nothing is opened before the first work."""
        self.vault = vault
        self.engine = create(url)
        self.dialect = self.engine.dialect.name
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._stopping = threading.Event()
        self._connection: Connection | None = None
        self._unit: UnitOfWork | None = None
        self._thread = threading.Thread(target=self._serve, name="database", daemon=True)
        self._thread.start()

    async def run(self, work: Work[R]) -> R:
        """Do `work` in a transaction shared with whatever else waits; returns after the commit.

        Raises what the work raised (nothing of it is stored then), or SQLAlchemy's error if the database stays away. A
        caller that is cancelled does not hear the result; the work may be done all the same.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        self._submit(_Job(work, future, loop))
        return await future

    def run_now(self, work: Work[R]) -> R:
        """The same for callers without an event loop; blocks."""
        future: Future[R] = Future()
        self._submit(_Job(work, future, None))
        return future.result()

    def migrate(self) -> None:
        """Bring the schema up to date; safe when several processes start at once."""
        with self.engine.begin() as connection:
            schema.upgrade(connection)

    def close(self) -> None:
        """Finish what waits and let go of the connection. Later works raise `Closed`."""
        with self._gate:
            if self._closed:
                return
            self._closed = True
            self._queue.put(None)
        self._stopping.set()
        self._thread.join()
        self.engine.dispose()

    def _submit(self, job: _Job) -> None:
        with self._gate:
            if self._closed:
                raise Closed("the database is closed")
            self._queue.put(job)

    def _serve(self) -> None:
        """The writer thread: take what waits, commit it together, tell the callers."""
        more = True
        while more:
            jobs: list[_Job] = []
            first = self._queue.get()
            more = first is not None
            if first is not None:
                jobs.append(first)
            while more and len(jobs) < GROUP:
                try:
                    following = self._queue.get_nowait()
                except Empty:
                    break
                more = following is not None
                if following is not None:
                    jobs.append(following)
            if jobs:
                self._commit(jobs)
        self._let_go()

    def _commit(self, jobs: list[_Job]) -> None:
        """Do these works in one transaction; if a work is to blame for a failure, each in one of its own."""
        error = self._attempt(jobs)
        if error is not None and len(jobs) > 1 and not is_passing(error):
            for job in jobs:
                self._commit([job])
            return
        for job in jobs:
            job.error = error
        _tell(jobs)

    def _attempt(self, jobs: list[_Job]) -> BaseException | None:
        """Do these works in one transaction, again on a fresh connection while the database is only passingly away."""
        error: BaseException | None = None
        for wait in (None, *WAITS_S):
            if wait is not None:
                self._stopping.wait(wait)
            try:
                self._transact(jobs)
            except BaseException as caught:  # whatever it is, it belongs to the caller, not to this thread
                error = caught
                if not is_passing(caught):
                    return caught
                self._let_go()
            else:
                return None
        return error

    def _transact(self, jobs: list[_Job]) -> None:
        if self._connection is None or self._unit is None:
            self._connection = self.engine.connect()
            self._unit = UnitOfWork(self._connection, self.vault)
        with self._connection.begin():
            for job in jobs:
                job.result = job.work(self._unit)

    def _let_go(self) -> None:
        connection, self._connection, self._unit = self._connection, None, None
        if connection is None:
            return
        try:
            connection.close()
        except DBAPIError:
            connection.invalidate()  # it is broken already, which is why it is being given up


def _tell(jobs: Iterable[_Job]) -> None:
    """Wake the callers; one wake-up for each event loop, however many of its works are done."""
    loops: dict[asyncio.AbstractEventLoop, list[_Job]] = defaultdict(list)
    for job in jobs:
        if job.loop is None:
            job.settle()
        else:
            loops[job.loop].append(job)
    for loop, waiting in loops.items():
        if loop.is_closed():
            continue
        try:
            loop.call_soon_threadsafe(_settle_all, waiting)
        except RuntimeError:
            continue  # the loop closed in between: nobody is left to be told


def _settle_all(jobs: list[_Job]) -> None:
    for job in jobs:
        job.settle()
