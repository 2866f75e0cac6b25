"""Payload in, event out."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.parse import Parser, raw_event
from handlers.events import (
    ChoicePicked,
    Edited,
    Event,
    Joined,
    Left,
    LocationShared,
    MediaSent,
    Migrated,
    OtherSent,
    TextSent,
)
from tests.channels.telegram.updates import (
    BOT,
    BOT_ID,
    CARD,
    GROUP,
    OFFICER,
    PERSON,
    SOMCHAI,
    event_of,
    in_group,
    membership,
    parsed,
    private,
)
from tests.shared import SHARED, needs_shared

PHOTO = [
    {"file_id": "big", "file_unique_id": "b", "width": 1280, "height": 960, "file_size": 184233},
    {"file_id": "small", "file_unique_id": "s", "width": 90, "height": 67, "file_size": 1250},
]
FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 7}
PRIVATE_CHAT = {"id": PERSON, "type": "private"}
GROUP_CHAT = {"id": GROUP, "type": "supergroup", "title": "District"}


def document(mime: str) -> dict[str, Any]:
    """A file with a telling name."""
    return {**FILE, "mime_type": mime, "file_name": "Somchai at home.bin"}


def media(kind: Any, **more: Any) -> MediaSent:
    """The media of the usual private message."""
    return MediaSent("m", kind, message_id="10", **{"size": 7, **more})


PRIVATE: list[tuple[str, dict[str, Any], Event]] = [
    ("words", {"text": "hello\nworld"}, TextSent("hello\nworld", message_id="10")),
    ("start with payload", {"text": "/start v_3403-01"}, TextSent("/start v_3403-01", "start", "v_3403-01", "10")),
    ("start alone", {"text": "/start"}, TextSent("/start", "start", "", "10")),
    ("capitals, suffix, spaces", {"text": "/HELP@Any_Bot   me "}, TextSent("/HELP@Any_Bot   me ", "help", "me", "10")),
    ("command, then a line", {"text": "/case\nK7"}, TextSent("/case\nK7", "case", "", "10")),
    ("only first line", {"text": "/case K7\nmore"}, TextSent("/case K7\nmore", "case", "K7", "10")),
    ("slash of another kind", {"text": "/ไทย"}, TextSent("/ไทย", message_id="10")),
    ("path", {"text": "/home/x"}, TextSent("/home/x", message_id="10")),
    ("location", {"location": {"latitude": 14.5, "longitude": 104}}, LocationShared(14.5, 104.0)),
    (
        "first point of a live location",
        {"location": {"latitude": 14.5, "longitude": 104.5, "live_period": 900}},
        LocationShared(14.5, 104.5),
    ),
    (
        "venue",
        {
            "location": {"latitude": 1.0, "longitude": 2.0},
            "venue": {"location": {"latitude": 1.0, "longitude": 2.0}, "title": "Wat", "address": "x"},
        },
        LocationShared(1.0, 2.0, "Wat"),
    ),
    ("impossible place", {"location": {"latitude": 140.5, "longitude": 104}}, OtherSent()),
    ("largest photo", {"photo": PHOTO, "caption": "road"}, media("photo", caption="road", size=184233)),
    ("photo beside an empty text", {"photo": PHOTO, "text": ""}, media("photo", size=184233)),
    ("album", {"photo": PHOTO, "media_group_id": "77"}, media("photo", album="77", size=184233)),
    ("live photo", {"photo": PHOTO, "live_photo": {**FILE, "photo": PHOTO}}, media("photo", size=184233)),
    ("live photo alone", {"live_photo": {**FILE, "photo": PHOTO}}, media("photo", size=184233)),
    ("video", {"video": FILE}, media("video")),
    ("round video", {"video_note": FILE}, media("video")),
    ("animation", {"animation": FILE, "document": FILE}, media("video")),
    ("voice", {"voice": FILE}, media("voice")),
    ("audio", {"audio": FILE}, media("voice")),
    ("image file", {"document": document("image/png")}, media("photo")),
    ("image file that cannot be shown", {"document": document("image/heic")}, media("file")),
    ("file", {"document": document("application/pdf")}, media("file")),
    ("largest allowed", {"video": {**FILE, "file_size": 20 << 20}}, media("video", size=20 << 20)),
    ("too big", {"video": {**FILE, "file_size": (20 << 20) + 1}}, media("video", size=(20 << 20) + 1, too_big=True)),
    ("sticker", {"sticker": {"file_id": "s"}}, OtherSent("sticker")),
    ("contact", {"contact": {"phone_number": "1"}}, OtherSent("contact")),
    ("poll", {"poll": {"id": "1"}}, OtherSent()),
    ("a kind of tomorrow", {"hologram": {"file_id": "h"}}, OtherSent()),
]


@pytest.mark.parametrize(("content", "event"), [row[1:] for row in PRIVATE], ids=[row[0] for row in PRIVATE])
def test_private_message(content: dict[str, Any], event: Event) -> None:
    """Everything that a person can send in private is understood, and nothing tells who it was."""
    found = parsed(private(**content))
    assert found.happening is not None
    assert found.happening.event == event
    assert found.happening.language_hint == "lo"
    assert found.actor_id == ""
    assert "Somchai" not in repr(found)


SILENT: list[tuple[str, dict[str, Any]]] = [
    ("pinned", private(pinned_message=CARD)),
    ("timer of the chat", private(message_auto_delete_timer_changed={})),
    ("topic made", in_group(forum_topic_created={"name": "x"}, message_thread_id=77)),
    ("chatter", in_group(text="lunch?")),
    ("chatter with a picture", in_group(photo=PHOTO)),
    ("reply to a person", in_group(text="yes", reply_to_message={**CARD, "from": OFFICER})),
    ("reply to another bot", in_group(text="yes", reply_to_message={**CARD, "from": {**BOT, "id": 9}})),
    ("reply to a person with the bot's id", in_group(text="y", reply_to_message={"from": {"id": BOT_ID}})),
    ("sticker under a card", in_group(sticker={}, reply_to_message=CARD)),
    ("unknown kind under a card", in_group(hologram={}, reply_to_message=CARD)),
    (
        "another bot's command",
        {**in_group(text="/open"), "message": {**in_group(text="/open")["message"], "from": BOT}},
    ),
    ("post of the linked channel", in_group(text="/open", is_automatic_forward=True, sender_chat={"id": -5})),
    ("bot added, as a message", in_group(new_chat_members=[BOT])),
    ("bot removed, as a message", in_group(left_chat_member=BOT)),
    ("supergroup's first message", in_group(migrate_from_chat_id=-4)),
    ("promoted", membership(GROUP_CHAT, "member", "administrator")),
    ("unbanned", membership(GROUP_CHAT, "kicked", "left")),
    ("added to a channel", membership({"id": -1009, "type": "channel"}, "left", "administrator")),
    ("added to a forum", membership({**GROUP_CHAT, "is_forum": True}, "left", "member")),
    ("live location moves", {"update_id": 1, "edited_message": private(location={})["message"]}),
    ("edit in a group", {"update_id": 1, "edited_message": in_group(text="x", reply_to_message=CARD)["message"]}),
]


@pytest.mark.parametrize("update", [row[1] for row in SILENT], ids=[row[0] for row in SILENT])
def test_nothing_for_us(update: dict[str, Any]) -> None:
    """Chatter, service messages and changes that mean nothing are neither wanted nor events."""
    assert parsed(update).happening is None
    assert not Parser(BOT_ID).wanted(event_of(update))


def test_media_source() -> None:
    """What is needed to fetch a file is kept; its name is not, and what Telegram will not hand out has no source."""
    source = parsed(private(document=document("application/pdf"))).media[0]
    assert (source.media_id, source.kind) == ("m", "file")
    assert source.reference == {"file_id": "f", "mime": "application/pdf", "size": 7}
    assert parsed(private(photo=PHOTO)).media[0].reference["file_id"] == "big"
    assert parsed(private(video={**FILE, "file_size": 21 << 20})).media == ()


def test_private_reply_names_the_message() -> None:
    """A reply in private says which message it answers."""
    happening = parsed(private(text="yes", reply_to_message=CARD)).happening
    assert happening is not None
    assert happening.reply_to == "501"


def test_edit() -> None:
    """New words of an earlier message come with its id."""
    happening = parsed({"update_id": 1, "edited_message": private(text="new")["message"]}).happening
    assert happening is not None
    assert happening.event == Edited("10", "new")


REPLIES: list[dict[str, Any]] = [
    {"text": "on my way"},
    {"photo": PHOTO, "caption": "there"},
    {"location": {"latitude": 1, "longitude": 2}},
]


@pytest.mark.parametrize("content", REPLIES)
def test_group_reply(content: dict[str, Any]) -> None:
    """A reply to the bot's message counts, with the officer's name and the id of the message."""
    found = parsed(in_group(**content, reply_to_message=CARD))
    assert found.happening is not None
    assert (found.happening.reply_to, found.happening.actor.name) == ("501", "Mali Dee")
    assert found.happening.actor.key == ""
    assert found.happening.language_hint == ""
    assert found.actor_id == "700000002"


def test_group_command_for_another_bot() -> None:
    """With the bot's name known, commands for another bot are left to it; without it, every command counts."""
    assert parsed(in_group(text="/open@other_bot")).happening is not None
    assert parsed(in_group(text="/open@other_bot"), "report_bot").happening is None
    assert parsed(in_group(text="/open@Report_Bot"), "report_bot").happening is not None
    assert parsed(in_group(text="/open"), "report_bot").happening is not None


def test_anonymous_administrator() -> None:
    """An anonymous administrator is told apart and named by the custom title alone."""
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    message = in_group(text="ok", sender_chat=GROUP_CHAT, author_signature="Deputy", reply_to_message=CARD)
    message["message"]["from"] = anonymous
    found = parsed(message)
    assert found.happening is not None
    assert (found.happening.actor.name, found.actor_id) == ("Deputy", f"{GROUP}/Deputy")
    del message["message"]["author_signature"]
    found = parsed(message)
    assert found.happening is not None
    assert found.happening.actor.name == ""


def test_somebody_who_writes_as_a_channel() -> None:
    """Who writes as a channel has the channel's title."""
    message = in_group(text="/open", sender_chat={"id": -1005, "title": "Customs"})
    message["message"]["from"] = {"id": 136817688, "is_bot": True, "first_name": "Channel"}
    found = parsed(message)
    assert found.happening is not None
    assert found.happening.actor.name == "Customs"


MEMBERSHIPS: list[tuple[dict[str, Any], Any, Any, Event]] = [
    (PRIVATE_CHAT, "member", "kicked", Left()),
    (PRIVATE_CHAT, "kicked", "member", Joined()),
    (GROUP_CHAT, "left", "member", Joined()),
    (GROUP_CHAT, "kicked", "administrator", Joined()),
    (GROUP_CHAT, "left", {"status": "restricted", "is_member": True}, Joined()),
    (GROUP_CHAT, "administrator", "left", Left()),
    (GROUP_CHAT, {"status": "restricted", "is_member": True}, "kicked", Left()),
    (GROUP_CHAT, "member", {"status": "restricted", "is_member": False}, Left()),
]


@pytest.mark.parametrize(("chat", "was", "now", "event"), MEMBERSHIPS)
def test_membership(chat: dict[str, Any], was: Any, now: Any, event: Event) -> None:
    """Blocked and unblocked, added and removed; in private without a name."""
    happening = parsed(membership(chat, was, now)).happening
    assert happening is not None
    assert happening.event == event
    assert happening.actor.name == ("" if chat is PRIVATE_CHAT else "Mali Dee")


def test_migration() -> None:
    """A group that became a supergroup names its new address."""
    happening = parsed(in_group(migrate_to_chat_id=-100999)).happening
    assert happening is not None
    assert happening.event == Migrated("-100999")


@pytest.mark.parametrize("chat", [PRIVATE_CHAT, GROUP_CHAT])
def test_tap(chat: dict[str, Any]) -> None:
    """A tapped button gives its value and the message under which it stands, also when that is inaccessible."""
    message = {"message_id": 12, "date": 0, "chat": chat}
    happening = parsed(
        {"update_id": 1, "callback_query": {"id": "q", "from": SOMCHAI, "data": "r:1", "message": message}}
    )
    assert happening.happening is not None
    assert happening.happening.event == ChoicePicked("r:1")
    assert happening.happening.reply_to == "12"
    assert happening.happening.actor.name == ("Somchai" if chat is GROUP_CHAT else "")


@pytest.mark.parametrize(
    ("content", "address"),
    [
        ({}, f"{GROUP}"),
        ({"message_thread_id": 77, "is_topic_message": True}, f"{GROUP}#77"),
        ({"message_thread_id": 501}, f"{GROUP}"),  # a chain of replies outside forums has a thread id too
    ],
)
def test_address(content: dict[str, Any], address: str) -> None:
    """A topic is a chat of its own; the general chat and plain groups have the plain id."""
    raw = event_of(in_group(text="/open", **content))
    assert (raw.address, raw.group, raw.event_id) == (address, True, "2")


def test_private_address() -> None:
    """A private chat's address is its id, in topics too."""
    raw = event_of(private(text="x", message_thread_id=5, is_topic_message=True))
    assert (raw.address, raw.group) == (str(PERSON), False)


SAMPLES: list[Path] = sorted((SHARED / "samples" / "telegram").glob("*.json")) if SHARED else []


@needs_shared
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_samples(sample: Path) -> None:
    """Every sample is either an event or knowingly none, and private ones hold no name."""
    update = json.loads(sample.read_text("utf-8"))
    raw = raw_event(update)
    if raw is None:
        assert sample.stem == "message_reaction_group"
        return
    found = Parser(BOT_ID, "report_bot").parse(raw, lambda: "m")
    silent = {
        "forum_topic_created", "group_external_reply_from_other_topic", "group_left_chat_member_bot",
        "group_migrate_from", "group_new_chat_members_bot", "my_chat_member_promoted", "private_live_location_move",
    }  # fmt: skip
    assert (found.happening is None) == (sample.stem in silent)
    assert "สมชาย" not in repr(found)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
WHOLE = [row[1] for row in SILENT] + [private(**row[1]) for row in PRIVATE] + [
    membership(GROUP_CHAT, "left", "member"),
    in_group(text="/open", reply_to_message=CARD, sender_chat=GROUP_CHAT, author_signature="x"),
    {"update_id": 1, "callback_query": {"id": "q", "from": SOMCHAI, "data": "r:1", "message": CARD | {"chat": GROUP_CHAT}}},
]  # fmt: skip


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where in the JSON something stands."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(path for name, item in inner for path in paths(item, (*here, name)))]


@given(st.data())
def test_mutilated_updates(data: st.DataObject) -> None:
    """Whatever is broken in an update, nothing raises."""
    update = copy.deepcopy(data.draw(st.sampled_from(WHOLE)))
    for _ in range(data.draw(st.integers(1, 4))):
        *way, last = data.draw(st.sampled_from(paths(update)[1:])) if update else ("update_id",)
        target = update
        for step in way:
            target = target[step]
        if data.draw(st.booleans()) and isinstance(target, dict):
            target.pop(last, None)
        else:
            target[last] = data.draw(JSON)
    raw = raw_event(update)
    if raw:
        Parser(BOT_ID).parse(raw, lambda: "m")
