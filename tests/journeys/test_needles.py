"""A stolen database, its files and its media tell nothing: not in the middle of a report, with everything still waiting
in the queues, and not after it."""

from __future__ import annotations

import io
from pathlib import Path

from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram, Fault
from tests.journeys import play
from tests.journeys.app import App
from tests.journeys.people import OnLine, OnTelegram, Person
from tests.journeys.pictures import CAMERA, NEEDLE
from tests.journeys.scans import assert_nowhere, cells, count_rows, files

TROUBLES = 40
ANSWER = "needle-answer-9c2e ไปทางวัด"
NOTE = "needle-note-77ab"


async def test_while_everything_waits(
    app: App, line: FakeLine, telegram: FakeTelegram, database_url: str, tmp_path: Path, log: io.StringIO
) -> None:
    """Both platforms are down: drafts, answers, an alert and its pictures lie in the database, all of them sealed."""
    officer, _ = await play.group_on("telegram", line, telegram)
    await play.link(app, officer)
    villager = OnLine(line, "U" + "a1" * 16, play.REPORTER_NAME)
    other = OnTelegram(telegram, 700000111, play.REPORTER_NAME)
    await play.begins(villager, "th")
    await play.tells(villager, "th")
    await play.begins(other, "km")
    await play.tells(other, "km")
    sent = await play.sends_along(villager)
    await villager.picks("callback", "yes")
    await villager.asked("review")
    await app.settled()
    for _ in range(TROUBLES):
        line.fail("/message/", "500")
    telegram.fail("sendMessage", Fault(), TROUBLES)
    await villager.picks("review", "send")
    await other.says(f"{play.STORIES['km']} {ANSWER}")
    await app.road.idle()

    waiting = app.road.database
    health = await waiting.run(lambda uow: uow.outbox.health(app.clock.now()))
    assert health.queued + health.errored >= 3
    rows = count_rows(database_url)
    assert rows["cases"] == 1 and rows["media"] == 4
    look_everywhere([villager, other], sent, database_url, tmp_path, log)
    line._faults.clear()
    telegram._faults.clear()


async def test_after_a_case(
    app: App, line: FakeLine, telegram: FakeTelegram, database_url: str, tmp_path: Path, log: io.StringIO
) -> None:
    """Officers' notes, questions and answers are sealed as well; a person who asked to be forgotten is in no row."""
    officer, _ = await play.group_on("line", line, telegram)
    await play.link(app, officer)
    villager = OnTelegram(telegram, 700000111, play.REPORTER_NAME)
    code = await play.reports(villager, "km")
    await officer.hears(code)
    await officer.taps(f"g:note:{code}", fresh=False)
    await officer.hears(code)
    await officer.replies(code, NOTE)
    await officer.hears("📝")
    await villager.says("/forget")
    await villager.picks("forgetting", "yes")
    await villager.until(lambda: bool(villager.heard(fresh=True)), "a good-bye")
    await app.settled()
    await app.road.database.run(lambda uow: uow.chats.erase_forgotten())
    assert count_rows(database_url)["chats"] == 1, "only the group is left"
    look_everywhere([villager], play.Sent(), database_url, tmp_path, log)


def look_everywhere(
    reporters: list[Person], sent: play.Sent, database_url: str, folder: Path, log: io.StringIO
) -> None:
    """No needle in any cell, database file, media file or log line."""
    needles: list[str | bytes] = [play.REPORTER_NAME, play.FILE_NAME, play.STORY_NEEDLE, ANSWER, NOTE, NEEDLE, CAMERA]
    needles += [villager.user_id for villager in reporters]
    needles += [picture[-64:] for picture in sent.pictures]
    assert_nowhere(needles, cells(database_url))
    assert_nowhere(needles, files(folder))
    assert_nowhere(needles, [("the log", log.getvalue().encode())])
    assert bool(sent.pictures) == any(name.endswith(".copy") for name, _ in files(folder / "media"))
