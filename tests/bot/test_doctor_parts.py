"""What the doctor says of single things that are not as they should be, and of commands that set webhooks."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import shapely

from bot.clock import SystemClock
from bot.doctor import findings
from bot.doctor.public import unfit
from storage.imports import About, Shape
from storage.unit_of_work import UnitOfWork
from tests.bot.conftest import Run
from tests.bot.setup import PUBLIC, SetUp, link
from tests.storage.samples import a_call, a_case, a_chat, an_event

Break = Callable[[SetUp], None]
WEBHOOK = f"{PUBLIC}/webhooks/line"


def _removed(setup: SetUp) -> None:
    def work(uow: UnitOfWork) -> None:
        (chat,) = uow.chats.by_ids([1]).values()
        chat.state = "left"
        uow.chats.save([chat], SystemClock().now())

    setup.stored(work)


def _waiting(setup: SetUp) -> None:
    setup.stored(lambda uow: uow.cases.add(a_case("AAA", centre="3405"), 9))


def _dead_letters(setup: SetUp) -> None:
    now = SystemClock().now()

    def work(uow: UnitOfWork) -> None:
        chat = a_chat(uow)
        uow.outbox.add([a_call("1", chat.id), a_call("2", chat.id)], "somebody", now)
        uow.outbox.failed(["1"], now, "refused: 400 messages")
        uow.outbox.failed(["2"], now, "gone: 403")

    setup.stored(work)


def _aside(setup: SetUp) -> None:
    now = SystemClock().now()

    def work(uow: UnitOfWork) -> None:
        (row,) = uow.inbox.add([an_event(1)], "somebody", now)
        assert row
        assert [uow.inbox.errored(row.id, "ValueError", now) for _ in range(5)][-1]

    setup.stored(work)


def _late(setup: SetUp) -> None:
    now = SystemClock().now()

    def work(uow: UnitOfWork) -> None:
        uow.outbox.add([a_call("1", a_chat(uow).id)], "somebody", now - timedelta(minutes=20))
        assert uow.outbox.renew(["1"], "somebody", now)

    setup.stored(work)


def _other_key(setup: SetUp) -> None:
    setup.variables["DATA_KEY"] = "a key that somebody made anew"


def _stand_in(setup: SetUp) -> None:
    setup.stored(lambda uow: uow.centres.unlink(1), link("34"))


def _damaged_import(setup: SetUp) -> None:
    def work(uow: UnitOfWork) -> None:
        good = Shape("3403", shapely.to_wkb(shapely.box(105.4, 15.2, 105.6, 15.4)))
        uow.imports.add_shapes("district", [good, Shape("3405", b"no shape")], About("d.zip"), SystemClock().now())

    setup.stored(work)


DATABASE: list[tuple[Break, str, str, str]] = [
    (_removed, "removed groups", "fault", "no longer in the Telegram group of 3403 Khong Chiam"),
    (_waiting, "open cases", "fault", "1 open case at centres without a group, nobody sees them: 3405 Khemarat"),
    (_dead_letters, "dead letters", "warning", "1 message given up in 7 days: refused: 400 messages ×1"),
    (_aside, "set-aside events", "warning", "1 event could not be handled"),
    (_late, "delivery", "fault", "1 message wait, the oldest for 20 min"),
    (_other_key, "stored data", "fault", "sealed with another DATA_KEY"),
    (_stand_in, "group links", "warning", "a desk gets the cases"),
    (_damaged_import, "places", "warning", "1 of layer district cannot be read"),
]


@pytest.mark.parametrize(("breaks", "check", "state", "says"), DATABASE, ids=[row[1] for row in DATABASE])
async def test_what_the_database_tells(setup: SetUp, breaks: Break, check: str, state: str, says: str) -> None:
    """Exactly this is found, on both databases."""
    breaks(setup)
    (found,) = [finding for finding in await setup.findings() if finding.state != "ok"]
    assert (found.check, found.state) == (check, state) and says in found.says and found.do, found


def _polling(setup: SetUp) -> None:
    del setup.variables["TELEGRAM_WEBHOOK_SECRET"]


def _elsewhere(setup: SetUp) -> None:
    setup.telegram.webhook = ("https://other.example/bot123456:another-token", "")


def _failing(setup: SetUp) -> None:
    failed = SystemClock().now() - timedelta(minutes=3)
    setup.telegram.failed = (int(failed.timestamp()), "Wrong response from the webhook: 401 Unauthorized")
    setup.telegram.updates = [{"update_id": 1}]


def _few_updates(setup: SetUp) -> None:
    setup.telegram.allowed = ["message"]


def _nosy(setup: SetUp) -> None:
    setup.telegram.rights["can_read_all_group_messages"] = True


def _loner(setup: SetUp) -> None:
    setup.telegram.rights["can_join_groups"] = False


def _chat_mode(setup: SetUp) -> None:
    setup.line.console.chat_mode = "chat"


def _switched_off(setup: SetUp) -> None:
    setup.line.console.active = False


def _wrong_secret(setup: SetUp) -> None:
    setup.line.secret = "the secret of another channel"


def _off_the_net(setup: SetUp) -> None:
    setup.line.console.roads.clear()


def _nearly_full(setup: SetUp) -> None:
    setup.line.billed = 240


def _bot_stopped(setup: SetUp) -> None:
    setup.variables["PUBLIC_URL"] = f"{PUBLIC}/elsewhere"
    setup.telegram.webhook = (f"{PUBLIC}/elsewhere/webhooks/telegram", "")
    setup.line.console.endpoint = f"{PUBLIC}/elsewhere/webhooks/line"


PLATFORMS: list[tuple[Break, str, str, str]] = [
    (_polling, "Telegram webhook", "fault", "in the way of fetching"),
    (_elsewhere, "Telegram webhook", "fault", "updates go to another address (other.example)"),
    (_failing, "Telegram webhook", "fault", "failed 3 min ago (Wrong response from the webhook: 401 Unauthorized)"),
    (_few_updates, "Telegram webhook", "fault", "does not bring edited_message, callback_query, my_chat_member"),
    (_nosy, "Telegram groups", "warning", "privacy mode is off"),
    (_loner, "Telegram groups", "fault", "may not be added to groups"),
    (_chat_mode, "LINE account", "fault", "chat mode"),
    (_switched_off, "LINE webhook", "fault", "Use webhook is off"),
    (_wrong_secret, "LINE's test call", "fault", "status 401"),
    (_off_the_net, "LINE's test call", "fault", "LINE cannot connect to it"),
    (_nearly_full, "LINE quota", "warning", "240 of 300"),
]


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize(
    ("breaks", "check", "state", "says"), PLATFORMS, ids=[row[0].__name__[1:] for row in PLATFORMS]
)
async def test_what_the_platforms_tell(setup: SetUp, breaks: Break, check: str, state: str, says: str) -> None:
    """Exactly this is found, with what to do; another programme's token is not shown."""
    breaks(setup)
    (found,) = [finding for finding in await setup.findings() if finding.state != "ok"]
    assert (found.check, found.state) == (check, state) and says in found.says and found.do, found
    assert "another-token" not in repr(found)


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_an_address_of_something_else(setup: SetUp) -> None:
    """Where PUBLIC_URL leads past the bot, the address itself and LINE's test call say so."""
    _bot_stopped(setup)
    found = {f.check: f.says for f in await setup.findings() if f.state == "fault"}
    assert set(found) == {"public address", "LINE's test call"}
    assert "status 404" in found["public address"]


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_half_a_year_later(setup: SetUp) -> None:
    """Emergency numbers that nobody has checked for so long are named; the platforms' clocks have gone on as well."""
    setup.clock.advance(86_400 * 200)
    setup.telegram.ahead_s = setup.line.ahead_s = setup.clock.ahead_s
    (found,) = [finding for finding in await setup.findings() if finding.state != "ok"]
    assert found.check == "emergency numbers" and found.state == "warning" and "191 (TH)" in found.says


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_files_that_others_can_read(setup: SetUp) -> None:
    """A key file or .env with rights for everybody is worth a word."""
    (setup.folder / "mekongwatch.key").write_text(setup.variables.pop("DATA_KEY"))
    (setup.folder / ".env").write_text("")
    for name in ("mekongwatch.key", ".env"):
        (setup.folder / name).chmod(0o644)
    found = [(f.state, f.do.partition(" /")[0]) for f in await setup.findings() if f.state != "ok"]
    assert found == [("warning", "chmod 600"), ("warning", "chmod 600")]


def test_advice_names_lines_that_are_logged() -> None:
    """What an operator is told to look for in the log is the name of an event that the programme writes there."""
    sources = {path: path.read_text(encoding="utf-8") for path in Path(findings.__file__).parents[1].rglob("*.py")}
    told = {name for text in sources.values() for name in re.findall(r"look for (\w+) in the log", text)}
    logged = "\n".join(line for text in sources.values() for line in text.splitlines() if "log." in line)
    assert told and {name for name in told if f'"{name}"' not in logged} == set()


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("https://reports.example", True),
        ("https://reports.example:8443/watch", True),
        ("https://8.8.8.8", True),
        ("https://reports.example:9443", False),
        ("http://reports.example", False),
        ("https://localhost", False),
        ("https://127.0.0.1", False),
        ("https://192.168.1.7:8443", False),
        ("https://[fd00::7]", False),
        ("https://server", False),
        ("https://bot.local", False),
        ("https://me:pass@reports.example", False),
        ("https://reports.example:99999", False),
    ],
)
def test_addresses(url: str, fits: bool) -> None:
    """What Telegram and the internet can use."""
    assert (unfit(url, telegram=True) is None) is fits


async def _run(run: Run, setup: SetUp, *arguments: str, **changed: str) -> tuple[int, str, str]:
    done = await asyncio.to_thread(run, *arguments, **{**setup.variables, **changed})
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_line_set_webhook(setup: SetUp, run: Run) -> None:
    """The address is set and LINE's own test tells how it went, in words and as JSON."""
    setup.line.console.endpoint = ""
    code, told, _ = await _run(run, setup, "line", "set-webhook")
    assert code == 0 and setup.line.console.endpoint == WEBHOOK
    assert told.splitlines() == [f"events now come to {WEBHOOK}", "LINE's test call: LINE reaches it and gets a 200"]
    code, told, _ = await _run(run, setup, "line", "set-webhook", "--json")
    assert code == 0 and json.loads(told) == {
        "webhook": WEBHOOK,
        "active": True,
        "test": {"success": True, "status": 200, "reason": "OK", "detail": "200"},
    }


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_line_set_webhook_that_fails(setup: SetUp, run: Run) -> None:
    """A failed test call says what to do, exit code 1; so does a webhook that is switched off."""
    setup.line.secret, setup.line.console.active = "the secret of another channel", False
    code, told, _ = await _run(run, setup, "line", "set-webhook")
    assert code == 1 and "status 401" in told
    assert "LINE_CHANNEL_SECRET is not this channel's" in told and "turn on Use webhook" in told
    code, _, refusal = await _run(run, setup, "line", "set-webhook", LINE_CHANNEL_ACCESS_TOKEN="hunter2")
    assert code == 1 and refusal == "mekongwatch: LINE does not accept LINE_CHANNEL_ACCESS_TOKEN (401)\n"


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_addresses_are_checked_before_the_call(setup: SetUp, run: Run) -> None:
    """A platform is not even asked to take an address that it would refuse: one line, exit code 1."""
    calls = len(setup.line.calls), len(setup.telegram.calls)
    for platform in ("line", "telegram"):
        code, told, refusal = await _run(run, setup, platform, "set-webhook", PUBLIC_URL="http://reports.example")
        assert code == 1 and not told
        assert refusal.startswith("mekongwatch: PUBLIC_URL: it begins with http://") and refusal.count("\n") == 1
    assert (len(setup.line.calls), len(setup.telegram.calls)) == calls
    code, told, _ = await _run(run, setup, "telegram", "set-webhook", "--json")
    assert code == 0 and json.loads(told) == {"webhook": f"{PUBLIC}/webhooks/telegram"}
