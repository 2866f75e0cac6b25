"""A stage for playing: terminal chats on the real road (engine, storage, inbox, outbox), and what is said written down.

The terminal (`python -m bot chat`) and the golden transcripts of the tests both play here.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from pydantic import SecretStr

from bot import bootstrap
from bot.channels.base import RawEvent
from bot.channels.terminal.channel import Heard, TerminalChannel
from bot.channels.terminal.script import Chat, lines
from bot.clock import Clock, Ids, RandomIds, SystemClock
from bot.config import Settings
from bot.invitations import invite
from bot.road import Road
from storage.database import Database
from storage.vault import Vault

INDENT = "    "
OFFICER = "Anan"
"""Who acts in a group unless the script names somebody else."""


def sample_file(name: str) -> bytes:
    """A small file of its kind, since a terminal has no camera."""
    if name != "photo":
        return f"a {name} without content".encode()
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 140, 90)).save(picture, "JPEG")
    return picture.getvalue()


class Stage:
    """Some chats and the road between them. `print` is given each line of the transcript as it comes about."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        *,
        clock: Clock | None = None,
        ids: Ids | None = None,
        show: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._clock, self._ids = clock or SystemClock(), ids or RandomIds()
        self._show = show
        self._events = 0
        self._acting = ""
        self._arrived: list[Heard] = []
        self.chats: dict[str, Chat] = {}
        self.channel = TerminalChannel(self._hear, sample_file)
        self.database = database
        self.road: Road = bootstrap.road(settings, database, {"terminal": self.channel}, clock=clock, ids=self._ids)

    def chat(self, name: str) -> Chat:
        """The chat of this name."""
        return self.chats.setdefault(name, Chat(name))

    async def plays(self, name: str, line: str, actor: str = OFFICER, *, echo: bool = True) -> None:
        """Somebody does something; ends when everything that follows has happened. Raises `BadLine`."""
        chat = self.chat(name)
        doings = chat.doings(line, actor if chat.group else "")
        if echo:
            line = chat.labelled(line)
            self._show(f"{name}> {line}" if actor == OFFICER else f"{name} ({actor})> {line}")
        events = []
        for body in doings:
            self._events += 1
            events.append(RawEvent(f"typed-{self._events}", name, chat.group, body))
        self._acting = name
        try:
            await self.road.intake.receive(self.channel, events)
            await self.settle()
        finally:
            self._acting = ""
            self._show_arrived(name)

    async def begin(self) -> None:
        """Start the road without its clockwork: `settle` does what the jobs would do, when it is due."""
        await self.road.read_places()
        self.road.spawn(self.road.intake.run())
        await self.road.intake.recover()

    def takes_over(self, other: Stage) -> None:
        """Go on where another stage on the same database ended: the people still have what they were shown."""
        self.chats = other.chats
        self._events = other._events
        self.channel.goes_on(other.channel)

    async def settle(self) -> None:
        """Wait until nothing is left that can be done now: answers, alerts, timers and photos that have come due."""
        road, before = self.road, -1
        while before != road.counters.total():
            before = road.counters.total()
            await road.idle()
            await road.intake.fire_timers()
            await road.fetcher.claim()
            await road.delivery.claim()
            await road.idle()

    async def code(self, centre: str, area: str = "") -> str:
        """A one-time code, as the programme office makes them."""
        now = self._clock.now()
        made, _ = await self.database.run(lambda uow: invite(uow, self._ids, now, centre, area))
        return made

    def _hear(self, heard: Heard) -> None:
        chat = self.chat(heard.address)
        if heard.edited:
            chat.heard = [heard if h.number == heard.edited else h for h in chat.heard]
        else:
            chat.heard.append(heard)
        self._arrived.append(heard)
        if not self._acting:
            self._show_arrived("")

    def _show_arrived(self, first: str) -> None:
        """Print what arrived, chat by chat: chats are served side by side, and their order must not depend on luck."""
        arrived, self._arrived = self._arrived, []
        for heard in sorted(arrived, key=lambda h: (h.address != first, h.address)):
            self._show(f"{heard.address}<")
            for line in lines(heard):
                self._show(f"{INDENT}{line}".rstrip())


@contextmanager
def private_place(served: str = "border") -> Iterator[tuple[Settings, Database]]:
    """Settings and a database in a folder of their own that is erased at the end."""
    with TemporaryDirectory(prefix="mekongwatch-") as folder:
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]
            database_url=SecretStr(f"sqlite:///{Path(folder) / 'play.sqlite3'}"),
            media_url=str(Path(folder) / "media"),
            served_districts=served,
        )
        database = Database(settings.database, Vault(RandomIds().token(32)))
        database.migrate()
        try:
            yield settings, database
        finally:
            database.close()
