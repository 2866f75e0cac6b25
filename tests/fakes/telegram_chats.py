"""What the fake Telegram remembers of its chats, and what it refuses to do with them, in the real server's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
CALLBACK_BYTES = 64


class Refusal(Exception):
    """An answer with "ok": false."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.body["parameters"] = dict(parameters)


def bad(description: str) -> Refusal:
    """A 400."""
    return Refusal(400, f"Bad Request: {description}")


@dataclass
class File:
    """A file on the fake's disk: sent by a person, or uploaded by the bot."""

    content: bytes
    path: str
    mime: str = ""
    name: str = ""


@dataclass
class BotMessage:
    """A message that the bot has posted, in its present state. `stamp` grows with every post and every edit."""

    chat: int
    message_id: int
    stamp: int
    text: str = ""
    markup: dict[str, Any] = field(default_factory=dict)
    topic: int = 0
    reply_to: int = 0
    media: str = ""
    file: File | None = None
    album: str = ""
    edits: int = 0

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """The buttons under the message."""
        return [button for row in self.markup.get("inline_keyboard", ()) for button in row]

    @property
    def keys(self) -> list[dict[str, Any]]:
        """The buttons that replace the phone's keyboard."""
        return [button for row in self.markup.get("keyboard", ()) for button in row]


@dataclass
class Chat:
    """A private chat (id > 0) or a group. `status` is the bot's own: "none" before anybody has started it."""

    chat_id: int
    kind: str = "private"
    title: str = ""
    status: str = "none"
    topics: set[int] = field(default_factory=set)
    moved_to: int = 0
    next_id: int = 1
    messages: list[BotMessage] = field(default_factory=list)
    foreign_ids: set[int] = field(default_factory=set)

    def new_id(self) -> int:
        """A message id; people and the bot draw from the same row."""
        self.next_id += 1
        return self.next_id - 1

    def find(self, message_id: int) -> BotMessage | None:
        """The bot's message of that id."""
        return next((m for m in self.messages if m.message_id == message_id), None)

    def data(self) -> dict[str, Any]:
        """The chat as it stands in an update."""
        data: dict[str, Any] = {"id": self.chat_id, "type": self.kind}
        if self.kind == "private":
            return {**data, "first_name": self.title}
        return {**data, "title": self.title, **({"is_forum": True} if self.topics else {})}

    def admit(self) -> None:
        """Refuse where the bot may not act in this chat."""
        if self.moved_to:
            moved = {"migrate_to_chat_id": self.moved_to}
            raise Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", moved)
        words = {
            "blocked": "Forbidden: bot was blocked by the user",
            "kicked": "Forbidden: bot was kicked from the group chat",
            "left": "Forbidden: bot is not a member of the group chat",
        }
        if self.status in words:
            raise Refusal(403, words[self.status])
        if self.status == "none":
            raise bad("chat not found")


def check_text(text: Any, limit: int = TEXT_LIMIT) -> str:
    """The text as posted: trimmed, neither empty nor too long."""
    if not isinstance(text, str) or not text.strip():
        raise bad("message text is empty")
    if len(text) > limit:
        raise bad("message is too long" if limit == TEXT_LIMIT else "message caption is too long")
    return text.strip()


def check_markup(markup: Mapping[str, Any] | None, chat: Chat) -> dict[str, Any]:
    """The keyboard, if Telegram would show it in this chat."""
    markup = dict(markup or {})
    for row in markup.get("inline_keyboard", ()):
        for button in row:
            _check_button(button)
    for row in markup.get("keyboard", ()):
        for button in row:
            if button.get("request_location") and chat.kind != "private":
                raise bad("location can be requested in private chats only")
    return markup


def _check_button(button: Mapping[str, Any]) -> None:
    if not button.get("text"):
        raise bad("Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= CALLBACK_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button and not str(button["url"]).startswith(("http://", "https://", "tg://")):
        raise bad("inline keyboard button URL is invalid: Unsupported URL protocol")


def check_reply(params: Mapping[str, Any], chat: Chat) -> int:
    """The message that is replied to, 0 for none."""
    reply = params.get("reply_parameters") or {}
    target = int(reply.get("message_id", 0))
    if not target or chat.find(target) or target in chat.foreign_ids:
        return target
    if reply.get("allow_sending_without_reply"):
        return 0
    raise bad("message to be replied not found")


def check_topic(params: Mapping[str, Any], chat: Chat) -> int:
    """The topic to post in, 0 for the general chat."""
    topic = int(params.get("message_thread_id", 0))
    if topic and topic not in chat.topics:
        raise bad("message thread not found")
    return topic


def check_edit(message: BotMessage | None, text: str, markup: Mapping[str, Any]) -> BotMessage:
    """The message to edit, if it can be and would change."""
    if message is None:
        raise bad("message to edit not found")
    if message.markup and "inline_keyboard" not in message.markup:
        raise bad("message can't be edited")
    if message.text == text and message.markup == markup:
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    return message
