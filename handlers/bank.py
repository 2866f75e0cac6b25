"""Ready questions of the centre with ready answers: asked in the reporter's language, answered back in the group's."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.messages import L, T, Text


@dataclass(frozen=True, slots=True)
class ReadyQuestion:
    """`label` is the officer's button, `question` what the reporter reads, `answers` the reporter's buttons."""

    label: Text
    question: Text
    answers: dict[str, Text]


_UNKNOWN = L("🤷 I do not know")

BANK: dict[str, ReadyQuestion] = {
    "still": ReadyQuestion(
        L("⏱ Still going on?"),
        T("Is it still going on?"),
        {"yes": L("🔴 Yes, still now"), "no": L("⚪ No, it is over"), "unknown": _UNKNOWN},
    ),
    "people": ReadyQuestion(
        L("👥 How many people?"),
        T("How many people are there?"),
        {"few": L("1 or 2"), "some": L("3 to 10"), "many": L("More than 10"), "unknown": _UNKNOWN},
    ),
    "vehicle": ReadyQuestion(
        L("🚗 Which vehicle?"),
        T("How do they travel?"),
        {
            "car": L("🚗 Car or van"),
            "truck": L("🚚 Truck"),
            "motorbike": L("🏍 Motorbike"),
            "boat": L("🛶 Boat"),
            "foot": L("🚶 On foot"),
            "unknown": _UNKNOWN,
        },
    ),
    "weapons": ReadyQuestion(
        L("⚠️ Weapons?"),
        T("Do they carry weapons?"),
        {"yes": L("⚠️ Yes"), "no": L("⚪ No"), "unknown": _UNKNOWN},
    ),
    "hurt": ReadyQuestion(
        L("🚑 Anybody hurt?"),
        T("Is anybody hurt or sick?"),
        {"yes": L("🚑 Yes"), "no": L("⚪ No"), "unknown": _UNKNOWN},
    ),
    "children": ReadyQuestion(
        L("🧒 Children there?"),
        T("Are there children among them?"),
        {"yes": L("🧒 Yes"), "no": L("⚪ No"), "unknown": _UNKNOWN},
    ),
    "plate": ReadyQuestion(
        L("🔢 Number plate?"),
        T("What is the number plate, as far as you could see it?"),
        {"unknown": _UNKNOWN},
    ),
}

OUTCOMES: dict[str, Text] = {
    "acted": L("✅ Acted on"),
    "passed": L("🏛 Passed on"),
    "nothing": L("🔍 Nothing found"),
    "duplicate": L("👯 Duplicate"),
    "false": L("🚫 False report"),
}

OUTCOMES_TOLD: dict[str, Text] = {
    "acted": T("Officers acted on it."),
    "passed": T("It was passed to another agency."),
    "nothing": T("Officers looked and found nothing this time."),
    "duplicate": T("It was known already. Your report confirmed it."),
    "false": T("The centre could not confirm it."),
}
"""How the reporter hears the outcome: kindly, and without the content."""
