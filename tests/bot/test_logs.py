"""Log lines: what they must never hold."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import logging

import pytest
import structlog

from bot import logs


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, undisturbed_logging: None) -> io.StringIO:
    """What a process with JSON logging writes."""
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    logs.set_up("INFO", plain=False)
    return written


def test_forbidden_keys_are_dropped(lines: io.StringIO) -> None:
    """Who, where and what never pass, whoever logs them."""
    forbidden = dict.fromkeys(logs.FORBIDDEN, "hunter2")
    structlog.get_logger("bot").warning("something", outbox_id="7", **forbidden)
    assert "hunter2" not in lines.getvalue() and '"outbox_id": "7"' in lines.getvalue()


def test_an_exception_shows_its_place_and_not_its_words(lines: io.StringIO) -> None:
    """An exception's text may quote what somebody sent; its class and place are enough."""
    try:
        raise ValueError("hunter2")
    except ValueError as error:
        structlog.get_logger("bot").error("broke", exc_info=error)
        logging.getLogger("some.library").exception("broke too")
    written = lines.getvalue()
    assert "hunter2" not in written and written.count('"error": "ValueError"') == 2
    assert "tests.bot.test_logs:" in written


def test_an_error_that_nobody_caught_is_told_without_its_words(lines: io.StringIO) -> None:
    """asyncio itself quotes the exception of a task, and what a callback was called with."""

    async def broken(words: str) -> None:
        raise ValueError(words)

    def called_back(words: str) -> None:
        raise ValueError(words)

    async def nobody_waits() -> None:
        loop = asyncio.get_running_loop()
        task = loop.create_task(broken("hunter2"))
        loop.call_soon(called_back, "hunter2")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task
        gc.collect()

    asyncio.run(nobody_waits())
    written = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert "hunter2" not in lines.getvalue()
    assert [(line["event"], line["error"]) for line in written] == [("error_not_caught", "ValueError")] * 2
    assert {line["at"].partition(":")[0] for line in written} == {__name__}


def test_libraries_that_print_addresses_are_quiet(lines: io.StringIO) -> None:
    """httpx prints request addresses, and so the bot's token, at INFO."""
    logging.getLogger("httpx").info("POST https://api.telegram.org/bothunter2/sendMessage")
    logging.getLogger("telegram.ext").info("hunter2")
    logging.getLogger("uvicorn.access").info("hunter2")
    assert lines.getvalue() == ""


def test_lines_on_a_terminal_are_plain(lines: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal a line is for eyes."""
    monkeypatch.setattr("sys.stderr", lines)
    logs.set_up("INFO", plain=True)
    structlog.get_logger("bot").info("ready")
    assert "ready" in lines.getvalue() and "{" not in lines.getvalue()
