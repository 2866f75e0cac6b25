"""Going from question to question: enter one, go back, come out of a detour, carry out what a step decided."""

from __future__ import annotations

from handlers.asking import current, question
from handlers.flow import PASSING, following
from handlers.likely import list_path
from handlers.messages import Message, Text
from handlers.outcome import Effect, Outcome, Say
from handlers.records import replace
from handlers.session import IDLE, Draft, Session
from handlers.turn import Turn
from handlers.world import World

_NO_DRAFT = frozenset({IDLE, "language", "notice"})


def asked(session: Session, world: World, *before: Text) -> Outcome:
    """The current question (again), after some lines."""
    return Outcome(session, (Say((question(session, world, *before),)),))


def enter(
    session: Session, step: str, world: World, say: tuple[Message, ...] = (), effects: tuple[Effect, ...] = ()
) -> Outcome:
    """Stand at `step` and ask it. A question that was passed before is gone back to: the path ends there."""
    if step not in _NO_DRAFT and session.draft is None:
        session = replace(session, draft=Draft(world.fresh_draft, world.now))
    if step in session.path and (step == "review" or not session.editing):
        session = replace(session, path=session.path[: session.path.index(step)])
    if step == "review":
        session = replace(session, editing=False)
    if step == "place":  # asked afresh: nothing found before stands open, and nothing that was written to find it
        draft = session.draft and replace(session.draft, parts=session.draft.without_place_words())
        session = replace(session, lists=(), draft=draft)
    session = replace(session, step=step, path=() if step == IDLE else session.path)
    return Outcome(session, (*effects, Say(joined(say, question(session, world)))))


def back(session: Session, world: World) -> Outcome:
    """The question before this one."""
    if not session.path:
        return asked(session, world)
    place = session.draft.place if session.draft else None
    lists = list_path(place) if place and place.method == "list" and session.path[-1] == "lists" else ()
    draft = replace(session.draft, meant=None) if session.draft else None  # what was offered is no longer
    if draft and session.path[-1] == "edit":  # an answer that was begun changes nothing
        if draft.edited != draft.place:
            draft = replace(draft, place=draft.edited, other_place=None)
        if draft.edited_words != draft.place_words():
            draft = replace(draft, parts=(*draft.edited_words, *draft.without_place_words()))
    return enter(replace(session, path=session.path[:-1], lists=lists, draft=draft), session.path[-1], world)


def carried(session: Session, turn: Turn, world: World) -> Outcome:
    """Carry out a step's decision. `session` is the conversation before it."""
    after = turn.session
    if turn.over and session.detour:
        return _came_back(session, turn, world)
    if turn.result:
        step = current(session)
        passed = step != IDLE and after.step != IDLE and turn.result in PASSING.get(step, (turn.result,))
        going = replace(after, path=(*after.path, step)) if passed else after
        found = following(after, step, turn.result, world)
        if turn.quiet:
            return Outcome(replace(going, step=found, path=()), (*turn.effects, *_said(turn.say)))
        return enter(going, found, world, turn.say, turn.effects)
    if turn.quiet:
        return Outcome(after, (*turn.effects, *_said(turn.say)))
    return Outcome(after, (*turn.effects, Say(joined(turn.say, question(after, world)))))


def _came_back(session: Session, turn: Turn, world: World) -> Outcome:
    after = replace(turn.session, detour="")
    if turn.quiet:
        return Outcome(after, (*turn.effects, *_said(turn.say)))
    return Outcome(after, (*turn.effects, Say(joined(turn.say, question(after, world)))))


def joined(say: tuple[Message, ...], ask: Message) -> tuple[Message, ...]:
    """A short line and the question after it travel as one message: fewer bubbles on a small screen."""
    if say and not (say[-1].choices or say[-1].card or say[-1].attachments):
        return (*say[:-1], replace(ask, text=(*say[-1].text, *ask.text)))
    return (*say, ask)


def _said(say: tuple[Message, ...]) -> tuple[Effect, ...]:
    return (Say(say),) if say else ()
