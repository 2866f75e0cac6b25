"""A person's conversation: each kind of event, brought to the question that is open."""

from __future__ import annotations

from datetime import timedelta

from handlers import menu
from handlers.asking import current
from handlers.bank import BANK
from handlers.buttons import NO_DRAFT, Pressed
from handlers.events import TextSent
from handlers.flow import following
from handlers.keeping import answered, begin, loose_now, loosely, typed_early, with_draft
from handlers.messages import T, Text
from handlers.moves import asked, back, enter
from handlers.outcome import Effect, Outcome
from handlers.own import answer_ready, still_going_on
from handlers.pinning import with_part
from handlers.records import replace
from handlers.session import IDLE, Draft, Part, Session
from handlers.turn import KEPT_WORDS, Picked
from handlers.world import World

MENU = ("mine", "language", "help")


def pressed(session: Session, tap: Pressed, world: World) -> Outcome:
    """A tap on a choice of a question; one of another draft or another question is stale and harmless."""
    return picked(session, tap.answer, world) if fits(session, tap) else stale(session, world)


def fits(session: Session, tap: Pressed) -> bool:
    """Whether a button belongs to the open question of this draft."""
    return tap.key == (session.draft.id if session.draft else NO_DRAFT) and tap.verb == current(session)


def picked(session: Session, answer: str, world: World) -> Outcome:
    """A choice of the open question."""
    step = current(session)
    if answer == "back" and session.path and not session.detour:
        return back(session, world)
    if answer == "cancel":
        return menu.cancel(session, world)
    if step == IDLE and answer in MENU:
        return menu.command(session, answer, world)
    if step == IDLE and answer == "report":
        return menu.report(session, world)
    if step == "add_or_new" and answer == "new":
        return _new_with_loose(session, world)
    return answered(session, Picked(answer), world) or stale(session, world)


def said(session: Session, text: TextSent, world: World) -> Outcome:
    """Words that are no command and no choice."""
    if not text.text.strip():
        return asked(session, world)
    if found := answered(session, text, world):
        return found
    part = Part("text", text=text.text, at=world.now, message_id=text.message_id)
    if loose_now(session):
        return loosely(session, part, world)
    lost = session.draft is None and session.detour  # another question is open, and there is no report to keep it for
    if not lost and (found := typed_early(session, text, world)):
        return found
    if len(world.lexicon.normal(text.text)) < KEPT_WORDS or lost:
        return asked(session, world, *_not_understood(session))
    session = with_draft(session, world)
    if session.draft is None:
        return asked(session, world)
    draft, kept_words = with_part(session.draft, text, text.text, world)
    kept = replace(session, draft=draft)
    return (begin if session.step == IDLE and draft.parts else asked)(kept, world, *kept_words)


def _not_understood(session: Session) -> tuple[Text, ...]:
    if session.language and session.step != IDLE:
        return (T("Please tap a button, or type its number or its words."),)
    return ()


def _new_with_loose(session: Session, world: World) -> Outcome:
    draft = Draft(world.fresh_draft, world.now, parts=session.loose)
    return enter(
        replace(session, loose=(), detour="", draft=draft, path=()), following(session, IDLE, "report", world), world
    )


def other(session: Session, what: str, world: World) -> Outcome:
    """A sticker, a contact, a kind not known yet."""
    words = {
        "sticker": T("Thank you. Stickers cannot be read here."),
        "contact": T("This contact was not kept. Please write only what you saw."),
    }.get(what, T("This kind of message cannot be read here. Please send words, a voice message, a photo or a place."))
    return asked(session, world, words)


def stale(session: Session, world: World) -> Outcome:
    """A button of an earlier question, of another draft, or made up."""
    return asked(session, world, T("That button belongs to an earlier question."))


def own_case(session: Session, tap: Pressed, world: World) -> Outcome:
    """A button under a message about a report that was sent."""
    case = next((c for c in world.cases if c.code == tap.key and c.code in session.mine), None)
    if case is None:
        return stale(session, world)
    if tap.answer == "withdraw" and case.open:
        return asked(replace(session, detour="withdrawing", answering=case.code), world)
    if tap.answer == "still" and case.state == "closed":
        told: tuple[Effect, ...] = still_going_on(case, world)
        words = T("Thank you. Report {code} is open again.", code=case.code)
        return Outcome(session, (*told, *asked(session, world, words).effects))
    number = int(tap.verb) if tap.verb.isdecimal() and len(tap.verb) < 4 else 0
    asked_for = case.question(number)
    if asked_for is None or not case.open:
        return asked(session, world, T("This report is closed already.")) if not case.open else stale(session, world)
    if tap.answer == "words":
        until = world.now + timedelta(seconds=world.settings.answering_s)
        answering = replace(session, detour="answering", answering=f"{case.code}:{number}")
        return asked(answering.with_timer("answering", until), world)
    if asked_for.answered:
        return asked(session, world, T("You have answered this question already. Thank you."))
    if asked_for.ready in BANK and tap.answer in BANK[asked_for.ready].answers:
        effects = answer_ready(case, number, tap.answer)
        return Outcome(session, (*effects, *asked(session, world, T("Sent to the centre. Thank you.")).effects))
    return stale(session, world)
