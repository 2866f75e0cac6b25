"""An operator follows one case through the log, from the event to the delivery, and learns nothing else."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram, Fault
from tests.journeys import play
from tests.journeys.app import App
from tests.journeys.pictures import CAMERA, NEEDLE
from tests.journeys.scans import assert_nowhere

OFFICER = "Anan Dee"
NOTE = "needle-note-41aa"
ALLOWED = {"event", "level", "timestamp", "inbox_id", "outbox_id", "media_id", "case", "channel", "attempts", "tries",
              "kind", "reason"}  # fmt: skip
"""All that a line of the road may hold."""


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    """What was logged, of the road's own lines."""
    read = [json.loads(line) for line in log.getvalue().splitlines()]
    return [line for line in read if line["event"].startswith(("event_", "case_", "alert_", "media_"))]


def of_case(log: io.StringIO, code: str) -> list[dict[str, Any]]:
    """What an operator finds who looks for a case's code at the usual level."""
    return [line for line in lines(log) if line.get("case") == code and line["level"] != "debug"]


@pytest.mark.parametrize(
    ("engine_name", "mine", "theirs"), [("sqlite", "line", "telegram"), ("postgresql", "telegram", "line")]
)
async def test_a_case_from_event_to_delivery(
    app: App, line: FakeLine, telegram: FakeTelegram, log: io.StringIO, engine_name: str, mine: str, theirs: str
) -> None:
    """Filed by an event, its card sent at the second try, its photos stored, claimed, noted, closed: each leaves a line."""
    villager = play.reporter_on(mine, line, telegram)
    officer, _ = await play.group_on(theirs, line, telegram)
    await play.link(app, officer)
    await play.begins(villager, "th")
    await play.tells(villager, "th")
    sent = await play.sends_along(villager)
    await villager.picks("callback", "yes")
    await villager.asked("review")
    await app.settled()
    if theirs == "line":
        line.fail("/push", "500")
    else:
        telegram.fail("sendMessage", Fault())
    await villager.picks("review", "send")
    code = await villager.hears_code()
    await officer.hears(code)
    await officer.taps(f"g:note:{code}", fresh=False)
    await officer.hears(code)
    await officer.replies(code, NOTE)
    await officer.hears("📝")
    await officer.taps(f"g:claim:{code}", fresh=False)
    await officer.hears(OFFICER)
    await officer.taps(f"g:ask:{code}", fresh=False)
    await officer.taps(f"g:q:{code}:people")
    await villager.taps(f"q:{code}:1:some")
    await officer.hears(code)
    await app.settled()

    handled = {line["inbox_id"] for line in lines(log) if line["event"] == "event_handled"}
    told = of_case(log, code)
    deeds = [line for line in told if line["event"].startswith("case_")]
    assert [line["event"] for line in deeds] == [
        "case_filed",
        "case_noted",
        "case_claimed",
        "case_asked",
        "case_answered",
    ]
    assert all(line["inbox_id"] in handled for line in deeds)
    card = [line for line in told if line["event"] == "alert_errored"]
    assert [(line["channel"], line["attempts"]) for line in card] == [(theirs, 1)]
    sent_at = [line for line in told if line["event"] == "alert_sent" and line["outbox_id"] == card[0]["outbox_id"]]
    assert [(line["channel"], line["attempts"]) for line in sent_at] == [(theirs, 2)]
    assert len({line["media_id"] for line in lines(log) if line["event"] == "media_stored"}) == 4
    assert {key for line in lines(log) for key in line} <= ALLOWED

    needles: list[str | bytes] = [villager.user_id, officer.user_id, play.REPORTER_NAME, OFFICER, NOTE, NEEDLE, CAMERA]
    needles += [play.FILE_NAME, play.STORY_NEEDLE, line.token, line.secret, telegram.token]
    assert sent.pictures
    assert_nowhere(needles, [("the log", log.getvalue().encode())])
