"""Fixtures of the road's tests."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs


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
