"""Fixtures of the journeys: both platforms, the app between them, and what the app writes into its log."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from bot import logs
from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram
from tests.journeys.app import App, connect, running, settings_for


@pytest.fixture
async def line() -> AsyncIterator[FakeLine]:
    """A LINE; a request that it would have refused fails the test."""
    async with FakeLine() as fake:
        yield fake


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    """A Telegram; a request that it would have refused fails the test."""
    async with FakeTelegram() as fake:
        yield fake


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that the process logs, in the form that an operator keeps."""
    root, levels = logging.getLogger(), {name: logging.getLogger(name).level for name in logs.CHATTY}
    handlers, level = root.handlers[:], root.level
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    logs.set_up("DEBUG", plain=False)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


@pytest.fixture
async def app(
    log: io.StringIO, database_url: str, tmp_path: Path, line: FakeLine, telegram: FakeTelegram
) -> AsyncIterator[App]:
    """The app on each of the two databases."""
    async with running(settings_for(database_url, tmp_path, line.url, telegram.url)) as started:
        connect(started.url, line, telegram)
        yield started
