"""The place question, answered in words: a position, a link, or coordinates the wrong way round."""

from __future__ import annotations

import pytest

from handlers.events import LocationShared
from handlers.session import Place
from tests.handlers.play import PLACES, Player, agreed, told

SWAPPED = "105.4932, 15.3179"
KHONG_CHIAM = (15.3179, 105.4932)


def at_place() -> Player:
    """A person who is asked where it was."""
    return agreed().taps("drugs", "today")


def place_of(player: Player) -> Place | None:
    assert player.session.draft is not None
    return player.session.draft.place


@pytest.mark.parametrize(
    "words", ["15.3179, 105.4932", "๑๕.๓๑๗๙ ๑๐๕.๔๙๓๒", "https://maps.google.com/?q=15.3179,105.4932"]
)
def test_a_typed_position_is_a_pin(words: str) -> None:
    """It leads where the same pin leads, with the same certainty."""
    typed, pinned = at_place().types(words), at_place()
    pinned.happens(LocationShared(*KHONG_CHIAM))
    assert place_of(typed) == place_of(pinned)
    assert typed.session.step == pinned.session.step == "story"


def test_words_beside_a_position_are_part_of_the_report() -> None:
    """They are kept and said to be kept; the position itself is not repeated in them, and a slip is not kept."""
    player = at_place().types("Two boats land here: 15.3179, 105.4932")
    assert player.session.draft is not None
    assert [p.text for p in player.session.draft.parts] == ["Two boats land here"]
    assert "kept" in player.shown
    slip = at_place().types("here: 15.3179, 105.4932")
    assert slip.session.draft is not None and not slip.session.draft.parts


def test_swapped_coordinates_are_asked_about() -> None:
    """Nothing is taken before a yes, which is one tap and takes the corrected position as a pin."""
    player = at_place().types(SWAPPED)
    assert (player.session.step, place_of(player)) == ("place", None)
    assert "Did you mean this place?" in player.shown and "🏘 Khong Chiam" in player.labels
    player.types("Khong Chiam")
    place = place_of(player)
    assert place is not None
    assert (place.latitude, place.longitude, place.district, place.method) == (*KHONG_CHIAM, "3403", "pin")
    assert player.session.draft is not None and player.session.draft.meant is None


def test_swapped_coordinates_between_districts_ask_which() -> None:
    """Choosing one of the two by name is the yes."""
    one, other = PLACES.point("343001"), PLACES.point("342101")
    assert one and other
    steps = [(one[0] + (other[0] - one[0]) * i / 40, one[1] + (other[1] - one[1]) * i / 40) for i in range(41)]
    doubtful = [p for p in steps if at_place().types(f"{p[0]:.5f}, {p[1]:.5f}").session.step == "which_district"]
    assert doubtful
    player = at_place().types(f"{doubtful[0][1]:.5f}, {doubtful[0][0]:.5f}")
    assert player.session.step == "which_district"


@pytest.mark.parametrize("then", ["15.31790, 105.49320", "0.0000, 0.0000", "https://maps.app.goo.gl/x"])
def test_a_correction_is_offered_until_something_else_comes(then: str) -> None:
    """Another position, a broken one or a link ends the offer, and its button then does nothing."""
    player = at_place().types(SWAPPED).types(then)
    assert player.session.draft is not None and player.session.draft.meant is None
    before = place_of(player)
    player.taps("meant3403")
    assert place_of(player) == before


def test_an_older_offer_does_not_stand_for_a_newer_one() -> None:
    """A tap on the first of two corrected places is not taken for the second."""
    player = at_place().types(SWAPPED).types("100.5018, 13.7563")
    assert "📌 This place" in player.labels
    player.taps("meant3403")
    assert place_of(player) is None
    player.taps("meant")
    place = place_of(player)
    assert place is not None and (place.latitude, place.certainty) == (13.7563, "far")


def test_changing_the_place_with_a_link() -> None:
    """From the summary and back to it; an offer that was not taken changes nothing."""
    player = told().taps("edit", "place").types(SWAPPED)
    old = place_of(player)
    assert player.taps("back", "back").session.step == "review"
    assert place_of(player) == old
    player.taps("edit", "place").types("https://www.openstreetmap.org/#map=15/15.3185/105.5008")
    place = place_of(player)
    assert player.session.step == "review"
    assert place is not None and (place.latitude, place.centre) == (15.3185, "3403")


@pytest.mark.parametrize("words", ["🚤🚤", "15, 105", "95.1234, 200.1234", "°" * 5000, "9" * 5000, "x " * 2500])
def test_what_is_no_place_leaves_the_question_open(words: str) -> None:
    """No guess and no exception: the same question again."""
    player = at_place().types(words)
    assert (player.session.step, place_of(player)) == ("place", None)
    assert "Where is it?" in player.shown


def test_going_back_closes_an_offer() -> None:
    """A position offered the right way round is forgotten once the person went on and came back."""
    player = at_place().types("105.5008, 15.3185")
    assert player.session.draft and player.session.draft.meant
    player.types("สิรินธร").taps("back")
    assert player.session.step == "place" and player.session.draft and player.session.draft.meant is None
