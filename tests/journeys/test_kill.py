"""The process is killed (SIGKILL) at each step of a journey and started again on the same database: the conversation
goes on where it was, nothing of it is lost, and the case is filed once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot import bootstrap
from bot.clock import RandomIds, SystemClock
from bot.invitations import invite
from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram
from tests.journeys import play
from tests.journeys.app import settings_for
from tests.journeys.people import Person
from tests.journeys.process import MortalApp
from tests.journeys.scans import count_rows

Hook = Callable[[], Awaitable[None]]


class DeadlyLine(FakeLine):
    """A LINE after whose every webhook something happens, as soon as it has its 200."""

    after_200: Hook = staticmethod(play.nothing)

    async def deliver(self, *events: dict[str, Any], signature: str | None = None) -> int:
        """Deliver, then let it happen."""
        status = await super().deliver(*events, signature=signature)
        await self.after_200()
        return status


class DeadlyTelegram(FakeTelegram):
    """A Telegram of the same kind."""

    after_200: Hook = staticmethod(play.nothing)

    async def post(self, update: Mapping[str, Any]) -> int:
        """Post, then let it happen."""
        status = await super().post(update)
        await self.after_200()
        return status


@pytest.fixture
async def line() -> AsyncIterator[DeadlyLine]:
    """A LINE."""
    async with DeadlyLine() as fake:
        yield fake


@pytest.fixture
async def telegram() -> AsyncIterator[DeadlyTelegram]:
    """A Telegram."""
    async with DeadlyTelegram() as fake:
        yield fake


@pytest.fixture
async def mortal(
    database_url: str, tmp_path: Path, line: DeadlyLine, telegram: DeadlyTelegram
) -> AsyncIterator[MortalApp]:
    """The app in its first process."""
    made = MortalApp(database_url, tmp_path, line, telegram)
    await made.start()
    yield made
    await made.kill()


async def link(database_url: str, folder: Path, officer: Person) -> None:
    """A code from another process (here: the test's own), as the programme office makes it; redeemed in the group."""
    database = bootstrap.database(settings_for(database_url, folder, "http://none", "http://none"))
    now = SystemClock().now()
    code, _ = await database.run(lambda uow: invite(uow, RandomIds(), now, play.DISTRICT))
    database.close()
    await officer.says(f"/link {code}")
    await officer.hears("✅")


@pytest.mark.parametrize(
    ("engine_name", "mine", "theirs", "moment"),
    [
        ("sqlite", "line", "telegram", "after the 200"),
        ("postgresql", "telegram", "line", "after the 200"),
        ("sqlite", "telegram", "line", "after the answer"),
    ],
)
async def test_killed_at_every_step(
    mortal: MortalApp, database_url: str, tmp_path: Path, line: DeadlyLine, telegram: DeadlyTelegram,
    engine_name: str, mine: str, theirs: str, moment: str,
) -> None:  # fmt: skip
    """A whole report with voice, album and file, then a claim: each step is followed by a death."""
    villager = play.reporter_on(mine, line, telegram)
    officer, _ = await play.group_on(theirs, line, telegram)
    await link(database_url, tmp_path, officer)
    between: Hook = play.nothing
    if moment == "after the 200":
        line.after_200 = telegram.after_200 = mortal.die_and_rise
    else:
        between = mortal.die_and_rise
    await play.begins(villager, "th")
    await play.tells(villager, "th", between)
    await play.sends_along(villager)
    code = await play.sends(villager, "th", between)
    await officer.until(lambda: any(code in words for words in officer.heard(fresh=False)), "the card")
    await shown(line, telegram, theirs)
    await between()
    await officer.taps(f"g:claim:{code}", fresh=False)
    await officer.hears("Anan Dee")

    assert mortal.deaths >= (15 if moment == "after the 200" else 8)
    rows = count_rows(database_url)
    assert (rows["cases"], rows["media"], rows["trail"]) == (1, 4, 2)
    cards = [words for words in officer.heard(fresh=False) if play.STORY_NEEDLE in words]
    assert cards and all(code in words for words in cards)
    assert "event_set_aside" not in mortal.log() and play.STORY_NEEDLE not in mortal.log()


async def shown(line: FakeLine, telegram: FakeTelegram, theirs: str) -> None:
    """All three photos are in the group, however often their download was broken off."""
    if theirs == "telegram":
        posted = telegram.posted(play.TELEGRAM_GROUP)
        await telegram.wait_for(lambda: sum(m.media == "photo" for m in posted) >= 3, "the photos", 40)
    else:
        chat = line.chat(play.LINE_GROUP)
        await line.wait_for(lambda: sum(m["type"] == "image" for m in chat.messages) >= 3, 40, "the photos")
