"""Words about a place that name none, and words that say more of it than its name."""

from __future__ import annotations

import pytest

from handlers.card import officers_card
from handlers.events import Edited, LocationShared, TextSent, Unsent
from tests.handlers.play import CATALOGUES, Player, agreed
from tests.handlers.test_known_places import at_place, at_village, place_of, send
from tests.handlers.test_other_place import doubtful, draft_of

GOOGLE_SHARE = "Dropped pin\nNear Khong Chiam\nhttps://maps.app.goo.gl/a1b2C3?g_st=il"


def place_words(player: Player) -> list[str]:
    return [part.text for part in draft_of(player).parts if part.kind == "place"]


@pytest.mark.parametrize(
    ("words", "language"),
    [
        *(("ไม่รู้", "th"), ("ไม่ทราบครับ", "th"), ("ไม่แน่ใจค่ะ", "th")),
        *(("ບໍ່ຮູ້", "lo"), ("ບໍ່ຮູ້ເດີ", "lo"), ("មិនដឹង", "km"), ("ខ្ញុំអត់ដឹងទេ", "km")),
        *(("don't know", "en"), ("I dont know.", "en"), ("ไม่รู้", "en")),
    ],
)
def test_who_does_not_know_gets_the_lists(words: str, language: str) -> None:
    """And hears that the district is enough; no village that sounds like "don't know" is offered."""
    player = at_place(language).types(words)
    assert (player.session.step, player.session.lists, place_words(player)) == ("lists", (), [])
    assert len(player.said) == 1 and len(player.shown.splitlines()) == 3
    assert at_place(language).types("โขงเจียม", words).session.step == "lists"


def test_who_does_not_know_in_the_lists_stays_there() -> None:
    """The district known is enough to go on; less is not."""
    assert at_place().taps("lists", "34").types("don't know").session.lists == ("34",)
    player = at_place().taps("lists", "34", "3403").types("ไม่รู้ครับ")
    assert (player.session.step, place_of(player).district, place_of(player).subdistrict) == ("story", "3403", "")


@pytest.mark.parametrize("words", ["ไม่รู้", "ບໍ່ຮູ້ເດີ", "មិនដឹងទេ", "no idea"])
def test_who_does_not_know_the_village_skips_it(words: str) -> None:
    """It is not taken for the village's name."""
    player = at_village().types(words)
    assert (player.session.step, place_of(player).village) == ("story", "")


@pytest.mark.parametrize("answer", ["tap", "type"])
def test_who_does_not_know_the_district_of_a_pin_gives_the_likelier(answer: str) -> None:
    """The pin is not lost to the lists, and the officers learn how it was found."""
    player = doubtful()
    assert "🤷 I don't know" in player.labels
    player.taps("unsure") if answer == "tap" else player.types("ไม่รู้")
    place = place_of(player)
    assert (player.session.step, place.district, place.certainty, place.latitude) == ("story", "3405", "unsure", 16.04)
    (case,) = send(player).cases.values()
    card = CATALOGUES.shown(officers_card(case, player.world.settings, player.world.places), "en").card
    assert card is not None and any("does not know which" in str(row) for row in card.rows)


@pytest.mark.parametrize(
    ("words", "lists"),
    [
        *(("ลาว", ("LA",)), ("ฝั่งลาวครับ", ("LA",)), ("ຝັ່ງລາວ", ("LA",)), ("in Laos", ("LA",))),
        *(("เขมร", ("KH",)), ("ប្រទេសកម្ពុជា", ("KH",)), ("Cambodia", ("KH",)), ("ฝั่งไทย", ())),
    ],
)
def test_a_country_alone_opens_its_lists(words: str, lists: tuple[str, ...]) -> None:
    """At every question for a place."""
    for player in (at_place(), at_place().taps("lists"), at_place().types("Khong Chiam")):
        player.types(words)
        assert (player.session.step, player.session.lists) == ("lists", lists)


@pytest.mark.parametrize("words", ["here", "ที่นี่", "แถวนี้ครับ", "ຢູ່ນີ້", "នៅទីនេះ", "บ้านผม", "ບ້ານຂ້ອຍ", "ភូមិខ្ញុំ"])
def test_here_is_not_seen(words: str) -> None:
    """The person hears it, and the question stays open."""
    for player, step in (
        (at_place(), "place"),
        (at_place().types("Khong Chiam"), "which_place"),
        (at_village(), "village"),
    ):
        player.types(words)
        assert player.session.step == step and "We cannot see where you are." in player.shown


def test_my_village_is_the_poster_s() -> None:
    """Where it is known, saying so is the tap."""
    player = agreed().types("#34030202").taps("report", "drugs", "today").types("บ้านผม")
    assert (player.session.step, place_of(player).subdistrict, place_of(player).village) == ("story", "340302", "02")


def test_my_village_is_not_where_the_last_report_was() -> None:
    """That one was from anywhere: it is offered with its name, and taken with a tap only."""
    player = send(at_place("en").types("Na Tan").taps("3430", "skip").types("Two boats"))
    assert player.session.home is not None
    player.types("/report").taps("new") if player.session.detour else player.types("/report")
    player.taps("drugs", "today").types("my village")
    assert player.session.step == "place" and "We cannot see where you are." in player.shown
    assert any("Na Tan" in label for label in player.labels)


def test_what_was_written_of_a_place_reaches_the_officers() -> None:
    """The lists know only the name in it. It is no story: what helps to tell one is still said."""
    player = at_place("th").types("หลังตลาดโขงเจียม").taps("340301", "skip")
    assert place_words(player) == ["📍 หลังตลาดโขงเจียม"] and player.labels[0] == "⏭ ข้าม"
    (case,) = send(player.types("เรือสองลำ")).cases.values()
    assert case.words() == "📍 หลังตลาดโขงเจียม\nเรือสองลำ"


@pytest.mark.parametrize("words", ["Zzqx", "qqqq"])
def test_a_name_that_nobody_knows_is_kept(words: str) -> None:
    """For the officers, who may; the place itself is then chosen from the lists."""
    player = at_place().types(words)
    assert "No place" in player.shown
    assert place_words(player.taps("lists", "34", "3403", "skip")) == [f"📍 {words}"]


def test_a_place_asked_for_again_has_new_words() -> None:
    """Neither a very name nor what was written of another place stands beside the new one."""
    assert place_words(at_place().types("Khong Chiam")) == []
    assert place_words(at_place().types("Kong Jiam", "behind Nong Khai")) == ["📍 behind Nong Khai"]
    assert place_words(at_place().types("Kong Jiam").taps("back")) == []


def at_review() -> Player:
    """A person at the summary, with words about the place."""
    player = at_place()
    player.happens(TextSent("Kong Jiam", message_id="m1"))
    return player.taps("340301", "skip").types("Two boats with sacks").taps("done", "done", "yes")


@pytest.mark.parametrize("way", [(), ("lists",), ("lists", "34"), ("lists", "34", "3403", "340302")])
def test_who_changes_nothing_keeps_the_words_of_the_place(way: tuple[str, ...]) -> None:
    """Edit, Where, and Back, from however far."""
    player = at_review().taps("edit", "place", *way)
    while player.session.step != "review":
        player.taps("back")
    assert place_words(player) == ["📍 Kong Jiam"] and place_of(player).subdistrict == "340301"


def test_another_place_has_not_the_words_of_the_one_before() -> None:
    """Changed at the summary as anywhere; taken back on the phone, they come back on no way."""
    player = at_review().taps("edit", "place", "lists", "34", "3403", "340302", "34030201")
    assert player.session.step == "review" and place_words(player) == []
    assert place_words(player.taps("edit", "place", "back")) == []
    player = at_review().taps("edit", "place")
    player.happens(Unsent("m1"))
    assert place_words(player.taps("back", "back")) == [] and "Kong Jiam" not in str(player.session)


def test_words_of_a_place_can_be_taken_back() -> None:
    """They belong to the message they came in; corrected there, they are still the place's."""
    player = at_place()
    player.happens(TextSent("Kong Jiam", message_id="m1"))
    assert place_words(player) == ["📍 Kong Jiam"]
    player.happens(Edited("m1", "Kong Jiam pier "))
    assert place_words(player) == ["📍 Kong Jiam pier"]
    player.happens(Unsent("m1"))
    assert draft_of(player).parts == ()


def test_few_words_beside_a_position_are_kept_too() -> None:
    """ "Wat Khong Chiam" is shorter than a story, and worth as much."""
    player = at_place().types("วัดโขงเจียม 15.3185, 105.5008")
    assert (player.session.step, place_words(player)) == ("story", ["📍 วัดโขงเจียม"])
    assert place_words(at_place().types("พิกัด 15.3185, 105.5008 ครับ")) == []


@pytest.mark.parametrize("at", [(), ("lists",), ("lists", "34")])
@pytest.mark.parametrize("words", [GOOGLE_SHARE, "โขงเจียม https://maps.app.goo.gl/a1b2C3"])
def test_the_name_beside_a_link_that_says_nothing_is_looked_for(words: str, at: tuple[str, ...]) -> None:
    """Map apps share both; one tap is then enough."""
    player = at_place().taps(*at).types(words)
    assert player.session.step == "which_place" and "340301" in player.session.lists
    assert "cannot be opened" in player.shown
    assert place_words(player) == (["📍 Dropped pin\nNear Khong Chiam"] if words == GOOGLE_SHARE else ["📍 โขงเจียม"])


ROUTES = (
    "https://www.google.com/maps/dir/15.1,105.1/15.3,105.5/@15.2,105.3,12z",
    "https://www.google.com/maps?saddr=15.1,105.1&daddr=15.3,105.5&ll=15.2,105.3",
    "https://maps.apple.com/?saddr=15.1,105.1&daddr=15.3,105.5&ll=15.2,105.3",
    "https://maps.apple.com/?daddr=15.3,105.5",
    "https://maps.apple.com/directions?source=15.1,105.1&destination=15.3,105.5&mode=driving",
)


@pytest.mark.parametrize("link", ROUTES)
def test_what_stands_beside_a_way_is_kept(link: str) -> None:
    """A way has two ends, and the middle of its map is neither: the name counts, exact or not."""
    for name in ("Khong Chiam", "Kong Jiam pier"):
        player = at_place().types(f"{name} {link}")
        assert (player.session.step, place_words(player)) == ("which_place", [f"📍 {name}"])
        assert draft_of(player).place is None


THREE_WORDS = ("///filled.count.soap", "at ///ริมน้ำ.ตลาด.เรือ", "https://w3w.co/filled.count.soap")


@pytest.mark.parametrize("at", [(), ("lists",), ("lists", "34", "3403", "340302")])
@pytest.mark.parametrize("words", THREE_WORDS)
def test_three_words_that_stand_for_a_square_are_kept(words: str, at: tuple[str, ...]) -> None:
    """They cannot be looked up here, but an officer can: words about the place, no command, no name, no story."""
    player = at_place().taps(*at)
    step = player.session.step
    player.types(words)
    assert (player.session.step, place_words(player)) == (step, [f"📍 {words}"])
    assert [part.kind for part in draft_of(player).parts] == ["place"] and "kept for the officers" in player.shown
    assert not (place := draft_of(player).place) or place.village == ""


def test_three_words_stay_beside_others_and_give_way_to_three_others() -> None:
    """What was said to be kept is kept, until the place is asked for again."""
    player = at_place().types(THREE_WORDS[0], "Kong Jiam", "behind Nong Khai")
    assert place_words(player) == [f"📍 {THREE_WORDS[0]}", "📍 behind Nong Khai"]
    assert place_words(at_place().types(*THREE_WORDS)) == [f"📍 {THREE_WORDS[-1]}"]
    assert place_words(player.taps("back")) == []


def test_what_was_said_of_the_place_outlives_another_that_was_only_named() -> None:
    """Who names a district at the village question, and goes back, has not changed the place."""
    player = at_place("th").types("หลังตลาดโขงเจียม").taps("340301").types("อำเภอนาตาล").taps("back")
    assert player.session.step == "village" and place_of(player).subdistrict == "340301"
    assert place_words(player) == ["📍 หลังตลาดโขงเจียม", "📍 อำเภอนาตาล"]


def test_a_pin_after_words_keeps_them() -> None:
    """Who first wrote and then found the button told both."""
    player = at_place().types("Kong Jiam pier")
    player.happens(LocationShared(15.3185, 105.5008))
    assert place_words(player) == ["📍 Kong Jiam pier"] and place_of(player).method == "pin"
