"""One conversation's saved state. Small, versioned, and nothing in it that JSON cannot hold.

`to_data` gives plain dictionaries, lists, strings and numbers; `from_data` accepts what any earlier version wrote.
Times are aware and stored as ISO 8601.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, Literal

from handlers.records import replace

VERSION = 1

IDLE = "idle"
"""The step of a conversation that has no question open."""

PartKind = Literal["text", "place", "voice", "photo", "video", "file"]
WhenChoice = Literal["", "now", "today", "earlier"]
Method = Literal["", "pin", "list", "name", "link"]
Certainty = Literal["", "sure", "chosen", "unsure", "nearest", "facing", "far"]


@dataclass(frozen=True)
class Part:
    """One piece of a report: words, words about the place ("place"), or media by our own id. `message_id` serves a later
    edit or unsend."""

    kind: PartKind
    text: str = ""
    media_id: str = ""
    at: datetime | None = None
    message_id: str = ""


@dataclass(frozen=True)
class Place:
    """Where it happened: a position, or a choice from the lists, or both, and the centre that this leads to.

    Codes are DOPA codes: province 2 digits, district 4, subdistrict 6. `centre` is the code of the centre that gets the
    case: a served district, or "00" for the programme desk. `village` is a name or number as chosen or typed. `abroad` is
    the code of a place across the border, whose facing district is then `district`.
    """

    latitude: float | None = None
    longitude: float | None = None
    district: str = ""
    subdistrict: str = ""
    village: str = ""
    centre: str = ""
    method: Method = ""
    certainty: Certainty = ""
    abroad: str = ""


@dataclass(frozen=True)
class Draft:
    """A report being told. `id` is part of every button of this draft, so that buttons of other drafts do nothing.

    `meant` is a position that came the wrong way round, corrected, until the person says whether it is the place.
    `edited` is the place as it stood when somebody began to change a part of the report, for who goes back, and
    `edited_words` are the words about it."""

    id: str
    started: datetime
    kind: str = ""
    when: WhenChoice = ""
    when_at: datetime | None = None
    when_about: str = ""
    safe: Literal["", "yes", "no"] = ""
    place: Place | None = None
    other_place: Place | None = None
    early_place: Place | None = None
    meant: Place | None = None
    edited: Place | None = None
    edited_words: tuple[Part, ...] = ()
    parts: tuple[Part, ...] = ()
    callback: bool | None = None
    hide_from: tuple[str, ...] = ()
    reminded: bool = False

    def media(self) -> tuple[Part, ...]:
        """The parts that are photos, videos or files."""
        return tuple(p for p in self.parts if p.kind in ("photo", "video", "file"))

    def letters(self) -> int:
        """How long its words are."""
        return sum(len(p.text) for p in self.parts)

    def place_words(self) -> tuple[Part, ...]:
        """The parts that were written to name the place."""
        return tuple(p for p in self.parts if p.kind == "place")

    def without_place_words(self) -> tuple[Part, ...]:
        """The parts without what was written to name the place."""
        return tuple(p for p in self.parts if p.kind != "place")

    def story(self) -> tuple[Part, ...]:
        """The parts that tell: words and voice notes."""
        return tuple(p for p in self.parts if p.kind in ("text", "voice"))


@dataclass(frozen=True, slots=True)
class Timer:
    """A time at which the conversation wants to be woken with `TimerFired(name)`."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Remark:
    """An officer's reply under a card that waits for "send to the reporter" or "keep as note"."""

    id: str
    case: str
    by: str
    text: str


@dataclass(frozen=True)
class Session:
    """A conversation: a person's one-to-one chat, or (`centre` set or `group` true) a centre's group chat.

    likely    what the platform says of the person's language: a guess, kept so that the order of the choices stays the same
    path      the questions answered so far in this draft, newest last: where Back leads
    detour    a small question outside the draft, such as province lists or "add or new?"; "" if none
    loose     what was sent after a receipt, until the person says where it belongs
    answering code of the case whose centre's question is being answered
    mine      codes of the person's own cases, newest last
    home      the place of a village's poster or of the last report, without a position: offered when a place is asked for
    area      a coordinator's area: 6-digit subdistrict, or 6 digits + village number ("340301" or "340301-04")
    """

    language: str = ""
    likely: str = ""
    group: bool = False
    centre: str = ""
    notice: int = 0
    notice_at: datetime | None = None
    step: str = IDLE
    path: tuple[str, ...] = ()
    detour: str = ""
    editing: bool = False
    draft: Draft | None = None
    loose: tuple[Part, ...] = ()
    answering: str = ""
    mine: tuple[str, ...] = ()
    home: Place | None = None
    area: str = ""
    hidden: bool = False
    hidden_at: datetime | None = None
    last_tap: str = ""
    last_tap_at: datetime | None = None
    album: str = ""
    album_count: int = 0
    tries: int = 0
    tries_at: datetime | None = None
    remarks: tuple[Remark, ...] = ()
    timers: tuple[Timer, ...] = ()
    lists: tuple[str, ...] = ()

    def due(self) -> datetime | None:
        """When the earliest timer wants to fire."""
        return min((t.at for t in self.timers), default=None)

    def with_timer(self, name: str, at: datetime) -> Session:
        """The same conversation with this timer set (an older one of the same name goes)."""
        return replace(self, timers=(*(t for t in self.timers if t.name != name), Timer(name, at)))

    def without_timer(self, *names: str) -> Session:
        """The same conversation without these timers."""
        return replace(self, timers=tuple(t for t in self.timers if t.name not in names))

    def without_draft(self) -> Session:
        """The conversation with no report open: sent, thrown away, or too old."""
        return replace(self, draft=None, step=IDLE, path=(), editing=False, lists=(), album="")

    def to_data(self) -> dict[str, Any]:
        """Plain data; fields at their default are left out."""
        return {"v": VERSION, **plain(self)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any] | None) -> Session:
        """Read what `to_data` wrote; unknown fields of other versions are ignored."""
        if not data:
            return cls()
        return _Reader(data).session()


@cache
def _defaults(cls: Hashable) -> tuple[tuple[str, Any], ...]:
    """Names and defaults of a record's fields; asked for at every step, hence remembered."""
    return tuple((f.name, f.default) for f in fields(cls))  # type: ignore[arg-type]


@cache
def _names(cls: Hashable) -> frozenset[str]:
    return frozenset(name for name, _ in _defaults(cls))


def plain(record: Any) -> dict[str, Any]:
    """A record as plain data, without the fields that stand at their default."""
    out: dict[str, Any] = {}
    for name, default in _defaults(record.__class__):
        value = getattr(record, name)
        if value is default or value == default:
            continue
        out[name] = _value(value)
    return out


def _value(value: Any) -> Any:
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_value(v) for v in value]
    if hasattr(value, "__dataclass_fields__"):
        return plain(value)
    return value


def time(value: Any) -> datetime | None:
    """An ISO time from plain data, or None."""
    return datetime.fromisoformat(value) if value else None


def part(data: Mapping[str, Any]) -> Part:
    """A `Part` from plain data."""
    return Part(**{**_known(Part, data), "at": time(data.get("at"))})


def place(data: Mapping[str, Any]) -> Place:
    """A `Place` from plain data."""
    return Place(**_known(Place, data))


def _known(cls: type, data: Mapping[str, Any]) -> dict[str, Any]:
    names = _names(cls)
    return {k: v for k, v in data.items() if k in names}


class _Reader:
    """Turns plain data back into the records."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data

    def session(self) -> Session:
        known = _known(Session, self.data)
        for name in ("path", "mine", "lists"):
            if name in known:
                known[name] = tuple(known[name])
        for name in ("last_tap_at", "tries_at", "notice_at", "hidden_at"):
            if name in known:
                known[name] = time(known[name])
        if known.get("home"):
            known["home"] = place(known["home"])
        if known.get("draft"):
            known["draft"] = self._draft(known["draft"])
        if "loose" in known:
            known["loose"] = tuple(part(p) for p in known["loose"])
        if "remarks" in known:
            known["remarks"] = tuple(Remark(**_known(Remark, r)) for r in known["remarks"])
        if "timers" in known:
            known["timers"] = tuple(Timer(t["name"], datetime.fromisoformat(t["at"])) for t in known["timers"])
        return Session(**known)

    @staticmethod
    def _draft(data: Mapping[str, Any]) -> Draft:
        known = _known(Draft, data)
        known["started"] = datetime.fromisoformat(known["started"])
        known["when_at"] = time(known.get("when_at"))
        for name in ("parts", "edited_words"):
            known[name] = tuple(part(p) for p in known.get(name, ()))
        known["hide_from"] = tuple(known.get("hide_from", ()))
        for name in ("place", "other_place", "early_place", "meant", "edited"):
            if known.get(name):
                known[name] = place(known[name])
        return Draft(**known)
