"""The life of a case: its states, which action leads where, and the record of what was done.

    new ──claim──▶ claimed ──close──▶ closed ──reopen──▶ new
     │                │  ▲                                │
     ├──hand over─────┴──┼── (back to new, at another centre)
     └──withdraw──▶ withdrawn      (by the reporter, from any open state)

An action that does not fit a state is refused and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from handlers.records import replace
from handlers.session import Part, Place, WhenChoice, part, place, plain, time

State = Literal["new", "claimed", "closed", "withdrawn"]
OPEN: frozenset[str] = frozenset({"new", "claimed"})
PROGRAMME_DESK = "00"

TRANSITIONS: dict[tuple[str, str], State] = {
    ("new", "claim"): "claimed",
    ("new", "close"): "closed",
    ("claimed", "close"): "closed",
    ("new", "hand_over"): "new",
    ("claimed", "hand_over"): "new",
    ("closed", "reopen"): "new",
    ("new", "withdraw"): "withdrawn",
    ("claimed", "withdraw"): "withdrawn",
}


class NotAllowed(Exception):
    """The action does not fit the case's state."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A coordinator's one-tap answer to an alert."""

    by: str
    answer: Literal["seen", "unseen", "going"]
    at: datetime


@dataclass(frozen=True)
class Question:
    """A question of the centre. `ready` is a key of the sentence bank, or "" when `text` holds an officer's own words."""

    number: int
    ready: str = ""
    text: str = ""
    answered: bool = False


@dataclass(frozen=True)
class Case:
    """A filed report, without who filed it: that link lives in storage and never enters the engine.

    `language` is the reporter's; `centre` the code of the centre in charge; `near` counts other cases near in place and
    time when it was filed.
    """

    code: str
    kind: str
    created: datetime
    centre: str
    place: Place
    language: str = "th"
    state: State = "new"
    urgent: bool = False
    when: WhenChoice = ""
    when_at: datetime | None = None
    when_about: str = ""
    safe: str = ""
    callback: bool = False
    hide_from: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    near: int = 0
    claimed_by: str = ""
    claimed_key: str = ""
    claimed_at: datetime | None = None
    outcome: str = ""
    closed_at: datetime | None = None
    last_words: str = ""
    questions: tuple[Question, ...] = ()
    sightings: tuple[Sighting, ...] = ()

    @property
    def open(self) -> bool:
        """Whether officers still have something to do."""
        return self.state in OPEN

    def words(self) -> str:
        """Everything that was written, a line each piece."""
        return "\n".join(p.text for p in self.parts if p.text)

    def question(self, number: int) -> Question | None:
        """The question with this number."""
        return next((q for q in self.questions if q.number == number), None)

    def to_data(self) -> dict[str, Any]:
        """Plain data; fields at their default are left out."""
        return plain(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Case:
        """Read what `to_data` wrote."""
        names = {f.name for f in fields(cls)}
        known = {k: v for k, v in data.items() if k in names}
        for name in ("created", "when_at", "claimed_at", "closed_at"):
            known[name] = time(known.get(name))
        known["place"] = place(known["place"])
        known["parts"] = tuple(part(p) for p in known.get("parts", ()))
        known["hide_from"] = tuple(known.get("hide_from", ()))
        known["questions"] = tuple(Question(**q) for q in known.get("questions", ()))
        known["sightings"] = tuple(
            Sighting(s["by"], s["answer"], datetime.fromisoformat(s["at"])) for s in known.get("sightings", ())
        )
        return cls(**known)


def _move(case: Case, action: str) -> State:
    try:
        return TRANSITIONS[case.state, action]
    except KeyError:
        raise NotAllowed(f"{action} does not fit a case that is {case.state}") from None


def claim(case: Case, by: str, key: str, now: datetime) -> Case:
    """An officer takes the case."""
    return replace(case, state=_move(case, "claim"), claimed_by=by, claimed_key=key, claimed_at=now)


def close(case: Case, outcome: str, now: datetime, last_words: str = "") -> Case:
    """The case ends with an outcome and perhaps a line for the reporter."""
    return replace(case, state=_move(case, "close"), outcome=outcome, closed_at=now, last_words=last_words)


def reopen(case: Case) -> Case:
    """It is still going on: open again and unclaimed."""
    return replace(
        case,
        state=_move(case, "reopen"),
        outcome="",
        closed_at=None,
        last_words="",
        claimed_by="",
        claimed_key="",
        claimed_at=None,
    )


def hand_over(case: Case, centre: str) -> Case:
    """Another centre is in charge; nobody there has claimed it yet."""
    return replace(case, state=_move(case, "hand_over"), centre=centre, claimed_by="", claimed_key="", claimed_at=None)


def withdraw(case: Case, now: datetime) -> Case:
    """The reporter takes the report back."""
    return replace(case, state=_move(case, "withdraw"), closed_at=now)


def ask(case: Case, ready: str, text: str) -> Case:
    """The centre asks the reporter something."""
    if not case.open:
        raise NotAllowed("a question does not fit a case that is over")
    return replace(case, questions=(*case.questions, Question(len(case.questions) + 1, ready, text)))


def answered(case: Case, number: int) -> Case:
    """The reporter answered a question."""
    return replace(
        case, questions=tuple(replace(q, answered=True) if q.number == number else q for q in case.questions)
    )


def add(case: Case, parts: tuple[Part, ...]) -> Case:
    """The reporter sends more."""
    return replace(case, parts=(*case.parts, *parts))


def sighted(case: Case, sighting: Sighting) -> Case:
    """A coordinator's answer; a newer one of the same person replaces the older."""
    return replace(case, sightings=(*(s for s in case.sightings if s.by != sighting.by), sighting))
