"""What strangers and broken senders post to the two webhooks: refused, not stored, and one line in the log."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.counters import EVENT_FAILURES, EVENTS_ASIDE, STEPS
from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram
from tests.journeys.app import MAX_BODY, TELEGRAM_SECRET, App
from tests.journeys.scans import count_rows
from tests.shared import SHARED, needs_shared

NEEDLE = "needle-of-a-stranger"
SECRET_HEADER, SIGNATURE = "X-Telegram-Bot-Api-Secret-Token", "X-Line-Signature"
MARKED = {"update_id": 1, "destination": NEEDLE, "events": [], "message": {"text": NEEDLE, "chat": {"id": 1}}}
GOOD = json.dumps(MARKED).encode()
TELEGRAM, LINE = "/webhooks/telegram", "/webhooks/line"


@dataclass(frozen=True)
class Bad:
    """A request and the status that it earns. `signed`: with the right secret or signature."""

    path: str
    body: bytes
    status: int
    signed: bool = False
    headers: dict[str, str] = field(default_factory=dict)


def signature(body: bytes, secret: str = "line-secret") -> str:
    """LINE's signature."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def signed(path: str, body: bytes) -> dict[str, str]:
    """The header that makes a request genuine."""
    return {SECRET_HEADER: TELEGRAM_SECRET} if path == TELEGRAM else {SIGNATURE: signature(body)}


TABLE = [
    Bad(TELEGRAM, GOOD, 401),
    Bad(TELEGRAM, GOOD, 401, headers={SECRET_HEADER: NEEDLE}),
    Bad(TELEGRAM, GOOD, 401, headers={SECRET_HEADER: TELEGRAM_SECRET[:-1]}),
    Bad(TELEGRAM, GOOD, 401, headers={SECRET_HEADER: "ส".encode().decode("latin-1")}),
    Bad(TELEGRAM, NEEDLE.encode(), 400, signed=True),
    Bad(TELEGRAM, b"", 400, signed=True),
    Bad(TELEGRAM, b"\xff\xfe\x00", 400, signed=True),
    Bad(TELEGRAM, b"[" * 100_000, 400, signed=True),
    Bad(TELEGRAM, b"[]", 400, signed=True),
    Bad(TELEGRAM, b"{}", 400, signed=True),
    Bad(TELEGRAM, b'{"update_id": "1"}', 400, signed=True),
    Bad(TELEGRAM, b" " * (MAX_BODY + 1), 413, signed=True),
    Bad(LINE, GOOD, 401),
    Bad(LINE, GOOD, 401, headers={SIGNATURE: NEEDLE}),
    Bad(LINE, GOOD, 401, headers={SIGNATURE: signature(GOOD, "another-secret")}),
    Bad(LINE, GOOD, 401, headers={SIGNATURE: signature(GOOD + b" ")}),
    Bad(LINE, GOOD, 401, headers={SIGNATURE: ""}),
    Bad(LINE, NEEDLE.encode(), 400, signed=True),
    Bad(LINE, b"", 400, signed=True),
    Bad(LINE, b"[" * 100_000, 400, signed=True),
    Bad(LINE, b"[]", 400, signed=True),
    Bad(LINE, b"{}", 400, signed=True),
    Bad(LINE, b'{"destination": "x", "events": {"type": "message"}}', 400, signed=True),
    Bad(LINE, b'{"destination": "x", "events": "message"}', 400, signed=True),
    Bad(LINE, b" " * (MAX_BODY + 1), 413, signed=True),
]


async def test_refused_and_forgotten(app: App, database_url: str, log: io.StringIO) -> None:
    """Each bad request earns its status and one line without content, and leaves no row."""
    before = count_rows(database_url)
    for bad in TABLE:
        log.truncate(log.seek(0))
        headers = {**bad.headers, **(signed(bad.path, bad.body) if bad.signed else {})}
        assert await app.post(bad.path, bad.body, **headers) == bad.status, bad
        lines = [line for line in log.getvalue().splitlines() if "webhook_refused" in line]
        assert len(lines) == 1, (bad, log.getvalue())
        said = json.loads(lines[0])
        assert said["status"] == bad.status and said["level"] == "warning"
        assert NEEDLE not in log.getvalue() and TELEGRAM_SECRET not in log.getvalue()
    assert count_rows(database_url) == before


async def test_too_large_without_saying_so(app: App, database_url: str) -> None:
    """A body that announces no length is read no further than the limit."""

    async def blocks() -> object:
        for _ in range(MAX_BODY // 4096 + 1):
            yield b" " * 4096

    headers = {SECRET_HEADER: TELEGRAM_SECRET}
    async with app.http.post(app.url + TELEGRAM, data=blocks(), headers=headers) as response:
        assert response.status == 413 and not await response.read()
    assert count_rows(database_url)["inbox"] == 0


async def test_wrong_doors(app: App) -> None:
    """Other methods and other paths of the webhooks are simply not there, and nothing is said about why."""
    async with app.http.get(app.url + LINE) as response:
        assert (response.status, await response.read()) == (405, b"")
    async with app.http.post(f"{app.url}/webhooks/signal", data=GOOD) as response:
        assert (response.status, await response.read()) == (404, b"")
    async with app.http.post(f"{app.url}/webhooks/line/", data=GOOD) as response:
        assert (response.status, await response.read()) == (404, b"")


async def test_nothing_to_do(app: App, database_url: str) -> None:
    """LINE's ping, junk among the events and updates of other kinds are answered with 200 and leave no row."""
    ping = b'{"destination": "U0", "events": []}'
    junk = b'{"destination": "U0", "events": [1, null, "x", {}, [], {"type": "message"}]}'
    for body in (ping, junk):
        assert await app.post(LINE, body, **signed(LINE, body)) == 200
    for update in (b'{"update_id": 5}', b'{"update_id": 6, "poll": {"id": "7"}}', b'{"update_id": 7, "message": 1}'):
        assert await app.post(TELEGRAM, update, **signed(TELEGRAM, update)) == 200
    assert count_rows(database_url)["inbox"] == 0


def samples(platform: str) -> list[Path]:
    """Recorded payloads of a platform."""
    return sorted((SHARED / "samples" / platform).glob("*.json")) if SHARED else []


@needs_shared
@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_every_sample_is_taken(
    app: App, line: FakeLine, telegram: FakeTelegram, log: io.StringIO, engine_name: str
) -> None:
    """All kinds of events, future ones included, are answered with 200, and none raises anywhere on its way."""
    telegram.chat(700000001).status = "member"
    for path, platform in ((LINE, "line"), (TELEGRAM, "telegram")):
        for sample in samples(platform):
            body = sample.read_bytes()
            assert await app.post(path, body, **signed(path, body)) == 200, sample.name
            await app.settled()
    assert app.road.counters.of(STEPS) > 20
    assert not app.road.counters.of(EVENT_FAILURES) and not app.road.counters.of(EVENTS_ASIDE)
    broken = [line for line in log.getvalue().splitlines() if '"error"' in line and "message_failed" not in line]
    assert not broken
    line.problems.clear()
    telegram.problems.clear()
