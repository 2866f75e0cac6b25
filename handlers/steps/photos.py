"""Photos and video: of the vehicle or the place, not of faces, and never by going closer."""

from __future__ import annotations

from handlers.messages import Choice, L, Message, T, Text
from handlers.outcome import DropMedia
from handlers.records import replace
from handlers.session import Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import World


def ask(session: Session, world: World) -> Message:
    """Camera and album where the phone offers them; Done or Skip."""
    count = len(session.draft.media()) if session.draft else 0
    if count >= world.settings.max_media:
        text: tuple[Text, ...] = (
            T("Photos and videos kept: {count}. That is all that one report can hold.", count=count),
        )
    elif count:
        text = (T("Photos and videos kept: {count}. Send more, or tap Done.", count=count),)
    else:
        text = (
            T("Do you have photos or a video? Send up to {limit}.", limit=world.settings.max_media),
            T("Take the vehicle or the place, not faces. Do not go closer."),
        )
    choices = [Choice("done", L("✅ Done") if count else L("⏭ Skip"))]
    if count and session.editing:
        choices.append(Choice("clear", L("🗑 Start over")))
    if count < world.settings.max_media:
        choices += [Choice("", L("📷 Camera"), asks="camera"), Choice("", L("🖼 Album"), asks="album")]
    return Message(text, tuple(choices))


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Media are kept by the engine at any moment; here only Done, or throwing all away when editing."""
    if answer == Picked("clear") and session.draft:
        gone = session.draft.media()
        left = tuple(p for p in session.draft.parts if p not in gone)
        dropped = DropMedia(tuple(p.media_id for p in gone))
        return Turn(replace(session, draft=replace(session.draft, parts=left)), effects=(dropped,))
    return Turn(session, "done") if answer == Picked("done") else None
