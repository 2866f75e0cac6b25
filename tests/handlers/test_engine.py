"""The engine is total: every question answers every event kindly, and nothing that can be sent makes it raise."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.events import (
    ChoicePicked,
    Edited,
    Event,
    Joined,
    Left,
    LocationShared,
    MediaSent,
    OtherSent,
    TextSent,
    TimerFired,
    Unsent,
)
from handlers.flow import FLOW, STEPS
from handlers.outcome import DropMedia
from tests.handlers.play import PIN, Player, at_every_step, group, replayed, sent, told

SESSIONS = at_every_step()
EVENTS: dict[str, Event] = {
    "words": TextSent("I saw three men near the temple"),
    "slip": TextSent("x"),
    "blank": TextSent("   "),
    "place_name": TextSent("อ.โขงเจียม"),
    "number": TextSent("1"),
    "thai_number": TextSent("๑"),
    "far_number": TextSent("99"),
    "unknown_command": TextSent("/dance", command="dance"),
    **{f"/{c}": TextSent(f"/{c}", command=c) for c in (
        "start", "report", "mine", "language", "cancel", "privacy", "forget", "hide", "help", "join", "leave", "link"
    )},
    "strange_button": ChoicePicked("v1:kind:flood"),
    "stale_button": ChoicePicked("r:zzzz:kind:drugs"),
    "foreign_case": ChoicePicked("q:AAA-BBBB:1:yes"),
    "officers_button": ChoicePicked("g:claim:K7M-4PXT"),
    "headmans_button": ChoicePicked("h:seen:K7M-4PXT"),
    "empty_button": ChoicePicked(""),
    "pin": PIN,
    "pin_far": LocationShared(48.1, 11.5),
    "pin_nowhere": LocationShared(0.0, 0.0),
    "pin_broken": LocationShared(float("nan"), 1e9),
    "photo": MediaSent("m1", "photo", caption="a boat"),
    "album": MediaSent("m2", "photo", album="A"),
    "whole_set": MediaSent("m3", "photo", album="B", album_total=1),
    "voice": MediaSent("m4", "voice"),
    "video": MediaSent("m5", "video"),
    "file": MediaSent("m6", "file"),
    "too_big": MediaSent("m7", "video", too_big=True),
    "sticker": OtherSent("sticker"),
    "contact": OtherSent("contact"),
    "unknown": OtherSent(),
    "edited": Edited("77", "other words"),
    "unsent": Unsent("77"),
    "joined": Joined(),
    "left": Left(),
    **{f"timer_{t}": TimerFired(t) for t in ("album", "remind", "erase", "stranger", "nonsense")},
}  # fmt: skip
SILENT = {
    "timer_album",
    "edited",
    "unsent",
    "left",
    "timer_erase",
    "timer_stranger",
    "timer_nonsense",
    "timer_remind",
    "album",
}
"""Nothing to say to the person: the platform shows the change itself, the person is gone, or there is nothing due."""


def test_every_question_is_reached() -> None:
    """A question without a session here would go untested."""
    assert set(STEPS) <= set(SESSIONS)


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("step", SESSIONS)
def test_every_step_answers_every_event(step: str, event: str) -> None:
    """Whatever is sent at whatever question gets an answer, and the session survives the trip through JSON."""
    player = Player(SESSIONS[step], cases=dict(sent().cases) if SESSIONS[step].mine else {})
    player.happens(EVENTS[event])
    if step == "hidden" and event.startswith("timer"):
        assert not player.said, "a hidden chat spoke up"
    elif event not in SILENT:
        assert player.shown.strip(), "nothing was said"


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("linked", [True, False])
def test_a_group_survives_every_event(linked: bool, event: str) -> None:
    """A group hears only what concerns it; nothing raises."""
    player = group() if linked else Player(group().session.__class__(language="en", group=True))
    player.happens(EVENTS[event])
    if not linked and event not in ("joined", "/link"):
        assert player.shown == ""


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(list(EVENTS.values())), st.text(max_size=40).map(TextSent)), max_size=25))
def test_any_sequence_of_events(events: list[Event]) -> None:
    """A random walk through the conversation never raises, and Cancel or /start always lead somewhere."""
    player = Player()
    for event in events:
        player.happens(event)
    player.types("/start")
    assert player.shown.strip()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 12), max_size=40))
def test_any_sequence_of_typed_numbers(numbers: list[int]) -> None:
    """Somebody who only ever types numbers can never get stuck without choices."""
    player = Player().types("/start")
    for number in numbers:
        player.types(str(number))
        assert player.said, "silence"


def test_the_table_names_only_steps() -> None:
    """Each result leads to a question that exists."""
    assert {target for row in FLOW.values() for target in row.values()} <= set(STEPS)


def test_a_hidden_chat_does_not_speak_up() -> None:
    """After "hide" no reminder brings a forgotten report back to the screen; it is erased in silence all the same."""
    player = told().types("/hide").later(minutes=31)
    assert not player.said
    assert player.later(hours=25).session.draft is None
    assert not player.said


def test_media_that_turn_out_too_big() -> None:
    """They leave the report, their caption stays, and the person is told; in a hidden chat without a word."""
    player = told()
    player.happens(MediaSent("m1", "video", caption="by the pier"))
    player.happens(MediaSent("m2", "video", size=(20 << 20) + 1))
    assert "20 MB" in player.shown and player.effects[0] == DropMedia(("m2",))
    player.happens(TimerFired("too_big:m1"))
    assert "20 MB" in player.shown
    parts = player.session.draft.parts if player.session.draft else ()
    assert [(p.kind, p.text) for p in parts] == [("text", "Two boats with sacks, five men"), ("text", "by the pier")]
    player.types("/hide").happens(TimerFired("too_big:m1"))
    assert not player.said


def test_double_tap_is_harmless() -> None:
    """The second of two equal taps within seconds is not answered again and changes nothing."""
    player = told()
    value = f"r:{player.session.draft.id if player.session.draft else ''}:review:send"
    player.happens(ChoicePicked(value))
    after = replayed(player)
    after.now = player.now
    after.happens(ChoicePicked(value))
    assert len(after.cases) == 1
    assert after.session.mine == player.session.mine
