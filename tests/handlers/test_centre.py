"""The group's side: who may do what with a case, and who is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.buttons import of_group
from handlers.cases import PROGRAMME_DESK, TRANSITIONS, Case
from handlers.events import Actor, ChoicePicked, MediaSent, TextSent
from handlers.messages import Message
from handlers.outcome import (
    DropMedia,
    Invitation,
    LeaveGroup,
    LinkGroup,
    Record,
    Say,
    ToCentre,
    ToCoordinators,
    ToReporter,
)
from handlers.session import Part, Session
from tests.handlers.play import CATALOGUES, CODE, Player, group, sent

ANAN, BOON = Actor("key-a", "Anan"), Actor("key-b", "Boon")


def case() -> Case:
    """A fresh urgent case that allows questions."""
    return sent().cases[CODE]


def press(player: Player, verb: str, more: str = "", by: Actor = ANAN) -> Player:
    """Tap an officer's button."""
    player.happens(ChoicePicked(of_group(verb, CODE, more)), by)
    return player


def told(player: Player, audience: type) -> list[Message]:
    """What the last event sent to that kind of audience."""
    return [m for e in player.effects if isinstance(e, Say) and isinstance(e.to, audience) for m in e.messages]


def text(messages: list[Message]) -> str:
    """Messages in English."""
    return "\n".join(CATALOGUES.shown(m, "en").text for m in messages)


def test_first_claim_wins() -> None:
    """The card shows who has it; a second officer is told; the first one tapping again changes nothing."""
    player = press(group(case()), "claim")
    assert player.cases[CODE].claimed_by == "Anan"
    assert [m.replace for m in told(player, ToCentre)] == [CODE]
    press(player, "claim", by=BOON)
    assert "Anan has" in player.shown
    assert player.cases[CODE].claimed_by == "Anan"
    assert press(player, "claim").effects == ()


def test_a_ready_question_reaches_the_reporter_without_a_name() -> None:
    """The centre asks, never Anan; the answers are buttons and own words."""
    player = press(group(case()), "q", "people")
    [question] = told(player, ToReporter)
    assert "How many people" in text([question])
    assert "Anan" not in text([question])
    assert len(question.choices) == 5
    assert player.cases[CODE].questions[0].ready == "people"


@pytest.mark.parametrize(
    "words",
    [
        "Call me: 081 234 5678",
        "see https://example.com",
        "คุณชื่ออะไร",
        "ທ່ານຊື່ຫຍັງ",
        "តើអ្នកឈ្មោះអ្វី",
        "Where are you now?",
        "@officer_a",
    ],
)
def test_own_words_of_an_officer_carry_a_caution(words: str) -> None:
    """Whatever they are: no program can tell which of them try to find out who the reporter is."""
    player = group(case())
    player.happens(TextSent(words), ANAN, reply_to="9", purpose="ask")
    [question] = told(player, ToReporter)
    assert "You need not answer" in text([question])
    assert "Do not say who you are" in text([question])


def test_a_ready_question_needs_no_caution() -> None:
    """The sentence bank asks nothing about the person; the usual line stands there."""
    told_to = text(told(press(group(case()), "q", "people"), ToReporter))
    assert "You need not answer" not in told_to
    assert "Do not say who you are" in told_to


def test_a_reply_to_the_card_goes_nowhere_by_itself() -> None:
    """An officers' remark never leaks by accident: one tap decides, and a second tap does nothing."""
    player = group(case())
    player.happens(TextSent("he lies as always"), ANAN, reply_to="4", purpose="card")
    assert told(player, ToReporter) == []
    remark = player.session.remarks[0].id
    press(player, "keep", remark)
    assert any(isinstance(e, Record) and e.action == "noted" for e in player.effects)
    assert told(player, ToReporter) == []
    assert press(player, "send", remark).effects == ()


def test_a_reply_can_be_sent() -> None:
    """The same reply, meant for the reporter."""
    player = group(case())
    player.happens(TextSent("which road?"), ANAN, reply_to="4", purpose="card")
    press(player, "send", player.session.remarks[0].id)
    assert "which road?" in text(told(player, ToReporter))


def test_no_questions_where_the_reporter_said_no() -> None:
    """No button, and no way around it."""
    silent = replace(case(), callback=False)
    player = press(group(silent), "q", "people")
    assert told(player, ToReporter) == []
    player.happens(TextSent("but I must know"), ANAN, reply_to="4", purpose="ask")
    assert told(player, ToReporter) == []


def test_closing_tells_the_reporter_and_ends_the_buttons() -> None:
    """Outcome, an optional line, and "still going on"."""
    player = press(press(group(case()), "close"), "end", "acted")
    assert player.said[0].purpose == "closing:acted"
    player.happens(TextSent("Thank you for helping"), ANAN, reply_to="7", purpose="closing:acted")
    assert player.cases[CODE].state == "closed"
    assert "Thank you for helping" in text(told(player, ToReporter))
    card = told(player, ToCentre)[0]
    assert card.choices == ()
    press(player, "shut", "acted")
    assert "closed already" in player.shown


def test_hand_over_moves_the_card() -> None:
    """The new centre gets the card, the old one loses the buttons, and a foreign code is refused."""
    player = press(group(case()), "to", PROGRAMME_DESK)
    moved = player.cases[CODE]
    assert moved.centre == PROGRAMME_DESK
    there = [e for e in player.effects if isinstance(e, Say) and e.to == ToCentre(PROGRAMME_DESK)]
    assert any(m.card and m.choices for e in there for m in e.messages)
    assert press(group(case()), "to", "9999").effects == ()


def test_nothing_is_offered_or_done_for_a_case_of_another_centre() -> None:
    """The caller does not load it, so the button finds no case."""
    player = press(group(), "claim")
    assert "no longer" in player.shown


def test_pictures_of_officers_are_not_kept() -> None:
    """They could show who is who; the officer is told to write."""
    player = group(case())
    player.happens(MediaSent("m9", "photo"), ANAN, reply_to="4", purpose="card")
    assert DropMedia(("m9",)) in player.effects


def test_linking_needs_a_code_and_has_a_limit() -> None:
    """Five wrong codes an hour; a right one links; a stranger group is left after its minute."""
    player = Player(Session(language="en", group=True))
    for _ in range(5):
        player.happens(TextSent("/link WRONG", "link", "WRONG"))
        assert "does not work" in player.shown
    player.invitation = Invitation("i1", "group", "3403")
    player.happens(TextSent("/link RIGHT", "link", "RIGHT"))
    assert "Too many" in player.shown
    player.later(hours=1.1)
    player.happens(TextSent("/link RIGHT", "link", "RIGHT"))
    assert LinkGroup("3403", "i1") in player.effects
    assert player.session.centre == "3403"


def test_a_headmans_code_does_not_link_a_group() -> None:
    """A code opens only what it was made for."""
    player = Player(Session(language="en", group=True), invitation=Invitation("i2", "coordinator", "3403", "340301"))
    player.happens(TextSent("/link X", "link", "X"))
    assert player.session.centre == ""


def test_a_group_that_nobody_links_is_left() -> None:
    """After its minute, without a word of content."""
    from handlers.events import Joined, TimerFired

    player = Player(Session(language="en", group=True))
    player.happens(Joined())
    player.happens(TimerFired("stranger"))
    assert player.effects == (LeaveGroup(),)


@pytest.mark.parametrize("state", ["new", "claimed", "closed", "withdrawn"])
@pytest.mark.parametrize("verb", ["claim", "ask", "note", "over", "close", "q", "to", "end", "shut"])
def test_every_button_in_every_state(state: str, verb: str) -> None:
    """A button that does not fit the case's state answers and changes nothing."""
    more = {"q": "people", "to": PROGRAMME_DESK, "end": "acted", "shut": "acted"}.get(verb, "")
    before = replace(case(), state=state, claimed_at=case().created if state == "claimed" else None)
    player = press(group(before), verb, more)
    allowed = {"shut": "close", "to": "hand_over"}.get(verb, verb)
    if player.cases[CODE].state != before.state:
        assert (state, allowed) in TRANSITIONS
    assert player.effects


def test_the_card_has_no_reporter() -> None:
    """Case code, kind, when, where, words; no id or name exists in what the engine knows of a case."""
    player = group(case())
    player.happens(TextSent("/case " + CODE, "case", CODE))
    shown = player.shown
    assert CODE in shown
    assert "Two boats" in shown
    assert "Khong Chiam" in shown
    assert "URGENT" in shown


def test_a_case_hidden_from_the_police_stays_above_the_districts() -> None:
    """It is not offered to a district, a made-up button does not send it there, and the card says why."""
    hidden = replace(case(), centre="34", hide_from=("police",))
    player = Player(Session(language="en", group=True, centre="34"), cases={CODE: hidden})
    press(player, "over")
    assert [c.value for c in player.said[0].choices] == [of_group("to", CODE, PROGRAMME_DESK)]
    assert press(player, "to", "3403").effects == ()
    player.happens(TextSent("/case " + CODE, "case", CODE))
    assert "does not want the district's police" in player.shown


def test_long_words_reach_the_officers_whole() -> None:
    """What does not fit the card follows under it."""
    long = replace(case(), parts=(Part("text", "x" * 1500 + "the end"),))
    player = group(long)
    player.happens(TextSent("/case " + CODE, "case", CODE))
    assert "the end" in text(player.said[1:])


def test_a_reply_to_a_card_of_another_centre_is_answered() -> None:
    """After a handover the old card is still there."""
    player = group()
    player.happens(TextSent("on our way"), ANAN, reply_to="4", purpose="card")
    assert "no longer" in player.shown


def test_alerts_and_questions_are_known_by_their_case() -> None:
    """So that delivery never gives them up after one time-out."""
    [question] = told(press(group(case()), "q", "people"), ToReporter)
    assert question.about == CODE
    alerts = [m for e in sent().effects if isinstance(e, Say) and isinstance(e.to, ToCoordinators) for m in e.messages]
    assert [m.about for m in alerts] == [CODE]


def test_words_do_what_commands_do() -> None:
    """In any language, where the platform brings them (after a mention); anything else is chatter."""
    player = group(case())
    player.happens(TextSent("เรื่องที่ยังไม่ปิด"))
    assert "Open cases: 1" in player.shown
    player.happens(TextSent("case " + CODE.lower()))
    assert "Two boats" in player.shown
    player.happens(TextSent("วิธีใช้"))
    assert "/open" in player.shown
    player.happens(TextSent("see you at the market"))
    assert player.shown == ""
