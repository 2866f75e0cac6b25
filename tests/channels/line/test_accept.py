"""The way in: signature, shape of the body, and which events are taken at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import Accepted, Refused
from bot.channels.line.channel import LineChannel
from bot.channels.line.signature import signature
from tests.channels.line.samples import GROUP, OFFICER, PERSON, ROOM, event, ids, message
from tests.shared import SHARED, needs_shared

SECRET = "secret"
CHANNEL = LineChannel(SECRET, "token")
SAMPLES = sorted((SHARED / "samples" / "line").glob("*.json")) if SHARED else []


def accept(*events: Any) -> Accepted:
    """What the channel takes from a webhook with these events."""
    return accept_body(json.dumps({"destination": "U", "events": list(events)}).encode())


def accept_body(body: bytes) -> Accepted:
    """The same for a ready body."""
    return CHANNEL.accept({"x-line-signature": signature(SECRET, body)}, body)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-line-signature": ""},
        {"x-line-signature": signature("other", b'{"events":[]}')},
        {"x-line-signature": signature(SECRET, b'{"events": []}')},
        {"x-line-signature": signature(SECRET, b'{"events":[]}').swapcase()},
        {"x-line-signature": signature(SECRET, b'{"events":[]}') + " "},
        {"x-line-signature": "ลายเซ็น"},
        {"x-telegram-bot-api-secret-token": SECRET},
    ],
    ids=["none", "empty", "other secret", "other bytes", "other case", "padded", "not ascii", "other platform"],
)
def test_wrong_signature_is_401(headers: dict[str, str]) -> None:
    """Whatever is not exactly the signature of these bytes is refused, before anything is read."""
    with pytest.raises(Refused) as refused:
        CHANNEL.accept(headers, b'{"events":[]}')
    assert refused.value.status == 401


def test_no_secret_means_nothing_is_genuine() -> None:
    """A channel without a secret does not take bodies signed with an empty key."""
    with pytest.raises(Refused):
        LineChannel("", "token").accept({"x-line-signature": signature("", b"{}")}, b"{}")


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe", b"[]", b"null", b"{", b"{}", b'{"events":{}}', b'{"events":null}', b'"events"', b"[" * 100_000],
)
def test_body_of_another_shape_is_400(body: bytes) -> None:
    """A signed body that is no LINE webhook is refused as such."""
    with pytest.raises(Refused) as refused:
        accept_body(body)
    assert refused.value.status == 400


def test_ping_is_accepted() -> None:
    """LINE checks the address with an empty list of events."""
    assert accept() == Accepted(())


def test_unreadable_events_leave_their_neighbours_alone() -> None:
    """One strange event in a batch costs nobody else theirs."""
    deep: Any = "x"
    for _ in range(400):
        deep = [deep]
    strange: list[Any] = [None, 7, [], "x", {}, {"type": 3}, {"type": "message"}, event("message", message=deep)]
    sources: list[Any] = [None, [], {}, {"type": "user"}, {"type": "moon"}]
    strange += [{**event("follow"), "source": broken} for broken in sources]
    accepted = accept(message("text", text="a"), *strange, {**event("follow"), "webhookEventId": "2"})
    assert [raw.body["type"] for raw in accepted.events] == ["message", "follow"]


def test_address_is_the_chat() -> None:
    """A person's chat is the person; in a group or room, the group or room is the address."""
    accepted = accept(message("text", text="a"), event("join", GROUP), event("postback", ROOM, OFFICER))
    assert [(raw.address, raw.group) for raw in accepted.events] == [(PERSON, False), (GROUP, True), (ROOM, True)]


def test_event_without_id_gets_a_stable_one() -> None:
    """Without webhookEventId the content decides, so that a redelivery is still the same event."""
    bare = {k: v for k, v in message("text", text="a").items() if k != "webhookEventId"}
    again = {**bare, "deliveryContext": {"isRedelivery": True}}
    other = {**bare, "timestamp": 1}
    first, second, third = (raw.event_id for raw in accept(bare, again, other).events)
    assert first == second != third
    assert accept({**bare, "webhookEventId": 5}).events[0].event_id


MENTION = {"mentionees": [{"index": 0, "length": 4, "type": "user", "isSelf": True}]}
OTHERS = {"mentionees": [{"index": 0, "length": 4, "type": "user", "isSelf": False}]}


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (message("text", GROUP, text="รับทราบ"), False),
        (message("text", GROUP, text="/open"), True),
        (message("text", ROOM, text="/open"), True),
        (message("text", GROUP, text="@bot /open", mention=MENTION), True),
        (message("text", GROUP, text="@bot hello", mention=MENTION), True),
        (message("text", GROUP, text="@joe /open", mention=OTHERS), False),
        (message("text", GROUP, text="กำลังไป", quotedMessageId="1"), True),
        (message("sticker", GROUP, quotedMessageId="1"), False),
        (message("image", GROUP, contentProvider={"type": "line"}), False),
        (message("location", GROUP, latitude=1, longitude=2), False),
        (event("postback", GROUP, postback={"data": "g:claim:X"}), True),
        (event("join", GROUP), True),
        (event("leave", GROUP), True),
        (event("unsend", GROUP, unsend={"messageId": "1"}), True),
        (event("messageEdited", GROUP, message={"id": "1", "type": "text", "text": "/open"}), False),
        (event("memberJoined", GROUP), False),
        (event("somethingNew", GROUP), False),
        (event("somethingNew"), True),
        (event("videoPlayComplete"), False),
        ({**message("text", text="a"), "mode": "standby"}, False),
        ({**message("text", text="a"), "mode": "someday"}, True),
    ],
)
def test_chatter_is_never_stored(given: dict[str, Any], taken: bool) -> None:
    """In a group only what concerns us gets past `accept`; in a private chat everything that a person sends."""
    assert len(accept(given).events) == int(taken)


@needs_shared
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_is_accepted_and_parsed(path: Path) -> None:
    """Every recorded or foreseen webhook goes through without an exception."""
    for raw in accept_body(path.read_bytes()).events:
        parsed = CHANNEL.parse(raw, ids())
        assert parsed.happening is not None
        assert parsed.reply_token or raw.body["type"] in ("unfollow", "unsend", "leave")
