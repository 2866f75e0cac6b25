"""What the phones and groups of the playground show: a journal of entries from which the page is built.

The journal is a file of one JSON entry a line, so that a playground which is closed and opened again shows what it
showed. Entries are numbered; a message's number is its entry's. Nothing in it is sealed: it is a drill.
"""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import orjson

from bot.clock import Clock

Entry = Mapping[str, Any]
Look = Literal["line", "telegram"]
Role = Literal["villager", "headman", "group"]

JOURNAL = "phones.jsonl"
SHOWN_TYPES = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/gif": ".gif",
    "video/mp4": ".mp4", "video/webm": ".webm",
    "audio/webm": ".weba", "audio/ogg": ".ogg", "audio/mp4": ".m4a", "audio/mpeg": ".mp3", "audio/wav": ".wav",
}  # fmt: skip
"""What a page may show or play, by its media type; anything else is handed out as a nameless download."""
_TYPES = {ending: mime for mime, ending in SHOWN_TYPES.items()}


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone, or a group. `centre`: the district of a group or headman; `number` counts within the role."""

    chat: str
    role: Role
    look: Look
    number: int = 1
    centre: str = ""
    language: str = ""
    place: Mapping[str, str] | None = None


class Phones:
    """The journal, and the files that were sent along. Use it in one event loop."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Opens the journal of `folder`; a last line that was cut short by a crash is dropped."""
        self._file, self._files = folder / JOURNAL, folder / "files"
        self._clock = clock
        self._entries: list[dict[str, Any]] = []
        self._last = 0
        self.phones: dict[str, Phone] = {}
        self.furnished = False
        """Whether all that belongs to a fresh playground is there; the entry "furnished" says so."""
        self._news: set[asyncio.Event] = set()
        self._closed = False
        self._files.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._file.exists():
            written = self._file.read_bytes()
            for line in written.split(b"\n")[:-1]:
                self._take(orjson.loads(line))
            os.truncate(self._file, written.rfind(b"\n") + 1)
        else:
            self._file.touch(mode=0o600)

    @property
    def entries(self) -> Sequence[Entry]:
        """All entries, oldest first."""
        return self._entries

    def add(self, entry: Entry) -> int:
        """Write an entry; gives its number. Raises `OSError` if it cannot be kept; nothing of it is then left."""
        number = self._last + 1
        numbered = {"n": number, **entry}
        if entry["is"] in ("message", "edit"):
            numbered["at"] = self._clock.now().isoformat(timespec="seconds")
            numbered.setdefault("number", number)
        line = orjson.dumps(numbered)
        self._append(line + b"\n")
        self._take(orjson.loads(line))  # the very entry that the next start will read
        for waiting in self._news:
            waiting.set()
        return number

    def add_phone(self, role: Role, look: Look, *, centre: str = "", language: str = "",
                  place: Mapping[str, str] | None = None) -> Phone:  # fmt: skip
        """A new phone or group."""
        number = 1 + sum(phone.role == role for phone in self.phones.values())
        chat = f"group-{centre}" if role == "group" else f"{role}-{number}"
        phone = Phone(chat, role, look, number, centre, language, place)
        self.add({"is": "chat", **asdict(phone)})
        return phone

    def wipe(self) -> None:
        """Forget everything, and tell every page so. Numbers go on, so that no page mistakes new entries for old."""
        for file in self._files.iterdir():
            file.unlink()
        self._entries = []
        os.truncate(self._file, 0)
        self.add({"is": "wiped"})

    def keep(self, name: str, mime: str, content: bytes) -> str:
        """Keep a file that was sent along; gives the name under which `read` finds it."""
        name += SHOWN_TYPES.get(mime.partition(";")[0].strip().lower(), ".bin")
        (self._files / name).write_bytes(content)
        return name

    def read(self, name: str) -> bytes | None:
        """A kept file's content."""
        path = self._files / Path(name).name
        return path.read_bytes() if path.is_file() else None

    @staticmethod
    def mime(name: str) -> str:
        """The media type of a kept file, "" where a page should not show it."""
        return _TYPES.get(Path(name).suffix, "")

    async def follow(self, after: int, keep_alive_s: float) -> AsyncIterator[Entry | None]:
        """Entries from number `after` on, then new ones as they come, until `close`; an entry without a number says
        when all that was there has been given. None every so often, so that a dead connection is noticed."""
        if after > self._last:  # numbers of another journal
            after = 0
            yield {"is": "wiped"}
        news, told = asyncio.Event(), False
        self._news.add(news)
        try:
            while not self._closed:
                news.clear()
                for entry in [e for e in self._entries if e["n"] > after]:
                    after = entry["n"]
                    yield entry
                if not told:
                    told = True
                    yield {"is": "caught-up"}
                if after >= self._last and not await _within(news, keep_alive_s):
                    yield None
        finally:
            self._news.discard(news)

    def close(self) -> None:
        """End every `follow`."""
        self._closed = True
        for waiting in self._news:
            waiting.set()

    def _take(self, entry: dict[str, Any]) -> None:
        self._entries.append(entry)
        self._last = entry["n"]
        if entry["is"] == "chat":
            phone = Phone(**{key: value for key, value in entry.items() if key not in ("n", "is")})
            self.phones[phone.chat] = phone
        elif entry["is"] == "furnished":
            self.furnished = True
        elif entry["is"] == "wiped":
            self.phones, self.furnished = {}, False

    def _append(self, line: bytes) -> None:
        """A full disk takes a part of a line; the next one must not hang on to it."""
        with self._file.open("ab", buffering=0) as file:
            before = file.tell()
            if file.write(line) < len(line):
                file.truncate(before)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


async def _within(event: asyncio.Event, seconds: float) -> bool:
    """Whether it happens within this time."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
