"""What a reporter does with a report that is already sent: add, answer, say that it goes on, take it back."""

from __future__ import annotations

from handlers import cases
from handlers.bank import BANK
from handlers.card import RELAY, attached, media_text, officers_card
from handlers.cases import Case
from handlers.messages import Message, T, Text, verbatim
from handlers.outcome import Effect, Record, SaveCase, Say, ToCentre
from handlers.session import Part
from handlers.world import World


def add_parts(case: Case, parts: tuple[Part, ...], world: World) -> tuple[Effect, ...]:
    """More words or media for a case. A closed case opens again: evidence must not lie unseen."""
    reopened = case.state == "closed"
    changed = cases.add(cases.reopen(case) if reopened else case, parts)
    head = T("➕ {code}: the reporter adds", code=case.code)
    again = T("🔄 {code} is open again.", code=case.code)
    return (
        SaveCase(changed),
        Record(case.code, "reporter", "reopened" if reopened else "added"),
        Say((_parts_relayed(changed, head, parts),), ToCentre(case.centre)),
        *((redrawn(changed, world), Say((relayed(case, again),), ToCentre(case.centre))) if reopened else ()),
    )


def answer_parts(case: Case, number: int, parts: tuple[Part, ...]) -> tuple[Effect, ...]:
    """An answer in own words to question `number`, on its way to the group under the card."""
    changed = cases.add(cases.answered(case, number), parts)
    head = T("💬 {code}: the reporter answers", code=case.code)
    return (
        SaveCase(changed),
        Record(case.code, "reporter", "answered"),
        Say((_parts_relayed(changed, head, parts, question_text(case, number)),), ToCentre(case.centre)),
    )


def answer_ready(case: Case, number: int, option: str) -> tuple[Effect, ...]:
    """A ready answer; the group reads it in its own language."""
    question = case.question(number)
    if question is None or question.ready not in BANK or option not in BANK[question.ready].answers:
        return ()
    told = BANK[question.ready].answers[option]
    head = T("💬 {code}: the reporter answers", code=case.code)
    message = relayed(case, head, BANK[question.ready].question, told)
    return (
        SaveCase(cases.answered(case, number)),
        Record(case.code, "reporter", "answered"),
        Say((message,), ToCentre(case.centre)),
    )


def question_text(case: Case, number: int) -> Text | None:
    """The question as it was asked."""
    question = case.question(number)
    if question is None:
        return None
    return BANK[question.ready].question if question.ready in BANK else verbatim(question.text)


def still_going_on(case: Case, world: World) -> tuple[Effect, ...]:
    """The reporter says that a closed matter goes on: open again, and the whole centre learns it."""
    changed = cases.reopen(case)
    line = T("🔄 {code} is open again: the reporter says that it is still going on.", code=case.code)
    return (
        SaveCase(changed),
        Record(case.code, "reporter", "reopened"),
        redrawn(changed, world),
        Say((relayed(case, line),), ToCentre(case.centre)),
    )


def withdraw(case: Case, world: World) -> tuple[Effect, ...]:
    """The reporter takes the report back."""
    changed = cases.withdraw(case, world.now)
    line = T("↩️ {code}: the reporter took this report back.", code=case.code)
    return (
        SaveCase(changed),
        Record(case.code, "reporter", "withdrawn"),
        redrawn(changed, world),
        Say((relayed(case, line),), ToCentre(case.centre)),
    )


def redrawn(case: Case, world: World, instead: Text | None = None) -> Say:
    """The card as it is now, in every group of its centre; where a card cannot be edited, one line instead."""
    card = officers_card(case, world.settings, world.places)
    message = Message(
        card=card.card,
        choices=card.choices,
        links=card.links,
        about=case.code,
        purpose="card",
        replace=case.code,
        instead=instead,
        inline=True,
    )
    return Say((message,), ToCentre(case.centre))


def relayed(case: Case, *lines: Text) -> Message:
    """Something about a case, under its card; a reply to it counts as a reply to the card."""
    return Message(lines, about=case.code, purpose=RELAY, under=case.code)


def _parts_relayed(case: Case, head: Text, parts: tuple[Part, ...], question: Text | None = None) -> Message:
    words = "\n".join(p.text for p in parts if p.text)
    counted = media_text(parts)
    return Message(
        tuple(t for t in (head, question, verbatim(words) if words else None, counted) if t is not None),
        attachments=attached(parts),
        about=case.code,
        purpose=RELAY,
        under=case.code,
    )
