"""What the engine decided: the new session, and what is to be done, as data in the imperative.

Storage and sending belong to the caller (`bot/intake.py`), which carries out all effects of one event in one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from handlers.cases import Case
from handlers.messages import Message
from handlers.session import Session


@dataclass(frozen=True, slots=True)
class Here:
    """The chat in which it happened."""


@dataclass(frozen=True, slots=True)
class ToReporter:
    """Whoever filed this case, in that person's language. Nobody, once the person has asked to be forgotten."""

    case: str


@dataclass(frozen=True, slots=True)
class ToCentre:
    """Every group linked to this centre; where none is, its province's desk, else the programme desk (an alarm)."""

    centre: str


@dataclass(frozen=True, slots=True)
class ToCoordinators:
    """The headmen of this village and the kamnan of this subdistrict (area as in `Session.area`)."""

    subdistrict: str
    village: str = ""


Audience = Here | ToReporter | ToCentre | ToCoordinators


@dataclass(frozen=True, slots=True)
class Say:
    """Send messages. `delay` is a range of seconds from which the caller draws (so that time gives nobody away)."""

    messages: tuple[Message, ...]
    to: Audience = Here()
    delay: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class FileReport:
    """Store a new case, filed by the person of this chat. The alerts follow as `Say`s."""

    case: Case


@dataclass(frozen=True, slots=True)
class SaveCase:
    """Store the changed case."""

    case: Case


@dataclass(frozen=True, slots=True)
class Record:
    """Add a line to the case's trail. `by` is an officer's name, or "reporter", "coordinator", "system"."""

    case: str
    by: str
    action: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DropMedia:
    """Erase media that belong to no case (a draft was thrown away, a photo was unsent)."""

    media_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forget:
    """Erase the person: the link to the cases, the session, the address once the last message is out."""


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """This group is now a centre's chat; the open cases that no group has seen yet are posted to it."""

    centre: str
    invitation: str


@dataclass(frozen=True, slots=True)
class UnlinkGroup:
    """This group no longer receives anything."""


@dataclass(frozen=True, slots=True)
class LeaveGroup:
    """Leave a group that nobody linked."""


@dataclass(frozen=True, slots=True)
class JoinArea:
    """The person of this chat is a coordinator of this area from now on."""

    area: str
    centre: str
    invitation: str


@dataclass(frozen=True, slots=True)
class LeaveArea:
    """The person is a coordinator no longer."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """The person blocked the bot (or came back, with `False`): messages to the chat are pointless until then."""

    blocked: bool = True


Effect = (
    Say
    | FileReport
    | SaveCase
    | Record
    | DropMedia
    | Forget
    | LinkGroup
    | UnlinkGroup
    | LeaveGroup
    | JoinArea
    | LeaveArea
    | Blocked
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The conversation after the event, and what to do."""

    session: Session
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time code as it stands in storage. Only a hash of the code is stored; this is what it opens."""

    id: str
    role: Literal["group", "coordinator"]
    centre: str
    area: str = ""
