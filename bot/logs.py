"""Log lines: what happened, to which row, never to whom or in which words."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

FORBIDDEN = frozenset(
    {
        "text", "words", "body", "payload", "caption", "name", "title", "label", "message",
        "address", "chat", "user", "user_id", "actor", "actor_id", "sender", "source",
        "latitude", "longitude", "place", "village", "district", "subdistrict", "location",
        "token", "secret", "key", "code", "password", "authorization", "headers", "url",
    }
)  # fmt: skip
"""Keys whose values say who, where or what, or open a door. They are dropped from every line, whoever wrote it."""

CHATTY = ("httpx", "httpcore", "aiohttp", "telegram", "linebot", "urllib3", "apscheduler", "uvicorn", "alembic", "PIL")
"""Libraries whose INFO lines are of no use here; those of httpx hold Telegram's token in the address."""


def drop_forbidden(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Remove forbidden keys from a line."""
    for key in FORBIDDEN & event.keys():
        del event[key]
    return event


def _where(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace an exception by its class and the place where it was raised: its text may quote what somebody sent."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        trace = error.__traceback__
        while trace and trace.tb_next:
            trace = trace.tb_next
        if trace:
            event["at"] = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
    event.pop("stack_info", None)
    return event


def _only_that(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Of an error that nobody caught, asyncio quotes the text, and what its callback was called with: both may be what
    somebody sent. What remains is that there was one; `_where` adds its class and place."""
    if event["_record"].name == "asyncio" and event.get("exc_info"):
        event["event"] = "error_not_caught"
    return event


def set_up(level: str = "INFO", *, plain: bool | None = None) -> None:
    """Configure all logging of the process: console lines on a terminal (or `plain`), else one JSON object a line."""
    if plain is None:
        plain = sys.stderr.isatty()
    shared: list[structlog.types.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _where,
        drop_forbidden,
    ]
    renderer: structlog.types.Processor = (
        structlog.dev.ConsoleRenderer(colors=True) if plain else structlog.processors.JSONRenderer()
    )
    # Our own lines go straight to where `logging` writes: through it, each would take three times as long.
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_only_that, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for library in CHATTY:
        logging.getLogger(library).setLevel(max(logging.WARNING, root.level))
