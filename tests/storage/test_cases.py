"""Cases, their trail, and the messages that belong to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from handlers import cases
from handlers.cases import Case
from handlers.session import Part, Place
from storage.database import Database
from storage.messages import SentMessage
from storage.trail import TrailEntry
from storage.unit_of_work import UnitOfWork
from tests.fixed import START
from tests.storage.samples import a_case

HOUR_AGO = START - timedelta(hours=1)


def _add(database: Database, code: str, reporter: int = 1, **changed: Any) -> Case:
    case = a_case(code, **changed)
    database.run_now(lambda uow: uow.cases.add(case, reporter))
    return case


def test_a_case_comes_back_as_it_was(database: Database) -> None:
    """Through its whole life."""
    case = _add(database, "AAA", parts=(Part("text", "ສາມຄົນ"),), urgent=True)
    assert database.run_now(lambda uow: uow.cases.get("AAA")) == case
    claimed = cases.claim(case, "Somchai", "key", START)
    database.run_now(lambda uow: uow.cases.save(claimed))
    assert database.run_now(lambda uow: uow.cases.get("AAA", lock=False)) == claimed
    assert database.run_now(lambda uow: uow.cases.get("BBB")) is None


def test_a_code_is_taken_once(database: Database) -> None:
    """Asked beforehand, and refused by the database itself."""
    _add(database, "AAA")
    assert database.run_now(lambda uow: uow.cases.code_taken("AAA"))
    assert not database.run_now(lambda uow: uow.cases.code_taken("AAB"))
    with pytest.raises(IntegrityError):
        _add(database, "AAA")


def test_a_persons_own_cases(database: Database) -> None:
    """The newest ones, newest last, and nobody else's."""
    for number in range(4):
        _add(database, f"A{number}", reporter=7)
    _add(database, "B", reporter=8)
    assert [c.code for c in database.run_now(lambda uow: uow.cases.of_reporter(7, 3))] == ["A1", "A2", "A3"]
    assert database.run_now(lambda uow: uow.cases.reporter_of("B")) == 8
    assert database.run_now(lambda uow: uow.cases.reporter_of("none")) is None


def test_a_centres_open_cases(database: Database) -> None:
    """Oldest first; closed and foreign ones are not among them."""
    first, _, third = (_add(database, code) for code in ("A1", "A2", "A3"))
    _add(database, "B1", centre="3404")
    database.run_now(lambda uow: uow.cases.save(cases.close(first, "none", START)))
    database.run_now(lambda uow: uow.cases.save(cases.claim(third, "x", "y", START)))
    assert [c.code for c in database.run_now(lambda uow: uow.cases.open_in(["3403"]))] == ["A2", "A3"]
    assert [c.code for c in database.run_now(lambda uow: uow.cases.open_in(["3403", "3404"]))] == ["A2", "A3", "B1"]
    assert database.run_now(lambda uow: uow.cases.open_in([])) == []


def test_near_cases_are_close_in_place_and_time(database: Database) -> None:
    """Same kind, within the radius, since then, and not taken back; own ones count, or they could be told apart."""
    here = Place(latitude=15.3180, longitude=105.5010, district="3403")
    _add(database, "OWN", reporter=1)
    _add(database, "NEAR", reporter=2, place=replace(here, latitude=15.3225))  # 500 m north
    _add(database, "EAST", reporter=2, place=replace(here, longitude=105.5110))  # 1.07 km east
    _add(database, "FAR", reporter=2, place=replace(here, latitude=15.3500))
    _add(database, "KIND", reporter=2, kind="scam")
    _add(database, "OLD", reporter=2, created=START - timedelta(days=2))
    _add(database, "LIST", reporter=2, place=Place(district="3403", subdistrict="340301"))
    taken_back = _add(database, "BACK", reporter=2)
    database.run_now(lambda uow: uow.cases.save(cases.withdraw(taken_back, START)))

    def near(radius_m: float) -> int:
        return database.run_now(lambda uow: uow.cases.near("drugs", 15.3180, 105.5010, HOUR_AGO, radius_m))

    assert [near(radius) for radius in (450, 550, 1000, 1100, 5000)] == [1, 2, 2, 3, 4]


def test_the_trail_is_read_in_order(database: Database) -> None:
    """Who, when, what: as it was written, for this case only."""
    lines = [
        TrailEntry("AAA", START, "reporter", "filed"),
        TrailEntry("AAA", START, "สมชาย", "claim", "on the way"),
        TrailEntry("BBB", START, "system", "filed"),
    ]
    database.run_now(lambda uow: uow.trail.add(lines))
    database.run_now(lambda uow: uow.trail.add([TrailEntry("AAA", START, "system", "close", "none")]))
    trail = database.run_now(lambda uow: uow.trail.of("AAA"))
    assert trail == [*lines[:2], TrailEntry("AAA", START, "system", "close", "none")]


def test_a_reply_finds_the_case_of_its_message(database: Database) -> None:
    """By chat and platform message id; the newest card is the one to hang things under."""

    def work(uow: UnitOfWork) -> None:
        later = START + timedelta(seconds=1)
        uow.messages.remember([SentMessage(1, "10", "AAA", "card", START), SentMessage(1, "11", "AAA", "note", later)])
        uow.messages.remember([SentMessage(1, "12", "AAA", "card", later), SentMessage(2, "10", "BBB", "card", later)])

    database.run_now(work)
    database.run_now(work)  # remembered again after a repeated send
    assert database.run_now(lambda uow: uow.messages.case_of(1, "11")) == ("AAA", "note")
    assert database.run_now(lambda uow: uow.messages.case_of(2, "10")) == ("BBB", "card")
    assert database.run_now(lambda uow: uow.messages.case_of(2, "11")) is None
    assert database.run_now(lambda uow: uow.messages.card_of(1, "AAA")) == "12"
    assert database.run_now(lambda uow: uow.messages.card_of(2, "AAA")) == ""
    pairs = [(1, "AAA"), (2, "BBB"), (2, "AAA")]
    assert database.run_now(lambda uow: uow.messages.cards_of(pairs)) == {(1, "AAA"): "12", (2, "BBB"): "10"}
    assert database.run_now(lambda uow: uow.messages.cards_of([])) == {}
