"""One summary of everything before it goes: send, change a part, or cancel."""

from __future__ import annotations

from handlers.card import kind_text, media_text
from handlers.filing import filed
from handlers.messages import Choice, L, Message, T, Text
from handlers.messages import lines as in_lines
from handlers.occurred import when_text
from handlers.picking import lasting
from handlers.records import replace
from handlers.session import Draft, Session
from handlers.turn import Answer, Picked, Turn
from handlers.where import place_text
from handlers.world import World

MAX_WORDS = 600
"""Characters of the story in the summary; everything is sent."""


def ask(session: Session, world: World) -> Message:
    """Everything that will be sent, a line each."""
    draft = session.draft
    if draft is None:
        return Message((T("There is nothing to send."),))
    return Message(
        (T("Please check your report:"), *_summary(draft, world), T("Send it?")),
        (Choice("send", L("📨 Send"), wide=True), Choice("edit", L("✏️ Change"))),
    )


def _summary(draft: Draft, world: World) -> tuple[Text, ...]:
    lines = [
        T("📋 What: {kind}", kind=kind_text(draft.kind, world.settings)),
        T("🕐 When: {when}", when=when_text(draft)),
    ]
    if draft.place:
        lines.append(T("📍 Where: {place}", place=place_text(draft.place, world.places)))
        if draft.place.method == "pin":  # it may be where the person is
            lines.append(T("🗺 Officers see the exact point that you sent."))
    words = "\n".join(p.text for p in draft.parts if p.text)
    if words:
        lines.append(T("✍️ Words: {words}", words=words if len(words) <= MAX_WORDS else words[:MAX_WORDS] + "…"))
    if media := media_text(draft.parts):
        lines.append(T("📎 Sent along: {media}", media=media))
    lines.append(T("💬 Officers may ask back: yes") if draft.callback else T("💬 Officers may ask back: no"))
    lines.append(_seen_by(draft))
    return (in_lines(lines),)


def _seen_by(draft: Draft) -> Text:
    if set(draft.hide_from) == {"headman", "police"}:
        return T("👥 Hidden from: my headman and the police")
    if "police" in draft.hide_from:
        return T("👥 Hidden from: the police")
    if "headman" in draft.hide_from:
        return T("👥 Hidden from: my headman")
    if draft.place is None or not draft.place.subdistrict:  # no headman is told of a place that is nobody's village
        return T("👥 Seen by: the centre")
    return T("👥 Seen by: the centre and the headman")


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Send files the case; the receipt follows."""
    draft = session.draft
    if draft is None:
        return None
    if answer == Picked("edit"):
        return Turn(session, "edit")
    if answer != Picked("send"):
        return None
    if draft.place is None:
        return Turn(replace(session, editing=True), "edit")
    case, effects = filed(draft, session, world)
    home = lasting(draft.place) or session.home
    after = replace(session.without_draft(), mine=(*session.mine, case.code)[-20:], home=home)
    return Turn(after, "sent", effects=effects, quiet=True)
