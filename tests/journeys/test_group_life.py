"""What becomes of cases when groups come, go and change their address."""

from __future__ import annotations

import pytest

from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram, TelegramGroup
from tests.journeys import play
from tests.journeys.app import App
from tests.journeys.people import OnLine, OnTelegram, Person
from tests.journeys.scans import requests_for_telegram

MINUTE_S = 61
MOVED_TO = -1009998887776
DESK_GROUP = "C" + "d" * 32


async def desk(app: App, line: FakeLine, centre: str) -> Person:
    """The group of a desk, on LINE."""
    officer = OnLine(line, "U" + "09" * 16, "Duty", DESK_GROUP)
    await officer.me.invite_bot()
    await play.link(app, officer, centre)
    return officer


@pytest.mark.parametrize(("engine_name", "platform"), [("sqlite", "line"), ("postgresql", "telegram")])
async def test_a_strangers_group(
    app: App, line: FakeLine, telegram: FakeTelegram, engine_name: str, platform: str
) -> None:
    """An unlinked group learns how to link itself and nothing else, and is left after its minute."""
    stranger, _ = await play.group_on(platform, line, telegram)
    await stranger.hears("/link")
    await play.reports(play.reporter_on("telegram", line, telegram))
    await stranger.says("/open")
    await stranger.says("/case K7M-4PXT")
    app.clock.advance(MINUTE_S)
    if platform == "line":
        await line.wait_for(lambda: not line.chat(play.LINE_GROUP).bot_is_in, 10, "leaving")
    else:
        await telegram.wait_for(lambda: telegram.chat(play.TELEGRAM_GROUP).status == "left", "leaving")
    assert len(stranger.heard(fresh=False)) == 1


async def test_a_link_in_time(app: App, line: FakeLine) -> None:
    """A group that is linked within its minute is stayed in, and a used code opens nothing a second time."""
    officer = OnLine(line, "U" + "01" * 16, "Anan", play.LINE_GROUP)
    await officer.me.invite_bot()
    await officer.hears("/link")
    code = await app.code(play.DISTRICT)
    await officer.says(f"/link {code}")
    await officer.hears("✅")
    other = OnLine(line, "U" + "02" * 16, "Stranger", DESK_GROUP)
    await other.me.invite_bot()
    await other.says(f"/link {code}")
    await other.until(lambda: len(other.heard(fresh=True)) == 1, "a refusal")
    assert "✅" not in other.heard(fresh=True)[0]
    app.clock.advance(MINUTE_S)
    await line.wait_for(lambda: not line.chat(DESK_GROUP).bot_is_in, 10, "leaving the other one")
    assert line.chat(play.LINE_GROUP).bot_is_in


@pytest.mark.parametrize(("centre", "told"), [("00", True), ("34", False)])
async def test_thrown_out_of_the_group(
    app: App, line: FakeLine, telegram: FakeTelegram, centre: str, told: bool
) -> None:
    """A case whose group is gone goes to the desk; also when nobody told the bot that it was thrown out."""
    duty = await desk(app, line, centre)
    officer, _ = await play.group_on("telegram", line, telegram)
    await play.link(app, officer)
    villager = play.reporter_on("telegram", line, telegram)
    await play.begins(villager, "th")
    if told:
        assert isinstance(officer, OnTelegram) and officer.me.group
        await officer.me.group.remove_bot(officer.me)
    else:
        telegram.chat(play.TELEGRAM_GROUP).status = "kicked"
    await play.tells(villager, "th")
    await villager.picks("story", "done")
    await villager.picks("photos", "done")
    code = await play.sends(villager, "th")
    await duty.hears(code)
    assert not any(code in text for text in officer.heard(fresh=False))
    await duty.taps(f"g:claim:{code}", fresh=False)
    await duty.hears("Duty")
    if told:
        assert not [r for r in requests_for_telegram(telegram, 0) if code.encode() in r and b"needle" in r]


async def test_line_group_lets_the_bot_go(app: App, line: FakeLine, telegram: FakeTelegram) -> None:
    """The bot was removed from a LINE group: the next case goes to the desk, and a new group can take the centre over."""
    duty = await desk(app, line, "34")
    officer, _ = await play.group_on("line", line, telegram)
    await play.link(app, officer)
    assert isinstance(officer, OnLine)
    await officer.me.remove_bot()
    villager = play.reporter_on("telegram", line, telegram)
    code = await play.reports(villager)
    await duty.hears(code)
    await duty.taps(f"g:over:{code}", fresh=False)
    back, _ = await play.group_on("telegram", line, telegram)
    await play.link(app, back)
    await back.says("/open")
    await back.hears(code)


async def test_migration_in_mid_send(app: App, line: FakeLine, telegram: FakeTelegram) -> None:
    """A group became a supergroup and only a failing call says so: nothing is lost, nothing goes to the old address, and
    officers go on in the new one."""
    anan, mali = await play.group_on("telegram", line, telegram)
    await play.link(app, anan)
    villager = play.reporter_on("telegram", line, telegram)
    first = await play.reports(villager)
    await anan.hears(first)
    await app.settled()

    new_group = TelegramGroup(telegram, MOVED_TO)
    new_group.chat.status = "member"
    telegram.chat(play.TELEGRAM_GROUP).moved_to = MOVED_TO
    other = OnTelegram(telegram, 700000222, "Another Reporter")
    second = await play.reports(other)
    after = OnTelegram(telegram, 800000001, "Anan Dee", new_group)
    await telegram.wait_for(lambda: any(second in text for text in after.heard(fresh=False)), "the card")
    refused = len([c for c in telegram.calls if c.params.get("chat_id") == play.TELEGRAM_GROUP])

    assert await mali_tells(mali, new_group) == 200
    await after.taps(f"g:claim:{second}", fresh=False)
    await after.hears("Anan Dee")
    await after.replies(second, "ถนนแห้งหรือเปล่า")
    await after.taps(f"g:send:{second}:.+")
    await other.hears("ถนนแห้งหรือเปล่า")
    await after.says("/open")
    listed = await after.hears(first)
    assert second in listed
    await villager.says("/mine")
    await app.settled()
    assert len([c for c in telegram.calls if c.params.get("chat_id") == play.TELEGRAM_GROUP]) == refused


async def mali_tells(officer: Person, new_group: TelegramGroup) -> int:
    """The platform's own notice arrives late, in both groups."""
    assert isinstance(officer, OnTelegram)
    status = await officer.me.send({"migrate_to_chat_id": new_group.chat.chat_id})
    here = OnTelegram(officer.telegram, 800000002, "Mali Suk", new_group)
    return max(status, await here.me.send({"migrate_from_chat_id": play.TELEGRAM_GROUP}))


async def test_migration_by_notice(app: App, line: FakeLine, telegram: FakeTelegram) -> None:
    """The notice comes first: the next card goes straight to the new address; the link and the open cases moved along."""
    anan, _ = await play.group_on("telegram", line, telegram)
    await play.link(app, anan)
    assert isinstance(anan, OnTelegram) and anan.me.group
    new_group = await anan.me.group.migrate(MOVED_TO, anan.me)
    await app.settled()
    said = len(telegram.posted(play.TELEGRAM_GROUP))
    calls = len([c for c in telegram.calls if c.params.get("chat_id") == play.TELEGRAM_GROUP])
    code = await play.reports(play.reporter_on("line", line, telegram))
    after = OnTelegram(telegram, 800000001, "Anan Dee", new_group)
    await telegram.wait_for(lambda: any(code in text for text in after.heard(fresh=False)), "the card")
    assert len(telegram.posted(play.TELEGRAM_GROUP)) == said
    assert len([c for c in telegram.calls if c.params.get("chat_id") == play.TELEGRAM_GROUP]) == calls
