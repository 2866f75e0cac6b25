"""What the page posts."""

from pathlib import Path
from typing import Any

import pytest

from bot.channels.playground.channel import PlaygroundChannel
from bot.channels.playground.doings import LONGEST_TEXT, BadDoing, act, number, send_file
from bot.channels.playground.phones import Phones
from handlers.events import ChoicePicked, Event, Joined, LocationShared, MediaSent, OtherSent, TextSent
from tests.fixed import FixedClock


@pytest.fixture
def phones(tmp_path: Path, clock: FixedClock) -> Phones:
    """A villager with each look, and a group."""
    made = Phones(tmp_path, clock)
    made.add_phone("villager", "line", language="lo")
    made.add_phone("villager", "telegram", language="km")
    made.add_phone("group", "telegram", centre="3403")
    return made


def channel(phones: Phones) -> PlaygroundChannel:
    """The channel over these phones."""
    return PlaygroundChannel(phones, lambda language: "drill")


@pytest.mark.parametrize(
    ("doing", "event", "shown"),
    [
        ({"do": "text", "text": "/case AB C"}, TextSent("/case AB C", "case", "AB C", "4"), {"text": "/case AB C"}),
        ({"do": "text", "text": " boats\n"}, TextSent(" boats\n", message_id="4"), {"text": " boats\n"}),
        ({"do": "tap", "value": "r:x", "label": "Yes"}, ChoicePicked("r:x"), {"text": "Yes"}),
        (
            {"do": "location", "latitude": 15.3, "longitude": 105},
            LocationShared(15.3, 105.0),
            {"location": [15.3, 105.0]},
        ),
        ({"do": "sticker"}, OtherSent("sticker"), {"sticker": True}),
        ({"do": "join"}, Joined(), {"text": "/start"}),
    ],
)
def test_doings_become_events(phones: Phones, doing: dict[str, Any], event: Event, shown: dict[str, Any]) -> None:
    """Each doing is shown on its phone, and is the event that a platform would have brought."""
    raw = act(phones, {"chat": "villager-1", **doing})
    happening = channel(phones).parse(raw, lambda: "id").happening
    assert happening and happening.event == event and happening.actor.name == ""
    bubble = phones.entries[-1]
    assert bubble["from"] == "me" and bubble["number"] == 4 and shown.items() <= bubble.items()


def test_who_acts_in_a_group(phones: Phones) -> None:
    """In a group the officer's name goes along, and the message that is replied to; a villager has no name."""
    raw = act(phones, {"chat": "group-3403", "do": "text", "text": "seen", "as": "Anan", "reply_to": 2})
    happening = channel(phones).parse(raw, lambda: "id").happening
    assert raw.group and happening and (happening.actor.name, happening.reply_to) == ("Anan", "2")


def test_only_telegram_tells_a_phones_language(phones: Phones) -> None:
    """The language that a phone is set to is known on Telegram alone."""
    hints = [
        parsed.language_hint
        for chat in ("villager-1", "villager-2")
        if (parsed := channel(phones).parse(act(phones, {"chat": chat, "do": "join"}), lambda: "id").happening)
    ]
    assert hints == ["", "km"]


def test_files(phones: Phones) -> None:
    """A photo is kept, shown on its phone, and fetched by its name; a file without a preview is kept all the same."""
    doing = {"chat": "villager-1", "kind": "photo", "caption": "a boat", "album": "7", "of": "2"}
    raw = send_file(phones, doing, "one", "image/jpeg", b"jpeg")
    parsed = channel(phones).parse(raw, lambda: "id")
    assert parsed.happening and parsed.happening.event == MediaSent(
        "id", "photo", "a boat", album="7", album_total=2, message_id="4"
    )
    assert phones.read(str(parsed.media[0].reference["file"])) == b"jpeg"
    html = send_file(phones, {"chat": "villager-1", "kind": "file"}, "two", "text/html", b"<script>")
    assert phones.read(html.body["file"]) == b"<script>"
    assert [e["files"] for e in phones.entries[-2:]] == [
        [{"kind": "photo", "url": "/api/media/one.jpg"}],
        [{"kind": "file", "url": ""}],
    ]


def test_too_big_a_file(phones: Phones) -> None:
    """A file that a platform would not hand out arrives as such."""
    raw = send_file(phones, {"chat": "villager-1", "kind": "video", "too_big": "1"}, "one", "video/mp4", b"")
    happening = channel(phones).parse(raw, lambda: "id").happening
    assert happening and isinstance(happening.event, MediaSent) and happening.event.too_big


@pytest.mark.parametrize(
    "doing",
    [
        {},
        {"chat": "villager-9", "do": "join"},
        {"chat": ["villager-1"], "do": "join"},
        {"chat": "villager-1"},
        {"chat": "villager-1", "do": "explode"},
        {"chat": "villager-1", "do": "text"},
        {"chat": "villager-1", "do": "text", "text": 5},
        {"chat": "villager-1", "do": "text", "text": "  \n"},
        {"chat": "villager-1", "do": "text", "text": "x" * (LONGEST_TEXT + 1)},
        {"chat": "villager-1", "do": "text", "text": "x", "reply_to": "9"},
        {"chat": "villager-1", "do": "text", "text": "x", "reply_to": True},
        {"chat": "villager-1", "do": "tap", "value": "x" * 65, "label": "x"},
        {"chat": "villager-1", "do": "location", "latitude": 91, "longitude": 0},
        {"chat": "villager-1", "do": "location", "latitude": float("nan"), "longitude": 0},
        {"chat": "villager-1", "do": "location", "latitude": "15", "longitude": 105},
        {"chat": "villager-1", "do": "location", "latitude": True, "longitude": 105},
        {"chat": "group-3403", "do": "text", "text": "no name"},
    ],
)
def test_what_cannot_be_done(phones: Phones, doing: dict[str, Any]) -> None:
    """What a page could make up is refused with a reason, and shown nowhere."""
    before = len(phones.entries)
    with pytest.raises(BadDoing):
        act(phones, doing)
    assert len(phones.entries) == before


@pytest.mark.parametrize(("words", "value"), [("12", 12), ("", 0), ("-1", 0), ("²", 0), ("9" * 5000, 0)])
def test_numbers_in_an_address(words: str, value: int) -> None:
    """What is no number of ours is none."""
    assert number(words) == value


def test_no_file(phones: Phones) -> None:
    """An empty file, or one of no kind, is refused."""
    for doing in ({"kind": "photo"}, {"kind": "hat"}):
        with pytest.raises(BadDoing):
            send_file(
                phones, {"chat": "villager-1", **doing}, "one", "image/jpeg", b"" if doing["kind"] == "photo" else b"x"
            )
