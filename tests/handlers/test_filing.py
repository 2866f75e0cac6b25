"""Where a report goes at the moment of sending, and what the receipt says of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.cases import PROGRAMME_DESK, Case
from handlers.events import LocationShared
from handlers.filing import filed
from handlers.picking import across, by_codes, open_today
from handlers.routing import locate
from handlers.session import Place
from storage.places.gazetteer import Gazetteer
from tests.handlers import play
from tests.handlers.play import PIN, PLACES, Player, agreed

BORDER = PLACES.served()
WITHOUT = PLACES.with_served(BORDER - {"3403"})
KHONG_CHIAM = (PIN.latitude, PIN.longitude)


def at_review(pin: LocationShared = PIN) -> Player:
    """A person at the summary."""
    player = agreed().taps("drugs", "today")
    player.happens(pin)
    return player.types("Two boats").taps("done", "done", "yes")


def sent(linked: set[str] | None, places: Gazetteer = PLACES, **draft: object) -> tuple[Case, str]:
    """The case and the receipt, with groups of these centres."""
    player = at_review()
    world = replace(player.world, places=places, linked=None if linked is None else frozenset(linked))
    told = player.session.draft
    assert told is not None
    case, effects = filed(replace(told, **draft), player.session, world)  # type: ignore[arg-type]
    receipt = effects[-1].messages[0]  # type: ignore[union-attr]
    return case, play.CATALOGUES.shown(receipt, "en").text


def chosen(code: str, places: Gazetteer) -> Place:
    """A place from the lists."""
    place = by_codes(code, "", places)
    assert place is not None
    return place


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (locate(*KHONG_CHIAM, WITHOUT).places[0], locate(*KHONG_CHIAM, PLACES).places[0]),
        (locate(15.30, 105.75, WITHOUT).places[0], locate(15.30, 105.75, PLACES).places[0]),
        (chosen("340301", WITHOUT), chosen("340301", PLACES)),
        (locate(*KHONG_CHIAM, PLACES.with_served({"5713"})).places[0], locate(*KHONG_CHIAM, PLACES).places[0]),
        (chosen("3403", PLACES.with_served({"5713"})), chosen("3403", PLACES)),
    ],
    ids=["pin", "pin across", "list", "far pin", "far list"],
)
def test_a_centre_that_opens_meanwhile_gets_the_report(before: Place, now: Place) -> None:
    """It leads where it would lead if it were told now, and the reporter is not told that there is no centre."""
    assert before.centre != "3403" and now.centre == "3403"
    assert open_today(before, PLACES) == now


def test_a_place_across_goes_to_the_facing_district_that_opens_meanwhile() -> None:
    """Before, another one stood in for it."""
    (stand_in,) = across("KH0110", "Market", PLACES.with_served({"2707"}))
    assert stand_in.certainty == "nearest"
    now = open_today(stand_in, PLACES)
    assert (now.centre, now.certainty, now.village) == (now.district, "facing", "Market")


@pytest.mark.parametrize("place", [chosen("340301", PLACES), *locate(*KHONG_CHIAM, PLACES).places])
def test_what_did_not_change_stays(place: Place) -> None:
    """Other districts may open and close."""
    assert open_today(place, PLACES.with_served({"3403", "3425"})) == place


@pytest.mark.parametrize(
    "place", [Place(), Place(district="9999", centre="9999"), Place(abroad="KH9999", centre="2706")]
)
def test_a_place_that_nobody_knows_any_more_goes_to_the_programme_desk(place: Place) -> None:
    """A report is never without a centre."""
    assert (open_today(place, WITHOUT.with_served({"3425"})).centre) == PROGRAMME_DESK


@pytest.mark.parametrize(
    ("linked", "words"),
    [
        ({"3403", "34"}, "It is now with: Khong Chiam district centre"),
        ({"34", PROGRAMME_DESK}, "It is now with: Ubon Ratchathani province desk"),
        ({"3425", PROGRAMME_DESK}, "It is now with: programme office"),
        (None, "It is now with: Khong Chiam district centre"),
    ],
)
def test_the_receipt_names_who_has_the_report(linked: set[str] | None, words: str) -> None:
    """The desk that stands in for a centre without a group is named; the case stays the centre's."""
    case, receipt = sent(linked)
    assert case.centre == "3403" and words in receipt and "An officer reads it next" in receipt


def test_the_receipt_says_when_nobody_can_have_it_yet() -> None:
    """No officer is promised; who needs help now calls the police."""
    _, receipt = sent({"3425"})
    assert "It cannot be sent to Khong Chiam district centre yet." in receipt
    assert "now with" not in receipt and "reads it next" not in receipt and "Call 191" in receipt


def test_the_receipt_gives_no_reason_that_is_not_the_reason() -> None:
    """With the police left out, or a desk standing in, it is not "the nearest centre" that has it."""
    here = locate(*KHONG_CHIAM, WITHOUT).places[0]
    _, nearest = sent({"3425", "34"}, WITHOUT, place=here)
    assert "so the nearest one takes it" in nearest
    _, hidden = sent({"3425", "34"}, WITHOUT, place=here, hide_from=("police",))
    assert "Ubon Ratchathani province desk" in hidden and "the nearest one takes it" not in hidden


def test_doubt_beside_an_unserved_district_is_not_told_as_no_centre() -> None:
    """A position near an inner district, whose reports come to the same centre: the own centre has it."""
    (place,) = locate(14.660575, 104.361792, PLACES).places
    assert (place.district, place.centre, place.certainty) == ("3308", "3308", "sure")


def test_drafts_of_today_keep_what_the_person_chose() -> None:
    """The one of two districts that the person picked stays it when the other opens or closes."""
    first, second = locate(16.04, 105.22, PLACES).places
    picked = replace(second, certainty="chosen")
    assert open_today(picked, PLACES.with_served(BORDER - {first.district})) == picked
    gone = open_today(picked, PLACES.with_served(BORDER - {second.district}))
    assert (gone.district, gone.certainty) == (second.district, "nearest")
