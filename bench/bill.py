"""What LINE would charge: one case, from the villager's first word to the closing, on LINE alone.

A reply is free. A push is charged once for each recipient, however many message objects it carries (LINE Developers,
"Messaging API pricing").
"""

from __future__ import annotations

import asyncio
import io
import re
from collections import Counter
from dataclasses import dataclass, field

from PIL import Image

from bench.people import People
from bench.people_line import LinePeople
from bench.processes import Server
from bench.script import REPORT, Spot
from bench.wire import calling

MEMBERS = 12
"""Officers in the group."""
ANSWER_WITHIN_S = 45.0
"""Longer than a card waits for its photos."""
PERSON = 1


@dataclass(frozen=True, slots=True)
class Charge:
    """A part of a case's life: message objects that the platform took, how many pushes brought them, and their price."""

    what: str
    replies: int
    pushes: int
    objects: int
    billed: int


async def does(people: People, server: Server, body: bytes, *hear: str) -> None:
    """Somebody does something; ends when the chats of all who are to hear of it have got a call."""
    caller = await calling(server.port)
    answers = [people.expects(address, lambda call: True) for address in hear]
    try:
        await caller.post(people.head(body), body)
        await asyncio.wait_for(asyncio.gather(*answers), ANSWER_WITHIN_S)
    finally:
        caller.close()


@dataclass(slots=True)
class Case:
    """A case as it is played; `charges` grows with it."""

    people: LinePeople
    server: Server
    spot: Spot
    charges: list[Charge] = field(default_factory=list)
    _card: bytes = b""
    _before: tuple[Counter[str], Counter[str], Counter[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._before = self._counted()
        picture = io.BytesIO()
        Image.new("RGB", (320, 240), (90, 140, 90)).save(picture, "JPEG")
        self.people.content = picture.getvalue()

    async def play(self) -> list[Charge]:
        """Report with a photo, alert, claim, question, answer, closing."""
        person, group = self.people.address(PERSON), self.people.group(1)
        await self._report(person, group)
        self._note("the reporter's conversation", person)
        self._note("the alert with its photo", group)
        await self._taps(group, rb"g:claim:[\w-]+", group)
        self._note("the claim", group)
        await self._taps(group, rb"g:ask:[\w-]+", group, among=self._card)
        await self._taps(group, rb"g:q:[\w-]+:[\w-]+", group, person)
        self._note("the question, in the group", group)
        self._note("the question, to the reporter", person)
        await self._taps(person, rb"q:[\w-]+:\d+:[\w-]+", person, group)
        self._note("the answer, from the reporter", person)
        self._note("the answer, to the group", group)
        await self._taps(group, rb"g:close:[\w-]+", group, among=self._card)
        await self._taps(group, rb"g:end:[\w-]+:[\w-]+", group)
        await self._taps(group, rb"g:shut:[\w-]+:[\w-]+", group, person)
        self._note("the closing, in the group", group)
        self._note("the closing, to the reporter", person)
        return self.charges

    async def _report(self, person: str, group: str) -> None:
        draft = b"0"
        for step in REPORT:
            body = self.people.act(PERSON, self.spot, step, draft)
            await does(self.people, self.server, body, person, *(() if step.then else (group,)))
            draft = self.people.draft_of(person) or draft
            if step.then == "photos":
                await does(self.people, self.server, self.people.photographs(person), person)
        self._card = self.people.heard[group]

    async def _taps(self, who: str, button: bytes, *hear: str, among: bytes = b"") -> None:
        found = re.search(button, among or self.people.heard[who])
        if found is None:
            raise LookupError(f"no button {button.decode()}")
        await does(self.people, self.server, self.people.taps(who, found[0].decode()), *hear)

    def _counted(self) -> tuple[Counter[str], Counter[str], Counter[str]]:
        return self.people.replied.copy(), self.people.pushed.copy(), self.people.objects.copy()

    def _note(self, what: str, address: str) -> None:
        """What this chat has got since it was last looked at."""
        now = self._counted()
        replies, pushes, objects = (new[address] - old[address] for new, old in zip(now, self._before, strict=True))
        for new, old in zip(now, self._before, strict=True):
            old[address] = new[address]
        recipients = MEMBERS if address == self.people.group(1) else 1
        self.charges.append(Charge(what, replies, pushes, objects, pushes * recipients))
