"""Villages from the operator's list, places across the border, landmarks, posters, and the place known from before."""

from __future__ import annotations

import pytest

from handlers.asking import bare
from handlers.buttons import of_case
from handlers.events import ChoicePicked, LocationShared
from handlers.outcome import FileReport, Say, ToCoordinators
from handlers.session import Place
from handlers.steps.lists import PAGE
from tests.handlers.play import CODE, PLACES, Player, agreed, through_json

LINE_QUICK_REPLIES = 13


def at_place(language: str = "en") -> Player:
    """A person who is asked where it was."""
    return agreed(language).taps("drugs", "today")


def at_village() -> Player:
    """A person who has chosen a subdistrict with eleven villages."""
    return at_place().taps("lists", "34", "3403", "340302")


def place_of(player: Player) -> Place:
    assert player.session.draft is not None and player.session.draft.place is not None
    return player.session.draft.place


def send(player: Player) -> Player:
    """Go on from the story to the receipt."""
    return player.taps("done", "done", "yes", "send")


def test_villages_are_listed_a_page_at_a_time() -> None:
    """Each fits LINE's quick replies together with what else can be tapped; a tap chooses by number and name."""
    player = at_village()
    assert len(player.labels) <= LINE_QUICK_REPLIES
    assert player.labels[:2] == ["🏘 1. Ban Huai Yang", "🏘 2. Ban Huai Yang Tai"]
    player.taps("p1")
    assert player.labels[:4] == ["🏘 8. Ban Non 8", "🏘 9. Ban Non 9", "🏘 10. Ban Non 10", "🏘 11. Ban Non 11"]
    player.taps("p0", "34030202")
    assert (player.session.step, place_of(player).village, player.session.lists) == ("story", "02", ())


@pytest.mark.parametrize(
    ("words", "village", "step"),
    [
        ("2", "02", "story"),
        ("หมู่ ๒", "02", "story"),
        ("ບ້ານທີ 11", "11", "story"),
        ("Ban Huai Yang", "01", "story"),
        ("บ้านห้วยยางใต้", "02", "story"),
        ("Ban Hui Yang", "Ban Hui Yang", "village"),
        ("a place of my own", "a place of my own", "story"),
    ],
)
def test_a_village_is_typed(words: str, village: str, step: str) -> None:
    """Its number or its very name is taken; of a name like others the person says which; other words are kept."""
    player = at_village().types(words)
    assert (place_of(player).village, player.session.step) == (village, step)


def test_a_misspelt_village_is_chosen_or_kept_as_written() -> None:
    """Never a guess."""
    offered = at_village().types("Ban Hui Yang")
    assert (
        offered.labels[:2] == ["🏘 1. Ban Huai Yang", "🏘 2. Ban Huai Yang Tai"] and "As I wrote it" in offered.labels[2]
    )
    assert place_of(at_village().types("Ban Hui Yang").taps("34030202")).village == "02"
    kept = offered.taps("mine")
    assert (place_of(kept).village, kept.session.step, kept.session.lists) == ("Ban Hui Yang", "story", ())


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("อำเภอนาตาล", "3430"),
        ("ต.นาตาล", "343001"),
        ("ม.4 ต.นาตาล", "343001"),
        ("บ้านโนน อ.นาตาล", "3430"),
        ("ອຳເພີ ນາຕານ", "3430"),
        ("ស្រុកណាតាល", "3430"),
        ("tambon Na Tan", "343001"),
        ("จ.มุกดาหาร", "49"),
    ],
)
def test_another_district_at_the_village_question_is_another_place(words: str, first: str) -> None:
    """It is no village's name, and its number 4 is not this subdistrict's: what was meant is asked."""
    player = at_village().types(words)
    assert (player.session.step, player.session.lists[0]) == ("which_place", first)
    assert place_of(player).village == ""
    assert player.taps("back").session.step == "village"


@pytest.mark.parametrize(
    ("words", "village"),
    [("ม.4 ต.ห้วยยาง", "04"), ("หมู่ 4 อำเภอโขงเจียม", "04"), ("อ.ฟฟฟฟฟฟ", "อ.ฟฟฟฟฟฟ"), ("ต.", "ต.")],
)
def test_words_for_a_kind_of_place_that_say_nothing_else(words: str, village: str) -> None:
    """The subdistrict chosen already, and what is none: the village is what it was without them."""
    assert (place_of(player := at_village().types(words)).village, player.session.step) == (village, "story")


def test_another_typed_name_replaces_the_offer() -> None:
    """And a button of a village of another subdistrict does nothing."""
    player = at_village().types("Ban Hui Yang").types("Ban Noon")
    assert "🏘 3. Ban Non 3" in player.labels
    assert player.taps("34030101").session.step == "village"


def test_a_position_at_the_village_question_is_more_exact() -> None:
    """Shared or typed; it replaces what the lists gave."""
    shared, typed = at_village(), at_village().types("15.3185, 105.5008")
    shared.happens(LocationShared(15.3185, 105.5008))
    assert place_of(shared) == place_of(typed)
    assert (place_of(shared).subdistrict, place_of(shared).method, shared.session.step) == ("340301", "pin", "story")


def test_who_does_not_know_the_subdistrict_says_so() -> None:
    """The district is enough for the centre; nothing more is asked."""
    player = at_place().taps("lists", "34", "3403", "skip")
    assert (player.session.step, place_of(player).district, place_of(player).subdistrict) == ("story", "3403", "")
    assert place_of(player).centre == "3403"
    assert at_place().taps("lists", "skip").session.step == "lists"
    assert at_place().taps("lists", "34", "skip").session.step == "lists"


@pytest.mark.parametrize("language", ["th", "lo", "km", "en"])
def test_every_list_fits_line(language: str) -> None:
    """Each page of each list, on both sides of the border, has at most 13 choices."""
    player = at_place(language).taps("lists")
    paths: list[tuple[str, ...]] = [()]
    world = player.world
    while paths:
        path = paths.pop()
        for page in range(3):
            message = bare(player.at_lists(*path, f"p{page}"), world)
            assert len(message.choices) <= LINE_QUICK_REPLIES, path
            areas = [c.value for c in message.choices if c.value[-1:].isdecimal() and not c.value.startswith("p")]
            assert len(areas) <= PAGE
        if path in ((), ("34",), ("34", "3403"), ("KH",), ("KH", "KH01"), ("LA",)):
            paths += [
                (*path, c.value) for c in message.choices if c.value in ("34", "3403", "KH", "LA", "KH01", "LA16")
            ]


def test_the_lists_begin_with_what_is_likely() -> None:
    """The neighbour country whose language is spoken; and the place known from before, at each level."""
    assert at_place("lo").taps("lists").labels[0] == "🏘 ອຸບົນລາຊະທານີ"
    assert at_place("km").taps("lists").labels[0] == "🏘 ច័ន្ទបុរី"
    player = at_village().taps("34030209")
    again = send(player).types("report").taps("drugs", "today", "lists")
    assert again.labels[0] == "🏘 Ubon Ratchathani"
    assert again.taps("34").labels[0] == "🏘 Khong Chiam"
    assert again.taps("3403").labels[0] == "🏘 Huai Yang"
    assert again.taps("340302").labels[0] == "🏘 9. Ban Non 9"


def test_back_from_the_village_leads_to_its_subdistrict() -> None:
    """Not to the top of the lists."""
    assert at_village().taps("back").labels[0] == "🏘 Khong Chiam"
    across = at_place().taps("lists", "KH", "KH01", "KH0105", "KH010501").taps("back")
    assert across.session.lists == ("KH", "KH01", "KH0105")


def test_a_place_across_the_border_leads_to_the_facing_centre() -> None:
    """By the lists down to the village; the village's name is on the card, and no Thai headman is told."""
    player = at_place().taps("lists", "KH", "KH01", "KH0105", "KH010501", "KH01050101")
    place = place_of(player)
    assert (place.abroad, place.centre, place.certainty, place.subdistrict) == ("KH01050101", "2708", "facing", "")
    send(player)
    filed = [e for e in player.effects if isinstance(e, FileReport)]
    told = [e for e in player.effects if isinstance(e, Say) and isinstance(e.to, ToCoordinators)]
    assert [e.case.centre for e in filed] == ["2708"] and not told


def test_several_centres_face_a_place_and_the_reporter_may_not_know() -> None:
    """The likeliest one is taken then; one that was chosen is taken as said."""
    asked = at_place().types("Paoy Paet").taps("KH0110")
    assert asked.session.step == "which_district"
    assert asked.labels[:3] == ["🏘 Aranyaprathet", "🏘 Khok Sung", "🤷 I don't know"]
    assert place_of(asked.taps("unsure")).centre == "2706"
    chosen = at_place().types("Paoy Paet").taps("KH0110", "2708")
    assert (place_of(chosen).centre, place_of(chosen).certainty, chosen.session.step) == ("2708", "facing", "story")
    back = chosen.taps("back")
    assert back.session.step == "which_district" and back.labels[0] == "🏘 Aranyaprathet"
    assert at_place().types("Paoy Paet").taps("KH0110", "neither").session.step != "story"


def test_a_landmark_stands_for_its_position() -> None:
    """Chosen by name, it is routed like a pin; officers see it with its district."""
    player = at_place().types("dan peir")
    assert "1. Dan pier, subdistrict Khong Chiam, district Khong Chiam" in player.shown
    place = place_of(player.taps("L1"))
    assert (place.latitude, place.longitude, place.centre, place.method) == (15.3189, 105.5012, "3403", "name")


@pytest.mark.parametrize("words", ["/start v_34030202_lo", "#34030202 lo", "#๓๔๐๓๐๒๐๒"])
def test_a_poster_makes_its_village_one_tap(words: str) -> None:
    """At any question; the draft goes on where it was."""
    player = at_place().types(words)
    assert "Ban Huai Yang Tai" in player.shown and player.labels[0] == "🏠 Ban Huai Yang Tai"
    assert player.session.step == "place"
    place = place_of(player.taps("home"))
    assert (place.subdistrict, place.village, place.centre, player.session.step) == ("340302", "02", "3403", "story")
    story = at_place().taps("lists", "34", "3403", "skip").types(words)
    assert story.session.step == "story" and story.session.draft is not None and not story.session.draft.parts


def test_a_poster_is_the_first_thing_that_is_heard() -> None:
    """Its language comes first in the question, and the village is there once the place is asked for."""
    player = Player().types("/start v_34030202_km")
    assert player.labels[0] == "ខ្មែរ"
    player.taps("en", "agree", "drugs", "today")
    assert player.labels[0] == "🏠 Ban Huai Yang Tai"


def test_words_that_are_like_a_poster_are_words() -> None:
    """A village that cannot be is no village."""
    player = at_place().taps("lists", "34", "3403", "skip").types("#99999999 lo")
    assert player.session.home is None
    assert player.session.draft is not None and [p.text for p in player.session.draft.parts] == ["#99999999 lo"]


def test_the_last_place_is_offered_without_its_position() -> None:
    """A pin is remembered by its subdistrict only, and the centre is looked up anew."""
    player = at_place()
    player.happens(LocationShared(15.3185, 105.5008))
    again = send(player).types("report").taps("drugs", "today")
    assert player.session.home == Place(district="3403", subdistrict="340301")
    assert again.labels[0] == "🕘 Khong Chiam"
    assert again.taps("home").session.step == "village"
    far = at_place()
    far.happens(LocationShared(13.7563, 100.5018))
    assert send(far).session.home is None


def test_hiding_forgets_the_last_place() -> None:
    """Who takes the phone away is not shown where the last report was."""
    player = at_village().taps("34030202")
    send(player).types("/hide", "/start", "report").taps("drugs", "today")
    assert player.session.home is None and player.labels[0] == "📍 Send location"


def test_taking_a_report_back_forgets_its_place() -> None:
    """But a poster's village stays."""
    player = send(at_village().taps("34030202"))
    player.session = through_json(player.session)
    player.types("/mine").happens(ChoicePicked(of_case(CODE, 0, "withdraw")))
    assert player.taps("yes").session.home is None
    poster = send(at_village().taps("34030202")).types("#34030202")
    poster.types("/mine").happens(ChoicePicked(of_case(CODE, 0, "withdraw")))
    home = poster.taps("yes").session.home
    assert home is not None and home.method == "link"


def test_a_headman_has_his_village_at_hand() -> None:
    """His own area is his known place."""
    player = at_place()
    player.session = player.with_area("340302-02")
    assert player.types("/help").labels[0] == "🏠 Ban Huai Yang Tai"
    assert place_of(player.taps("home")).village == "02"


def test_names_near_the_known_place_come_first() -> None:
    """Many places have one name; villages of the own district stand above others."""
    areas = PLACES.find("Na Pho", "3410")
    assert areas[0].code[:2] == "34"
