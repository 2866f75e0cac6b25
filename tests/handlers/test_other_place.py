"""A place that is changed, turned down, mistyped, or gone by the time it is tapped."""

from __future__ import annotations

import pytest

from handlers.events import LocationShared
from handlers.outcome import FileReport
from handlers.session import Draft
from storage.places.imported import Imported
from tests.handlers import play
from tests.handlers.play import PIN, PLACES, Player, told
from tests.handlers.test_known_places import at_place, at_village, place_of, send

SWAPPED = "105.5008, 15.3185"
DOUBTFUL = LocationShared(16.04, 105.22)
"""A pin between Khemarat (3405) and Na Tan (3430)."""


def draft_of(player: Player) -> Draft:
    assert player.session.draft is not None
    return player.session.draft


def doubtful() -> Player:
    """A person who is asked in which of two districts it was."""
    player = at_place()
    player.happens(DOUBTFUL)
    return player


@pytest.mark.parametrize("at", [("lists",), ("lists", "34"), ("lists", "34", "3403", "340302")])
def test_swapped_coordinates_are_asked_about_wherever_they_are_typed(at: tuple[str, ...]) -> None:
    """In the lists and at the village as at the first question; a yes takes them."""
    player = at_place().taps(*at).types(SWAPPED)
    assert player.session.step == "place" and "Did you mean this place?" in player.shown
    assert place_of(player.taps("meant3403")).method == "pin" and player.session.step == "story"


def test_swapped_coordinates_while_changing_the_place() -> None:
    """From the summary through the lists: asked, not taken back to the summary."""
    player = told().taps("edit", "place", "lists").types(SWAPPED)
    assert "Did you mean this place?" in player.shown
    assert player.taps("meant3403").session.step == "review"


@pytest.mark.parametrize("typed", [True, False])
def test_another_pin_answers_which_district(typed: bool) -> None:
    """Who sends a better position is not told that none is needed; Back then leads to "where?"."""
    player = doubtful()
    player.types("15.3185, 105.5008") if typed else player.happens(PIN)
    assert (player.session.step, place_of(player).district, draft_of(player).parts) == ("story", "3403", ())
    assert player.taps("back").session.step == "place"


def test_neither_district_is_not_asked_about_again() -> None:
    """Back from the lists leads to "where?", not to a question without answers."""
    assert doubtful().taps("neither", "back").session.step == "place"
    assert doubtful().taps("3405", "back").session.step == "which_district"


def test_going_back_from_a_change_changes_nothing() -> None:
    """A pin between two districts, of which none was chosen, or a subdistrict whose village was not said."""
    pinned, listed = told().taps("edit", "place"), told().taps("edit", "place", "lists", "34", "3403", "340302")
    before = place_of(told())
    pinned.happens(DOUBTFUL)
    pinned.taps("back", "back", "back")
    listed.taps("back", "back", "back", "back")
    for player in (pinned, listed):
        assert (player.session.step, place_of(player), draft_of(player).other_place) == ("review", before, None)
    chosen = told().taps("edit", "place", "lists", "34", "3403", "340302", "skip")
    assert (chosen.session.step, place_of(chosen).subdistrict) == ("review", "340302")


def test_skipping_takes_an_earlier_village_back() -> None:
    """On both sides of the border."""
    assert place_of(at_village().taps("34030204", "back", "skip")).village == ""
    assert place_of(at_village().types("Ban Hui Yang", "ข้าม")).village == ""
    across = at_place().taps("lists", "KH", "KH01", "KH0105", "KH010501", "KH01050102", "back", "skip")
    assert (place_of(across).abroad, across.session.step) == ("KH010501", "story")


@pytest.mark.parametrize("words", ["0", "หมู่ 0", "123", "0812345678", "😀", "\u200b"])
def test_what_is_no_village_is_asked_again(words: str) -> None:
    """Neither a name nor a number that a village can have."""
    player = at_village().types(words)
    assert (player.session.step, place_of(player).village) == ("village", "")


def test_a_story_at_the_village_question_is_kept_whole() -> None:
    """It is not cut down to a village's name."""
    story = "Two boats with sacks crossed the river here. " * 3
    player = at_village().types(story)
    assert (player.session.step, place_of(player).village) == ("village", "")
    assert [part.text for part in draft_of(player).parts] == [story]


@pytest.mark.parametrize("words", ["ห้วยยาง 2", "Ban Huai Yang 2"])
def test_a_village_that_is_called_with_a_number_is_no_number(words: str) -> None:
    """Its name comes before the number, so the person says which."""
    player = at_village().types(words)
    assert player.session.step == "village" and "🏘 2. Ban Huai Yang Tai" in player.labels


@pytest.mark.parametrize("words", ["No. 4", "ม.4", "หมู่ที่ 4", "ໝູ່ 4", "ភូមិ ៤", "บ้าน 4", "village no. 4"])
def test_the_word_before_a_number_is_no_name(words: str) -> None:
    """Even where its letters occur in the name of a village."""
    assert place_of(at_village().types(words)).village == "04"


@pytest.mark.parametrize("words", ["บ้านเลขที่ 5", "กม.12", "ซอย 3", "ถนน 24", "km 12", "house 7", "หนองบัว 2", "5 คน"])
def test_another_number_calls_no_headman(words: str) -> None:
    """The number of a house, a road, or of a name is not the village's: it stays among the words."""
    player = at_place().taps("lists", "34", "3403", "340301").types(words)
    assert (player.session.step, place_of(player).village) == ("story", words)


@pytest.mark.parametrize("words", ["หมู่ 4 บ้านท่าแพ", "บ้านท่าแพ หมู่ 4", "บ้านท่าแพ ม.๔", "หมู่ที่ 4 ท่าแพครับ"])
def test_a_number_and_a_name_are_both_kept(words: str) -> None:
    """The number finds the headman; the name, which is on no list, goes with the report."""
    player = at_place().taps("lists", "34", "3403", "340301").types(words)
    assert (player.session.step, place_of(player).village) == ("story", "04")
    assert [part.text for part in draft_of(player).parts] == [f"📍 {words}"]


@pytest.mark.parametrize("words", ["4 ครับ", "หมู่ 4 ครับ", "ໝູ່ 4 ເດີ"])
def test_a_polite_number_is_a_number(words: str) -> None:
    """The particle adds nothing."""
    assert place_of(at_village().types(words)).village == "04"


def test_a_number_across_the_border_is_a_village_of_the_list() -> None:
    """One that is not on it is asked again."""
    commune = ("lists", "KH", "KH01", "KH0105", "KH010501")
    assert place_of(at_place().taps(*commune).types("3")).abroad == "KH01050103"
    assert at_place().taps(*commune).types("77").session.step == "village"


def test_a_typed_name_is_never_taken_for_the_last_place() -> None:
    """It may mean another place of the same name; with the sign of the button, as Telegram sends it, it is a tap."""
    player = at_village().taps("34030204")
    send(player).types("report").taps("drugs", "today")
    label = player.labels[0]
    assert label == "🕘 Ban Non 4"
    assert play.replayed(player).types("Ban Non 4").session.step == "which_place"
    assert place_of(player.types(label)).village == "04"


def test_the_last_place_is_told_from_a_correction_of_its_name() -> None:
    """On a keyboard that sends words both look alike but for their signs."""
    player = at_place()
    player.happens(PIN)
    send(player).types("report").taps("drugs", "today").types(SWAPPED)
    assert player.labels[:2] == ["🏘 Khong Chiam", "🕘 Khong Chiam"]
    assert play.replayed(player).types("🕘 Khong Chiam").session.step == "village"
    assert player.types("🏘 Khong Chiam").session.step == "story"


def test_a_poster_is_told_from_the_lists() -> None:
    """The place of a poster's village was found by its link."""
    player = at_place().types("#34030202").taps("home")
    assert (place_of(player).method, place_of(player).certainty) == ("link", "sure")


def test_what_was_offered_may_be_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names, a village and the last place that an import took away: the lists are offered, nothing breaks."""
    named, village = at_place().types("dan peir"), at_village()
    home = send(at_village().taps("34030204"))
    monkeypatch.setattr(play, "PLACES", PLACES.with_imported(Imported()))
    assert named.taps("L1").session.step == "which_place" and "Choose from lists" in named.labels[0]
    assert named.taps("none").session.step == "lists"
    assert village.taps("34030204").session.step == "village"
    assert home.types("report").taps("drugs", "today", "home").session.step == "story"


def test_a_centre_that_closes_meanwhile_gets_no_new_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest one does, and is told so; across the border, another one that faces the place."""
    pinned, across = told(), at_place().types("Paoy Paet").taps("KH0110", "2706")
    monkeypatch.setattr(play, "PLACES", PLACES.with_served(PLACES.served() - {"3403", "2706"}))
    send(across)
    filed = [e.case for p in (pinned.taps("send"), across) for e in p.effects if isinstance(e, FileReport)]
    assert [(c.centre, c.place.certainty) for c in filed] == [("3425", "nearest"), ("2708", "facing")]


@pytest.mark.parametrize("page", ["p" + "9" * 5000, "p100", "p²", "p"])
def test_a_page_that_cannot_be_is_no_page(page: str) -> None:
    """Anybody can send any callback data."""
    assert at_place().taps("lists", page).session.lists == ()
    assert at_village().taps(page).session.lists == ()


@pytest.mark.parametrize("at", [("lists",), ("lists", "34", "3403"), ("lists", "34", "3403", "340302")])
def test_an_old_button_turns_to_no_empty_page(at: tuple[str, ...]) -> None:
    """ "More" of a longer list, tapped once more in a shorter one, shows its last page."""
    player = at_place().taps(*at, "p9")
    assert any(label.startswith("🏘") for label in player.labels)
    assert "➡️ More" not in player.labels
