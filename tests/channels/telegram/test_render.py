"""Messages in one language, as they go out: the exact requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Deliverable, Envelope, Payload, Shown, ShownCard, ShownChoice, ShownLink
from bot.channels.telegram.address import Address
from bot.channels.telegram.dispatch import PHOTO_LIMIT, Request, request
from bot.channels.telegram.render import pack
from bot.channels.telegram.split import TEXT_LIMIT, shorten, split
from handlers.messages import Attachment, AttachmentKind
from tests.channels.telegram.updates import GROUP, PERSON
from tests.fakes.telegram import CONTRACT

PREVIEW = {"link_preview_options": {"is_disabled": True}}
GONE = {"reply_markup": {"remove_keyboard": True}}
CARD = ShownCard("K7-42", urgent=True, rows=(("What", "drugs"), ("", "12 km")), footer=("now",))


def deliverable(media_id: str, kind: str, mime: str, size: int = 3) -> Deliverable:
    """Stored media of `size` bytes."""

    async def read() -> bytes:
        return b"x" * size

    return Deliverable(media_id, kind, mime, read, duration_ms=1200 if kind in ("voice", "video") else 0)


def envelope(address: str = str(PERSON), card_id: str = "", *media: Deliverable) -> Envelope:
    """What is known when it is sent."""
    return Envelope(address, "key", media={m.media_id: m for m in media}, card_id=card_id)


async def requests(*shown: Shown, to: Envelope | None = None) -> list[Request]:
    """The requests that these messages make; each is checked against the Bot API's tables."""
    to = to or envelope()
    address = Address.read(to.address)
    assert address is not None
    made = [await request(Payload.from_data(p.to_data()), to, address) for p in pack(shown)]
    found = [r for r in made if r]
    for one in found:
        uploads = {} if one.method == "sendMediaGroup" else {u.field: "upload" for u in one.uploads}
        if CONTRACT:
            assert CONTRACT.telegram_request(one.method, {**one.params, **uploads}) == []
    return found


def buttons(shown: Request) -> Any:
    """The rows of labels of a request's keyboard."""
    markup = shown.params["reply_markup"]
    rows = markup.get("inline_keyboard") or markup["keyboard"]
    return [[button["text"] for button in row] for row in rows]


async def test_plain_text() -> None:
    """Words go as they are, without markup or previews, and take an earlier keyboard away."""
    (sent,) = await requests(Shown("*hello* <b>&lt; @you\n"))
    assert sent.method == "sendMessage"
    assert sent.params == {"chat_id": PERSON, "text": "*hello* <b>&lt; @you", **PREVIEW, **GONE}


async def test_choices() -> None:
    """Short choices stand two in a row, wide and long ones alone; the camera has no button here."""
    labels = [("a", "🚗 One", False), ("b", "🚗 Two", False), ("c", "🚗 Three", True), ("d", "🚗 Four", False)]
    choices = [ShownChoice(value, label, wide=wide) for value, label, wide in labels]
    choices += [ShownChoice("e", "🚗 a rather long label", wide=False), ShownChoice("", "📷 Camera", asks="camera")]
    (sent,) = await requests(Shown("Which?", choices=tuple(choices)))
    assert buttons(sent) == [["🚗 One", "🚗 Two"], ["🚗 Three"], ["🚗 Four"], ["🚗 a rather long label"]]
    assert sent.params["reply_markup"]["inline_keyboard"][0][0] == {"text": "🚗 One", "callback_data": "a"}


async def test_location() -> None:
    """A question for a location shows all its choices as keys, the location first."""
    choices = (ShownChoice("l", "📋 List"), ShownChoice("", "📍 Here", asks="location"), ShownChoice("b", "⬅️ Back"))
    links = (ShownLink("Map", "https://maps.example/x"),)
    (sent,) = await requests(Shown("Where?", choices=choices, links=links))
    assert sent.params["text"] == "Where?\n\nMap: https://maps.example/x"
    assert sent.params["reply_markup"] == {
        "keyboard": [[{"text": "📍 Here", "request_location": True}], [{"text": "📋 List"}, {"text": "⬅️ Back"}]],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }


async def test_links() -> None:
    """Links are buttons where Telegram takes them, else lines of the text."""
    links = (ShownLink("🗺 Map", "https://maps.example/x"), ShownLink("📞 Police", "tel:191"))
    (sent,) = await requests(Shown("Help", links=links))
    assert sent.params["text"] == "Help\n\n📞 Police: 191"
    assert sent.params["reply_markup"] == {"inline_keyboard": [[{"text": "🗺 Map", "url": "https://maps.example/x"}]]}


async def test_card() -> None:
    """A card is printed line by line with its buttons, and can be edited later: no other keyboard is set."""
    (sent,) = await requests(
        Shown("alt", card=CARD, choices=(ShownChoice("g:claim:K7", "✋ Mine"),), about="K7", purpose="card"),
        to=envelope(str(GROUP)),
    )
    assert sent.params["text"] == "K7-42\n\nWhat: drugs\n12 km\n\nnow"
    (bare,) = await requests(Shown("alt", card=CARD, about="K7"))
    assert "reply_markup" not in bare.params


async def test_long_card() -> None:
    """The buttons of a card too long for one message stay on its first piece, the only one that counts as the card."""
    card = ShownCard("K7", urgent=False, rows=(("Words", "long " * 1500),))
    first, second = pack([Shown("alt", card=card, choices=(ShownChoice("g", "Go"),), about="K7", purpose="card")])
    assert (first.purpose, second.purpose, second.under) == ("card", "", "K7")
    assert "reply_markup" in first.body["params"]
    assert "reply_markup" not in second.body["params"]


async def test_redraw() -> None:
    """A card is edited where its message is known; elsewhere its replacement words are sent, or nothing."""
    shown = Shown("alt", card=CARD, choices=(ShownChoice("g", "Go"),), about="K7", replace="K7", instead="taken")
    (edit,) = await requests(shown, to=envelope(str(GROUP), "501"))
    assert edit.method == "editMessageText"
    assert edit.params == {
        "chat_id": GROUP,
        "message_id": 501,
        "text": "K7-42\n\nWhat: drugs\n12 km\n\nnow",
        **PREVIEW,
        "reply_markup": {"inline_keyboard": [[{"text": "Go", "callback_data": "g"}]]},
    }
    (instead,) = await requests(shown, to=envelope(f"{GROUP}#77"))
    assert (instead.method, instead.params) == (
        "sendMessage",
        {"chat_id": GROUP, "message_thread_id": 77, "text": "taken", **PREVIEW},
    )
    assert await requests(Shown("alt", card=CARD, replace="K7"), to=envelope(str(GROUP))) == []


async def test_under() -> None:
    """A message hangs under its card, and goes out even if that was deleted."""
    (sent,) = await requests(Shown("more", under="K7"), to=envelope(str(GROUP), "501"))
    assert sent.params["reply_parameters"] == {"message_id": 501, "allow_sending_without_reply": True}
    (alone,) = await requests(Shown("more", under="K7"), to=envelope(str(GROUP)))
    assert "reply_parameters" not in alone.params


async def test_reply_box() -> None:
    """A question that wants a reply opens the reply box; in a group only for whom it concerns."""
    (private,) = await requests(Shown("Your words?", reply_box=True))
    assert private.params["reply_markup"] == {"force_reply": True}
    (group,) = await requests(Shown("Your words?", reply_box=True), to=envelope(str(GROUP)))
    assert group.params["reply_markup"] == {"force_reply": True, "selective": True}


async def test_groups_have_no_keys() -> None:
    """In a group neither a location is asked for (Telegram would refuse) nor a keyboard taken away."""
    (asked,) = await requests(
        Shown("Where?", choices=(ShownChoice("", "📍 Here", asks="location"),)), to=envelope(str(GROUP))
    )
    (plain,) = await requests(Shown("Fine"), to=envelope(str(GROUP)))
    assert "reply_markup" not in asked.params
    assert "reply_markup" not in plain.params


async def test_topic() -> None:
    """Everything for a topic goes into that topic."""
    (sent,) = await requests(Shown("Fine"), to=envelope(f"{GROUP}#77"))
    assert (sent.params["chat_id"], sent.params["message_thread_id"]) == (GROUP, 77)


SINGLE: list[tuple[AttachmentKind, str, str, str]] = [
    ("photo", "image/jpeg", "sendPhoto", "photo"),
    ("video", "video/mp4", "sendVideo", "video"),
    ("voice", "audio/mp4", "sendVoice", "voice"),
    ("voice", "audio/amr", "sendDocument", "document"),
    ("video", "video/quicktime", "sendDocument", "document"),
    ("file", "application/pdf", "sendDocument", "document"),
]


@pytest.mark.parametrize(("kind", "mime", "method", "field"), SINGLE)
async def test_one_attachment(kind: AttachmentKind, mime: str, method: str, field: str) -> None:
    """One attachment is sent as what Telegram can show of it, under its card."""
    shown = Shown("alt", card=CARD, about="K7", attachments=(Attachment("m", kind),))
    _, sent = await requests(shown, to=envelope(str(GROUP), "501", deliverable("m", kind, mime)))
    assert (sent.method, [u.field for u in sent.uploads]) == (method, [field])
    assert sent.params["reply_parameters"]["message_id"] == 501
    assert sent.params.get("duration") == (2 if method in ("sendVideo", "sendVoice") else None)


async def test_huge_photo() -> None:
    """A photo above Telegram's limit for photos goes as a file."""
    shown = Shown("", attachments=(Attachment("m", "photo"),))
    (sent,) = await requests(
        shown, to=envelope(str(GROUP), "", deliverable("m", "photo", "image/png", PHOTO_LIMIT + 1))
    )
    assert sent.method == "sendDocument"


@pytest.mark.parametrize(("count", "sizes"), [(2, [2]), (10, [10]), (11, [5, 6]), (21, [7, 7, 7])])
async def test_album(count: int, sizes: Sequence[int]) -> None:
    """Several pictures make albums of two to ten."""
    names = [f"m{i}" for i in range(count)]
    shown = Shown("", attachments=tuple(Attachment(n, "photo") for n in names))
    sent = await requests(shown, to=envelope(str(GROUP), "", *(deliverable(n, "photo", "image/jpeg") for n in names)))
    assert [len(r.params["media"]) for r in sent] == list(sizes)
    assert {r.method for r in sent} == {"sendMediaGroup"}
    assert sent[0].params["media"][0] == {"type": "photo", "media": "attach://file1"}
    assert [r.weight for r in sent] == list(sizes)


async def test_mixed_album() -> None:
    """An item that cannot be shown turns the album into documents; a missing one leaves the rest."""
    shown = Shown("", attachments=(Attachment("a", "photo"), Attachment("b", "video"), Attachment("c", "photo")))
    here = (deliverable("a", "photo", "image/jpeg"), deliverable("b", "video", "video/x-matroska"))
    (album,) = await requests(shown, to=envelope(str(GROUP), "", *here))
    assert [item["type"] for item in album.params["media"]] == ["document", "document"]
    (alone,) = await requests(shown, to=envelope(str(GROUP), "", here[0]))
    assert alone.method == "sendPhoto"
    assert await requests(shown, to=envelope(str(GROUP))) == []


async def test_attachment_order() -> None:
    """Words first, then pictures, then voice notes and files one by one; all belong to the case."""
    kinds: list[AttachmentKind] = ["voice", "photo", "file"]
    shown = Shown("alt", card=CARD, about="K7", purpose="card", attachments=tuple(Attachment(k, k) for k in kinds))
    packed = pack([shown])
    assert [p.media for p in packed] == [(), ("photo",), ("voice",), ("file",)]
    assert [(p.about, p.purpose) for p in packed] == [("K7", "card"), *[("K7", "")] * 3]


async def test_nothing_to_say() -> None:
    """No words and no choices make no call; choices without words get a pointing hand, which Telegram insists on."""
    assert pack([Shown(" \n")]) == ()
    (sent,) = await requests(Shown("", choices=(ShownChoice("a", "A"),)))
    assert sent.params["text"] == "👇"


@pytest.mark.parametrize("value", ["ก" * 40, "x" * 200, ""])
async def test_values_too_long(value: str) -> None:
    """A value beyond 64 bytes is cut rather than the message refused."""
    (sent,) = await requests(Shown("Q", choices=(ShownChoice(value, "A"),)))
    assert 1 <= len(sent.params["reply_markup"]["inline_keyboard"][0][0]["callback_data"].encode()) <= 64


async def test_long_text() -> None:
    """A long text is cut between paragraphs, with the buttons under its last piece."""
    paragraphs = ["ก" * 1500, "ข" * 1500, "ค" * 1500]
    first, last = await requests(Shown("\n\n".join(paragraphs), choices=(ShownChoice("a", "A"),)))
    assert first.params["text"] == "\n\n".join(paragraphs[:2])
    assert last.params["text"] == paragraphs[2]
    assert "reply_markup" not in first.params
    assert "reply_markup" in last.params


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", ()),
        ("😀" * TEXT_LIMIT, ("😀" * TEXT_LIMIT,)),
        ("a" * TEXT_LIMIT + "b", ("a" * TEXT_LIMIT, "b")),
        ("a" * 4000 + " " + "b" * 200, ("a" * 4000, "b" * 200)),
        ("a" * (TEXT_LIMIT - 1) + "ก\u0e34x", ("a" * (TEXT_LIMIT - 1), "ก\u0e34x")),
    ],
    ids=["empty", "code points", "hard cut", "between words", "not before a vowel sign"],
)
def test_split(text: str, pieces: tuple[str, ...]) -> None:
    """Cuts count code points and keep what belongs together."""
    assert split(text) == pieces


@given(st.text(st.sampled_from("ab \n\u200b\u200dก\u0e34😀"), max_size=200), st.integers(4, 40))
def test_split_loses_nothing(text: str, limit: int) -> None:
    """Whatever the text, every piece fits and only blanks are lost."""
    pieces = split(text, limit)
    assert all(0 < len(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert len(shorten(text, limit)) <= limit
