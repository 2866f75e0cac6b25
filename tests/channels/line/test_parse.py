"""What each event means: payload in, happening out."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.base import MediaSource, Parsed
from bot.channels.line.parse import parse, wanted
from handlers.events import (
    ChoicePicked,
    Edited,
    Event,
    Joined,
    Left,
    LocationShared,
    MediaSent,
    OtherSent,
    TextSent,
    Unsent,
)
from tests.channels.line.samples import GROUP, OFFICER, event, ids, message

LINE_CONTENT = {"type": "line"}
MENTION = {"mentionees": [{"index": 0, "length": 4, "type": "user", "isSelf": True}]}


def read(given: dict[str, Any], group: bool = False) -> Parsed:
    """The event, parsed."""
    return parse(given, group, ids())


PRIVATE: list[tuple[dict[str, Any], Event]] = [
    (message("text", text="น้ำท่วม 😟"), TextSent("น้ำท่วม 😟", message_id="575")),
    (message("text", text="/Report"), TextSent("/Report", "report", "", "575")),
    (message("text", text="/link ABC  D\nmore"), TextSent("/link ABC  D\nmore", "link", "ABC  D", "575")),
    (message("text", text="/help@bot now"), TextSent("/help@bot now", "help", "now", "575")),
    (message("text", text="/ช่วย"), TextSent("/ช่วย", "ช่วย", "", "575")),
    (message("text", text="/"), TextSent("/", message_id="575")),
    (message("text", text="1/2"), TextSent("1/2", message_id="575")),
    (event("postback", postback={"data": "r:a:kind:1"}), ChoicePicked("r:a:kind:1")),
    (event("postback", postback={"data": "r:a", "params": {"datetime": "2026-11-21T14:05"}}), ChoicePicked("r:a")),
    (event("postback", postback={"data": "/report"}), TextSent("/report", "report")),
    (
        message("location", latitude=14.65, longitude=104.64, title="วัด", address="x"),
        LocationShared(14.65, 104.64, "วัด"),
    ),
    (message("location", latitude=14, longitude=104, address="ถนน"), LocationShared(14.0, 104.0, "ถนน")),
    (message("location", latitude=140, longitude=104), OtherSent()),
    (message("location", latitude="14", longitude=104), OtherSent()),
    (message("image", contentProvider=LINE_CONTENT), MediaSent("m1", "photo", message_id="575")),
    (
        message("image", contentProvider=LINE_CONTENT, imageSet={"id": "S", "index": 2, "total": 3}),
        MediaSent("m1", "photo", album="S", album_total=3, message_id="575"),
    ),
    (
        message("image", contentProvider=LINE_CONTENT, imageSet={"id": "S"}),
        MediaSent("m1", "photo", album="S", message_id="575"),
    ),
    (message("video", contentProvider=LINE_CONTENT, duration=6), MediaSent("m1", "video", message_id="575")),
    (message("audio", contentProvider=LINE_CONTENT, duration=6), MediaSent("m1", "voice", message_id="575")),
    (message("audio", contentProvider={"type": "external", "originalContentUrl": "https://x"}), OtherSent()),
    (message("file", fileName="แผนที่.pdf", fileSize=9), MediaSent("m1", "file", size=9, message_id="575")),
    (message("file", fileName="IMG.JPG", fileSize=9), MediaSent("m1", "photo", size=9, message_id="575")),
    (message("file", fileName="x.webp", fileSize=9), MediaSent("m1", "photo", size=9, message_id="575")),
    (message("sticker", packageId="1", stickerId="2"), OtherSent("sticker")),
    (message("hologram"), OtherSent()),
    (event("somethingNew"), OtherSent()),
    (event("follow", follow={"isUnblocked": False}), Joined()),
    (event("follow", follow={"isUnblocked": True}), Joined()),
    (event("unfollow"), Left()),
    (event("unsend", unsend={"messageId": "7"}), Unsent("7")),
    (event("messageEdited", message={"id": "7", "type": "text", "text": "new"}), Edited("7", "new")),
]


@pytest.mark.parametrize(("payload", "expected"), PRIVATE, ids=[f"{n}" for n in range(len(PRIVATE))])
def test_private_chat(payload: dict[str, Any], expected: Event) -> None:
    """Everything that a person sends is an event, and nothing tells who the person is."""
    parsed = read(payload)
    assert parsed.happening is not None
    assert parsed.happening.event == expected
    assert parsed.actor_id == ""
    assert parsed.happening.language_hint == ""


GROUP_CASES: list[tuple[dict[str, Any], Event | None, str]] = [
    (message("text", GROUP, OFFICER, text="/open"), TextSent("/open", "open", "", "575"), ""),
    (
        message("text", GROUP, OFFICER, text="@bot /case K7", mention=MENTION),
        TextSent("/case K7", "case", "K7", "575"),
        "",
    ),
    (
        message("text", GROUP, OFFICER, text="กำลังไป", quotedMessageId="46"),
        TextSent("กำลังไป", message_id="575"),
        "46",
    ),
    (event("postback", GROUP, OFFICER, postback={"data": "g:claim:X"}), ChoicePicked("g:claim:X"), ""),
    (event("join", GROUP), Joined(), ""),
    (event("leave", GROUP), Left(), ""),
    (event("unsend", GROUP, OFFICER, unsend={"messageId": "7"}), Unsent("7"), ""),
    (message("text", GROUP, OFFICER, text="รับทราบ"), None, ""),
    (message("hologram", GROUP, OFFICER), None, ""),
    (event("somethingNew", GROUP), None, ""),
]


@pytest.mark.parametrize(("payload", "expected", "quoted"), GROUP_CASES, ids=[f"{n}" for n in range(len(GROUP_CASES))])
def test_group(payload: dict[str, Any], expected: Event | None, quoted: str) -> None:
    """A group's commands, quotes and buttons come with who acted; its chatter is nothing."""
    parsed = read(payload, group=True)
    if expected is None:
        assert parsed == Parsed(None)
        return
    assert parsed.happening is not None
    assert (parsed.happening.event, parsed.happening.reply_to) == (expected, quoted)
    assert parsed.actor_id == payload["source"].get("userId", "")


def test_media_say_how_to_fetch_them() -> None:
    """A picture's source holds LINE's message id, and neither a file name nor a person."""
    parsed = read(message("file", fileName="passport-somchai.jpg", fileSize=9))
    assert parsed.media == (MediaSource("m1", "photo", {"message_id": "575"}),)


def test_reply_token_is_handed_on() -> None:
    """The token that makes the answer free is kept apart from the event."""
    assert read(message("text", text="a")).reply_token == "token"
    assert read(event("unfollow")).reply_token == ""


def test_mention_counts_utf16_units() -> None:
    """A bot whose name holds an emoji is still cut off whole."""
    mention = {"mentionees": [{"index": 0, "length": 5, "type": "user", "isSelf": True}]}
    parsed = read(message("text", GROUP, OFFICER, text="@b🚨x /open", mention=mention), group=True)
    assert parsed.happening is not None
    assert parsed.happening.event == TextSent("/open", "open", "", "575")


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["type", "id", "userId", "mentionees", "isSelf"]), st.text(max_size=4), max_size=3),
)
WHOLE = [payload for payload, _ in PRIVATE] + [payload for payload, _, _ in GROUP_CASES]


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, item in inner for path in ((*here, key), *paths(item, (*here, key)))]


@settings(max_examples=400)
@given(st.data())
def test_mutilated_events_never_raise(data: st.DataObject) -> None:
    """Whatever stands in whichever field, or is missing, an event is read or is nothing."""
    payload = copy.deepcopy(data.draw(st.sampled_from(WHOLE)))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(paths(payload) or [("type",)]))
        holder: Any = payload
        for key in way:
            holder = holder[key]
        if isinstance(holder, dict) and data.draw(st.booleans()):
            holder.pop(last, None)
        else:
            holder[last] = data.draw(JUNK)
    assert wanted(payload) in (True, False)
    for group in (False, True):
        assert isinstance(parse(payload, group, ids()), Parsed)
