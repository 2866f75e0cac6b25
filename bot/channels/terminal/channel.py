"""The terminal as a channel: what is typed becomes events, what is said becomes lines. Same engine, storage and outbox.

An address is a person's name ("villager", "headman") or a group's ("group", "group-2"). Nothing here has limits worth
checking; edits are possible, so cards are redrawn as on Telegram. How doings are typed: `script.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.channels.base import Envelope, Payload, SendError, Sent
from bot.channels.local import LocalChannel


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that arrived in a chat. `edited` is the number of the message it replaces, 0 for a new one; `under` the
    number of the message it hangs under; `files` the kinds of what came along."""

    address: str
    number: int
    text: str
    choices: tuple[tuple[str, str], ...]
    phone: tuple[str, ...]
    links: tuple[str, ...]
    files: tuple[str, ...]
    purpose: str = ""
    edited: int = 0
    under: int = 0


class TerminalChannel(LocalChannel):
    """Gives what is said to `hear`; media come from `files` by the name that the event gave."""

    name = "terminal"

    def __init__(self, hear: Callable[[Heard], None], files: Callable[[str], bytes | None]) -> None:
        super().__init__(files)
        self._hear = hear
        self._count: dict[str, int] = {}

    def goes_on(self, other: TerminalChannel) -> None:
        """Number messages from where another terminal ended."""
        self._count = other._count

    async def send(self, payload: Payload, envelope: Envelope) -> Sent | SendError:
        """Show it."""
        body = payload.body
        number = self._count.get(envelope.address, 0) + 1
        edited = int(envelope.card_id) if payload.replace and envelope.card_id else 0
        if not edited:
            self._count[envelope.address] = number
        self._hear(
            Heard(
                address=envelope.address,
                number=edited or number,
                text=body["text"],
                choices=tuple((c["value"], c["label"]) for c in body["choices"] if not c["asks"]),
                phone=tuple(c["label"] for c in body["choices"] if c["asks"]),
                links=tuple(f"{link['label']} {link['url']}" for link in body["links"]),
                files=tuple(
                    kind if media_id in envelope.media else f"{kind} (no preview)"
                    for kind, media_id in zip(body["attachments"], payload.media, strict=True)
                ),
                purpose=payload.purpose,
                edited=edited,
                under=int(envelope.card_id) if payload.under and envelope.card_id else 0,
            )
        )
        return Sent((str(edited or number),))

    async def leave(self, address: str) -> None:
        """The group is told."""
        self._hear(Heard(address, 0, "(the bot left the group)", (), (), (), ()))
