"""The centre's question is being answered in the person's own words, voice or photos, until Done."""

from __future__ import annotations

from handlers.events import LocationShared, MediaSent, TextSent, pin_words
from handlers.messages import Choice, L, Message, T
from handlers.own import answer_parts
from handlers.records import replace
from handlers.session import Part, Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import World


def ask(session: Session, world: World) -> Message:
    """Goes to the centre at once, piece by piece."""
    return Message(
        (T("Write or say your answer. Do not say who you are. Tap Done at the end."),),
        (Choice("done", L("✅ Done")),),
        numbered=False,
    )


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Hand each piece to the centre as it comes."""
    code, _, number = session.answering.partition(":")
    case = next((c for c in world.cases if c.code == code), None)
    if answer == Picked("done") or case is None or not case.open:
        over = () if case is None or case.open else (Message((T("This report is closed already."),)),)
        return Turn(replace(session, answering=""), over=True, say=over)
    if isinstance(answer, TextSent):
        part = Part("text", text=answer.text, at=world.now, message_id=answer.message_id)
    elif isinstance(answer, MediaSent):
        part = Part(
            answer.kind, text=answer.caption, media_id=answer.media_id, at=world.now, message_id=answer.message_id
        )
    elif isinstance(answer, LocationShared):
        part = Part("text", text=pin_words(answer), at=world.now)
    else:
        return None
    quiet = isinstance(answer, MediaSent) and bool(answer.album)
    return Turn(
        session,
        say=() if quiet else (Message((T("Sent to the centre."),)),),
        effects=answer_parts(case, int(number or 0), (part,)),
        quiet=quiet,
    )
