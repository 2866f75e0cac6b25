"""The platforms are slow, strict or away: nothing is lost, and only an alert on Telegram may be shown twice."""

from __future__ import annotations

import pytest

from bot.counters import SEND_ERRORS
from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram, Fault
from tests.journeys import play
from tests.journeys.app import App
from tests.journeys.people import OnLine, words_of

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])
"""What a platform does wrong has nothing to do with the database."""

HOUR_S = 3600
TOKEN_GONE_S = 61


async def test_telegram_says_too_many(app: App, line: FakeLine, telegram: FakeTelegram) -> None:
    """429 with retry_after: the answer comes later, once, and what follows waits behind it."""
    villager = play.reporter_on("telegram", line, telegram)
    await play.begins(villager, "th")
    telegram.fail("sendMessage", Fault.too_many(1))
    await villager.picks("kind", "drugs")
    await villager.asked("when")
    assert len(villager.heard(fresh=True)) == 1
    assert app.road.counters.of(SEND_ERRORS, "telegram", "limited") == 1


async def test_telegram_breaks_down_for_a_moment(app: App, line: FakeLine, telegram: FakeTelegram) -> None:
    """500: the call was certainly not taken, so the alert comes later, and once."""
    officer, _ = await play.group_on("telegram", line, telegram)
    await play.link(app, officer)
    villager = play.reporter_on("line", line, telegram)
    telegram.fail("sendMessage", Fault())
    code = await play.reports(villager)
    await officer.hears(code)
    await app.settled()
    assert sum(play.STORY_NEEDLE in words for words in officer.heard(fresh=False)) == 1


async def test_telegram_falls_silent_after_taking_an_alert(app: App, line: FakeLine, telegram: FakeTelegram) -> None:
    """Whether it is out cannot be known: rather twice than never, with the code on both, and both cards work."""
    officer, _ = await play.group_on("telegram", line, telegram)
    await play.link(app, officer)
    villager = play.reporter_on("line", line, telegram)
    telegram.fail("sendMessage", Fault.cut_off(taken=True))
    code = await play.reports(villager)

    def cards() -> list[str]:
        return [words for words in officer.heard(fresh=False) if play.STORY_NEEDLE in words]

    await telegram.wait_for(lambda: len(cards()) == 2, "the second card")
    assert all(code in words for words in cards())
    await app.settled()
    assert len(cards()) == 2
    await officer.taps(f"g:claim:{code}", fresh=False)
    await officer.hears("Anan Dee")


async def test_line_push_is_repeated_without_doubles(app: App, line: FakeLine, telegram: FakeTelegram) -> None:
    """500, then a connection that breaks after LINE took the push: shown once, billed once, and quotes still match."""
    officer, _ = await play.group_on("line", line, telegram)
    await play.link(app, officer)
    villager = play.reporter_on("telegram", line, telegram)
    billed = line.billed
    line.fail("/push", "500", "taken")
    code = await play.reports(villager)
    await officer.hears(code)
    await line.wait_for(lambda: len([c for c in line.calls if c[1].endswith("/push")]) >= 3, 10, "three tries")
    await app.settled()
    assert sum(play.STORY_NEEDLE in words for words in words_of(line, play.LINE_GROUP)) == 1
    assert line.billed - billed == len(line.chat(play.LINE_GROUP).members)
    await officer.replies(code, "ถนนแห้งหรือเปล่า")
    await officer.taps(f"g:send:{code}:.+")
    await villager.hears("ถนนแห้งหรือเปล่า")


async def test_line_reply_is_repeated_without_doubles(app: App, line: FakeLine, telegram: FakeTelegram) -> None:
    """A reply has no retry key; its token, used up by the call that went out unheard, keeps it from coming twice."""
    villager = play.reporter_on("line", line, telegram)
    await play.begins(villager, "th")
    before = len(villager.heard(fresh=False))
    line.fail("/reply", "taken")
    await villager.picks("kind", "drugs")
    await villager.asked("when")
    await line.wait_for(lambda: len([c for c in line.calls if c[1].endswith("/reply")]) == 6 - 1, 10, "the second try")
    await villager.picks("when", "now")
    await villager.asked("safety")
    await app.settled()
    assert len(villager.heard(fresh=False)) == before + 2
    assert line.billed == 0


async def test_reply_token_too_old(app: App, line: FakeLine, telegram: FakeTelegram) -> None:
    """LINE was away for longer than a reply token lives: the answer comes by push."""
    villager = play.reporter_on("line", line, telegram)
    await play.begins(villager, "th")
    line.fail("/reply", "500")
    await villager.picks("kind", "drugs")
    await app.road.idle()
    line.advance(TOKEN_GONE_S)
    app.clock.advance(TOKEN_GONE_S)
    await villager.asked("when")
    assert line.billed == 1


async def test_reply_token_already_dead_on_arrival(app: App, line: FakeLine) -> None:
    """A webhook that comes late brings a token that LINE takes no more: the answer comes by push, at once."""
    villager = OnLine(line, "U" + "7a" * 16)
    event = line.event("message", villager.user_id, message={"id": "9", "type": "text", "text": "/start"})
    line.advance(TOKEN_GONE_S)
    assert await line.deliver(event) == 200
    await villager.asked("language")
    assert line.billed == 1 and line.pushes == 1


async def test_quota_used_up(app: App, line: FakeLine, telegram: FakeTelegram) -> None:
    """The month's pushes are spent: the report still works, the alert waits and goes out as soon as there is room."""
    officer, _ = await play.group_on("line", line, telegram)
    await play.link(app, officer)
    villager = play.reporter_on("line", line, telegram)
    line.quota = line.billed
    code = await play.reports(villager)
    await line.wait_for(lambda: any(path.endswith("/push") for _, path, _ in line.calls), 10, "the refused push")
    await app.settled()
    assert app.road.counters.of(SEND_ERRORS, "line", "limited") == 1
    assert not any(code in words for words in officer.heard(fresh=False))
    line.quota = None
    app.clock.advance(HOUR_S + 1)
    await officer.hears(code)
    await app.settled()
    assert sum(code in words for words in officer.heard(fresh=False)) == 1


async def test_answers_pass_a_push_that_waits_for_the_quota(app: App, line: FakeLine, telegram: FakeTelegram) -> None:
    """Replies are free: while an alert and a question wait for the quota, officers and reporters are answered."""
    officer, _ = await play.group_on("line", line, telegram)
    await play.link(app, officer)
    villager = play.reporter_on("line", line, telegram)
    first = await play.reports(villager)
    await officer.hears(first)
    line.quota = line.billed
    await officer.taps(f"g:ask:{first}", fresh=False)
    await officer.taps(f"g:q:{first}:people")
    second = await play.reports(play.reporter_on("telegram", line, telegram))
    await app.settled()
    assert app.road.counters.of(SEND_ERRORS, "line", "limited") == 2
    await officer.says("/open")
    assert second in await officer.hears(first)
    await villager.says("/mine")
    await villager.hears(first)
    line.quota = None
    app.clock.advance(HOUR_S + 1)
    await officer.taps(f"g:claim:{second}")
    await villager.taps(f"q:{first}:1:some")
