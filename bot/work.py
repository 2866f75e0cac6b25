"""What one unit of work over chats holds in its hands: the chats it has loaded, and what is left to do after the commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.channels.base import Channel, Parsed, Shown
from bot.clock import Clock, Ids
from handlers.cases import Case
from handlers.events import Happening
from handlers.messages import Message
from handlers.outcome import Outcome
from handlers.session import Session
from handlers.world import Lexicon, Needs, Places, Settings, World
from storage.chats import Chat, ChatKey
from storage.inbox import InboxRow
from storage.media import Media
from storage.outbox import OutboxRow
from storage.places.gazetteer import Gazetteer
from storage.unit_of_work import UnitOfWork

GROUP_LANGUAGE = "th"
"""Groups are Thai offices."""


class Engine(Protocol):
    """The conversation (`handlers.engine` is one)."""

    def needs(self, session: Session, happening: Happening, settings: Settings) -> Needs:
        """What `advance` will want to see."""

    def advance(self, session: Session, happening: Happening, world: World) -> Outcome:
        """What follows from what happened."""


class Catalogue(Protocol):
    """The languages (`bot.i18n.Catalogues` is one)."""

    @property
    def lexicon(self) -> Lexicon:
        """Labels of all languages."""

    def shown(self, message: Message, language: str) -> Shown:
        """A message in one language."""


@dataclass(slots=True)
class Equipment:
    """What every turn works with. `places` is replaced when the programme office opens or closes a centre; `owner`
    names this process in leases; `card` draws a case for a centre's group; `desks` gives a centre and those that stand in
    for it while it has no group, nearest first."""

    channels: Mapping[str, Channel]
    engine: Engine
    card: Callable[[Case, Settings, Places], Message]
    desks: Callable[[str], Sequence[str]]
    catalogue: Catalogue
    places: Gazetteer
    settings: Settings
    clock: Clock
    ids: Ids
    owner: str


@dataclass(slots=True)
class Waiting:
    """An event that this process holds. `parsed` is None when the channel could not read it; `name` is the actor's
    display name where the platform had to be asked for it (`asked`, whatever it answered)."""

    row: InboxRow
    parsed: Parsed | None
    name: str = ""
    asked: bool = False

    @property
    def chat(self) -> tuple[str, str]:
        """The line it stands in."""
        return self.row.channel, self.row.address


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done with a case ("filed", "claimed"), and the inbox row of the event behind it (None: a timer).
    It is for the log: never who did it, nor what was said."""

    case: str
    action: str
    inbox_id: int | None = None


@dataclass(slots=True)
class Aftermath:
    """What a committed work leaves to do outside the database: rows to send, media to fetch, stored objects to delete,
    groups to leave, people who chose a language or who wait for an answer that comes in a moment (`busy`), things that
    the operator should know (alarms), and what was done with cases: of each one filed, whether it is urgent, and the trail
    without names and words."""

    rows: list[OutboxRow] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    delete: list[str] = field(default_factory=list)
    leave: list[tuple[str, str]] = field(default_factory=list)
    languages: list[tuple[str, str, str]] = field(default_factory=list)
    busy: list[tuple[str, str]] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    filed: list[bool] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)


class Book:
    """The chats of one unit of work: each is loaded once, and all changed ones are written together."""

    def __init__(self, uow: UnitOfWork, now: datetime) -> None:
        self._uow = uow
        self._now = now
        self._chats: dict[int, Chat] = {}
        self._by_address: dict[tuple[str, str], Chat] = {}
        self._changed: set[int] = set()

    def open(self, keys: Sequence[ChatKey]) -> None:
        """Load the chats that events came from, in one statement, and lock them."""
        for chat in self._uow.chats.load(keys, self._now).values():
            self.hold(chat)

    def hold(self, chat: Chat) -> None:
        """Keep a chat that is loaded already."""
        self._chats[chat.id] = chat
        self._by_address[chat.channel, chat.address] = chat

    def at(self, key: ChatKey) -> Chat:
        """The chat of an event."""
        found = self._by_address.get((key.channel, key.address))
        if found is None:
            self.open([key])
            found = self._by_address[key.channel, key.address]
        return found

    def of_ids(self, ids: Sequence[int]) -> list[Chat]:
        """Chats to speak to. Those that were not opened are for reading only."""
        missing = [i for i in ids if i not in self._chats]
        others = self._uow.chats.by_ids(missing) if missing else {}
        found = (self._chats.get(i) or others.get(i) for i in ids)
        return [chat for chat in found if chat is not None]

    def changed(self, chat: Chat) -> None:
        """This chat is to be written."""
        self._changed.add(chat.id)

    def drop(self, chat: Chat) -> None:
        """Write nothing more of this chat, and read it anew when it is next asked for."""
        self._changed.discard(chat.id)
        self._chats.pop(chat.id, None)
        self._by_address.pop((chat.channel, chat.address), None)

    def write(self) -> None:
        """Write what changed."""
        if self._changed:
            self._uow.chats.save([self._chats[i] for i in sorted(self._changed)], self._now)
            self._changed.clear()
