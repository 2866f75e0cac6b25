"""The outbox: in order per chat, leased, erased once it is out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from storage.database import Database
from storage.outbox import LEASE_S, NewRow, OutboxRow
from storage.tables import OUTBOX
from storage.unit_of_work import UnitOfWork
from storage.vault import Vault
from tests.fixed import START
from tests.storage.samples import a_call, a_chat

LATER = START + timedelta(seconds=LEASE_S + 1)


def _chat(database: Database, address: str = "U1") -> int:
    return database.run_now(lambda uow: a_chat(uow, address).id)


def _add(database: Database, *rows: NewRow, owner: str = "a", now: datetime = START) -> list[str]:
    return [row.id for row in database.run_now(lambda uow: uow.outbox.add(rows, owner, now))]


def _claim(database: Database, owner: str = "b", now: datetime = LATER, limit: int = 100) -> list[str]:
    return [row.id for row in database.run_now(lambda uow: uow.outbox.claim(owner, now, limit))]


def _sent(database: Database, *ids: str, now: datetime = START) -> None:
    database.run_now(lambda uow: uow.outbox.sent(ids, now))


def test_new_rows_come_back_ready_to_send(database: Database) -> None:
    """In order, with address and content, so that nothing has to be read again."""
    chat = _chat(database)
    new = NewRow("1", chat, {"x": "ສະບາຍດີ"}, case_code="ABC", reply_token="token", reply_at=START)
    rows = database.run_now(lambda uow: uow.outbox.add([new, a_call("2", chat)], "a", START))
    assert [row.id for row in rows] == ["1", "2"]
    first = rows[0]
    assert (first.channel, first.address, first.payload, first.attempts) == ("line", "U1", {"x": "ສະບາຍດີ"}, 0)
    assert (first.reply_token, first.reply_at, first.case_code) == ("token", START, "ABC")
    assert rows[0].seq < rows[1].seq
    (claimed,) = database.run_now(lambda uow: uow.outbox.claim("b", LATER, 5))
    assert claimed == first


def test_only_the_first_of_a_chat_is_claimed(database: Database) -> None:
    """The second follows once the first is out; another chat does not wait."""
    one, two = _chat(database), _chat(database, "U2")
    _add(database, a_call("1", one), a_call("2", one), a_call("3", two))
    assert _claim(database) == ["1", "3"]
    assert _claim(database, "c") == []
    _sent(database, "1")
    assert _claim(database, "c") == ["2"]


def test_rows_behind_anothers_are_not_handed_out(database: Database) -> None:
    """Whoever adds a row behind one that another process holds has to wait for its turn."""
    chat = _chat(database)
    assert _add(database, a_call("1", chat), owner="a") == ["1"]
    assert _add(database, a_call("2", chat), owner="b") == []
    assert _add(database, a_call("3", chat), owner="a") == []  # 2 is before it, and nobody's
    _sent(database, "1")
    assert _claim(database, "c", START) == ["2"]


def test_own_earlier_rows_do_not_hold_up(database: Database) -> None:
    """One process sends its own rows in order."""
    chat = _chat(database)
    assert _add(database, a_call("1", chat)) == ["1"]
    assert _add(database, a_call("2", chat)) == ["2"]


def test_an_errored_row_keeps_its_place(database: Database) -> None:
    """Until its next try nobody passes it; its reply token is spent."""
    chat = _chat(database)
    _add(database, NewRow("1", chat, {}, reply_token="token", reply_at=START), a_call("2", chat))
    again = START + timedelta(seconds=90)
    database.run_now(lambda uow: uow.outbox.errored("1", again, "retry: 500"))
    database.run_now(lambda uow: uow.outbox.release(["2"], "a"))
    assert _claim(database, now=again - timedelta(seconds=1)) == []
    (row,) = database.run_now(lambda uow: uow.outbox.claim("b", again, 5))
    assert (row.id, row.attempts, row.reply_token) == ("1", 1, "")


def test_an_errored_row_that_lets_pass_steps_out_of_the_line(database: Database) -> None:
    """Until its next try those behind it go out, those that come meanwhile too; then it is the first again."""
    chat = _chat(database)
    _add(database, a_call("1", chat), a_call("2", chat))
    again = START + timedelta(hours=1)
    database.run_now(lambda uow: uow.outbox.errored("1", again, "limited: quota", lets_pass=True))
    database.run_now(lambda uow: uow.outbox.release(["2"], "a"))
    assert _claim(database) == ["2"]
    database.run_now(lambda uow: uow.outbox.sent(["2"], START))
    assert _add(database, a_call("3", chat)) == ["3"]
    database.run_now(lambda uow: uow.outbox.release(["3"], "a"))
    assert _claim(database, now=again) == ["1"]


def test_a_postponed_row_keeps_place_and_token(database: Database) -> None:
    """Waiting for media is no attempt."""
    chat = _chat(database)
    _add(database, NewRow("1", chat, {}, reply_token="token", reply_at=START), a_call("2", chat))
    database.run_now(lambda uow: uow.outbox.postpone(["1"], LATER))
    (row,) = database.run_now(lambda uow: uow.outbox.claim("b", LATER, 5))
    assert (row.id, row.attempts, row.reply_token) == ("1", 0, "token")


def test_a_failed_row_blocks_nobody(database: Database) -> None:
    """A dead letter is counted, and the row behind it goes."""
    chat = _chat(database)
    _add(database, a_call("1", chat), a_call("2", chat))
    database.run_now(lambda uow: uow.outbox.failed(["1"], START, "refused: 400"))
    assert _claim(database) == ["2"]
    health = database.run_now(lambda uow: uow.outbox.health(START))
    assert (health.queued, health.errored, health.failed, health.oldest) == (1, 0, 1, START)


def test_a_delayed_row_holds_nobody_up(database: Database) -> None:
    """A headman's alert that is to come in ten minutes lets the answer to a tap pass, and then takes its place."""
    chat = _chat(database)
    soon = START + timedelta(minutes=10)
    assert _add(database, a_call("alert", chat, soon)) == []
    assert _add(database, a_call("answer", chat)) == ["answer"]
    _sent(database, "answer")
    assert _claim(database, now=soon - timedelta(seconds=1)) == []
    late = soon + timedelta(seconds=1)
    assert _add(database, a_call("later", chat), now=late) == []
    assert _claim(database, now=late) == ["alert"]


def test_a_lease_that_ran_out_is_taken_over(database: Database) -> None:
    """Within a minute of its holder's death; a renewed one is not."""
    one, two = _chat(database), _chat(database, "U2")
    _add(database, a_call("1", one), a_call("2", two))
    half = START + timedelta(seconds=LEASE_S / 2)
    assert database.run_now(lambda uow: uow.outbox.renew(["1", "2"], "b", half)) == set()
    assert database.run_now(lambda uow: uow.outbox.renew(["1"], "a", half)) == {"1"}
    assert _claim(database, now=START) == []
    assert _claim(database, now=LATER) == ["2"]
    assert LEASE_S < 60


def test_nothing_of_a_sent_row_stays_readable(database: Database) -> None:
    """Payload, token and case go; that it was sent, and when, stays."""
    chat = _chat(database)
    _add(database, NewRow("1", chat, {"x": 1}, case_code="ABC", reply_token="token", reply_at=START))
    _sent(database, "1", now=LATER)
    row = database.run_now(lambda uow: uow.outbox._connection.execute(select(OUTBOX)).one())
    assert (row.payload_sealed, row.reply_token_sealed, row.reply_at, row.case_code) == (None, None, None, None)
    assert (row.state, row.attempts, row.over_at, row.owner) == ("sent", 1, LATER, None)
    _sent(database, "1", now=LATER + timedelta(seconds=1))
    assert database.run_now(lambda uow: uow.outbox._connection.execute(select(OUTBOX)).one()) == row


def test_a_chat_that_is_gone_is_dropped(database: Database) -> None:
    """All its rows fail, and new ones are not queued."""
    chat, other = _chat(database), _chat(database, "U2")
    _add(database, a_call("1", chat), a_call("2", chat, LATER), a_call("3", other))
    assert database.run_now(lambda uow: uow.outbox.drop_chat(chat, START, "gone")) == 2

    def block(uow: UnitOfWork) -> None:
        blocked = a_chat(uow)
        blocked.state = "blocked"
        uow.chats.save([blocked], START)

    database.run_now(block)
    assert _add(database, a_call("4", chat), a_call("5", 999), a_call("6", other)) == ["6"]
    assert database.run_now(lambda uow: uow.outbox.health(START)).failed == 4


def test_two_processes_never_claim_the_same(database_url: str, vault: Vault) -> None:
    """Every head is given out once, whoever asks."""
    processes = [Database(database_url, vault) for _ in range(2)]
    chats = [_chat(processes[0], f"U{n}") for n in range(20)]
    _add(processes[0], *(a_call(str(chat), chat) for chat in chats))
    claimed = [id for n in range(10) for id in _claim(processes[n % 2], f"p{n}", limit=3)]
    assert sorted(claimed) == sorted(map(str, chats))
    for process in processes:
        process.close()


_WHAT = st.sampled_from(["add", "claim", "send", "error", "fail"])


class _Delivery:
    """Two processes' worth of delivery: what is held, and what went out, in order."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = START
        self.held: list[OutboxRow] = []
        self.over: list[OutboxRow] = []

    def add(self, id: str, chat: int) -> None:
        self.held += self.database.run_now(lambda uow: uow.outbox.add([a_call(id, chat)], "a", self.now))

    def claim(self) -> None:
        self.held += self.database.run_now(lambda uow: uow.outbox.claim("b", self.now, 5))

    def finish(self, how: str) -> None:
        """The first row of a chat that is held meets its fate; if it errored, the rows behind it are given back."""
        chat = self.held[0].chat_id
        row = min((row for row in self.held if row.chat_id == chat), key=lambda row: row.seq)
        self.held.remove(row)
        behind = [row.id for row in self.held if row.chat_id == chat]

        def work(uow: UnitOfWork) -> None:
            if how == "send":
                uow.outbox.sent([row.id], self.now)
            elif how == "fail":
                uow.outbox.failed([row.id], self.now, "refused")
            else:
                uow.outbox.errored(row.id, self.now + timedelta(seconds=2), "retry")
                uow.outbox.release(behind, "a")
                uow.outbox.release(behind, "b")

        self.database.run_now(work)
        if how == "error":
            self.held = [row for row in self.held if row.id not in behind]
        else:
            self.over.append(row)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(_WHAT, st.integers(0, 2)), max_size=25))
def test_order_holds_whatever_happens(database: Database, steps: Sequence[tuple[str, int]]) -> None:
    """Rows of a chat go out in the order in which they were added, through errors, failures and two processes."""
    chats = [_chat(database, f"U{n}") for n in range(3)]
    database.run_now(lambda uow: uow.outbox._connection.execute(delete(OUTBOX)))
    delivery = _Delivery(database)
    for count, (what, number) in enumerate(steps):
        delivery.now += timedelta(seconds=1)
        if what == "add":
            delivery.add(str(count), chats[number])
        elif what == "claim":
            delivery.claim()
        elif delivery.held:
            delivery.finish(what)
    for chat in chats:
        seqs = [row.seq for row in delivery.over if row.chat_id == chat]
        assert seqs == sorted(set(seqs))


def test_what_need_not_be_said_any_more(database: Database) -> None:
    """When a case is over, what about it waits for a later time goes; what is due, or of another case, stays."""
    chat, later = _chat(database), START + timedelta(minutes=20)
    _add(database, NewRow("1", chat, {}, case_code="ABC"), NewRow("2", chat, {}, due_at=later, case_code="ABC"))
    _add(database, NewRow("3", chat, {}, due_at=later, case_code="DEF"))
    assert database.run_now(lambda uow: uow.outbox.drop_delayed("ABC", START)) == 1
    _sent(database, "1")
    assert _claim(database, now=later) == ["3"]
