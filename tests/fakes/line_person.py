"""Somebody with LINE on the phone, for tests: says, taps, sends and sees what the app would show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fakes.line import FakeLine

Object = dict[str, Any]


@dataclass
class Chat:
    """A one-to-one chat or a group, with everything that was said in it."""

    id: str
    members: dict[str, str] = field(default_factory=dict)
    messages: list[Object] = field(default_factory=list)
    bot_is_in: bool = True
    blocked: bool = False

    def recipients(self) -> int:
        """How many people a push reaches, which is what LINE charges."""
        if not self.bot_is_in or self.blocked:
            return 0
        return len(self.members) if self.id[0] in "CR" else 1


def flat_text(message: Object) -> str:
    """Everything that a person can read in a message, its buttons' labels included, a line each."""
    if message["type"] == "text":
        lines = [message["text"]]
    elif message["type"] == "flex":
        lines = list(_flat(message["contents"]))
    else:
        lines = [f"[{message['type']}]"]
    return "\n".join(lines)


def _flat(node: Any) -> list[str]:
    if isinstance(node, list):
        return [line for item in node for line in _flat(item)]
    if not isinstance(node, dict):
        return []
    own = [node["text"]] if node.get("type") == "text" else []
    own += [node["action"]["label"]] if node.get("type") == "button" else []
    return own + [line for value in node.values() if isinstance(value, dict | list) for line in _flat(value)]


def buttons_of(message: Object) -> list[Object]:
    """The actions of a Flex message's buttons and pictures."""
    found: list[Object] = []

    def look(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("action"), dict):
                found.append(node["action"])
            for value in node.values():
                look(value)
        elif isinstance(node, list):
            for item in node:
                look(item)

    if message["type"] == "flex":
        look(message["contents"])
    return found


class LinePerson:
    """Somebody with a phone: does what the app allows, sees what the app shows."""

    def __init__(self, line: FakeLine, user_id: str, group: str = "") -> None:
        self.line, self.user_id, self.group = line, user_id, group
        self.chat = line.chat(group or user_id)
        self.mark = 0
        """How many messages stood in the chat when this person last did something."""

    # -- looking ------------------------------------------------------------------------------------------------------

    def messages(self, new: bool = False) -> list[Object]:
        """The bot's messages in this chat; only those since this person's last act, if `new`."""
        return [m for m in self.chat.messages[self.mark if new else 0 :] if m["by"] == "bot"]

    def seen(self, new: bool = False) -> list[str]:
        """The words of these messages."""
        return [flat_text(m) for m in self.messages(new)]

    def quick_replies(self) -> list[Object]:
        """The actions offered under the chat: LINE shows those of the last message alone."""
        mine = self.messages()
        items = mine[-1].get("quickReply", {}).get("items", []) if mine else []
        return [item["action"] for item in items]

    async def hears(self, part: str, within: float = 5.0) -> str:
        """Wait for a new message that contains `part`; its words."""
        await self.line.wait_for(lambda: any(part in text for text in self.seen(new=True)), within, repr(part))
        return next(text for text in self.seen(new=True) if part in text)

    # -- doing --------------------------------------------------------------------------------------------------------

    async def say(self, text: str, **more: Any) -> str:
        """Type a message; its id."""
        return await self._send({"type": "text", "text": text, **more})

    async def quote(self, part: str, text: str) -> str:
        """Answer the latest message that contains `part`, by quoting it. LINE cannot quote pictures and places."""
        quoted = next(m for m in reversed(self.chat.messages) if part in flat_text(m))
        assert quoted["type"] not in ("image", "location"), "LINE cannot quote this"
        return await self._send({"type": "text", "text": text, "quotedMessageId": quoted["id"]})

    async def tap(self, part: str) -> None:
        """Tap the quick reply of the last message, or else a button of any message, whose label contains `part`."""
        offered = [*self.quick_replies(), *(a for m in reversed(self.messages()) for a in buttons_of(m))]
        action = next((a for a in offered if part in a.get("label", "")), None)
        assert action, f"nothing to tap with {part!r}; there is {[a.get('label') for a in offered]}"
        assert action["type"] == "postback", f"{part!r} opens {action['type']}"
        await self.tap_value(action["data"], action.get("displayText", ""))

    async def tap_value(self, data: str, words: str = "") -> None:
        """Tap a button that carries `data`, also one that is long gone from the screen."""
        self._act({"type": "text", "text": words} if words else None)
        await self._deliver("postback", postback={"data": data})

    async def share_location(self, latitude: float, longitude: float, title: str = "") -> str:
        """Share a pin."""
        named = {"title": title} if title else {}
        return await self._send({"type": "location", "latitude": latitude, "longitude": longitude, **named})

    async def send_photo(self, data: bytes, image_set: Object | None = None) -> str:
        """Send one picture; its message id."""
        more = {"imageSet": image_set} if image_set else {}
        return await self._media("image", data, "image/jpeg", **more)

    async def send_image_set(self, *photos: bytes) -> list[str]:
        """Send several pictures at once: a webhook each, in no promised order (here: the last one first)."""
        set_id = f"SET{self.line.new_id()}"
        numbered = reversed(list(enumerate(photos, 1)))
        sets = [(p, {"id": set_id, "index": i, "total": len(photos)}) for i, p in numbered]
        return [await self.send_photo(photo, image_set) for photo, image_set in sets]

    async def send_voice(self, data: bytes, duration_ms: int = 3000) -> str:
        """Send a voice note; its message id."""
        return await self._media("audio", data, "audio/x-m4a", duration=duration_ms)

    async def send_video(self, data: bytes, duration_ms: int = 3000) -> str:
        """Send a video; its message id."""
        return await self._media("video", data, "video/mp4", duration=duration_ms)

    async def send_file(self, data: bytes, name: str, mime: str = "application/octet-stream") -> str:
        """Send a file; its message id."""
        message_id = self.line.new_id()
        self.line.keep(message_id, data, mime)
        return await self._send({"type": "file", "id": message_id, "fileName": name, "fileSize": len(data)})

    async def send_sticker(self) -> str:
        """Send a sticker."""
        return await self._send(
            {"type": "sticker", "packageId": "1", "stickerId": "2", "stickerResourceType": "STATIC"}
        )

    async def unsend(self, message_id: str) -> None:
        """Take a message back; LINE deletes its content."""
        self.line.forget(message_id)
        self._act(None)
        await self._deliver("unsend", token=False, unsend={"messageId": message_id})

    async def follow(self) -> None:
        """Add the bot as a friend, or unblock it."""
        unblocked, self.chat.blocked = self.chat.blocked, False
        self._act(None)
        await self._deliver("follow", follow={"isUnblocked": unblocked})

    async def block(self) -> None:
        """Block the bot."""
        self.chat.blocked = True
        self._act(None)
        await self._deliver("unfollow", token=False)

    async def invite_bot(self) -> None:
        """Add the bot to this group."""
        self.chat.bot_is_in = True
        self._act(None)
        await self._deliver("join")

    async def remove_bot(self) -> None:
        """Remove the bot from this group."""
        self.chat.bot_is_in = False
        self._act(None)
        await self._deliver("leave", token=False)

    async def _media(self, kind: str, data: bytes, mime: str, **more: Any) -> str:
        message_id = self.line.new_id()
        self.line.keep(message_id, data, mime)
        return await self._send({"type": kind, "id": message_id, "contentProvider": {"type": "line"}, **more})

    async def _send(self, message: Object) -> str:
        message = {"id": self.line.new_id(), **message}
        if message["type"] in ("text", "image", "video", "sticker"):
            message["quoteToken"] = f"q-{message['id']}"
        self._act(message)
        await self._deliver("message", message=message)
        return str(message["id"])

    def _act(self, message: Object | None) -> None:
        if message is not None:
            self.chat.messages.append({"id": self.line.new_id(), **message, "by": self.user_id})
        self.mark = len(self.chat.messages)

    async def _deliver(self, kind: str, token: bool = True, **fields: Any) -> None:
        event = self.line.event(kind, self.chat.id, self.user_id, token, **fields)
        status = await self.line.deliver(event)
        assert status == 200, f"the app answered {status} to a {kind}"
