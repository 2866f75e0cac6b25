"""What the engine may look at: settings, places, words, and the rows that concern this event. All of it read-only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from handlers.cases import Case
from handlers.messages import Name, Text
from handlers.outcome import Invitation


@dataclass(frozen=True, slots=True)
class Area:
    """A named place. Which kind it is, its code tells:

    2, 4, 6, 8 digits   a Thai province, district, subdistrict (DOPA codes) or village (subdistrict and number)
    "KH…", "LA…"        the same levels across the border, with the country's own codes
    "TH…", "MM", …      a province or a country where nobody is served; "TH20-1" a town in one
    "L…"                a landmark that the operator named

    neighbours   for a border district, the countries it touches or lies within 2 km of: "LA", "KH"; for a province, those
                 of its districts
    within       for a place across the border or elsewhere: the codes of the areas around it, the smallest first
    """

    code: str
    name: Name
    neighbours: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


def level(code: str) -> int:
    """The level of an area on either side of the border, by the digits of its code: 2 a province, 4 a district, 6 a
    subdistrict or commune, 8 a village; 0 for a country, a town elsewhere or a landmark."""
    digits = code[2:] if code[:2].isalpha() else code
    return len(digits) if digits.isdecimal() else 0


@dataclass(frozen=True, slots=True)
class Near:
    """A candidate of a lookup: a subdistrict whose point lies near the position. Distance in metres."""

    district: str
    subdistrict: str
    metres: float


@dataclass(frozen=True, slots=True)
class Bounded:
    """What imported boundaries say of a position.

    metres     0 inside the district; else the distance to its boundary from outside
    beside     another district so near that the position may as well lie in it, with its subdistrict; "" if none
    """

    district: str
    subdistrict: str
    metres: float = 0.0
    beside: str = ""
    beside_subdistrict: str = ""


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that people know by name, near a position: its own position (degrees), and the metres to it."""

    name: Name
    latitude: float
    longitude: float
    metres: float


class Places(Protocol):
    """The gazetteer as the conversation uses it; kept in memory, never a query."""

    def nearest(self, latitude: float, longitude: float) -> tuple[Near, Near | None] | None:
        """The nearest subdistrict point of any of the 18 border provinces, and the nearest one of another district."""

    def bounded(self, latitude: float, longitude: float) -> Bounded | None:
        """What the imported boundaries say; None without any, and where they do not reach: then the points count."""

    def landmark(self, latitude: float, longitude: float) -> Landmark | None:
        """The nearest place that people know by name; None when there is none near."""

    def area(self, code: str) -> Area | None:
        """A place by its code, of any kind."""

    def provinces(self) -> Sequence[Area]:
        """Provinces that hold a served district."""

    def districts(self, province: str) -> Sequence[Area]:
        """All districts of a province, border districts first."""

    def subdistricts(self, district: str) -> Sequence[Area]:
        """All subdistricts of a district."""

    def villages(self, subdistrict: str) -> Sequence[Area]:
        """The villages of a subdistrict by number, also of one across the border; none where nobody named them."""

    def across(self, code: str) -> Sequence[Area]:
        """The areas across the border within a country ("LA", "KH"), a province or a district, as far as served districts
        face them."""

    def facing(self, code: str) -> Sequence[str]:
        """Codes of the Thai districts that face a place across the border, the likeliest first; none for other codes."""

    def served(self) -> frozenset[str]:
        """Codes of the districts whose centre is open."""

    def nearest_served(self, latitude: float, longitude: float) -> tuple[str, float] | None:
        """Code of the served district with the nearest subdistrict point, and the distance in metres."""

    def find(self, words: str, near: str = "") -> Sequence[Area]:
        """Places of served provinces, and across from them, whose names are like these words, in any script and misspelt,
        the likeliest first; at most five, none rather than a wild guess. Of equal ones those that share more of the code
        `near` come first."""

    def find_of_kind(self, words: str, near: str = "") -> Sequence[Area]:
        """The same for words with the kind of a place before its name ("district Na Tan"): only places of that kind, and
        more exact ones within them. None for words without any kind but a village's."""

    def find_village(self, words: str, subdistrict: str) -> Sequence[Area]:
        """The same among the villages of a subdistrict, or of a commune across the border."""

    def point(self, code: str) -> tuple[float, float] | None:
        """A position (latitude, longitude) for a subdistrict or district code."""


class Lexicon(Protocol):
    """Labels of all languages, for people who type instead of tapping."""

    def normal(self, words: str) -> str:
        """Case-folded, without emoji, punctuation and outer space; digits of any script as ASCII."""

    def digits(self, words: str) -> str:
        """The words with digits of any script as ASCII digits."""

    def says(self, words: str, text: Text) -> bool:
        """Whether `words` are this text in any language. A catalogue entry may hold synonyms separated by "|"."""


@dataclass(frozen=True, slots=True)
class Kind:
    """An incident kind: data of the deployment."""

    key: str
    emoji: str
    label: Text


@dataclass(frozen=True, slots=True)
class Hotline:
    """An emergency number with what it is for. `country`: "TH", "LA" or "KH", where it can be dialled. `first`:
    one of the few that are shown when something is happening now."""

    number: str
    label: Text
    country: str = "TH"
    first: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """Numbers and lists that a deployment may change."""

    kinds: tuple[Kind, ...]
    hotlines: tuple[Hotline, ...]
    notice_version: int = 1
    max_media: int = 10
    max_media_mb: int = 20
    max_story_chars: int = 10_000
    draft_reminder_s: int = 30 * 60
    draft_erased_s: int = 24 * 3600
    album_wait_s: float = 1.5
    answering_s: int = 3600
    headman_delay_s: tuple[int, int] = (600, 1800)
    stranger_group_s: int = 60
    keep_days: int = 365
    sees_reporter: str = "LINE / Telegram"


@dataclass(frozen=True, slots=True)
class World:
    """Everything an event may need. What `engine.needs` did not ask for is empty.

    fresh_code   a case code that no case has yet; fresh_draft: a short id for a new draft or remark
    case         the case that a button names or a replied-to message belongs to, as far as this chat may touch it
    purpose      what the replied-to message was for (`Message.purpose`)
    language_hint   what the platform says of the person's language: a guess, good for the order of the choices only
    cases        the person's own cases, or a group's open cases, as asked for
    linked       codes of the centres and desks that have a group; None where nobody asked
    """

    settings: Settings
    places: Places
    lexicon: Lexicon
    now: datetime
    fresh_code: str = ""
    fresh_draft: str = ""
    case: Case | None = None
    purpose: str = ""
    cases: tuple[Case, ...] = ()
    invitation: Invitation | None = None
    near: int = 0
    linked: frozenset[str] | None = None
    language_hint: str = ""


@dataclass(frozen=True, slots=True)
class Needs:
    """What the engine wants to see before it decides; empty fields cost nothing.

    case        code named by a button or typed; the caller loads it if this chat may touch it
    reply       look up which case the replied-to message belongs to
    own / open  the person's own cases / the open cases of the group's centre
    code        a one-time code to look up (the caller hashes it)
    near        count other recent cases of this kind near this position
    linked      which centres have a group: a report is about to be sent
    """

    case: str = ""
    reply: str = ""
    own: bool = False
    open: bool = False
    code: str = ""
    near: tuple[str, float, float] | None = None
    linked: bool = False
