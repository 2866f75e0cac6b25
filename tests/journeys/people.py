"""One way to play a person on either platform: what they see, and what they tap.

Buttons are found by what they mean (`Button.kind`), so that a script says `picks("kind", "drugs")` in any language; that
the words around them are in the person's language is looked at by `speaks`. After each action a person looks only at
what came after it.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.line import FakeLine, LinePerson, flat_text
from tests.fakes.line_person import buttons_of
from tests.fakes.telegram import BotMessage, FakeTelegram, TelegramGroup, TelegramPerson

CODE = re.compile(r"\b[A-HJ-NP-Z2-9]{3}-[A-HJ-NP-Z2-9]{4}\b")
PATIENCE_S = 20.0
SCRIPTS = {
    "th": re.compile("[\u0e00-\u0e7f]"),
    "lo": re.compile("[\u0e80-\u0eff]"),
    "km": re.compile("[\u1780-\u17ff]"),
}


@dataclass(frozen=True)
class Button:
    """A button that can be tapped now: the value behind it, and the message that holds it (Telegram)."""

    value: str
    label: str
    under: Any = None


class Person(ABC):
    """Somebody in a one-to-one chat or in a group."""

    platform: str

    @property
    @abstractmethod
    def user_id(self) -> str:
        """The platform's id of this person, as it stands in webhooks."""

    @abstractmethod
    def heard(self, *, fresh: bool) -> list[str]:
        """The bot's words in this chat: all, or those since the last action."""

    @abstractmethod
    def buttons(self, *, fresh: bool) -> list[Button]:
        """What could be tapped, newest first."""

    @abstractmethod
    async def until(self, seen: Callable[[], bool], what: str) -> None:
        """Wait until something is to be seen."""

    @abstractmethod
    async def says(self, words: str) -> None:
        """Type something."""

    @abstractmethod
    async def replies(self, part: str, words: str) -> None:
        """Answer the bot's newest message that contains `part`, in the way of the platform."""

    @abstractmethod
    async def press(self, button: Button) -> None:
        """Tap a button."""

    @abstractmethod
    async def pins(self, latitude: float, longitude: float) -> None:
        """Share a position."""

    @abstractmethod
    async def photos(self, *pictures: bytes) -> None:
        """Send one picture, or several together."""

    @abstractmethod
    async def picture_file(self, picture: bytes, name: str) -> None:
        """Send a picture as a file."""

    @abstractmethod
    async def voice(self, sound: bytes) -> None:
        """Send a voice note."""

    async def hears(self, part: str | re.Pattern[str]) -> str:
        """Wait for new words that match; the words."""
        found: list[str] = []

        def seen() -> bool:
            found[:] = [t for t in self.heard(fresh=True) if (part in t if isinstance(part, str) else part.search(t))]
            return bool(found)

        await self.until(seen, repr(part))
        return found[-1]

    async def hears_code(self) -> str:
        """Wait for new words with a case code in them; the code."""
        found = CODE.search(await self.hears(CODE))
        assert found
        return found[0]

    async def taps(self, value: str, *, fresh: bool = True) -> Button:
        """Wait for a button with a value like this (a pattern of all of it), and tap the newest; the button."""
        wanted = re.compile(value)
        found: list[Button] = []

        def there() -> bool:
            found[:] = [b for b in self.buttons(fresh=fresh) if wanted.fullmatch(b.value)]
            return bool(found)

        await self.until(there, f"a button {value!r}")
        await self.press(found[0])
        return found[0]

    async def picks(self, step: str, answer: str) -> None:
        """Answer the question `step` of the report."""
        await self.taps(f"r:[^:]+:{step}:{answer}")

    async def asked(self, step: str) -> None:
        """Wait for the question `step`."""
        wanted = re.compile(f"r:[^:]+:{step}:.*")
        await self.until(lambda: any(wanted.fullmatch(b.value) for b in self.buttons(fresh=True)), f"question {step}")

    def speaks(self, language: str) -> None:
        """Fail unless each message since the last action has words in this language's script."""
        for words in self.heard(fresh=True):
            assert SCRIPTS[language].search(words) or CODE.fullmatch(words.strip()), f"not in {language}: {words}"


class OnLine(Person):
    """A person on LINE; with `group`, as a member of that group."""

    platform = "line"

    def __init__(self, line: FakeLine, user_id: str, name: str = "Somchai", group: str = "") -> None:
        self.line = line
        self.me: LinePerson = line.person(user_id, name, group)

    @property
    def user_id(self) -> str:
        """The id that webhooks carry."""
        return self.me.user_id

    def heard(self, *, fresh: bool) -> list[str]:
        """Words of texts and Flex Messages."""
        return self.me.seen(new=fresh)

    def buttons(self, *, fresh: bool) -> list[Button]:
        """The last message's quick replies, then buttons of Flex Messages."""
        if fresh and not self.me.messages(new=True):
            return []
        inside = [action for m in reversed(self.me.messages(new=fresh)) for action in buttons_of(m)]
        offered = [*self.me.quick_replies(), *inside]
        return [Button(a["data"], a.get("label", "")) for a in offered if a["type"] == "postback"]

    async def until(self, seen: Callable[[], bool], what: str) -> None:
        """Look whenever LINE is called."""
        await self.line.wait_for(seen, PATIENCE_S, f"{what} for {self.user_id[:5]}")

    async def says(self, words: str) -> None:
        """Type."""
        await self.me.say(words)

    async def replies(self, part: str, words: str) -> None:
        """Quote."""
        await self.me.quote(part, words)

    async def press(self, button: Button) -> None:
        """A postback."""
        await self.me.tap_value(button.value, button.label)

    async def pins(self, latitude: float, longitude: float) -> None:
        """The location action."""
        await self.me.share_location(latitude, longitude)

    async def photos(self, *pictures: bytes) -> None:
        """An image, or an image set whose last picture comes first."""
        if len(pictures) == 1:
            await self.me.send_photo(pictures[0])
        else:
            await self.me.send_image_set(*pictures)

    async def picture_file(self, picture: bytes, name: str) -> None:
        """A file message."""
        await self.me.send_file(picture, name, "image/jpeg")

    async def voice(self, sound: bytes) -> None:
        """An audio message."""
        await self.me.send_voice(sound)


class OnTelegram(Person):
    """A person on Telegram; with `group`, in that group."""

    platform = "telegram"

    def __init__(
        self, telegram: FakeTelegram, user_id: int, name: str = "Somchai Jaidee", group: TelegramGroup | None = None
    ) -> None:
        self.telegram = telegram
        self.me = TelegramPerson(telegram, user_id, name, group=group)

    @property
    def user_id(self) -> str:
        """The id that updates carry."""
        return str(self.me.user["id"])

    def messages(self, *, fresh: bool) -> list[BotMessage]:
        """The bot's messages, oldest first."""
        return self.me.fresh() if fresh else list(self.me.chat.messages)

    def heard(self, *, fresh: bool) -> list[str]:
        """Texts and captions."""
        return [m.text for m in self.messages(fresh=fresh) if m.text]

    def buttons(self, *, fresh: bool) -> list[Button]:
        """Inline buttons. The keys of a reply keyboard have no value; its question is known by its first answer."""
        found = []
        for message in reversed(self.messages(fresh=fresh)):
            found += [Button(b["callback_data"], b["text"], message) for b in message.buttons if "callback_data" in b]
            if any(key.get("request_location") for key in message.keys):
                found.append(Button("r:keys:place:", "", message))
        return found

    async def until(self, seen: Callable[[], bool], what: str) -> None:
        """Look whenever Telegram is called."""
        await self.telegram.wait_for(seen, f"{what} for {self.user_id}: {self.heard(fresh=True)}", PATIENCE_S)

    async def says(self, words: str) -> None:
        """Type."""
        assert await self.me.say(words) == 200

    async def replies(self, part: str, words: str) -> None:
        """A reply to the newest message with these words."""
        assert await self.me.reply_to(part, words) == 200

    async def press(self, button: Button) -> None:
        """A callback query."""
        assert await self.me.tap_value(button.value, button.under) == 200

    async def pins(self, latitude: float, longitude: float) -> None:
        """The location key."""
        assert await self.me.share_location(latitude, longitude) == 200

    async def photos(self, *pictures: bytes) -> None:
        """A photo, or an album."""
        if len(pictures) == 1:
            assert await self.me.send_photo(pictures[0]) == 200
        else:
            await self.me.send_album(list(pictures))

    async def picture_file(self, picture: bytes, name: str) -> None:
        """A document."""
        assert await self.me.send_document(picture, "image/jpeg", name) == 200

    async def voice(self, sound: bytes) -> None:
        """A voice note (Telegram records OGG, the test sends whatever it has)."""
        assert await self.me.send_voice(sound) == 200


def shown_on_line(line: FakeLine, group: str) -> list[str]:
    """The addresses of all pictures that a LINE group was shown, full size only."""
    return [m["originalContentUrl"] for m in line.chat(group).messages if m["type"] == "image" and m["by"] == "bot"]


def words_of(line: FakeLine, chat: str) -> list[str]:
    """All that the bot said in a LINE chat."""
    return [flat_text(m) for m in line.chat(chat).messages if m["by"] == "bot"]
