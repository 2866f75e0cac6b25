"""What is said in the playground."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import Deliverable, Envelope, SendError, Sent, Shown, ShownChoice
from bot.channels.playground.channel import PlaygroundChannel
from bot.channels.playground.phones import Phones
from handlers.messages import Attachment
from tests.fixed import FixedClock


@pytest.fixture
def phones(tmp_path: Path, clock: FixedClock) -> Phones:
    """Two groups, one with each look."""
    made = Phones(tmp_path, clock)
    made.add_phone("group", "telegram", centre="3403")
    made.add_phone("group", "line", centre="2706")
    return made


async def say(
    phones: Phones, chat: str, shown: Shown, card_id: str = "", media: Mapping[str, Deliverable] | None = None
) -> Sent | SendError:
    """Say something in a chat."""
    channel = PlaygroundChannel(phones, lambda language: {"lo": "ການຝຶກຊ້ອມ"}.get(language, "Drill"))
    (payload,) = channel.pack([shown])
    return await channel.send(payload, Envelope(chat, "key", card_id=card_id, media=media or {}))


def newest(phones: Phones) -> Mapping[str, Any]:
    """The last entry of the journal."""
    return phones.entries[-1]


async def test_a_message(phones: Phones) -> None:
    """A message arrives with its choices and the drill mark in its own language; its number is the platform's id."""
    shown = Shown("ສະບາຍດີ", "lo", (ShownChoice("v", "ແມ່ນ"),), under="CASE", purpose="note")
    assert await say(phones, "group-3403", shown, "1") == Sent(("3",))
    assert newest(phones).items() >= {
        "is": "message", "number": 3, "from": "bot", "text": "ສະບາຍດີ", "language": "lo", "drill": "ການຝຶກຊ້ອມ",
        "reply_to": 1, "purpose": "note", "files": [],
    }.items()  # fmt: skip
    assert newest(phones)["choices"] == [{"value": "v", "label": "ແມ່ນ", "asks": "", "wide": False}]


async def test_redrawing(phones: Phones) -> None:
    """Where the look is Telegram's the card is redrawn; on LINE its line instead is said, or nothing."""
    card = Shown("card", "th", replace="CASE", instead="Anan is on it")
    assert await say(phones, "group-3403", card, "1") == Sent(("1",))
    assert (newest(phones)["is"], newest(phones)["number"], newest(phones)["text"]) == ("edit", 1, "card")
    assert newest(phones)["at"] == "2026-11-21T08:00:00+00:00"
    assert await say(phones, "group-2706", card, "2") == Sent(("4",))
    assert (newest(phones)["is"], newest(phones)["text"]) == ("message", "Anan is on it")
    assert await say(phones, "group-2706", Shown("card", "th", replace="CASE"), "2") == Sent()
    assert newest(phones)["number"] == 4


async def test_a_card_that_is_not_known(phones: Phones) -> None:
    """A card whose message is not known any more is said anew."""
    assert await say(phones, "group-3403", Shown("card", "th", replace="CASE", instead="x")) == Sent(("3",))
    assert newest(phones)["text"] == "card"


async def test_photos(phones: Phones) -> None:
    """The group's copy can be seen; media without one are told."""

    async def read() -> bytes:
        return b"copy"

    shown = Shown("x", "th", attachments=(Attachment("a", "photo"), Attachment("b", "video")))
    await say(phones, "group-3403", shown, media={"a": Deliverable("a", "photo", "image/jpeg", read)})
    assert newest(phones)["files"] == [{"kind": "photo", "url": "/api/media/copy-a.jpg"}, {"kind": "video", "url": ""}]
    assert phones.read("copy-a.jpg") == b"copy"


async def test_no_such_phone(phones: Phones) -> None:
    """A phone that is not there is gone, and nothing is shown."""
    assert isinstance(await say(phones, "villager-7", Shown("x")), SendError)
    assert newest(phones)["is"] == "chat"
