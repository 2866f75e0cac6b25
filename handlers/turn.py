"""What a step gives back, and what it may be asked with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from handlers.events import LocationShared, MediaSent, TextSent
from handlers.messages import Message
from handlers.outcome import Effect
from handlers.session import Session
from handlers.world import World

KEPT_WORDS = 12
"""Letters from which words sent at the wrong moment are kept as part of the story; shorter ones are slips."""


@dataclass(frozen=True, slots=True)
class Picked:
    """One of the step's own choices, tapped or typed."""

    answer: str


Answer = Picked | TextSent | LocationShared | MediaSent


@dataclass(frozen=True, slots=True)
class Turn:
    """A step's decision.

    result   a key of the step's row in `flow.FLOW`: leads to the next question. "" stays at this question
    over     a detour is finished: the conversation goes on where it was
    say      said before the next (or the repeated) question
    quiet    with no result: do not repeat the question
    """

    session: Session
    result: str = ""
    say: tuple[Message, ...] = ()
    effects: tuple[Effect, ...] = ()
    over: bool = False
    quiet: bool = False


class Step(Protocol):
    """One question: a module of `handlers/steps/`. Choices carry bare values; Back and Cancel are added outside."""

    def ask(self, session: Session, world: World) -> Message:
        """The question as it stands now."""

    def answer(self, session: Session, answer: Answer, world: World) -> Turn | None:
        """What an answer means; None if it is none to this question."""
