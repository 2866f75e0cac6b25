"""Which part of the report should change?"""

from __future__ import annotations

from handlers.messages import Choice, L, Message, T
from handlers.records import replace
from handlers.session import Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import World

PARTS = {
    "kind": L("📋 What"),
    "when": L("🕐 When"),
    "place": L("📍 Where"),
    "story": L("✍️ My words"),
    "photos": L("📷 Photos"),
    "callback": L("💬 Questions"),
    "visibility": L("👥 Who sees it"),
}


def ask(session: Session, world: World) -> Message:
    """One choice a part."""
    return Message((T("What do you want to change?"),), tuple(Choice(name, label) for name, label in PARTS.items()))


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Go to that question; its answer leads back to the summary."""
    if isinstance(answer, Picked) and answer.answer in PARTS and (draft := session.draft):
        draft = replace(draft, edited=draft.place, edited_words=draft.place_words())
        return Turn(replace(session, editing=True, draft=draft), answer.answer)
    return None
