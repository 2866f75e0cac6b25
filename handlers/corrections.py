"""A message was edited or taken back on the phone: the draft follows, and so does a case that is already sent."""

from __future__ import annotations

from handlers.cases import Case
from handlers.events import Edited, Unsent
from handlers.messages import T, verbatim
from handlers.outcome import DropMedia, Effect, Outcome, Record, SaveCase, Say, ToCentre
from handlers.own import redrawn, relayed
from handlers.pinning import about_place
from handlers.records import replace
from handlers.session import Part, Session
from handlers.world import World


def correct(session: Session, change: Edited | Unsent, world: World) -> Outcome:
    """Find the piece by its message id. Nothing is said to the person: the phone shows the change already."""
    if not change.message_id:
        return Outcome(session)
    drafted = session.draft.parts if session.draft else ()
    parts, dropped = _changed(drafted, change)
    loose, dropped_loose = _changed(session.loose, change)
    if session.draft:
        edited, _ = _changed(session.draft.edited_words, change)
        session = replace(session, draft=replace(session.draft, parts=parts, edited_words=edited))
    session = replace(session, loose=loose)
    gone = (*dropped, *dropped_loose)
    effects: list[Effect] = [DropMedia(gone)] if gone else []
    for case in world.cases:
        if case.code in session.mine:
            effects += _in_case(case, change, world)
    return Outcome(session, tuple(effects))


def _in_case(case: Case, change: Edited | Unsent, world: World) -> tuple[Effect, ...]:
    parts, gone = _changed(case.parts, change)
    if parts == case.parts:
        return ()
    corrected = replace(case, parts=parts)
    saved = SaveCase(corrected)
    if isinstance(change, Unsent):
        line = relayed(case, T("{code}: the reporter took a message back.", code=case.code))
    else:
        words = verbatim(change.text)
        head = T("{code}: the reporter corrected a message to:", code=case.code)
        line = relayed(case, head, words)
    told: tuple[Effect, ...] = (
        Record(case.code, "reporter", "corrected"),
        redrawn(corrected, world),
        Say((line,), ToCentre(case.centre)),
    )
    return (saved, *((DropMedia(gone),) if gone else ()), *told)


def _changed(parts: tuple[Part, ...], change: Edited | Unsent) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """The parts after the change, and the media that are gone."""
    if isinstance(change, Unsent):
        gone = tuple(p for p in parts if p.message_id == change.message_id)
        return tuple(p for p in parts if p not in gone), tuple(p.media_id for p in gone if p.media_id)
    return tuple(_corrected(p, change) if p.message_id == change.message_id else p for p in parts), ()


def _corrected(part: Part, change: Edited) -> Part:
    if part.kind == "place":
        return replace(part, text=about_place(change.text))
    return replace(part, text=change.text) if part.text else part
