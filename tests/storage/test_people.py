"""Centres with their groups, invitations, coordinators."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from handlers.outcome import Invitation
from storage.centres import Centre
from storage.database import Database
from storage.invitations import NewInvitation
from storage.unit_of_work import UnitOfWork
from storage.vault import Vault
from tests.fixed import START
from tests.storage.samples import a_chat

TOMORROW = START + timedelta(days=1)


def _group(database: Database, address: str, state: str = "active") -> int:
    def work(uow: UnitOfWork) -> int:
        chat = a_chat(uow, address, group=True)
        chat.state = state  # type: ignore[assignment]
        uow.chats.save([chat], START)
        return chat.id

    return database.run_now(work)


def test_centres_are_opened_and_closed_by_hand(database: Database) -> None:
    """The last word counts; a name that was given stays."""

    def work(uow: UnitOfWork) -> list[Centre]:
        uow.centres.open("3403", "Khong Chiam")
        uow.centres.open("3404")
        uow.centres.close("3403")
        uow.centres.open("3403")
        uow.centres.close("3404")
        uow.centres.close("3405")
        return uow.centres.all()

    assert database.run_now(work) == [
        Centre("3403", "Khong Chiam", True), Centre("3404", "", False), Centre("3405", "", False),
    ]  # fmt: skip
    assert database.run_now(lambda uow: uow.centres.opened()) == {"3403"}
    assert database.run_now(lambda uow: uow.centres.closed()) == {"3404", "3405"}


def test_a_centre_has_groups_and_a_group_one_centre(database: Database) -> None:
    """In the order of linking; groups that the bot had to leave get nothing."""
    first, second, left = _group(database, "C1"), _group(database, "C2"), _group(database, "C3", "left")

    def link(uow: UnitOfWork) -> None:
        for minutes, chat in enumerate((second, first, left)):
            uow.centres.link("3403", chat, START + timedelta(minutes=minutes))

    database.run_now(link)
    assert database.run_now(lambda uow: uow.centres.groups_of("3403")) == [second, first]
    assert database.run_now(lambda uow: uow.centres.linked()) == {"3403"}
    assert database.run_now(lambda uow: uow.centres.all()) == [Centre("3403", "", None, 2)]
    database.run_now(lambda uow: uow.centres.link("3404", first, TOMORROW))
    database.run_now(lambda uow: uow.centres.unlink(second))
    assert database.run_now(lambda uow: uow.centres.groups_of("3403")) == []
    assert "3403" not in database.run_now(lambda uow: uow.centres.linked())
    assert database.run_now(lambda uow: uow.centres.centre_of(first)) == "3404"
    assert database.run_now(lambda uow: uow.centres.centre_of(second)) == ""


def _invite(database: Database, vault: Vault) -> bytes:
    code = vault.hash_code("SECRET")
    new = NewInvitation("i1", code, "coordinator", "3403", START, TOMORROW, "340301-04")
    database.run_now(lambda uow: uow.invitations.add(new))
    return code


def test_an_invitation_opens_once_and_in_time(database: Database, vault: Vault) -> None:
    """Not with another code, not after it expired, not twice."""
    code = _invite(database, vault)
    found = database.run_now(lambda uow: uow.invitations.find(code, START))
    assert found == Invitation("i1", "coordinator", "3403", "340301-04")
    assert database.run_now(lambda uow: uow.invitations.find(vault.hash_code("secret"), START)) is None
    assert database.run_now(lambda uow: uow.invitations.find(code, TOMORROW)) is None
    assert not database.run_now(lambda uow: uow.invitations.redeem("i1", TOMORROW))
    assert database.run_now(lambda uow: uow.invitations.redeem("i1", START))
    assert not database.run_now(lambda uow: uow.invitations.redeem("i1", START))
    assert database.run_now(lambda uow: uow.invitations.find(code, START)) is None


def test_of_fifty_redeemers_one_wins(database_url: str, vault: Vault) -> None:
    """At once, over five processes."""
    processes = [Database(database_url, vault) for _ in range(5)]
    code = _invite(processes[0], vault)

    def redeem(number: int) -> bool:
        def work(uow: UnitOfWork) -> bool:
            found = uow.invitations.find(code, START)
            return found is not None and uow.invitations.redeem(found.id, START)

        return processes[number % 5].run_now(work)

    with ThreadPoolExecutor(50) as pool:
        assert sum(pool.map(redeem, range(50))) == 1
    for process in processes:
        process.close()


def test_coordinators_of_an_area(database: Database) -> None:
    """The kamnan always; the headmen of the village, or of all villages when it is not known."""
    kamnan, fourth, fifth, elsewhere = (_group(database, f"U{n}") for n in range(4))
    blocked = _group(database, "U9", "blocked")

    def join(uow: UnitOfWork) -> None:
        areas = ((kamnan, "340301"), (fourth, "340301-04"), (fifth, "340301-05"), (elsewhere, "340302-04"))
        for chat, area in (*areas, (blocked, "340301-04")):
            uow.coordinators.join(chat, "3403", area, START)

    database.run_now(join)

    def of_area(village: str = "") -> list[int]:
        return database.run_now(lambda uow: uow.coordinators.of_area("340301", village))

    assert of_area("04") == [kamnan, fourth]
    assert of_area("09") == [kamnan]
    assert of_area() == of_area("Ban Mai") == [kamnan, fourth, fifth]
    database.run_now(lambda uow: uow.coordinators.join(fifth, "3403", "340302", START))
    database.run_now(lambda uow: uow.coordinators.leave(kamnan))
    assert of_area() == [fourth]
