"""Webhooks that come several times, several people in one webhook, and events that cannot be read beside good ones."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from bot.counters import EVENT_FAILURES, EVENTS_ASIDE
from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram
from tests.journeys import play
from tests.journeys.app import TELEGRAM_SECRET, App
from tests.journeys.people import OnLine, OnTelegram, words_of
from tests.journeys.scans import count_rows
from tests.journeys.test_bad_input import signature

TIMES = 5


class InsistentLine(FakeLine):
    """A LINE that brings every event five times: at once, and once more for each when all is over."""

    async def deliver(self, *events: dict[str, Any], signature: str | None = None) -> int:
        """The event and four copies, side by side."""
        again = [{**event, "deliveryContext": {"isRedelivery": True}} for event in events]
        first = asyncio.create_task(super().deliver(*events, signature=signature))
        copies = [super(InsistentLine, self).deliver(*again) for _ in range(TIMES - 1)]
        statuses = {await first, *await asyncio.gather(*copies)}
        assert statuses == {200}
        return 200


class InsistentTelegram(FakeTelegram):
    """A Telegram that brings every update five times; only the first answer counts."""

    async def post(self, update: Mapping[str, Any]) -> int:
        """The update and four copies."""
        assert self.webhook
        url, secret = self.webhook
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        status = await super().post(update)
        for _ in range(TIMES - 1):
            async with self._http.post(url, json=update, headers=headers) as response:
                assert response.status == 200
        return status


@pytest.fixture
async def line() -> AsyncIterator[FakeLine]:
    """A LINE that repeats itself."""
    async with InsistentLine() as fake:
        yield fake


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    """A Telegram that repeats itself."""
    async with InsistentTelegram() as fake:
        yield fake


@pytest.mark.parametrize(("mine", "theirs"), [("line", "telegram"), ("telegram", "line")])
async def test_all_webhooks_five_times(
    app: App, line: FakeLine, telegram: FakeTelegram, database_url: str, mine: str, theirs: str
) -> None:
    """One case, one card, one answer to each step."""
    villager = play.reporter_on(mine, line, telegram)
    officer, _ = await play.group_on(theirs, line, telegram)
    await play.link(app, officer)
    code = await play.reports(villager)
    await officer.hears(code)
    await officer.taps(f"g:claim:{code}", fresh=False)
    await officer.hears("Anan Dee")
    await app.settled()
    rows = count_rows(database_url)
    assert rows["cases"] == 1 and rows["trail"] == 2
    said = villager.heard(fresh=False)
    questions = 10  # language, notice, kind, when, safe?, where, story, story, photos, callback
    assert len(said) == questions + 2, "each question once, then the review and the receipt"
    shown = [words for words in officer.heard(fresh=False) if play.STORY_NEEDLE in words]
    assert len(shown) == 1


async def test_two_people_in_one_webhook(app: App, line: FakeLine) -> None:
    """LINE may put events of several people into one webhook; each hears an answer of their own."""
    first, second = (OnLine(line, f"U{n}" + "0" * 31) for n in (1, 2))
    words = {"id": "1", "type": "text", "text": "/start"}
    events = [line.event("message", p.user_id, message={**words, "id": p.user_id[:3]}) for p in (first, second)]
    assert await line.deliver(*events) == 200
    await first.asked("language")
    await second.asked("language")
    await app.settled()
    assert len(words_of(line, first.user_id)) == len(words_of(line, second.user_id)) == 1


MUTILATED: list[dict[str, Any]] = [
    {"type": "message", "source": {"type": "user", "userId": 5}, "message": {"type": "text", "text": "x"}},
    {"type": "message", "source": {"type": "user", "userId": "U9"}, "message": {"type": "text", "text": {"a": [None]}}},
    {"type": "message", "source": {"type": "user", "userId": "U9"}, "message": "no message"},
    {"type": "message", "source": {"type": "user", "userId": "U9"}, "message": {"type": "location", "latitude": "x"}},
    {"type": "message", "source": {"type": "user", "userId": "U9"}, "message": {"type": "image", "id": None}},
    {"type": "postback", "source": {"type": "user", "userId": "U9"}, "postback": {"data": "r:" + "x" * 5000}},
    {"type": "postback", "source": {"type": "user", "userId": "U9"}, "postback": None, "replyToken": 7},
    {"type": ["message"], "source": None, "webhookEventId": {"no": "id"}},
    {"type": "unsend", "source": {"type": "user", "userId": "U9"}, "unsend": {"messageId": 17}},
]


async def test_a_mutilated_event_harms_no_neighbour(app: App, line: FakeLine, log: io.StringIO) -> None:
    """Whatever stands beside it in the batch, a good event is answered, and nothing breaks."""
    for number, poison in enumerate(MUTILATED):
        villager = OnLine(line, f"U{number:02d}" + "f" * 30)
        good = line.event("message", villager.user_id, message={"id": str(number), "type": "text", "text": "/start"})
        assert await line.deliver(poison, good, {**poison, "webhookEventId": f"poison{number}"}) == 200
        await villager.asked("language")
    await app.settled()
    assert "U9" not in log.getvalue()
    assert not app.road.counters.of(EVENT_FAILURES) and not app.road.counters.of(EVENTS_ASIDE)


async def test_half_an_emoji_harms_no_neighbour(app: App, line: FakeLine) -> None:
    """A lone surrogate, which is no valid text, stands in one event; it and its neighbour are answered."""
    broken, whole = (OnLine(line, f"U{n}" + "e" * 31) for n in (1, 2))
    words = [(broken, "half \ud83d an emoji"), (whole, "/start")]
    events = [line.event("message", p.user_id, message={"id": "1", "type": "text", "text": w}) for p, w in words]
    body = json.dumps({"destination": "U0", "events": events}).encode()
    assert b"\\ud83d" in body
    assert await app.post("/webhooks/line", body, **{"X-Line-Signature": signature(body)}) == 200
    await broken.asked("language")
    await whole.asked("language")


async def test_a_mutilated_update_harms_nobody(app: App, telegram: FakeTelegram, log: io.StringIO) -> None:
    """Telegram repeats what is not answered with 200 and holds that chat up meanwhile: so it is answered."""
    chat = {"id": 700000001, "type": "private"}
    contents: list[dict[str, Any]] = [
        {"chat": chat, "text": {"a": 1}},
        {"chat": chat, "photo": [None, 5, {"file_id": 3}]},
        {"chat": chat, "location": {"latitude": "north"}},
        {"chat": {"id": "x"}, "text": "words"},
        {"chat": None},
        {"chat": chat, "text": "half \ud83d"},
        {"chat": chat, "from": "nobody", "text": "/start", "entities": 7},
    ]
    for number, content in enumerate(contents):
        body = json.dumps({"update_id": 100 + number, "message": content}).encode()
        telegram.chat(700000001).status = "member"
        headers = {"X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET}
        assert await app.post("/webhooks/telegram", body, **headers) == 200
    villager = OnTelegram(telegram, 700000002)
    await villager.says("/start")
    await villager.asked("language")
    await app.settled()
    assert not app.road.counters.of(EVENT_FAILURES) and not app.road.counters.of(EVENTS_ASIDE)
