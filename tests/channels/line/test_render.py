"""Shown messages in, exact message objects out, each within LINE's contract."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from bot.channels.base import Deliverable, Payload, Shown, ShownCard, ShownChoice, ShownLink
from bot.channels.line.render import filled, numbered, pack
from handlers.messages import Attachment
from tests.channels.line.samples import GROUP, choices, question
from tests.fakes.line_contract import problems_of
from tests.fakes.line_person import buttons_of, flat_text

Object = dict[str, Any]


async def nothing() -> bytes:
    """LINE never reads bytes."""
    raise AssertionError("LINE takes no uploads")


def stored(media_id: str, kind: str = "photo", mime: str = "image/jpeg", **more: Any) -> Deliverable:
    """Media with addresses."""
    url = f"https://watch.example/media/{media_id}"
    return Deliverable(media_id, kind, mime, nothing, **{"url": url, "preview_url": f"{url}/small", **more})


def sent(messages: Sequence[Shown], *media: Deliverable) -> list[list[Object]]:
    """The message objects of each call, as they would go out; checked against the contract."""
    calls = []
    for payload in pack(messages):
        payload = Payload.from_data(json.loads(json.dumps(payload.to_data())))
        objects = filled(payload.body, {one.media_id: one for one in media})
        if objects:
            assert problems_of("PushMessageRequest", {"to": GROUP, "messages": objects}) == []
            calls.append(objects)
    return calls


def test_plain_text() -> None:
    """Words alone are a text message and nothing else."""
    assert sent([Shown("สวัสดี")]) == [[{"type": "text", "text": "สวัสดี"}]]


def test_question_has_quick_replies_and_numbers() -> None:
    """Answers can be tapped on a phone and typed as numbers everywhere; features of the phone have no number."""
    shown = Shown(
        "Where?",
        choices=(ShownChoice("", "📍 Share", asks="location"), *choices("🗺 List", "↩ Back", prefix="r:d:p:")),
    )
    [[only]] = sent([shown])
    assert only == {
        "type": "text",
        "text": "Where?\n\n1 🗺 List\n2 ↩ Back",
        "quickReply": {
            "items": [
                {"type": "action", "action": {"type": "location", "label": "📍 Share"}},
                {
                    "type": "action",
                    "action": {"type": "postback", "label": "🗺 List", "data": "r:d:p:1", "displayText": "🗺 List"},
                },
                {
                    "type": "action",
                    "action": {"type": "postback", "label": "↩ Back", "data": "r:d:p:2", "displayText": "↩ Back"},
                },
            ]
        },
    }


@pytest.mark.parametrize(("asks", "action"), [("location", "location"), ("camera", "camera"), ("album", "cameraRoll")])
def test_phone_actions(asks: Any, action: str) -> None:
    """What a choice asks of the phone is LINE's own action for it, without data."""
    [[only]] = sent([Shown("Photo?", choices=(ShownChoice("", "📷", asks=asks),))])
    assert only["quickReply"]["items"] == [{"type": "action", "action": {"type": action, "label": "📷"}}]


def test_one_answer_needs_no_number() -> None:
    """A single answer is not listed."""
    assert numbered(question("", "✅ Done")) == ""
    assert sent([question("Go on", "✅ Done")])[0][0]["text"] == "Go on"


def test_numbers_only_where_a_number_picks() -> None:
    """Where a number may itself be the answer, such as a village's, the choices are offered without one."""
    shown = Shown("Which village?", choices=choices("⏭ Skip", "↩ Back"), numbered=False)
    [[only]] = sent([shown])
    assert (only["text"], len(only["quickReply"]["items"])) == ("Which village?", 2)


def test_too_many_choices_are_all_listed() -> None:
    """LINE shows thirteen; the rest can still be typed."""
    [[only]] = sent([question("Which?", *(f"No {n}" for n in range(1, 21)))])
    assert len(only["quickReply"]["items"]) == 13
    assert only["text"].endswith("20 No 20")


@pytest.mark.parametrize(
    "label", ["📍 ส่งตำแหน่งที่ตั้งของฉันให้ศูนย์ทราบ", "📍 ສົ່ງຕຳແໜ່ງຂອງຂ້ອຍໃຫ້ສູນຮູ້ດຽວນີ້ເລີຍ", "📍 ផ្ញើទីតាំងរបស់ខ្ញុំទៅមជ្ឈមណ្ឌលឥឡូវនេះភ្លាមៗ"]
)
def test_long_labels_are_cut_but_said_in_full(label: str) -> None:
    """A label over twenty letters is shortened on the button; the chat shows all of it."""
    [[only]] = sent([question("?", label, "b")])
    action = only["quickReply"]["items"][0]["action"]
    assert action["displayText"] == label
    assert action["label"] != label or len(label) <= 20


def test_a_turn_is_one_call_with_choices_last() -> None:
    """Several messages share one reply, and the open question's choices stand where LINE shows them."""
    [call] = sent([Shown("Hello"), question("What?", "A", "B"), Shown("In danger call 191.")])
    assert [flat_text(m).splitlines()[0] for m in call] == ["Hello", "What?", "In danger call 191."]
    assert [("quickReply" in m) for m in call] == [False, False, True]


def test_six_objects_are_two_calls() -> None:
    """The sixth object begins a new call, and takes the choices with it."""
    first, second = sent([*(Shown(str(n)) for n in range(5)), question("What?", "A", "B")])
    assert (len(first), len(second)) == (5, 1)
    assert "quickReply" in second[0]
    assert not any("quickReply" in m for m in first)


def test_messages_of_two_cases_do_not_share_a_call() -> None:
    """Quoting a message must lead to its own case, so ids of two cases are kept apart; a case's own remarks are not."""
    payloads = pack([Shown("a", about="K1", purpose="card"), Shown("b"), Shown("c", about="K2", purpose="card")])
    assert [(p.about, p.purpose, len(p.body["messages"])) for p in payloads] == [("K1", "card", 2), ("K2", "card", 1)]


def test_long_text_is_split() -> None:
    """No text object holds more than 5000 units, and no word is lost."""
    words = "\n\n".join("ก" * 900 for _ in range(12))
    [call] = sent([Shown(words)])
    assert "".join(m["text"] for m in call).count("ก") == 12 * 900


def test_redrawn_card_is_a_word_or_nothing() -> None:
    """LINE cannot edit: the message says what happened, or stays away; the old card's buttons remain."""
    card = ShownCard("K1", False, ())
    assert pack([Shown("x", card=card, replace="K1")]) == ()
    [payload] = pack(
        [Shown("x", card=card, replace="K1", about="K1", instead="Somchai is on it", choices=choices("A"))]
    )
    assert payload == Payload({"messages": [{"type": "text", "text": "Somchai is on it"}]}, about="K1")


CARD = Shown(
    "🔴 K7QF urgent",
    language="th",
    card=ShownCard("K7QF", True, (("อะไร", "ค้ายา"), ("", "คำ" * 60), ("ที่ไหน", "")), ("ไม่เปิดเผยตัวผู้แจ้ง",)),
    choices=choices("✋ รับเรื่อง", "❓ ถาม", "📝 บันทึก", "↪ ส่งต่อ", "✅ ปิดเรื่อง", prefix="g:claim:K7QF:"),
    links=(ShownLink("🗺 แผนที่", "https://maps.example/?q=14.6,104.6"),),
    about="K7QF",
    purpose="card",
    inline=True,
)


def test_card_is_a_bubble_with_buttons() -> None:
    """A card shows title, colour, rows and footer; its buttons and map link stay tappable."""
    [[only]] = sent([CARD])
    assert only["altText"] == "🔴 K7QF urgent"
    assert only["contents"]["header"]["backgroundColor"] == "#B3261E"
    text = flat_text(only)
    assert all(word in text for word in ("K7QF", "อะไร", "ค้ายา", "ที่ไหน", "ไม่เปิดเผยตัวผู้แจ้ง"))
    actions = buttons_of(only)
    assert [a["type"] for a in actions] == ["postback"] * 5 + ["uri"]
    assert actions[0] == {
        "type": "postback",
        "label": "✋ รับเรื่อง",
        "data": "g:claim:K7QF:1",
        "displayText": "✋ รับเรื่อง",
    }
    assert actions[-1]["uri"] == "https://maps.example/?q=14.6,104.6"
    assert "quickReply" not in only
    assert pack([CARD])[0].about == "K7QF"


def test_inline_question_keeps_its_buttons() -> None:
    """Choices that must outlive the next message are Flex buttons, without numbers."""
    [[only]] = sent([Shown("Send it?", choices=choices("📨 Send", "📝 Note"), inline=True)])
    assert only["type"] == "flex"
    assert [a["label"] for a in buttons_of(only)] == ["📨 Send", "📝 Note"]
    assert "1 📨" not in flat_text(only)


def test_endless_words_follow_in_full() -> None:
    """Words beyond a bubble's 30 KB are shortened on the card and follow as texts in the same call."""
    story = "\n\n".join("เห็นรถกระบะสีขาว " * 40 for _ in range(15))
    [call] = sent([Shown("K1", card=ShownCard("K1", False, (("เรื่อง", story),)))])
    assert "…" in flat_text(call[0])
    assert "".join("".join(m["text"] for m in call[1:]).split()) == "".join(story.split())


def test_unusual_link_is_written_out() -> None:
    """A link that LINE opens by no button is there to read."""
    [call] = sent([Shown("See", links=(ShownLink("App", "myapp://x"),), choices=choices("A"), inline=True)])
    assert any("myapp://x" in flat_text(m) for m in call)
    assert "https://a.example" in sent([Shown("See", links=(ShownLink("Web", "https://a.example"),))])[0][0]["text"]


def attached(*kinds: Any) -> tuple[Attachment, ...]:
    """a1, a2, … of these kinds."""
    return tuple(Attachment(f"a{n}", kind) for n, kind in enumerate(kinds, 1))


def with_media(*kinds: Any) -> Shown:
    """The card with attachments of these kinds."""
    return Shown(
        CARD.text, card=CARD.card, choices=CARD.choices, inline=True, about="K7QF", attachments=attached(*kinds)
    )


def test_photos_go_with_the_card() -> None:
    """Up to four photos share the card's call, which is billed once."""
    shown = with_media("photo", "photo")
    [call] = sent([shown], stored("a1"), stored("a2"))
    assert call[1] == {
        "type": "image",
        "originalContentUrl": "https://watch.example/media/a1",
        "previewImageUrl": "https://watch.example/media/a1/small",
    }
    assert [m["type"] for m in call] == ["flex", "image", "image"]
    assert pack([shown])[0].media == ("a1", "a2")


def test_many_media_stay_in_one_call() -> None:
    """Ten photos share a carousel, a video and voice notes a bubble: still one push."""
    kinds = ["photo"] * 10 + ["video", "voice", "voice", "file"]
    media = [stored(f"a{n}", kind) for n, kind in enumerate(kinds, 1)]
    [call] = sent([with_media(*kinds)], *media)
    assert len(call) == 3
    assert len(call[1]["contents"]["contents"]) == 10
    assert [a["label"] for a in buttons_of(call[2])] == ["🎞 1", "🔊 2", "🔊 3", "📎 4"]


def test_video_and_voice_play_where_they_can() -> None:
    """A video with a preview and an M4A with its length play in the chat; else a button opens them."""
    media = [
        stored("a1", "video", "video/mp4"),
        stored("a2", "voice", "audio/mp4; codecs=x", duration_ms=4000),
        stored("a3", "voice", "audio/ogg", duration_ms=4000),
    ]
    [call] = sent([with_media("video", "voice", "voice")], *media)
    assert [m["type"] for m in call] == ["flex", "video", "audio", "flex"]
    assert call[2] == {"type": "audio", "originalContentUrl": "https://watch.example/media/a2", "duration": 4000}
    assert [a["label"] for a in buttons_of(call[3])] == ["🔊"]
    [call] = sent([with_media("video")], stored("a1", "video", "video/mp4", preview_url=""))
    assert [a["label"] for a in buttons_of(call[1])] == ["🎞"]


@pytest.mark.parametrize("media", [[], [stored("a1", url="", preview_url="")], [stored("a1", url="http://x/a")]])
def test_media_without_address_are_left_out(media: list[Deliverable]) -> None:
    """Without PUBLIC_URL, or after a photo was unsent, the card goes alone and its choices are not lost."""
    shown = Shown("Look", choices=choices("A", "B"), attachments=attached("photo", "voice"))
    [[only]] = sent([shown], *media)
    assert only["quickReply"]["items"]
    assert sent([Shown("", attachments=attached("photo", "photo"))], *media) == []
