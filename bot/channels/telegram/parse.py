"""From a Telegram update to what a person did, straight from the JSON: no library object is built on the hot path.

Three rules stand above the details. The name of a person in a private chat is never read. In a group only what is meant
for the bot counts: commands, buttons, replies to its messages, and its own coming and going. Nothing in here raises,
whatever an update looks like.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.channels.base import MediaSource, Parsed, RawEvent
from bot.channels.telegram.address import Address
from bot.channels.telegram.fields import number, record, whole, words
from bot.channels.telegram.media import media_of
from handlers.events import (
    Actor,
    ChoicePicked,
    Edited,
    Event,
    Happening,
    Joined,
    Left,
    LocationShared,
    MediaSent,
    Migrated,
    OtherSent,
    TextSent,
)

NOTHING = Parsed(None)

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{3,32}))?(?:[^\S\n]+([^\n]*)|(?=\n)|$)")
"""A leading command as Telegram's apps mark it: up to 32 Latin letters, digits and underscores, perhaps with @bot."""

_SERVICE = frozenset({
    "new_chat_members", "left_chat_member", "chat_owner_left", "chat_owner_changed", "new_chat_title",
    "new_chat_photo", "delete_chat_photo", "group_chat_created", "supergroup_chat_created", "channel_chat_created",
    "message_auto_delete_timer_changed", "migrate_from_chat_id", "pinned_message", "successful_payment",
    "refunded_payment", "users_shared", "chat_shared", "gift", "unique_gift", "gift_upgrade_sent",
    "connected_website", "write_access_allowed", "passport_data", "proximity_alert_triggered", "boost_added",
    "chat_background_set", "checklist_tasks_done", "checklist_tasks_added", "direct_message_price_changed",
    "forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened",
    "general_forum_topic_hidden", "general_forum_topic_unhidden", "giveaway_created", "giveaway_winners",
    "giveaway_completed", "managed_bot_created", "paid_message_price_changed", "poll_option_added",
    "poll_option_deleted", "suggested_post_approved", "suggested_post_approval_failed", "suggested_post_declined",
    "suggested_post_paid", "suggested_post_refunded", "video_chat_scheduled", "video_chat_started",
    "video_chat_ended", "video_chat_participants_invited", "web_app_data",
})  # fmt: skip
"""Fields of a message that tells of the chat itself; nobody said anything (Bot API 10.1, type Message)."""


def raw_event(update: Mapping[str, Any]) -> RawEvent | None:
    """The update as an event of its chat, or None where it names no chat or is of a kind that we do not ask for."""
    kind, update_id = _kind(update), whole(update, "update_id")
    message = _message(update, kind)
    chat = whole(record(message, "chat"), "id")
    if not kind or update_id is None or chat is None:
        return None
    topic = whole(message, "message_thread_id") if chat < 0 and message.get("is_topic_message") is True else None
    return RawEvent(str(update_id), str(Address(chat, topic or 0)), chat < 0, update)


def _kind(update: Mapping[str, Any]) -> str:
    for kind in ("message", "callback_query", "edited_message", "my_chat_member"):
        if isinstance(update.get(kind), dict):
            return kind
    return ""


def _message(update: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """The part of the update that holds `chat`."""
    inner = record(update, kind)
    return record(inner, "message") if kind == "callback_query" else inner


class Parser:
    """Parses for one bot: `bot_id` is the bot's own user id, `username` (without @) its name where that is known.

    With a username, commands that are meant for another bot of the group are left to it.
    """

    def __init__(self, bot_id: int, username: str = "") -> None:
        self._bot_id = bot_id
        self._username = username.lower()

    def wanted(self, raw: RawEvent) -> bool:
        """Whether this event is worth storing: what a person did in private, or meant for the bot in a group."""
        return self.parse(raw, str).happening is not None

    def parse(self, raw: RawEvent, new_id: Callable[[], str]) -> Parsed:
        """What the event means; `happening` is None for chatter, service messages and kinds that we do not ask for."""
        kind = _kind(raw.body)
        inner = record(raw.body, kind)
        if kind == "my_chat_member":
            return self._membership(inner, raw)
        if kind == "callback_query":
            return self._tap(inner, raw)
        if kind == "edited_message":
            return self._edit(inner, raw)
        return self._said(inner, raw, new_id) if kind == "message" else NOTHING

    def _said(self, message: Mapping[str, Any], raw: RawEvent, new_id: Callable[[], str]) -> Parsed:
        moved = whole(message, "migrate_to_chat_id")
        if moved is not None:
            return Parsed(Happening(Migrated(str(moved))))
        if not _SERVICE.isdisjoint(message):
            return NOTHING
        event, media = _content(message, new_id)
        if raw.group and not self._meant_for_us(message, event):
            return NOTHING
        return self._by(message, raw, event, _replied(message), media)

    def _meant_for_us(self, message: Mapping[str, Any], event: Event) -> bool:
        if isinstance(event, OtherSent) or message.get("is_automatic_forward") or self._another_bot(message):
            return False
        if isinstance(event, TextSent) and event.command:
            return self._our_command(event.text)
        author = record(record(message, "reply_to_message"), "from")
        return author.get("is_bot") is True and whole(author, "id") == self._bot_id

    def _our_command(self, text: str) -> bool:
        found = _COMMAND.match(text)
        named = found[2].lower() if found and found[2] else ""
        return not named or not self._username or named == self._username

    @staticmethod
    def _another_bot(message: Mapping[str, Any]) -> bool:
        """Telegram shows an anonymous administrator as a bot too, but then names the chat as the sender."""
        return record(message, "from").get("is_bot") is True and "sender_chat" not in message

    def _tap(self, query: Mapping[str, Any], raw: RawEvent) -> Parsed:
        data = query.get("data")
        if not isinstance(data, str):
            return NOTHING
        button_of = whole(record(query, "message"), "message_id")
        return self._by(query, raw, ChoicePicked(data), "" if button_of is None else str(button_of))

    def _edit(self, message: Mapping[str, Any], raw: RawEvent) -> Parsed:
        """New words. A live location that moves on is an edit without words: only its first point counts."""
        text = words(message, "text") or words(message, "caption")
        if raw.group or not text:
            return NOTHING
        return self._by(message, raw, Edited(_id(message), text), _replied(message))

    def _membership(self, change: Mapping[str, Any], raw: RawEvent) -> Parsed:
        was, now = _inside(record(change, "old_chat_member")), _inside(record(change, "new_chat_member"))
        chat = record(change, "chat")
        if was == now or chat.get("type") == "channel":
            return NOTHING
        if now and chat.get("is_forum") is True:
            # Each topic is a conversation of its own, so the general one cannot know that a topic gets linked: were it
            # told, it would leave an "unlinked" group and take the bot away from that topic. It stays silent instead.
            return NOTHING
        return self._by(change, raw, Joined() if now else Left(), "")

    @staticmethod
    def _by(
        what: Mapping[str, Any], raw: RawEvent, event: Event, reply_to: str, media: tuple[MediaSource, ...] = ()
    ) -> Parsed:
        sender = record(what, "from")
        if not raw.group:
            hint = words(sender, "language_code")
            return Parsed(Happening(event, reply_to=reply_to, language_hint=hint), media=media)
        name, actor_id = _actor(what, sender)
        return Parsed(Happening(event, Actor(name=name), reply_to), actor_id=actor_id, media=media)


def _actor(what: Mapping[str, Any], sender: Mapping[str, Any]) -> tuple[str, str]:
    """Display name and platform id of who acted in a group. An anonymous administrator has a custom title or nothing;
    somebody who writes as a channel has the channel's title."""
    chat = record(what, "sender_chat")
    if chat:
        anonymous = whole(chat, "id") == whole(record(what, "chat"), "id")
        title = words(what, "author_signature") if anonymous else words(chat, "title")
        return title.strip(), f"{whole(chat, 'id')}/{title}"
    name = f"{words(sender, 'first_name')} {words(sender, 'last_name')}".strip()
    user = whole(sender, "id")
    return name, "" if user is None else str(user)


def _inside(member: Mapping[str, Any]) -> bool:
    """Whether this membership lets the bot act. A restricted member may be in or out of the group."""
    status = member.get("status")
    if status == "restricted":
        return member.get("is_member") is True
    return status in ("creator", "administrator", "member")


def _id(message: Mapping[str, Any]) -> str:
    found = whole(message, "message_id")
    return "" if found is None else str(found)


def _replied(message: Mapping[str, Any]) -> str:
    return _id(record(message, "reply_to_message"))


def _content(message: Mapping[str, Any], new_id: Callable[[], str]) -> tuple[Event, tuple[MediaSource, ...]]:
    """What a message carries. `new_id` is asked only for media."""
    text = words(message, "text")
    if text:
        return _text(text, _id(message)), ()
    place = _location(message)
    if place:
        return place, ()
    media = media_of(message)
    if media:
        media_id = new_id()
        event = MediaSent(
            media_id,
            media.kind,
            caption=words(message, "caption"),
            album=words(message, "media_group_id"),
            size=media.size,
            too_big=media.too_big,
            message_id=_id(message),
        )
        # What Telegram will not hand out needs no source: nobody can fetch it.
        return event, () if media.too_big else (MediaSource(media_id, media.kind, media.reference()),)
    if "sticker" in message:
        return OtherSent("sticker"), ()
    return OtherSent("contact" if "contact" in message else "unknown"), ()


def _text(text: str, message_id: str) -> TextSent:
    found = _COMMAND.match(text)
    if not found:
        return TextSent(text, message_id=message_id)
    return TextSent(text, found[1].lower(), (found[3] or "").strip(), message_id)


def _location(message: Mapping[str, Any]) -> LocationShared | None:
    venue = record(message, "venue")
    point = record(message, "location") or record(venue, "location")
    latitude, longitude = number(point, "latitude"), number(point, "longitude")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return LocationShared(latitude, longitude, words(venue, "title"))
