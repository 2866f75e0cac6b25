"""A case from a villager's phone to the district's group and back, across platforms, in three languages."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from bot.i18n import Catalogues
from handlers.messages import T
from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram
from tests.journeys import play
from tests.journeys.app import App
from tests.journeys.people import OnLine, OnTelegram, Person, shown_on_line
from tests.journeys.pictures import NEEDLE, clean_copy_of
from tests.journeys.scans import assert_nowhere, cells, files, requests_for_line, requests_for_telegram

CATALOGUES = Catalogues.load()
QUESTION, ANSWER, LINE = "ถนนแห้งหรือเปล่า", "needle-answer-31", "ขอบคุณที่แจ้ง จับได้สามคน"


@pytest.mark.parametrize(
    ("engine_name", "mine", "theirs", "language"),
    [
        ("sqlite", "line", "telegram", "lo"),
        ("postgresql", "line", "telegram", "km"),
        ("sqlite", "telegram", "line", "km"),
        ("postgresql", "telegram", "line", "lo"),
        ("sqlite", "line", "line", "th"),
    ],
)
async def test_report_and_back(
    app: App, line: FakeLine, telegram: FakeTelegram, database_url: str, tmp_path: Path, log: io.StringIO,
    engine_name: str, mine: str, theirs: str, language: str,
) -> None:  # fmt: skip
    """Reported, shown, claimed, asked, answered, closed and opened again; nobody in the group learns who it was."""
    villager, headman = play.reporter_on(mine, line, telegram), play.headman_on(mine, line, telegram)
    anan, mali = await play.group_on(theirs, line, telegram)
    await play.link(app, anan)
    await play.join(app, headman, language)

    before = line.billed
    await play.begins(villager, language)
    await play.tells(villager, language)
    if theirs == "telegram":
        line.fail("/content", "202")  # LINE still prepares the voice note when the app first asks for it
    sent = await play.sends_along(villager)
    code = await play.sends(villager, language)
    await anan.hears(play.STORIES[language])
    await headman.hears(code)
    await look_at_the_card(app, line, telegram, theirs, code, sent)
    alerts = (mine == "line") + (len(line.chat(play.LINE_GROUP).members) if theirs == "line" else 0)
    assert line.billed - before == alerts, "the report itself costs nothing; an alert once per reader"
    assert not pushed(line, villager.user_id)

    await headman_looks(headman, anan, code)
    await claimed(anan, mali, code)
    await asked_and_answered(villager, anan, code)
    await closed_and_opened_again(villager, mali, code)
    await app.settled()

    needles: list[str | bytes] = [villager.user_id, play.REPORTER_NAME, play.FILE_NAME, NEEDLE]
    requests = [*requests_for_line(line, play.LINE_GROUP), *requests_for_telegram(telegram, play.TELEGRAM_GROUP)]
    assert any(play.STORY_NEEDLE.encode() in request for request in requests), "the scan reads what was sent"
    assert_nowhere(needles, (("a request", request) for request in requests))
    told: list[str | bytes] = [*needles, play.STORY_NEEDLE, ANSWER, QUESTION, headman.user_id]
    assert_nowhere(told, cells(database_url))
    assert_nowhere([*told, *(p[:64] for p in sent.pictures)], files(tmp_path / "media"))
    tokens = [line.token, line.secret, telegram.token]
    assert_nowhere([*told, *tokens], [("the log", log.getvalue().encode())])
    assert '"error"' not in log.getvalue()


async def look_at_the_card(
    app: App, line: FakeLine, telegram: FakeTelegram, theirs: str, code: str, sent: play.Sent
) -> None:
    """The card and the three photos: on LINE in one call, on Telegram hanging under the card; copies, not originals."""
    if theirs == "line":
        calls = pushed(line, play.LINE_GROUP)
        assert len(calls) == 1
        assert [m["type"] for m in calls[0]["messages"]][:4] == ["flex", "image", "image", "image"]
        shown = [await app.fetch(url) for url in shown_on_line(line, play.LINE_GROUP)]
        small = [m["previewImageUrl"] for m in calls[0]["messages"] if m["type"] == "image"]
        shown += [await app.fetch(url) for url in small]
        assert len(shown) == 6
    else:
        posted = telegram.posted(play.TELEGRAM_GROUP)
        await telegram.wait_for(lambda: sum(bool(m.media) for m in posted) == 4, "three photos and a voice note", 20)
        card = next(m for m in posted if code in m.text)
        album = [m for m in posted if m.media == "photo"]
        assert len(album) == 3 and len({m.album for m in album}) == 1
        assert {m.reply_to for m in posted if m.media} == {card.message_id}
        shown = [m.file.content for m in album if m.file]
    for copy in shown:
        for original in sent.pictures:
            clean_copy_of(original, copy)


async def headman_looks(headman: Person, officer: Person, code: str) -> None:
    """One tap, which the group sees, by office."""
    await headman.taps(f"h:going:{code}")
    await headman.hears(code)
    await officer.hears("🚶")


async def claimed(first: Person, second: Person, code: str) -> None:
    """The first has it; the second one is told who."""
    await first.taps(f"g:claim:{code}", fresh=False)
    await first.hears("Anan Dee")
    claim = next((b for b in second.buttons(fresh=False) if b.value == f"g:claim:{code}"), None)
    if isinstance(second, OnTelegram):
        assert claim is None, "nobody can take it twice"
        card = next(m for m in second.messages(fresh=False) if code in m.text)
        assert await second.me.tap_value(f"g:claim:{code}", card) == 200
    elif isinstance(second, OnLine):
        await second.me.tap_value(f"g:claim:{code}")
    assert "Anan Dee" in await second.hears(code)


async def asked_and_answered(villager: Person, officer: Person, code: str) -> None:
    """A ready question with a ready answer; then the officer's own words, sent on knowingly, and own words back."""
    await officer.taps(f"g:ask:{code}", fresh=False)
    await officer.taps(f"g:q:{code}:people")
    await villager.taps(f"q:{code}:1:some")
    await officer.hears(CATALOGUES.text(T("3 to 10"), "th"))
    await officer.replies(code, QUESTION)
    await officer.taps(f"g:send:{code}:.+")
    await villager.hears(QUESTION)
    await villager.taps(f"q:{code}:2:words")
    await villager.asked("answering")
    await villager.says(ANSWER)
    await officer.hears(ANSWER)
    await villager.asked("answering")
    await villager.picks("answering", "done")
    await villager.asked("idle")


async def closed_and_opened_again(villager: Person, officer: Person, code: str) -> None:
    """Closed with an outcome and a line; the reporter says that it goes on."""
    await officer.taps(f"g:close:{code}", fresh=False)
    await officer.taps(f"g:end:{code}:acted")
    await officer.hears(code)
    await officer.replies(code, LINE)
    await villager.hears(LINE)
    await villager.taps(f"q:{code}:0:still")
    await villager.hears(code)
    await officer.hears("🔄")
    await officer.says("/open")
    await officer.hears(code)


def pushed(line: FakeLine, chat: str) -> list[dict[str, Any]]:
    """The pushes to a chat."""
    return [body for _, path, body in line.calls if path.endswith("/push") and body["to"] == chat]
