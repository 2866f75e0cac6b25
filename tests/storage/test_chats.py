"""Chats: found by a blind index, opened, saved, moved, forgotten."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from handlers.session import Draft, Session
from storage.chats import Chat, ChatKey
from storage.database import Database
from storage.messages import SentMessage
from storage.outbox import NewRow
from storage.tables import CASES, CHATS, INBOX, MEDIA, OUTBOX
from storage.unit_of_work import UnitOfWork
from tests.fixed import START
from tests.storage.samples import a_call, a_case, a_chat, an_event

LATER = START + timedelta(minutes=5)


def _keys(*addresses: str) -> list[ChatKey]:
    return [ChatKey("line", address) for address in addresses]


def test_unknown_chats_are_made_and_known_ones_found(database: Database) -> None:
    """The same address always leads to the same chat; two platforms' addresses are two chats."""
    keys = [*_keys("U1", "U2", "U1"), ChatKey("telegram", "U1"), ChatKey("telegram", "-100", True)]
    first = database.run_now(lambda uow: uow.chats.load(keys, START))
    again = database.run_now(lambda uow: uow.chats.load([*keys, *_keys("U3")], START))
    assert len(first) == 4
    assert {key: chat.id for key, chat in again.items() if key in first} == {k: c.id for k, c in first.items()}
    assert first["telegram", "-100"].group
    assert first["line", "U1"] == Chat(first["line", "U1"].id, "line", "U1", False)


def test_a_saved_chat_comes_back_as_it_was(database: Database) -> None:
    """Session, state, reply token: all of it."""
    session = Session(language="lo", draft=Draft("d1", START, kind="drugs")).with_timer("draft", LATER)

    def work(uow: UnitOfWork) -> Chat:
        chat = a_chat(uow)
        chat.session, chat.reply_token, chat.reply_at = session, "token", START
        uow.chats.save([chat], START)
        return chat

    saved = database.run_now(work)
    assert database.run_now(lambda uow: uow.chats.find("line", "U1")) == saved
    assert database.run_now(lambda uow: uow.chats.by_ids([saved.id, 999], lock=True)) == {saved.id: saved}
    assert database.run_now(lambda uow: uow.chats.find("line", "U9")) is None
    assert database.run_now(lambda uow: uow.chats.by_ids([])) == {}


def test_due_chats_are_those_whose_timer_has_come(database: Database) -> None:
    """Oldest first; neither chats that have no timer nor groups that we are out of. The draft of somebody who blocked us
    must be erased in its time as well."""

    def work(uow: UnitOfWork) -> None:
        chats = uow.chats.load(_keys("U1", "U2", "U3", "U4"), START)
        for (_, address), chat in chats.items():
            if address != "U4":
                chat.session = Session().with_timer("draft", START + timedelta(minutes=int(address[1])))
        chats["line", "U1"].state = "left"
        chats["line", "U2"].state = "blocked"
        uow.chats.save(list(chats.values()), START)

    database.run_now(work)
    assert database.run_now(lambda uow: uow.chats.due(START, 10)) == []
    due = database.run_now(lambda uow: uow.chats.due(LATER, 10))
    assert [chat.address for chat in due] == ["U2", "U3"]
    assert [chat.address for chat in database.run_now(lambda uow: uow.chats.due(LATER, 1))] == ["U2"]


def test_a_reply_token_is_given_out_once_and_only_fresh(database: Database) -> None:
    """LINE takes each of them once, within a minute."""

    def work(uow: UnitOfWork) -> tuple[int, int]:
        chats = uow.chats.load(_keys("U1", "U2"), START)
        for chat, age in zip(chats.values(), (0, 90), strict=True):
            chat.reply_token, chat.reply_at = f"token {chat.address}", START - timedelta(seconds=age)
        uow.chats.save(list(chats.values()), START)
        return chats["line", "U1"].id, chats["line", "U2"].id

    fresh, stale = database.run_now(work)
    since = START - timedelta(seconds=50)
    taken = database.run_now(lambda uow: uow.chats.take_reply_tokens([fresh, stale], since))
    assert taken == {fresh: ("token U1", START)}
    assert database.run_now(lambda uow: uow.chats.take_reply_tokens([fresh, stale], since)) == {}


def _group(uow: UnitOfWork) -> Chat:
    chat = a_chat(uow, "-1", group=True, channel="telegram")
    chat.session = Session(group=True, centre="3403", language="th")
    uow.chats.save([chat], START)
    uow.centres.link("3403", chat.id, START)
    uow.outbox.add([a_call("1", chat.id)], "a", START)
    uow.messages.remember([SentMessage(chat.id, "m1", "ABC", "card", START)])
    return chat


def test_a_group_that_moves_takes_everything_with_it(database: Database) -> None:
    """Session, link to the centre, unsent messages and cards are at the new address; the old one is nobody's."""
    old = database.run_now(_group)
    database.run_now(lambda uow: uow.chats.move("telegram", "-1", "-100", LATER))
    moved = database.run_now(lambda uow: uow.chats.find("telegram", "-100"))
    assert moved is not None
    assert (moved.id, moved.session, moved.address) == (old.id, old.session, "-100")
    assert database.run_now(lambda uow: uow.chats.find("telegram", "-1")) is None
    (row,) = database.run_now(lambda uow: uow.outbox.claim("b", LATER, 5))
    assert row.address == "-100"
    database.run_now(lambda uow: uow.chats.move("telegram", "-1", "-100", LATER))  # the second notice of the same
    assert database.run_now(lambda uow: uow.centres.groups_of("3403")) == [old.id]


def test_a_group_that_moves_onto_a_chat_that_is_there_already(database: Database) -> None:
    """An event of the new address came first: what it left behind belongs to the old chat now."""
    old = database.run_now(_group)

    def fresh(uow: UnitOfWork) -> int:
        chat = a_chat(uow, "-100", group=True, channel="telegram")
        uow.centres.link("3404", chat.id, START)
        uow.outbox.add([a_call("2", chat.id)], "a", START)
        return chat.id

    new_id = database.run_now(fresh)
    database.run_now(lambda uow: uow.chats.move("telegram", "-1", "-100", LATER))
    moved = database.run_now(lambda uow: uow.chats.find("telegram", "-100"))
    assert moved is not None
    assert (moved.id, moved.session) == (old.id, old.session)
    assert database.run_now(lambda uow: uow.chats.by_ids([new_id])) == {}
    assert database.run_now(lambda uow: uow.centres.centre_of(old.id)) == "3403"
    assert database.run_now(lambda uow: uow.centres.groups_of("3404")) == []
    ids = database.run_now(lambda uow: [row.chat_id for row in uow.outbox._connection.execute(select(OUTBOX))])
    assert ids == [old.id, old.id]


def test_moving_an_unknown_group_does_nothing(database: Database) -> None:
    """A notice about a group that we never met."""
    database.run_now(lambda uow: uow.chats.move("telegram", "-1", "-100", START))
    assert database.run_now(lambda uow: uow.chats.find("telegram", "-100")) is None


def _reporter(uow: UnitOfWork) -> Chat:
    chat = a_chat(uow)
    chat.session = Session(language="km", mine=("ABC",))
    uow.chats.save([chat], START)
    uow.cases.add(a_case("ABC"), chat.id)
    uow.coordinators.join(chat.id, "3403", "340301", START)
    uow.messages.remember([SentMessage(chat.id, "m1", "ABC", "ask", START)])
    uow.outbox.add([NewRow("1", chat.id, {}, case_code="ABC")], "a", START)
    return chat


def test_a_forgotten_person_leaves_nothing(database: Database) -> None:
    """The good-bye still goes out; then no table knows the chat. The case stays, filed by nobody."""
    chat = database.run_now(_reporter)

    def forget(uow: UnitOfWork) -> None:
        uow.outbox.add([a_call("good-bye", chat.id)], "a", LATER)
        uow.chats.forget(chat.id, LATER)
        uow.chats.save([chat], LATER)  # the engine's last session is saved like any other

    database.run_now(forget)
    assert database.run_now(lambda uow: uow.chats.find("line", "U1")) is None
    assert database.run_now(lambda uow: uow.chats.erase_forgotten()) == 0
    database.run_now(lambda uow: uow.outbox.sent(["1"], LATER))
    (last,) = database.run_now(lambda uow: uow.outbox.claim("b", LATER, 5))
    assert (last.id, last.address) == ("good-bye", "U1")
    row = database.run_now(lambda uow: uow.chats._connection.execute(select(CHATS)).one())
    assert (row.session_sealed, row.address_index, row.language, row.state) == (None, None, "", "forgotten")
    database.run_now(lambda uow: uow.outbox.sent(["good-bye"], LATER))
    assert database.run_now(lambda uow: uow.chats.erase_forgotten()) == 1
    assert database.run_now(lambda uow: uow.chats._connection.execute(select(CHATS)).all()) == []
    assert set(database.run_now(lambda uow: uow.chats._connection.execute(select(OUTBOX.c.chat_id)).scalars())) == {0}
    assert database.run_now(lambda uow: uow.cases.reporter_of("ABC")) is None
    assert database.run_now(lambda uow: uow.messages.case_of(chat.id, "m1")) is None
    assert database.run_now(lambda uow: uow.coordinators.of_area("340301")) == []
    assert database.run_now(lambda uow: uow.cases.get("ABC")) == a_case("ABC")


def test_a_forgotten_person_who_comes_back_is_new(database: Database) -> None:
    """Even while the good-bye is still on its way."""
    chat = database.run_now(_reporter)
    database.run_now(lambda uow: uow.chats.forget(chat.id, LATER))
    back = database.run_now(lambda uow: a_chat(uow))
    assert back.id != chat.id
    assert back.session == Session()


def test_no_report_table_knows_a_reporter(database: Database) -> None:
    """Besides `chats`, tables hold the chat's number and sealed values; no plain column has an address."""

    def work(uow: UnitOfWork) -> list[str]:
        _reporter(uow)
        uow.inbox.add([an_event(1)], "a", START)
        rows = [uow.chats._connection.execute(select(table)).all() for table in (CASES, OUTBOX, INBOX, MEDIA, CHATS)]
        return [str(value) for table in rows for row in table for value in row]

    assert "U1" not in database.run_now(work)
