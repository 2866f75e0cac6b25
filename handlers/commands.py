"""The commands that work at any moment, as /commands and as plain words in every language."""

from __future__ import annotations

from handlers.events import TextSent
from handlers.messages import T, Text
from handlers.world import Lexicon

# Translators: what people may type instead of tapping, separated by "|". Give two or three short natural words or
# phrases for each; a message counts only if it is exactly one of them.
PERSON: dict[str, Text] = {
    "start": T("start|menu|hello"),
    "report": T("report|new report|report an incident"),
    "mine": T("my reports|mine"),
    "language": T("language|change language"),
    "cancel": T("cancel|stop"),
    "privacy": T("privacy|who sees this"),
    "forget": T("forget me|erase me"),
    "hide": T("hide|quick exit"),
    "help": T("how to use|help"),
}
"""Commands of a one-to-one chat."""

GROUP = ("link", "case", "open", "help")
"""Commands of a centre's group."""


def person(event: TextSent, lexicon: Lexicon) -> str:
    """The command that a person's text stands for, or ""."""
    if event.command:
        return event.command if event.command in PERSON or event.command in ("join", "leave") else "unknown"
    return next((name for name, words in PERSON.items() if lexicon.says(event.text, words)), "")


def described() -> dict[str, Text]:
    """What the platform's menu says beside each command, in the order of the menu."""
    return {
        "start": T("Begin"),
        "report": T("Report an incident"),
        "mine": T("My reports and their status"),
        "language": T("Change the language"),
        "cancel": T("Cancel this report"),
        "privacy": T("Who sees what"),
        "forget": T("Erase me"),
        "hide": T("Hide this chat"),
        "help": T("How this works"),
    }


def described_group() -> dict[str, Text]:
    """The same for groups."""
    return {
        "open": T("Open cases"),
        "case": T("Show one case"),
        "help": T("How this group works"),
    }


def about() -> tuple[Text, Text]:
    """The platform's description of the bot (first contact) and its short one. Neutral: a phone may be looked through."""
    return (
        T("Messages to your district office, in Thai, Lao, Khmer and English. Tap Start."),
        T("Messages to your district office"),
    )
