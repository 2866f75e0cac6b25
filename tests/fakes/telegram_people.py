"""People at their phones: what they do becomes real updates, what they see is what the bot has really posted.

After each action a person waits only for what came after it, so that an answer to an earlier one is not taken for it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram_chats import BotMessage, Chat, File
from tests.fakes.telegram_methods import describe

if TYPE_CHECKING:
    from tests.fakes.telegram import FakeTelegram

_COMMAND = re.compile(r"/[A-Za-z0-9_]+(@[A-Za-z0-9_]+)?")


class TelegramGroup:
    """A group chat; `forum` lists the ids of its topics. The bot is not in it until somebody adds it."""

    def __init__(self, fake: FakeTelegram, chat_id: int, title: str = "District group", forum: tuple[int, ...] = ()):
        self.fake = fake
        self.chat = fake.chat(chat_id)
        self.chat.kind = "supergroup" if str(chat_id).startswith("-100") else "group"
        self.chat.title, self.chat.topics = title, set(forum)

    def posts(self) -> list[str]:
        """The texts of the bot's messages as they stand."""
        return [message.text for message in self.chat.messages]

    async def add_bot(self, by: TelegramPerson) -> None:
        """Add the bot."""
        await self._member(by, self.chat.status if self.chat.status == "kicked" else "left", "member")

    async def remove_bot(self, by: TelegramPerson) -> None:
        """Throw the bot out."""
        await self._member(by, "member", "kicked")

    async def _member(self, by: TelegramPerson, was: str, now: str) -> None:
        self.chat.status = now
        assert await self.fake.deliver("my_chat_member", membership(self.fake, self.chat, by.user, was, now)) == 200

    async def migrate(self, new_id: int, by: TelegramPerson) -> TelegramGroup:
        """Become a supergroup: the old id answers with the new one from now on."""
        new = TelegramGroup(self.fake, new_id, self.chat.title)
        new.chat.status, self.chat.moved_to = "member", new_id
        person = by.in_group(self)
        assert await person.send({"migrate_to_chat_id": new_id}) == 200
        assert await by.in_group(new).send({"migrate_from_chat_id": self.chat.chat_id}) == 200
        return new


def membership(fake: FakeTelegram, chat: Chat, user: dict[str, Any], was: str, now: str) -> dict[str, Any]:
    """A my_chat_member change of the bot's own status."""

    def status(name: str) -> dict[str, Any]:
        return {"user": fake.bot, "status": name, **({"until_date": 0} if name == "kicked" else {})}

    return {
        "chat": chat.data(),
        "from": user,
        "date": fake.date(),
        "old_chat_member": status(was),
        "new_chat_member": status(now),
    }


class TelegramPerson:
    """A person in a private chat with the bot, or (`in_group`) in a group."""

    def __init__(
        self, fake: FakeTelegram, user_id: int, name: str = "Somchai Jaidee", language: str = "th", *,
        group: TelegramGroup | None = None, topic: int = 0,
    ) -> None:  # fmt: skip
        first, _, last = name.partition(" ")
        self.fake, self.name, self.language = fake, name, language
        self.user: dict[str, Any] = {"id": user_id, "is_bot": False, "first_name": first}
        self.user |= ({"last_name": last} if last else {}) | ({"language_code": language} if language else {})
        self.group, self.topic = group, topic
        self.chat = group.chat if group else fake.chat(user_id)
        if not group:
            self.chat.title = first
        self._since = fake.stamp

    def in_group(self, group: TelegramGroup, topic: int = 0) -> TelegramPerson:
        """The same person with the group (or one of its topics) open."""
        return TelegramPerson(self.fake, self.user["id"], self.name, self.language, group=group, topic=topic)

    # What the person sees

    def seen(self) -> list[str]:
        """The texts of the bot's messages in this chat as they stand."""
        return [m.text for m in self._messages()]

    def _messages(self) -> list[BotMessage]:
        return [m for m in self.chat.messages if not self.group or m.topic == self.topic]

    def fresh(self) -> list[BotMessage]:
        """What the bot has posted or changed since this person last did something."""
        return [m for m in self._messages() if m.stamp > self._since]

    async def hears(self, part: str) -> BotMessage:
        """Wait for a new or changed message with these words in it."""

        def heard() -> BotMessage | None:
            return next((m for m in reversed(self.fresh()) if part in m.text), None)

        found: BotMessage = await self.fake.wait_for(heard, lambda: f"{part!r} in {[m.text for m in self.fresh()]}")
        return found

    def keyboard(self) -> list[dict[str, Any]]:
        """The keys that now replace the phone's keyboard."""
        for message in reversed(self._messages()):
            if message.keys or "remove_keyboard" in message.markup:
                return message.keys
        return []

    # What the person does

    async def say(self, text: str) -> int:
        """Type a text. In a group, privacy mode keeps from the bot what is neither a command nor a reply to it."""
        if self.group and not _COMMAND.match(text):
            self._act()
            return 200
        return await self.send(self._text(text))

    async def reply_to(self, message: BotMessage | str, text: str) -> int:
        """Reply to a message of the bot, given itself or by words of it."""
        return await self.send({**self._text(text), "reply_to_message": self._quoted(message)})

    async def reply_with_photo(self, message: BotMessage | str, content: bytes, caption: str = "") -> int:
        """Reply to a message of the bot with a picture."""
        return await self.send({**self._photo(content, caption), "reply_to_message": self._quoted(message)})

    async def tap(self, label: str, on: BotMessage | None = None) -> int:
        """Tap the newest button whose label contains `label`: waits for one that is new since the last action, or takes
        the one under the message `on`. On a keyboard key, its words are sent."""
        if on:
            found = _button(on, label)
            assert found, f"no button {label!r} under {on.text!r}: {[b['text'] for b in on.buttons]}"
            return await self._press(on, found)

        def there() -> tuple[BotMessage, dict[str, Any]] | None:
            pairs = ((m, _button(m, label)) for m in reversed(self.fresh()))
            return next(((m, b) for m, b in pairs if b), None)

        message, button = await self.fake.wait_for(
            there, lambda: f"a button {label!r} under {[m.text for m in self.fresh()]}"
        )
        return await self._press(message, button)

    async def _press(self, message: BotMessage, button: dict[str, Any]) -> int:
        if "callback_data" not in button:
            assert not button.get("request_location"), "use share_location"
            assert "url" not in button, "a link is opened, not sent"
            return await self.say(button["text"])
        return await self.tap_value(button["callback_data"], message)

    async def tap_value(self, data: str, message: BotMessage) -> int:
        """Send a button's value, also one that is no longer shown."""
        self._act()
        query_id = f"query{self.fake.stamp}-{self.user['id']}"
        self.fake.queries.add(query_id)
        under = describe(self.fake, self.chat, message, self.fake.date())
        query = {"id": query_id, "from": self.user, "chat_instance": "1", "data": data, "message": under}
        return await self.fake.deliver("callback_query", query)

    async def share_location(self, latitude: float, longitude: float) -> int:
        """Send a position."""
        return await self.send({"location": {"latitude": latitude, "longitude": longitude}})

    async def send_photo(self, content: bytes, caption: str = "") -> int:
        """Send one picture."""
        return await self.send(self._photo(content, caption))

    async def send_album(self, contents: list[bytes], caption: str = "") -> None:
        """Send several pictures at once: an update each, with one album id and the caption on the first."""
        album = f"1357924680{self.fake.stamp}"
        for number, content in enumerate(contents):
            photo = self._photo(content, caption if number == 0 else "")
            assert await self.send({**photo, "media_group_id": album}) == 200

    async def send_voice(self, content: bytes, seconds: int = 5) -> int:
        """Send a voice note."""
        return await self.send({"voice": {**self._stored(content, "audio/ogg"), "duration": seconds}})

    async def send_video(self, content: bytes, seconds: int = 5) -> int:
        """Send a video."""
        video = {**self._stored(content, "video/mp4"), "duration": seconds, "width": 640, "height": 480}
        return await self.send({"video": video})

    async def send_document(self, content: bytes, mime: str, name: str = "file") -> int:
        """Send a file."""
        return await self.send({"document": {**self._stored(content, mime), "file_name": name}})

    async def send_sticker(self) -> int:
        """Send a sticker."""
        sticker = {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 512, "height": 512}
        return await self.send({"sticker": {**sticker, "is_animated": False, "is_video": False}})

    async def edit(self, message_id: int, text: str) -> int:
        """Change an earlier message of one's own."""
        message = {**self._head(message_id), "edit_date": self.fake.date(), "text": text}
        return await self.fake.deliver("edited_message", message)

    async def block(self) -> int:
        """Block the bot."""
        self.chat.status = "blocked"
        change = membership(self.fake, self.chat, self.user, "member", "kicked")
        return await self.fake.deliver("my_chat_member", change)

    async def unblock(self) -> int:
        """Unblock the bot."""
        self.chat.status = "member"
        change = membership(self.fake, self.chat, self.user, "kicked", "member")
        return await self.fake.deliver("my_chat_member", change)

    async def send(self, content: dict[str, Any]) -> int:
        """Send a message with this content; gives the HTTP status of the app's webhook."""
        self._act()
        if not self.group:
            self.chat.status = "member"
        message_id = self.chat.new_id()
        self.chat.foreign_ids.add(message_id)
        return await self.fake.deliver("message", {**self._head(message_id), **content})

    def _act(self) -> None:
        self.fake.stamp += 1
        self._since = self.fake.stamp

    def _head(self, message_id: int) -> dict[str, Any]:
        where: dict[str, Any] = {"message_thread_id": self.topic, "is_topic_message": True} if self.topic else {}
        return {
            "message_id": message_id,
            "from": self.user,
            "chat": self.chat.data(),
            "date": self.fake.date(),
            **where,
        }

    @staticmethod
    def _text(text: str) -> dict[str, Any]:
        command = _COMMAND.match(text)
        entities = [{"type": "bot_command", "offset": 0, "length": command.end()}] if command else []
        return {"text": text, **({"entities": entities} if entities else {})}

    def _photo(self, content: bytes, caption: str) -> dict[str, Any]:
        small = {**self._stored(content[:32], ""), "width": 90, "height": 67}
        large = {**self._stored(content, ""), "width": 1280, "height": 960}
        return {"photo": [small, large], **({"caption": caption} if caption else {})}

    def _stored(self, content: bytes, mime: str) -> dict[str, Any]:
        file_id = f"file{len(self.fake.files)}"
        self.fake.files[file_id] = File(content, f"documents/{file_id}.bin", mime)
        stored = {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(content)}
        return {**stored, "mime_type": mime} if mime else stored

    def _quoted(self, message: BotMessage | str) -> dict[str, Any]:
        if isinstance(message, str):
            found = next((m for m in reversed(self._messages()) if message in m.text), None)
            assert found, f"no message with {message!r} among {self.seen()}"
            message = found
        return describe(self.fake, self.chat, message, self.fake.date())


def _button(message: BotMessage, label: str) -> dict[str, Any] | None:
    return next((b for b in [*message.buttons, *message.keys] if label in b["text"]), None)
