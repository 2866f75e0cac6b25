"""How a person's doings are written down, in the terminal and in transcripts.

/start                          a command, or any words
[2] or [2 ລາວ]                  tap choice 2 of the newest message that has it (the words after the number are for
                                the reader); [2@7] taps choice 2 of message 7
(location 15.3185, 105.5008)    share a location
(photo) (photo: a boat)         also video, voice, file; the words are the caption
(album of 3)                    three photos at once
(too big video)                 a file that the platform will not hand out
(sticker) (contact) (poll)      things without use here
(reply) words                   reply to the newest message of the chat; (reply to card) to the newest card
(edit) words, (unsend)          change or take back one's last message
(join) (block)                  open or block the chat; add or remove the bot
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.channels.local import said
from bot.channels.terminal.channel import Heard

_TAP = re.compile(r"\[(\d+)(@\d+)?[^\]]*\]")
MEDIA = ("photo", "video", "voice", "file")


class BadLine(Exception):
    """A line that is not understood; the text says why, for whoever typed it."""


@dataclass
class Chat:
    """One chat as its person sees it: what arrived so far, newest last."""

    address: str
    heard: list[Heard] = field(default_factory=list)
    sent: int = 0

    @property
    def group(self) -> bool:
        """Whether it is a group, by its name."""
        return self.address.startswith("group")

    def doings(self, line: str, actor: str = "") -> list[dict[str, Any]]:
        """The events that a line stands for, in the terminal channel's form. Raises `BadLine`."""
        return [{**one, "as": actor} for one in self._read(line.strip())]

    def _read(self, line: str) -> Sequence[dict[str, Any]]:
        if found := _TAP.fullmatch(line):
            return [{"do": "tap", "value": self._choice(found)[0]}]
        if found := re.fullmatch(r"\(location (-?\d+(?:\.\d+)?), *(-?\d+(?:\.\d+)?)\)", line):
            return [{"do": "location", "latitude": float(found[1]), "longitude": float(found[2])}]
        if found := re.fullmatch(r"\(album of (\d{1,2})\)", line):
            album = f"album-{self.sent}"
            return [self._media("photo", "", album) for _ in range(int(found[1]))]
        if found := re.fullmatch(rf"\((too big )?({'|'.join(MEDIA)})(?:: (.*))?\)", line):
            return [self._media(found[2], found[3] or "", too_big=bool(found[1]))]
        if found := re.fullmatch(r"\(reply( to card)?\) (.+)", line):
            return [self._text(found[2], reply_to=self._newest(bool(found[1])))]
        if found := re.fullmatch(r"\(edit\) (.+)", line):
            return [{"do": "edit", "id": str(self.sent), "text": found[1]}]
        if line == "(unsend)":
            return [{"do": "unsend", "id": str(self.sent)}]
        if line in ("(join)", "(block)"):
            return [{"do": "join" if line == "(join)" else "leave"}]
        if found := re.fullmatch(r"\((sticker|contact|poll)\)", line):
            return [{"do": found[1]}]
        return [self._text(line)]

    def labelled(self, line: str) -> str:
        """The line with the label of the choice that it taps, for whoever reads it."""
        found = _TAP.fullmatch(line)
        return f"[{found[1]}{found[2] or ''} {self._choice(found)[1]}]" if found else line

    def _choice(self, tap: re.Match[str]) -> tuple[str, str]:
        """Value and label of a choice of the newest message that has it, or of the message with the given number."""
        number, message = int(tap[1]), int(tap[2][1:]) if tap[2] else 0
        for heard in reversed(self.heard):
            if len(heard.choices) >= number >= 1 and message in (0, heard.number):
                return heard.choices[number - 1]
        raise BadLine(f"no message here has a choice {number}")

    def _newest(self, card: bool) -> str:
        for heard in reversed(self.heard):
            if not card or heard.purpose == "card":
                return str(heard.number)
        raise BadLine("there is nothing to reply to")

    def _text(self, words: str, reply_to: str = "") -> dict[str, Any]:
        self.sent += 1
        return {**said(words), "id": str(self.sent), "reply_to": reply_to}

    def _media(self, kind: str, caption: str, album: str = "", too_big: bool = False) -> dict[str, Any]:
        self.sent += 1
        return {
            "do": "media", "kind": kind, "caption": caption, "album": album, "file": kind, "too_big": too_big,
            "id": str(self.sent),
        }  # fmt: skip


def lines(heard: Heard) -> list[str]:
    """A message as it stands in a terminal: its text, what came along, links, choices with their numbers."""
    head = [f"(message {heard.edited} is now:)"] if heard.edited else []
    files = [f"📎 {', '.join(heard.files)}"] if heard.files else []
    choices = [f"[{number} {label}]" for number, (_, label) in enumerate(heard.choices, 1)]
    choices += [f"<{label}>" for label in heard.phone]
    rows = [" ".join(choices)] if choices else []
    return [*head, *heard.text.split("\n"), *files, *heard.links, *rows]
