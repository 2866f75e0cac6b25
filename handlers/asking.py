"""Putting the current question: the step's own choices, dressed with Back and Cancel, and understood when typed."""

from __future__ import annotations

from handlers.buttons import of_step
from handlers.events import TextSent
from handlers.flow import STEPS
from handlers.messages import Choice, L, Message, Text
from handlers.records import replace
from handlers.session import IDLE, Session
from handlers.world import World

BACK = L("↩️ Back")
CANCEL = L("❌ Cancel")


def current(session: Session) -> str:
    """The question that is open now."""
    return session.detour or session.step


def bare(session: Session, world: World) -> Message:
    """The question with all its choices, their values still as the step gave them."""
    step = current(session)
    message = STEPS[step].ask(session, world)
    extra: list[Choice] = []
    if session.path and not session.detour:
        extra.append(Choice("back", BACK))
    if session.step != IDLE and session.language and not (session.detour and step != "language"):
        extra.append(Choice("cancel", CANCEL))
    return replace(message, choices=(*message.choices, *extra))


def question(session: Session, world: World, *before: Text) -> Message:
    """The question, ready to be said, after some lines if there are any."""
    message = bare(session, world)
    step = current(session)
    choices = tuple(c if c.asks else replace(c, value=of_step(session, step, c.value)) for c in message.choices)
    return replace(message, text=(*before, *message.text), choices=choices)


def typed(session: Session, event: TextSent, world: World) -> str | None:
    """The choice that typed words or a typed number stand for.

    Numbers count from 1 over the choices that carry a value; where a number may be the answer itself (a story, a village
    number) only words count.
    """
    message = bare(session, world)
    choices = [c for c in message.choices if not c.asks]
    number = world.lexicon.normal(event.text)
    if message.numbered and number.isdecimal() and len(number) <= 2 and 1 <= int(number) <= len(choices):
        return choices[int(number) - 1].value
    sign = event.text.lstrip()[:1]
    choices = [c for c in choices if c.signed and c.label.id[:1] == sign] + [c for c in choices if not c.signed]
    return next((c.value for c in choices if world.lexicon.says(event.text, c.label)), None)
