"""What the person agrees to before anything is told. `text` is the notice; a new version asks everybody again."""

from __future__ import annotations

from handlers.emergency import police
from handlers.messages import Choice, L, Message, T, Text
from handlers.records import replace
from handlers.session import Session
from handlers.turn import Answer, Picked, Turn
from handlers.world import World

MORE = "more"
"""Stands in `Session.lists` while the whole notice is shown."""


def short(session: Session, world: World) -> tuple[Text, ...]:
    """The notice in a few lines."""
    return (
        T(
            "This channel belongs to the district coordination centre. Here you can report crime at the border, such as "
            "human trafficking or drugs."
        ),
        T("🚨 If you are in danger now, call {police} first.", police=police(session.language, world.settings)),
        T(
            "🔒 Officers do not see who you are. {platforms} and the operator of this server can see that you wrote.",
            platforms=world.settings.sees_reporter,
        ),
        T("🗓 What you send is erased after {days} days at the latest.", days=world.settings.keep_days),
    )


def full(world: World) -> tuple[Text, ...]:
    """The whole notice."""
    return (
        T(
            "What you send goes to the coordination centre of the district: the district chief, the district's "
            "security officer, immigration, police and customs. The village headman only learns the kind of incident "
            "and the rough place. You can leave out the headman or the police before you send."
        ),
        T(
            "Officers never get your name, your profile picture or your number. They can ask you questions through this "
            "chat only if you allow it."
        ),
        T(
            "{platforms} knows that you write here. The operator of this server could find out who you are. The operator "
            "is not allowed to tell anybody. Your phone keeps this chat until you clear it.",
            platforms=world.settings.sees_reporter,
        ),
        T(
            "You can see your reports with /mine, erase yourself with /forget, and hide this chat quickly with /hide. "
            "A report that you do not send is erased after 24 hours."
        ),
    )


def ask(session: Session, world: World) -> Message:
    """The short notice with agree and read more; after that the whole one."""
    if session.lists == (MORE,):
        return Message((*full(world), T("Do you agree?")), (Choice("agree", L("✅ Agree|yes|ok")),))
    return Message(
        (*short(session, world), T("Do you agree?")),
        (Choice("agree", L("✅ Agree|yes|ok")), Choice("more", L("📄 Read more"))),
    )


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Remember the agreed version."""
    if answer == Picked("agree"):
        agreed = replace(session, notice=world.settings.notice_version, notice_at=world.now, lists=())
        return Turn(agreed, "agreed")
    return Turn(replace(session, lists=(MORE,))) if answer == Picked("more") else None
