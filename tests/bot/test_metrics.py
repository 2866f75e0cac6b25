"""The page for Prometheus: each number moves when the thing happens."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import httpx
import pytest
import structlog
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as classic

from bot import bootstrap, quota
from bot.channels.base import FetchError, SendError, Sent
from bot.counters import LEVELS, Counters
from storage.database import Database
from tests.bot.rig import Rig, picture, rig
from tests.fakes.line import FakeLine
from tests.fakes.scripted import SECRET, ScriptedChannel

PREFIX = "mekongwatch_"
ALLOWED_LABELS = {"channel", "kind", "state", "box", "what", "urgent", "status"}
NEEDLE = "hunter2"
ALARMS_FILE = Path(__file__).parents[2] / "deploy" / "alerts.yml"


@pytest.fixture
async def road(database: Database, tmp_path: Path) -> AsyncIterator[Rig]:
    """A process with both platforms, on each database."""
    async with rig(database, tmp_path, ScriptedChannel("telegram"), ScriptedChannel("line")) as made:
        yield made


class Page:
    """What Prometheus sees. Looking again lets a second pass, for as long is a page good."""

    def __init__(self, road: Rig) -> None:
        self._clock = road.clock
        transport = httpx.ASGITransport(bootstrap.web(road.road))
        self.http = httpx.AsyncClient(transport=transport, base_url="http://bot")

    async def numbers(self) -> Mapping[str, float]:
        """All our samples, written as `name{label="value"}`, without the prefix."""
        self._clock.advance(1)
        answer = await self.http.get("/metrics")
        assert answer.status_code == 200
        found: dict[str, float] = {}
        for family in classic(answer.text):
            if family.name.startswith(PREFIX):
                assert family.documentation and family.type in ("counter", "gauge")
                for sample in family.samples:
                    assert set(sample.labels) <= ALLOWED_LABELS
                    labels = ",".join(f'{name}="{value}"' for name, value in sorted(sample.labels.items()))
                    name = sample.name.removeprefix(PREFIX) + (f"{{{labels}}}" if labels else "")
                    assert name not in found
                    found[name] = sample.value
        return found


@pytest.fixture
async def page(road: Rig) -> AsyncIterator[Page]:
    """The page of that process."""
    made = Page(road)
    yield made
    await made.http.aclose()


def moved(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """By how much which numbers changed."""
    assert set(before) == set(after)
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


async def test_an_event_and_its_answer(road: Rig, page: Page) -> None:
    """An event is counted by channel, its turn once, and its answer where it went; the same event again is none."""
    before = await page.numbers()
    assert before['events_total{channel="line"}'] == 0 and before['send_errors_total{channel="line",kind="gone"}'] == 0
    await road.happen("5", text="hello", over="line", event_id="e")
    after = await page.numbers()
    assert moved(before, after) == {
        'events_total{channel="line"}': 1, "steps_total": 1, 'messages_sent_total{channel="line"}': 1,
    }  # fmt: skip
    await road.happen("5", text="hello", over="line", event_id="e")
    assert moved(after, await page.numbers()) == {'events_repeated_total{channel="line"}': 1}


async def test_a_case(road: Rig, page: Page) -> None:
    """A case is counted once by urgency and once more for its alert; while it is urgent and unclaimed, its age grows."""
    await road.link("-100", over="telegram")
    before = await page.numbers()
    await road.happen("5", text="file urgent", over="line")
    after = await page.numbers()
    assert moved(before, after) == {
        'events_total{channel="line"}': 1, "steps_total": 1, 'messages_sent_total{channel="line"}': 1,
        'cases_filed_total{urgent="yes"}': 1, 'alerts_sent_total{channel="telegram"}': 1,
        'messages_sent_total{channel="telegram"}': 1,
        "cases_open": 1, "urgent_unclaimed": 1, "urgent_unclaimed_oldest_seconds": 1,
    }  # fmt: skip
    road.clock.advance(600)
    assert (await page.numbers())["urgent_unclaimed_oldest_seconds"] == 602
    (code,) = (words.split()[1] for words in road.channels["line"].said("5"))
    await road.happen("-100", group=True, over="telegram", text=f"claim {code}", name="Mali")
    now = await page.numbers()
    assert (now["cases_open"], now["urgent_unclaimed"], now["urgent_unclaimed_oldest_seconds"]) == (1, 0, 0)
    await road.happen("5", text="file", over="line")
    last = await page.numbers()
    assert (last["cases_open"], last["urgent_unclaimed"], last['cases_filed_total{urgent="no"}']) == (2, 0, 1)


async def test_calls_that_do_not_go_out(road: Rig, page: Page) -> None:
    """Errors are counted by kind; what waits grows old, what is given up is a dead letter; what LINE bills is counted."""
    line = road.channels["line"]
    line.results.extend([SendError("retry", "500"), Sent(billed=1)])
    before = await page.numbers()
    await road.happen("5", text="hello", over="line")
    road.clock.advance(98)
    after = await page.numbers()
    assert after["delivery_lag_seconds"] == 99 and after['outbox_waiting{state="errored"}'] == 1
    assert after['send_errors_total{channel="line",kind="retry"}'] == 1
    await road.later(1)
    line.results.append(SendError("refused", "400"))
    await road.happen("6", text="hello", over="line")
    assert moved(before, await page.numbers()) == {
        'events_total{channel="line"}': 2, "steps_total": 2, 'send_errors_total{channel="line",kind="retry"}': 1,
        'messages_sent_total{channel="line"}': 1, "line_billed_calls_total": 1,
        'send_errors_total{channel="line",kind="refused"}': 1, 'messages_failed_total{channel="line"}': 1,
        'dead_letters{box="outbox"}': 1,
    }  # fmt: skip


async def test_an_event_that_cannot_be_handled(road: Rig, page: Page) -> None:
    """Its tries are counted, its age is seen, and in the end it lies aside."""
    before = await page.numbers()
    with structlog.testing.capture_logs():  # a second each, if their tracebacks were painted
        await road.happen("5", text="boom")
        waiting = await page.numbers()
        assert (waiting["inbox_waiting"], waiting["inbox_lag_seconds"]) == (1, 1)
        for _ in range(4):
            await road.later(60)
    assert moved(before, await page.numbers()) == {
        'events_total{channel="telegram"}': 1, "event_failures_total": 5, "events_set_aside_total": 1,
        'dead_letters{box="inbox"}': 1,
    }  # fmt: skip


async def test_media(road: Rig, page: Page) -> None:
    """Media wait, fail or are stored."""
    road.channel.files["f"] = FetchError("retry", "500")
    before = await page.numbers()
    await road.happen("5", photo="f")
    after = await page.numbers()
    assert after["media_waiting"] == 1 and after['media_fetch_errors_total{kind="retry"}'] == 1
    road.channel.files["f"] = picture()
    await road.later(60)
    await road.happen("5", photo="unsent")
    assert moved(before, await page.numbers()) == {
        'events_total{channel="telegram"}': 2, "steps_total": 2, "media_stored_total": 1,
        'media_fetch_errors_total{kind="retry"}': 1, 'media_fetch_errors_total{kind="gone"}': 1,
    }  # fmt: skip


async def test_refusals_and_alarms(road: Rig, page: Page) -> None:
    """A webhook that is refused, and a case for which no group is linked."""
    before = await page.numbers()
    await page.http.post("/webhooks/line", content=NEEDLE)
    await page.http.post("/webhooks/line", content=NEEDLE, headers={"X-Secret": SECRET})
    await road.happen("5", text="file")
    after = moved(before, await page.numbers())
    assert after['webhooks_refused_total{channel="line",status="401"}'] == 1
    assert after['webhooks_refused_total{channel="line",status="400"}'] == 1
    assert after['alarms_total{what="case_without_group"}'] == 1
    assert NEEDLE not in (await page.http.get("/metrics")).text


async def test_the_format_is_negotiated(road: Rig, page: Page) -> None:
    """Whoever asks for OpenMetrics gets it; others get the classic format; single families can be asked for."""
    await road.happen("5", text="hello")
    answer = await page.http.get("/metrics", headers={"accept": "application/openmetrics-text; version=1.0.0"})
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert {"mekongwatch_steps", "mekongwatch_cases_open"} <= {family.name for family in openmetrics(answer.text)}
    answer = await page.http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert "python_info" in answer.text
    answer = await page.http.get("/metrics", params={"name[]": "mekongwatch_cases_open"})
    assert [family.name for family in classic(answer.text)] == ["mekongwatch_cases_open"]


async def test_without_the_database(road: Rig, page: Page) -> None:
    """The counts come without what only the database knows, and say that it is away."""
    await road.happen("5", text="hello")
    assert (await page.numbers())["database_up"] == 1
    await road.road.stop()
    road.road.database.close()
    alone = await page.numbers()
    assert alone["database_up"] == 0 and alone["steps_total"] == 1
    assert not {"cases_open", "delivery_lag_seconds", 'dead_letters{box="inbox"}'} & set(alone)


@pytest.mark.parametrize(("plan", "shown"), [(500, [500, 7]), (None, [7])])
async def test_quota_of_line(plan: int | None, shown: list[float]) -> None:
    """LINE's own count is noted beside the plan's limit; a plan without one has none; no answer, no number."""
    counters = Counters()
    async with FakeLine() as line:
        line.quota, line.billed = plan, 7
        await quota.ask(line.token, line.url, counters)
        assert [counters.levels()[family] for family in LEVELS if family in counters.levels()] == shown
        await quota.ask("a wrong token", line.url, counters)
    assert not counters.levels()


async def test_quota_on_the_page(road: Rig, page: Page) -> None:
    """The numbers stand on the page as soon as they are known."""
    assert "line_quota_used" not in await page.numbers()
    road.road.counters.level(LEVELS[0], 500)
    road.road.counters.level(LEVELS[1], 7)
    numbers = await page.numbers()
    assert (numbers["line_quota_limit"], numbers["line_quota_used"]) == (500, 7)


async def test_the_alarms_know_their_numbers(road: Rig, page: Page) -> None:
    """Every number that an example alarm looks at stands on the page, and so does every label's value."""
    for family in LEVELS:
        road.road.counters.level(family, 1)
    shown = {f"{PREFIX}{name}" for name in await page.numbers()}
    wanted = re.findall(rf"({PREFIX}\w+)(?:{{(\w+=\".+?\")}})?", ALARMS_FILE.read_text(encoding="utf-8"))
    assert len(wanted) >= 10
    unknown = [
        (name, label) for name, label in wanted if not any(s.split("{")[0] == name and label in s for s in shown)
    ]
    assert unknown == []
