"""A backup taken under load, restored elsewhere on the other engine: every case that had its receipt before the backup
began is there, and its people go on with it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.i18n import Catalogues
from handlers.messages import T
from tests.conftest import DATA_KEY
from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram
from tests.journeys import play
from tests.journeys.app import App, connect, running, settings_for
from tests.journeys.people import OnLine, OnTelegram, Person
from tests.postgres import Postgres

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 4
"""Villagers who report at the same time, each as fast as the answers come, one after the other without an end."""
EARLY = 4
"""So many have their receipt before the backup begins."""
ANSWER = Catalogues.load().text(T("3 to 10"), "th")


@dataclass
class Crowd:
    """Villagers on Telegram and, every fourth, on LINE; and who has which receipt."""

    line: FakeLine
    telegram: FakeTelegram
    receipts: dict[str, Person] = field(default_factory=dict)
    more: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self._numbers = count(1)

    async def report(self) -> None:
        """One villager after the other; those on LINE send a voice note and photos along."""
        while True:
            number = next(self._numbers)
            on_line = number % 4 == 1
            villager: Person = OnTelegram(self.telegram, 710_000_000 + number, f"Villager {number}")
            if on_line:
                villager = OnLine(self.line, f"U{number:032x}", f"Villager {number}")
            await play.begins(villager, "th")
            await play.tells(villager, "th")
            if on_line:
                await play.sends_along(villager)
            else:
                await villager.picks("story", "done")
                await villager.picks("photos", "done")
            code = await play.sends(villager, "th")
            async with self.more:
                self.receipts[code] = villager
                self.more.notify_all()

    async def until(self, receipts: int) -> None:
        """Wait until so many have their receipt."""
        async with self.more:
            await self.more.wait_for(lambda: len(self.receipts) >= receipts)


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, target_name: str, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    (tmp_path / "elsewhere").mkdir()
    if target_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'elsewhere' / 'new.sqlite3'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.create()
    yield url
    server.drop(url)


async def command(name: str, file: Path, url: str, folder: Path) -> dict[str, Any]:
    """Run `backup` or `restore` as an operator does, in a process of its own; what it tells."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", name, str(file), "--json", cwd=file.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": url, "DATA_KEY": DATA_KEY,
             "MEDIA_URL": str(folder / "media")},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    told: dict[str, Any] = json.loads(out)
    return told


@pytest.mark.parametrize(("engine_name", "target_name"), [("sqlite", "postgresql"), ("postgresql", "sqlite")])
async def test_backup_under_load(
    database_url: str, elsewhere: str, line: FakeLine, telegram: FakeTelegram, tmp_path: Path,
    engine_name: str, target_name: str,
) -> None:  # fmt: skip
    """Taken by another process amid reports, while the app goes on; then the app is lost, and life goes on elsewhere."""
    crowd, file = Crowd(line, telegram), tmp_path / "backup.tar"
    officer, _ = await play.group_on("telegram", line, telegram)
    async with running(settings_for(database_url, tmp_path, line.url, telegram.url)) as app:
        connect(app.url, line, telegram)
        await play.link(app, officer)
        async with asyncio.TaskGroup() as group:
            busy = [group.create_task(crowd.report()) for _ in range(AT_ONCE)]
            await crowd.until(EARLY)
            early = dict(crowd.receipts)
            taken = await command("backup", file, database_url, tmp_path)
            during = len(crowd.receipts) - len(early)
            await crowd.until(len(crowd.receipts) + 1)
            for task in busy:
                task.cancel()
    assert during >= 1, "reports went on while the backup was taken"
    assert len(early) <= taken["rows"]["cases"] < len(crowd.receipts) and taken["media"]["objects"]

    restored = await command("restore", file, elsewhere, tmp_path / "elsewhere")
    assert (restored["rows"], restored["engine"]) == (taken["rows"], engine_name)
    async with running(settings_for(elsewhere, tmp_path / "elsewhere", line.url, telegram.url)) as app:
        connect(app.url, line, telegram)
        for code, villager in early.items():
            await goes_on(code, villager, officer)
        await photos_are_there(app, early)
        await play.reports(play.reporter_on("line", line, telegram))


async def goes_on(code: str, villager: Person, officer: Person) -> None:
    """The reporter's list has the case; an officer claims it and asks; the question comes, and its answer."""
    await villager.says("/mine")
    await villager.hears(code)
    await officer.taps(f"g:claim:{code}", fresh=False)
    await officer.hears("Anan Dee")
    await officer.taps(f"g:ask:{code}", fresh=False)
    await officer.taps(f"g:q:{code}:people")
    await villager.taps(f"q:{code}:1:some")
    await officer.hears(ANSWER)


async def photos_are_there(app: App, codes: dict[str, Person]) -> None:
    """What had been fetched opens in the new place, and what had not is fetched there."""
    await app.settled()
    media = await app.road.database.run(lambda uow: [m for code in codes for m in uow.media.of_case(code)])
    assert len(media) >= 4 and all(medium.state == "stored" for medium in media)
    for medium in media:
        original = await app.road.store.get(medium.key)
        assert original and len(original) == medium.size
