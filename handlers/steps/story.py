"""What did you see? Words and voice notes, any number, until Done."""

from __future__ import annotations

from handlers.events import TextSent
from handlers.messages import Choice, L, Message, T
from handlers.outcome import DropMedia
from handlers.records import replace
from handlers.session import Part, Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import World


def ask(session: Session, world: World) -> Message:
    """Ready-made prompts as help; once something was told, only "more, or Done"."""
    told = session.draft.story() if session.draft else ()
    if told:
        choices = [Choice("done", L("✅ Done"))]
        if session.editing:
            choices.append(Choice("clear", L("🗑 Start over")))
        return Message((T("Kept. Write or say more, or tap Done."),), tuple(choices), numbered=False)
    return Message(
        (
            T("Tell us what you saw. Write, or send voice messages, as many as you like. Then tap Done."),
            T("It helps to know: How many people? Which vehicle, colour and number plate? Which way do they go?"),
            T("Do not say who you are. In a voice message, officers hear your voice."),
        ),
        (Choice("done", L("⏭ Skip")),),
        numbered=False,
    )


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Keep each piece; the last one says how it goes on."""
    draft = session.draft
    if draft is None:
        return None
    if isinstance(answer, Picked):
        if answer.answer == "done":
            return Turn(session, "done")
        if answer.answer == "clear":
            gone = draft.story()
            left = tuple(p for p in draft.parts if p not in gone)
            dropped = DropMedia(tuple(p.media_id for p in gone if p.media_id))
            return Turn(replace(session, draft=replace(draft, parts=left)), effects=(dropped,))
        return None
    if isinstance(answer, TextSent):
        if draft.letters() + len(answer.text) > world.settings.max_story_chars:
            return Turn(session, say=(Message((T("Your report is full. Please tap Done, then send it."),)),))
        part = Part("text", text=answer.text, at=world.now, message_id=answer.message_id)
        return Turn(replace(session, draft=replace(draft, parts=(*draft.parts, part))))
    return None
