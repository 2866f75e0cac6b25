"""It is happening now: the emergency numbers first, then: are you safe?"""

from __future__ import annotations

from typing import Literal, cast

from handlers.emergency import first_numbers, police
from handlers.messages import Choice, L, Message, T, lines
from handlers.records import replace
from handlers.session import Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import World


def ask(session: Session, world: World) -> Message:
    """The numbers, one a line."""
    numbers = [
        T("📞 {number} {purpose}", number=h.number, purpose=h.label)
        for h in first_numbers(session.language, world.settings)
    ]
    return Message(
        (lines([T("🚨 In danger? Call first:"), *numbers]), T("Are you safe?")),
        (
            Choice("yes", L("✅ Yes, I am safe")),
            Choice("no", L("⚠️ No")),
            Choice("skip", L("⏭ Skip")),
        ),
    )


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Somebody who is not safe is told to leave first; the report can wait."""
    if not isinstance(answer, Picked) or not session.draft or answer.answer not in ("yes", "no", "skip"):
        return None
    safe = cast(Literal["", "yes", "no"], "" if answer.answer == "skip" else answer.answer)
    say: tuple[Message, ...] = ()
    if safe == "no":
        say = (
            Message(
                (
                    T(
                        "Please go to a safe place first and call {police}. You can go on here later.",
                        police=police(session.language, world.settings),
                    ),
                )
            ),
        )
    return Turn(replace(session, draft=replace(session.draft, safe=safe)), "answered", say)
