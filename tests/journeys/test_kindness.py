"""Whatever people send is answered kindly, what can be evidence is kept, and what is taken back is gone."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram
from tests.journeys import play
from tests.journeys.app import App
from tests.journeys.people import OnLine, OnTelegram, Person
from tests.journeys.pictures import photo
from tests.journeys.scans import count_rows

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])
"""What a platform does wrong has nothing to do with the database."""

TOO_BIG = bytes((20 << 20) + 1)
SECRET_WORDS, OTHER_WORDS = "needle-taken-back และอีกหลายคำ", "needle-instead และอีกหลายคำ"


async def at_photos(villager: Person) -> None:
    """At the question for photos, in Thai."""
    await play.begins(villager, "th")
    await play.tells(villager, "th")
    await villager.picks("story", "done")
    await villager.asked("photos")


@pytest.mark.parametrize("platform", ["line", "telegram"])
async def test_a_video_that_is_too_big(app: App, line: FakeLine, telegram: FakeTelegram, platform: str) -> None:
    """It is said that it is too big and how much may be sent, and the report goes on without it."""
    villager = play.reporter_on(platform, line, telegram)
    officer, _ = await play.group_on("telegram", line, telegram)
    await play.link(app, officer)
    await at_photos(villager)
    assert isinstance(villager, OnLine | OnTelegram)
    await villager.me.send_video(TOO_BIG)
    await villager.hears("20 ")
    await villager.asked("photos")
    villager.speaks("th")
    await villager.photos(photo((64, 48)))
    await villager.asked("photos")
    await villager.picks("photos", "done")
    code = await play.sends(villager, "th")
    await officer.hears(code)


async def test_a_file_that_is_too_big_on_line(app: App, line: FakeLine) -> None:
    """LINE tells the size of a file: it is not even fetched."""
    villager = OnLine(line, "U" + "a1" * 16)
    await at_photos(villager)
    await villager.me.send_file(TOO_BIG, "film.mp4")
    await villager.hears("20 ")
    await app.settled()
    assert not any("/content" in path for _, path, _ in line.calls)


@pytest.mark.parametrize("platform", ["line", "telegram"])
async def test_things_that_are_no_answer(app: App, line: FakeLine, telegram: FakeTelegram, platform: str) -> None:
    """A sticker, a contact or anything unknown brings the question again, in the person's language, and changes nothing."""
    villager = play.reporter_on(platform, line, telegram)
    await play.begins(villager, "lo")
    if isinstance(villager, OnLine):
        await villager.me.send_sticker()
        await villager.asked("kind")
        villager.speaks("lo")
        await villager.me._send({"type": "hologram", "depth": 3})
    elif isinstance(villager, OnTelegram):
        await villager.me.send_sticker()
        await villager.asked("kind")
        villager.speaks("lo")
        await villager.me.send({"dice": {"emoji": "🎲", "value": 3}})
    await villager.asked("kind")
    villager.speaks("lo")


@pytest.mark.parametrize("platform", ["line", "telegram"])
async def test_a_photo_comes_first(
    app: App, line: FakeLine, telegram: FakeTelegram, database_url: str, tmp_path: Path, platform: str
) -> None:
    """A picture as the very first message is kept for the report that it begins."""
    villager = play.reporter_on(platform, line, telegram)
    officer, _ = await play.group_on("telegram", line, telegram)
    await play.link(app, officer)
    await villager.photos(photo((64, 48)))
    await villager.picks("language", "th")
    await villager.picks("notice", "agree")
    await play.tells(villager, "th")
    await villager.picks("story", "done")
    await villager.picks("photos", "done")
    code = await play.sends(villager, "th")
    await officer.hears(code)
    await telegram.wait_for(lambda: any(m.media for m in telegram.posted(play.TELEGRAM_GROUP)), "the photo")


async def test_words_and_photos_taken_back_on_line(
    app: App, line: FakeLine, telegram: FakeTelegram, database_url: str, tmp_path: Path
) -> None:
    """What was unsent before the report went out is in neither the card nor the media store."""
    villager = OnLine(line, "U" + "a1" * 16, play.REPORTER_NAME)
    officer, _ = await play.group_on("telegram", line, telegram)
    await play.link(app, officer)
    await play.begins(villager, "th")
    await play.tells(villager, "th")
    words = await villager.me.say(SECRET_WORDS)
    await villager.asked("story")
    await villager.picks("story", "done")
    await villager.asked("photos")
    picture = await villager.me.send_photo(photo((64, 48)))
    await villager.asked("photos")
    await app.settled()
    assert list((tmp_path / "media").rglob("*.copy"))
    await villager.me.unsend(picture)
    await villager.me.unsend(words)
    async with asyncio.timeout(5):
        while [p for p in (tmp_path / "media").rglob("*") if p.is_file()]:  # noqa: ASYNC110 - a folder tells nobody
            await asyncio.sleep(0.01)
    await villager.says("/report")
    await villager.taps(r"r:[^:]+:(resume:no|photos:done)")
    code = await finish(villager)
    card = await officer.hears(code)
    assert play.STORY_NEEDLE in card and SECRET_WORDS not in card
    await app.settled()
    assert not any(m.media for m in telegram.posted(play.TELEGRAM_GROUP))


async def finish(villager: Person) -> str:
    """From wherever the report stands after its words to the receipt."""
    for _ in range(4):
        tapped = await villager.taps(r"r:[^:]+:(photos:done|callback:yes|review:send)")
        if tapped.value.endswith("review:send"):
            break
    return await villager.hears_code()


async def test_words_edited_on_telegram(app: App, line: FakeLine, telegram: FakeTelegram) -> None:
    """The words of an edited message replace those sent before, as long as the report is not out."""
    villager = play.reporter_on("telegram", line, telegram)
    officer, _ = await play.group_on("line", line, telegram)
    await play.link(app, officer)
    await play.begins(villager, "th")
    await play.tells(villager, "th")
    assert isinstance(villager, OnTelegram)
    await villager.says(SECRET_WORDS)
    await villager.asked("story")
    assert await villager.me.edit(villager.me.chat.next_id - 2, OTHER_WORDS) == 200
    await app.settled()
    await villager.picks("story", "done")
    code = await finish(villager)
    card = await officer.hears(code)
    assert OTHER_WORDS in card and SECRET_WORDS not in card


@pytest.mark.parametrize("platform", ["line", "telegram"])
async def test_blocked_and_back(
    app: App, line: FakeLine, telegram: FakeTelegram, database_url: str, platform: str
) -> None:
    """A person who blocks the bot in the middle and comes back goes on where they were."""
    villager = play.reporter_on(platform, line, telegram)
    await play.begins(villager, "th")
    await villager.picks("kind", "drugs")
    await villager.asked("when")
    if isinstance(villager, OnLine):
        await villager.me.block()
        await app.settled()
        await villager.me.follow()
    elif isinstance(villager, OnTelegram):
        await villager.me.block()
        await app.settled()
        await villager.me.unblock()
    await villager.taps("r:[^:]+:resume:no")
    await villager.asked("when")
    assert count_rows(database_url)["chats"] == 1
