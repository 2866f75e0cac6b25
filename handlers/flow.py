"""The whole conversation of a reporter, readable from top to bottom.

A step is one question (one file in `handlers/steps/`). Its answer has a result; the table says which question a result
leads to. `docs/flow.md` is drawn from this table.
"""

from __future__ import annotations

from handlers.session import IDLE, Session
from handlers.steps import (
    add_or_new,
    answering,
    callback,
    cancelling,
    date,
    edit,
    forgetting,
    idle,
    kind,
    language,
    lists,
    notice,
    photos,
    place,
    resume,
    review,
    safety,
    story,
    village,
    visibility,
    when,
    which_district,
    which_place,
    withdrawing,
)
from handlers.turn import Step
from handlers.world import World

STEPS: dict[str, Step] = {
    "idle": idle,
    "language": language,
    "notice": notice,
    "kind": kind,
    "when": when,
    "safety": safety,
    "date": date,
    "place": place,
    "which_district": which_district,
    "lists": lists,
    "which_place": which_place,
    "village": village,
    "story": story,
    "photos": photos,
    "callback": callback,
    "review": review,
    "edit": edit,
    "visibility": visibility,
    # small questions outside the draft: answered, the conversation goes on where it was
    "cancelling": cancelling,
    "resume": resume,
    "add_or_new": add_or_new,
    "answering": answering,
    "withdrawing": withdrawing,
    "forgetting": forgetting,
}

FLOW: dict[str, dict[str, str]] = {
    "idle": {"report": "language"},
    "language": {"chosen": "notice"},
    "notice": {"agreed": "kind"},
    "kind": {"picked": "when"},
    "when": {"now": "safety", "today": "place", "earlier": "date"},
    "safety": {"answered": "place"},
    "date": {"given": "place"},
    "place": {"found": "story", "doubt": "which_district", "near": "village", "lists": "lists", "named": "which_place"},
    "which_district": {
        "chosen": "story",
        "neither": "lists",
        "found": "story",
        "doubt": "which_district",
        "swapped": "place",
    },
    "lists": {
        "chosen": "village",
        "found": "story",
        "doubt": "which_district",
        "named": "which_place",
        "swapped": "place",
    },
    "which_place": {
        "near": "village",
        "found": "story",
        "doubt": "which_district",
        "wider": "lists",
        "none": "lists",
        "swapped": "place",
    },
    "village": {
        "given": "story",
        "found": "story",
        "doubt": "which_district",
        "named": "which_place",
        "swapped": "place",
    },
    "story": {"done": "photos"},
    "photos": {"done": "callback"},
    "callback": {"answered": "review"},
    "review": {"edit": "edit", "sent": IDLE},
    "edit": {
        "kind": "kind",
        "when": "when",
        "place": "place",
        "story": "story",
        "photos": "photos",
        "callback": "callback",
        "visibility": "visibility",
        "back": "review",
    },
    "visibility": {"chosen": "review"},
}

PART_OF = {
    "safety": "when",
    "date": "when",
    "which_district": "place",
    "lists": "place",
    "which_place": "place",
    "village": "place",
}
"""Follow-up questions: editing "when" may ask "date" too, and only then returns to the review."""

PASSING: dict[str, frozenset[str]] = {"which_place": frozenset(), "which_district": frozenset({"chosen"})}
"""Questions about what was just sent, with the only results after which Back leads to them again."""

DETOURS = frozenset(STEPS) - frozenset(FLOW) | {"language"}
"""Questions that may stand before the current one without changing it."""


def following(session: Session, step: str, result: str, world: World) -> str:
    """The question after `step` answered with `result`: the table's, less what is known already."""
    found = FLOW[step][result]
    if session.editing and step != "edit" and PART_OF.get(found, found) != PART_OF.get(step, step):
        return "review"
    while found in ("language", "notice") and _known(session, found, world):
        found = next(iter(FLOW[found].values()))
    return found


def _known(session: Session, step: str, world: World) -> bool:
    if step == "language":
        return bool(session.language)
    return session.notice == world.settings.notice_version
