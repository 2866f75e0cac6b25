"""The Date header of a fake platform's answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from aiohttp import web


def tell_time(app: web.Application, ahead_s: Callable[[], float]) -> None:
    """Let every answer of `app` bear a time so many seconds ahead of this machine's."""

    async def stamp(_: web.Request, response: web.StreamResponse) -> None:
        now = datetime.now(UTC) + timedelta(seconds=ahead_s())  # noqa: TID251 - what a real server would tell
        response.headers["Date"] = format_datetime(now, usegmt=True)

    app.on_response_prepare.append(stamp)
