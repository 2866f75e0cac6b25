"""What travels as callback data: short, ASCII, and read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import LANGUAGES
from handlers import buttons
from handlers.asking import question
from handlers.bank import BANK, OUTCOMES
from handlers.card import coordinators_alert, officers_card
from handlers.messages import Message
from handlers.world import World
from tests.handlers.play import CATALOGUES, CODE, PLACES, SETTINGS, START, at_every_step, sent

TELEGRAM_BYTES = 64
LINE_QUICK_REPLIES = 13


def everything() -> list[Message]:
    """Each question, card and alert."""
    world = World(SETTINGS, PLACES, CATALOGUES.lexicon, START, cases=tuple(sent().cases.values()))
    case = sent().cases[CODE]
    asked = [question(s, world) for s in at_every_step().values() if not s.hidden]
    return [*asked, officers_card(case, SETTINGS, PLACES), coordinators_alert(case, SETTINGS, PLACES)]


@pytest.mark.parametrize("message", everything())
def test_choices_fit_both_platforms(message: Message) -> None:
    """ASCII values of at most 64 bytes, and no more choices than LINE shows."""
    assert len(message.choices) <= LINE_QUICK_REPLIES
    for choice in message.choices:
        assert choice.value.isascii()
        assert len(choice.value) <= TELEGRAM_BYTES
        assert choice.asks or buttons.parse(choice.value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_choices_of_a_question_sound_alike(language: str) -> None:
    """Typing a label must never pick another choice of the same question."""
    for message in everything():
        labels = [CATALOGUES.lexicon.normal(c.label) for c in CATALOGUES.shown(message, language).choices]
        assert len(set(labels)) == len(labels), labels


def test_officers_values_stay_short() -> None:
    """The longest verbs with the longest arguments."""
    for more in (*BANK, *OUTCOMES, "abcdef", "3403"):
        assert len(buttons.of_group("close", CODE, more)) <= TELEGRAM_BYTES


@given(st.text(max_size=100))
def test_anything_can_be_parsed(value: str) -> None:
    """Made-up data mean nothing and raise nothing."""
    pressed = buttons.parse(value)
    assert pressed is None or pressed.role in "rqgh"
