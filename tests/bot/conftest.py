"""Fixtures of the road's tests."""

from __future__ import annotations

import logging
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from bot import config, logs
from bot.cli import main
from tests.bot.setup import SetUp, well

Run = Callable[..., "Done"]


@pytest.fixture
def undisturbed_logging() -> Iterator[None]:
    """Whatever a test sets up for logging is undone after it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.CHATTY}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], undisturbed_logging: None
) -> Run:
    """Run a command in an empty directory, without the second that a process takes to start."""

    def run(*arguments: str, **variables: str) -> Done:
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path)
            for name in config.Settings.model_fields:
                patch.delenv(name.upper(), raising=False)
            for name, value in variables.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["mekongwatch", *arguments])
            with pytest.raises(SystemExit) as ended:
                main()
        output = capsys.readouterr()
        return Done(int(ended.value.code or 0), output.out, output.err)

    return run


@pytest.fixture
async def setup(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SetUp]:
    """A set-up with which all is well, on each database."""
    async with well(database_url, tmp_path, monkeypatch) as made:
        yield made
