"""The web side: what gets in, what is refused, and what a signed link gives."""

from __future__ import annotations

import asyncio
import io
import json
import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from PIL import Image
from sqlalchemy import event, text

from bot import bootstrap, health
from bot.channels.base import SendError
from bot.health import LATE_S, SCHEMA_FRESH_S
from storage.database import Closed, Database
from storage.unit_of_work import UnitOfWork
from tests.bot.rig import Rig, rig
from tests.fakes.scripted import SECRET
from tests.storage.versions import NEWEST

HOOK = "/webhooks/telegram"


@pytest.fixture
async def road(database: Database, tmp_path: Path) -> AsyncIterator[Rig]:
    """A process on each database."""
    async with rig(database, tmp_path) as made:
        yield made


@pytest.fixture
async def web(road: Rig) -> AsyncIterator[httpx.AsyncClient]:
    """A client of its web side."""
    transport = httpx.ASGITransport(bootstrap.web(road.road))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        yield client


def webhook(*events: dict[str, Any]) -> dict[str, Any]:
    """Arguments of a good webhook call."""
    return {"content": json.dumps({"events": events}), "headers": {"X-Secret": SECRET}}


async def waiting(road: Rig) -> int:
    """Events in the inbox that nobody has handled."""
    return (await road.road.database.run(lambda uow: uow.inbox.health())).waiting


async def test_an_event_is_committed_before_the_answer(web: httpx.AsyncClient, road: Rig) -> None:
    """When the 200 arrives the event is in the database, and its answer follows."""
    answer = await web.post(HOOK, **webhook({"id": "1", "chat": "5", "did": {"text": "hello"}}))
    assert (answer.status_code, answer.content) == (200, b"")
    await road.road.idle()
    assert road.channel.said("5") == ["1: hello"]


async def test_an_empty_webhook_is_a_ping(web: httpx.AsyncClient) -> None:
    """A webhook without events is answered with 200."""
    assert (await web.post(HOOK, **webhook())).status_code == 200


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ({"content": b"{}"}, 401),
        ({"content": b"{}", "headers": {"X-Secret": "wrong"}}, 401),
        ({"content": b"hunter2", "headers": {"X-Secret": SECRET}}, 400),
        ({"content": b'{"events": [7]}', "headers": {"X-Secret": SECRET}}, 400),
        ({"content": bytes(1024 * 1024 + 1), "headers": {"X-Secret": SECRET}}, 413),
    ],
)
async def test_refusals(web: httpx.AsyncClient, road: Rig, arguments: dict[str, Any], status: int) -> None:
    """A refused webhook has an empty answer, leaves no row, and one log line without content."""
    with structlog.testing.capture_logs() as lines:
        answer = await web.post(HOOK, **arguments)
    assert (answer.status_code, answer.content) == (status, b"")
    assert await waiting(road) == 0
    assert len(lines) == 1 and "hunter2" not in str(lines) and SECRET not in str(lines)


async def test_a_body_that_grows_is_cut_off(web: httpx.AsyncClient) -> None:
    """A body without a length is read no further than the limit."""

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(64 * 1024)

    answer = await web.post(HOOK, content=endless(), headers={"X-Secret": SECRET})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("method", "path", "status"), [("POST", "/webhooks/line", 404), ("GET", HOOK, 405), ("GET", "/", 404)]
)
async def test_what_is_not_there(web: httpx.AsyncClient, method: str, path: str, status: int) -> None:
    """A channel that is off does not exist, and a webhook is only posted to."""
    assert (await web.request(method, path)).status_code == status


async def test_without_the_database_nothing_is_accepted(web: httpx.AsyncClient, road: Rig) -> None:
    """What cannot be committed is not acknowledged, so the platform brings it again."""

    async def broken(*_: object) -> None:
        raise Closed("the database is closed")

    road.road.intake.receive = broken  # type: ignore[method-assign,assignment]
    made = httpx.ASGITransport(bootstrap.web(road.road))
    async with httpx.AsyncClient(transport=made, base_url="http://bot") as client:
        answer = await client.post(HOOK, **webhook({"id": "1", "chat": "5", "did": {"text": "hello"}}))
    assert answer.status_code == 503


async def stored_photo(road: Rig) -> str:
    """A photo that was sent in; its media id."""
    out = io.BytesIO()
    Image.new("RGB", (60, 30), "blue").save(out, "JPEG")
    road.channel.files["f"] = out.getvalue()
    await road.happen("5", photo="f")
    chat = await road.road.database.run(lambda uow: uow.chats.find("telegram", "5"))
    assert chat is not None
    return chat.session.loose[0].media_id


async def test_a_signed_link(web: httpx.AsyncClient, road: Rig) -> None:
    """A fresh link gives the copy with careful headers, whole, in part, and as HEAD."""
    signer, media_id = road.road.database.vault.signer, await stored_photo(road)
    link = "/media/" + signer.sign("c" + media_id, road.clock.now() + timedelta(hours=1))
    answer = await web.get(link)
    assert answer.status_code == 200 and answer.content.startswith(b"\xff\xd8")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "no-store" and answer.headers["x-content-type-options"] == "nosniff"
    head = await web.head(link)
    assert (head.status_code, head.content) == (200, b"")
    part = await web.get(link, headers={"range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, answer.content[2:6])
    assert part.headers["content-range"] == f"bytes 2-5/{len(answer.content)}"
    tail = await web.get(link, headers={"range": "bytes=-4"})
    assert tail.content == answer.content[-4:]
    beyond = await web.get(link, headers={"range": f"bytes={len(answer.content)}-"})
    assert beyond.status_code == 416


async def test_bad_links(web: httpx.AsyncClient, road: Rig) -> None:
    """Expired, forged, unknown: all the same 404. There is no link to an original."""
    signer, media_id = road.road.database.vault.signer, await stored_photo(road)
    soon = road.clock.now() + timedelta(hours=1)
    good = signer.sign("c" + media_id, soon)
    bad = [good[:-2] + "xx", signer.sign("c" + media_id, road.clock.now() - timedelta(seconds=1)), "x", media_id]
    bad += [signer.sign("o" + media_id, soon), signer.sign("cunknown", soon)]
    for token in bad:
        answer = await web.get(f"/media/{token}")
        assert (answer.status_code, answer.content) == (404, b"")


READY = {"ready": True, "database": "up", "migrations": "current", "delivery": "on time"}


async def test_health(web: httpx.AsyncClient, road: Rig) -> None:
    """Liveness, and readiness with the lags."""
    await road.happen("5", text="hello")
    assert (await web.get("/healthz")).text == "ok\n"
    answer = await web.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {**READY, "inbox_lag_s": 0.0, "delivery_lag_s": 0.0})


async def test_ready_though_late(web: httpx.AsyncClient, road: Rig) -> None:
    """While a platform takes no messages the delivery is late, and webhooks are still welcome."""
    road.channel.results.append(SendError("retry", "500"))
    await road.happen("5", text="hello")
    assert (await web.get("/readyz")).json()["delivery"] == "on time"
    road.clock.advance(LATE_S + 5)
    answer = await web.get("/readyz")
    assert (answer.status_code, answer.json()["delivery"]) == (200, "late")
    assert LATE_S < answer.json()["delivery_lag_s"] <= LATE_S + 5


@pytest.mark.parametrize(("version", "state"), [("9999", "newer"), (None, "older"), (NEWEST, "current")])
async def test_not_ready_with_other_tables(web: httpx.AsyncClient, road: Rig, version: str | None, state: str) -> None:
    """When another version has changed the tables, the process says so, if not at once."""
    data = road.road.database
    assert (await web.get("/readyz")).json() == {**READY, "inbox_lag_s": 0.0, "delivery_lag_s": 0.0}
    await data.run(lambda uow: note_version(uow, version))
    try:
        road.clock.advance(SCHEMA_FRESH_S)
        answer = await web.get("/readyz")
    finally:  # the server's database outlives the test
        await data.run(lambda uow: note_version(uow, NEWEST))
    assert (answer.status_code, answer.json()["migrations"]) == (200 if state == "current" else 503, state)


def note_version(uow: UnitOfWork, version: str | None) -> None:
    """What another version of the programme would have left behind."""
    uow._connection.execute(text("DELETE FROM alembic_version"))
    if version:
        uow._connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})


async def test_many_probes_are_one_question(web: httpx.AsyncClient, road: Rig) -> None:
    """However many ask at once or shortly after one another, the database is asked once for its version and its queues."""
    begun: list[object] = []
    event.listen(road.road.database.engine, "begin", begun.append)
    for _ in range(3):
        await asyncio.gather(*(web.get(path) for path in ("/readyz", "/metrics") * 10))
    assert 1 <= len(begun) <= 2


async def test_not_ready_without_the_database(web: httpx.AsyncClient, road: Rig) -> None:
    """Without a database the process says that it is not ready."""
    await road.road.stop()
    road.road.database.close()
    answer = await web.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "database": "away", "migrations": "unknown"})


async def test_a_database_that_hangs(web: httpx.AsyncClient, road: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A probe is answered in time although the database is not, and is told the truth once that is over."""
    monkeypatch.setattr(health, "WITHIN_S", 0.05)
    go_on = threading.Event()
    busy = asyncio.create_task(road.road.database.run(lambda uow: go_on.wait()))
    assert (await web.get("/readyz")).status_code == 503
    go_on.set()
    await busy
    monkeypatch.setattr(health, "WITHIN_S", 30)
    assert (await web.get("/readyz")).status_code == 200
