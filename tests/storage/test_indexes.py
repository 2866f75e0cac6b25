"""Work queues stay fast however many rows are over: SQLite's planner shows which index serves each statement."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from storage.chats import ChatKey
from storage.database import Database
from storage.outbox import NewRow
from storage.unit_of_work import UnitOfWork
from tests.fixed import START
from tests.storage.samples import a_case, a_chat, an_event

_BIG = "inbox|outbox|chats|cases|sent_messages|media|trail|earlier"


def _work(uow: UnitOfWork) -> None:
    """Everything that a conversation, a delivery and their recovery do."""
    rows = [row for row in uow.inbox.add([an_event(1), an_event(2)], "a", START) if row]
    uow.inbox.blocked_by_earlier(rows, "a")
    uow.inbox.take("a", START, 10)
    uow.inbox.health()
    uow.inbox.done([row.id for row in rows], "a")
    chat = a_chat(uow)
    uow.chats.load([ChatKey("line", "U1")], START)
    uow.chats.save([chat], START)
    uow.chats.due(START, 10)
    uow.chats.erase_forgotten()
    uow.outbox.add([NewRow("1", chat.id, {})], "a", START)
    uow.outbox.claim("a", START, 10)
    uow.outbox.sent(["1"], START)
    uow.outbox.drop_chat(chat.id, START, "gone")
    uow.outbox.drop_delayed("AAA", START)
    uow.outbox.health(START)
    uow.cases.add(a_case("AAA"), chat.id)
    uow.cases.save(a_case("AAA"))
    uow.cases.of_reporter(chat.id)
    uow.cases.open_in(["3403"])
    uow.cases.health()
    uow.media.waiting()
    uow.cases.near("drugs", 15.3, 105.5, START, 1000)
    uow.messages.case_of(chat.id, "m")
    uow.messages.card_of(chat.id, "AAA")
    uow.media.claim("a", START, 10)
    uow.media.of_case("AAA")
    uow.trail.of("AAA")
    uow.chats.forget(chat.id, START)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_no_statement_reads_a_whole_table(database: Database) -> None:
    """Each table that grows is read by an index, or by a partial one that holds only what waits."""
    plans: list[tuple[str, str]] = []

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            values = parameters[0] if many else parameters
            plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
            plans.extend((statement, row[3]) for row in plan)

    listened: Callable[..., None] = explain
    event.listen(database.engine, "before_cursor_execute", listened)
    database.run_now(_work)
    assert len(plans) > 30
    whole = [(plan, statement) for statement, plan in plans if re.fullmatch(rf"SCAN ({_BIG})", plan)]
    assert whole == []
