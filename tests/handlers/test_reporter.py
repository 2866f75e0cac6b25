"""What a reporter does at unusual moments: nothing is lost, nothing shows on a hidden phone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers import cases
from handlers.buttons import of_case
from handlers.events import (
    ChoicePicked,
    Edited,
    Joined,
    LocationShared,
    MediaSent,
    TextSent,
    TimerFired,
    Unsent,
)
from handlers.outcome import DropMedia, Say, ToCentre
from tests.handlers.play import CATALOGUES, CODE, PIN, Player, agreed, sent, told


def asked(ready: str = "", words: str = "which road?") -> Player:
    """A reporter whose case has one open question."""
    player = sent()
    player.cases[CODE] = cases.ask(player.cases[CODE], ready, words)
    return player


def to_centre(player: Player) -> str:
    """What the last event sent to the group, in English."""
    said = [m for e in player.effects if isinstance(e, Say) and isinstance(e.to, ToCentre) for m in e.messages]
    return "\n".join(CATALOGUES.shown(m, "en").text for m in said)


def answering() -> Player:
    """A reporter who is answering in own words."""
    player = asked()
    player.happens(ChoicePicked(of_case(CODE, 1, "words")))
    return player


def test_a_question_waits_for_a_hidden_phone() -> None:
    """It is said once the person comes back, and not to whoever holds the phone before."""
    player = asked()
    player.types("/hide", "hello?")
    assert "which road" not in player.shown
    player.types("/start")
    assert "which road" in player.shown


def test_coming_back_to_the_chat_does_not_unhide_it() -> None:
    """Unblocking or following shows nothing of a report."""
    player = told().types("/hide")
    player.happens(Joined())
    assert player.session.hidden
    assert "report" not in player.shown.lower()


def test_a_photo_on_a_hidden_phone_still_answers_the_centre() -> None:
    """The group hears of it, the phone shows nothing."""
    player = answering().types("/hide")
    player.happens(MediaSent("m9", "photo", caption="the road"))
    assert "the road" in to_centre(player)
    assert "centre" not in player.shown.lower()


def test_an_album_timer_after_sending_starts_no_report() -> None:
    """The album was part of what was sent."""
    player = sent()
    player.happens(TimerFired("album"))
    assert player.said == []
    assert player.session.draft is None


def test_a_pin_while_answering_goes_to_the_centre() -> None:
    """As numbers among the words."""
    player = answering()
    player.happens(PIN)
    assert "15.31850, 105.50080" in to_centre(player)
    assert player.session.detour == "answering"


def test_a_pin_after_the_receipt_is_asked_about() -> None:
    """Like anything else that comes then."""
    player = sent()
    player.happens(PIN)
    assert player.session.detour == "add_or_new"
    assert "15.31850" in player.session.loose[0].text


def test_a_pin_as_the_first_message_is_kept() -> None:
    """For the question where."""
    player = Player()
    player.happens(PIN)
    assert player.session.draft and player.session.draft.early_place
    player.taps("en", "agree", "drugs", "today")
    assert "📌 The one I sent" in player.labels
    player.taps("early")
    assert player.session.step == "story"


@pytest.mark.parametrize(
    ("words", "beside"),
    [
        ("15.3185, 105.5008", ()),
        ("https://maps.google.com/?q=15.3185,105.5008", ()),
        ("ท่าเรือ https://maps.google.com/?q=15.3185,105.5008", ("ท่าเรือ",)),
        ("Two boats bring people over 15.3185, 105.5008", ("Two boats bring people over",)),
    ],
)
def test_a_typed_position_as_the_first_message_is_kept_like_a_pin(words: str, beside: tuple[str, ...]) -> None:
    """Map apps share a place as a link; what was written beside it is kept as well."""
    player = Player().types(words)
    assert player.session.draft and player.session.draft.early_place
    assert tuple(part.text for part in player.session.draft.parts) == beside
    player.taps("en", "agree", "drugs", "today")
    assert "📌 The one I sent" in player.labels
    player.taps("early")
    draft = player.session.draft
    assert draft and draft.place and draft.place.district == "3403"
    assert tuple(part.text for part in draft.parts) == beside


def test_a_typed_position_that_is_none_for_sure_stays_words() -> None:
    """The wrong way round, a link without a place, and once the place is known."""
    for words in ("105.5008, 15.3185", "Look here: https://maps.app.goo.gl/a1b2C3"):
        player = agreed().types(words)
        assert player.session.draft and not player.session.draft.early_place
        assert [part.text for part in player.session.draft.parts] == [words]
    player = told().types("15.3185, 105.5008")
    assert player.session.draft and not player.session.draft.early_place


def test_a_pin_that_is_no_place_is_not_kept() -> None:
    """0/0 is what phones send when they do not know."""
    player = sent()
    player.happens(LocationShared(0.0, 0.0))
    assert player.session.loose == ()


def test_words_beside_what_cannot_be_kept_are_kept() -> None:
    """The caption of a file that is too big, and of a photo over the limit."""
    player = told()
    player.happens(MediaSent("big", "video", caption="the big boat", too_big=True))
    for number in range(11):
        player.happens(MediaSent(f"p{number}", "photo", caption=f"photo {number}"))
    assert player.session.draft
    words = [p.text for p in player.session.draft.parts]
    assert "the big boat" in words and "photo 10" in words
    assert DropMedia(("p10",)) in player.effects


def test_answering_ends_after_an_hour() -> None:
    """Words of another day are about something else."""
    player = answering().later(hours=1.5)
    assert player.session.detour == ""
    player.types("A new boat came today")
    assert player.session.detour == "add_or_new"


def test_a_photo_while_withdrawing_is_asked_about() -> None:
    """It belongs to some report, and the own reports stay within reach."""
    player = sent().types("/mine")
    player.happens(ChoicePicked(of_case(CODE, 0, "withdraw")))
    player.happens(MediaSent("m5", "photo"))
    assert player.session.detour == "add_or_new"
    player.taps("drop", "mine")
    assert CODE in player.shown


def test_own_reports_show_no_place() -> None:
    """The phone may be seized: code and state, no district."""
    assert "Khong Chiam" not in sent().types("/mine").shown


def test_a_withdrawn_report_is_not_offered_for_more() -> None:
    """Nobody looks there any more."""
    player = sent()
    player.cases[CODE] = cases.withdraw(player.cases[CODE], player.now)
    player.types("One more thing that I saw")
    assert not [label for label in player.labels if CODE in label]


def test_turning_pages_quickly_is_no_double_tap() -> None:
    """The same button may be meant twice, as long as it still stands for something."""
    player = agreed().taps("drugs", "today", "lists", "34", "3403")
    player.taps("up", "up")
    assert "province" in player.shown


def test_today_in_the_morning_is_not_to_come() -> None:
    """Noon of today is later than now, but today is not tomorrow."""
    player = agreed().taps("drugs", "earlier")
    player.now = player.now.replace(hour=1)  # 08:00 in Bangkok
    player.types("21/11/2026")
    assert player.session.step == "place"
    player = agreed().taps("drugs", "earlier")
    player.types("22/11/2026")
    assert player.session.step == "date"


def test_back_while_changing_a_part_leads_to_the_review() -> None:
    """And the path before it is still there."""
    player = told().taps("edit", "kind", "back")
    assert player.session.step == "edit"
    player.taps("kind", "goods")
    assert player.session.step == "review"
    player.taps("back")
    assert player.session.step == "callback"


def test_an_edited_caption_is_corrected() -> None:
    """Captions are words too."""
    player = agreed()
    player.happens(MediaSent("m1", "photo", caption="a read boat", message_id="5"))
    player.happens(Edited("5", "a red boat"))
    assert player.session.draft and player.session.draft.parts[0].text == "a red boat"
    player = answering()
    player.happens(MediaSent("m2", "photo", message_id="6"))
    player.happens(Unsent("6"))
    assert DropMedia(("m2",)) in player.effects


def test_words_during_a_replaced_question_count() -> None:
    """Answering once is enough, whichever way."""
    player = answering()
    player.happens(TextSent("the road to the pier"))
    assert player.cases[CODE].questions[0].answered
    assert player.cases[CODE].words().endswith("pier")


def test_the_platforms_guess_comes_first() -> None:
    """A Khmer phone is offered Khmer first; nothing is chosen for the person."""
    player = Player()
    player.happens(TextSent("/start", "start"), hint="km-KH")
    assert player.labels == ["ខ្មែរ", "ไทย", "ລາວ", "English"]
    assert player.session.language == ""


def test_a_closing_waits_for_a_hidden_phone() -> None:
    """Told when the person comes back, with the centre's line; an older closing is not told again."""
    player = sent().types("/hide")
    player.cases[CODE] = cases.close(player.cases[CODE], "acted", player.now + timedelta(seconds=30), "Well seen")
    player.now += timedelta(minutes=5)
    player.types("/start")
    assert "Well seen" in player.shown
    player.types("/hide", "/start")
    assert "Well seen" not in player.shown


def test_the_guess_of_the_language_lasts() -> None:
    """A timer or a second event without a guess must not change the order of the choices: a typed 1 stays what it was."""
    player = Player()
    player.happens(MediaSent("m1", "photo", album="A"), hint="lo")
    player.later(seconds=2)
    assert player.labels[0] == "ລາວ"
    player.types("1")
    assert player.session.language == "lo"


def test_answering_ends_on_a_hidden_phone_too() -> None:
    """Hours later, words are about something else."""
    player = answering().types("/hide").later(hours=2)
    player.types("/mine")
    assert player.session.detour == ""


LONG = "x" * 4000


def test_a_report_is_full_before_its_story_as_in_it() -> None:
    """Words sent early count, and so do those beside a position; what is not kept is told, and the question stays."""
    player = agreed().types(LONG, LONG)
    assert "Your words are kept" in player.shown
    player.types(LONG)
    assert "These words were not kept" in player.shown and player.session.step == "kind"
    player.taps("drugs", "today").types(f"15.3185, 105.5008 {LONG}")
    assert "These words were not kept" in player.shown and player.session.step == "story"
    assert player.session.draft is not None and [len(p.text) for p in player.session.draft.parts] == [4000, 4000]
    player.types(LONG)
    assert "Your report is full" in player.shown
