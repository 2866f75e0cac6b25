"""What the console of the fake LINE shows and sets: the account, its webhook address, and LINE's own test of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import web

from tests.fakes.line_menus import error, ok

if TYPE_CHECKING:
    from tests.fakes.line import FakeLine

TEST_WITHIN_S = 2.0


class Console:
    """`endpoint`: the noted address, "" before any was set. `roads`: where an https address really leads in this test; an
    address without a road cannot be connected to."""

    def __init__(self, line: FakeLine) -> None:
        self._line = line
        self.chat_mode = "bot"
        self.endpoint = ""
        self.active = True
        self.roads: dict[str, str] = {}

    async def answer(self, method: str, parts: list[str], body: Any) -> web.Response:
        """Answer one request; `parts` is its path after /v2/bot/."""
        match method, parts:
            case "GET", ["info"]:
                info = {"userId": self._line.destination, "basicId": "@mekong", "displayName": "Watch"}
                return ok({**info, "chatMode": self.chat_mode, "markAsReadMode": "auto"})
            case "GET", ["channel", "webhook", "endpoint"] if self.endpoint:
                return ok({"endpoint": self.endpoint, "active": self.active})
            case "PUT", ["channel", "webhook", "endpoint"]:
                if refused := self._line.refused("SetWebhookEndpointRequest", body) or _not_https(body["endpoint"]):
                    return refused
                self.endpoint = body["endpoint"]
                return ok({})
            case "POST", ["channel", "webhook", "test"]:
                if refused := self._line.refused("TestWebhookEndpointRequest", body):
                    return refused
                return ok(await self._test(body.get("endpoint") or self.endpoint))
        return error(404, "Not found")

    async def _test(self, endpoint: str) -> dict[str, Any]:
        """Send a webhook without events there, signed; what LINE tells of it."""
        road = next(
            (real + endpoint.removeprefix(name) for name, real in self.roads.items() if endpoint.startswith(name)), ""
        )
        status, reason, detail = -1, "COULD_NOT_CONNECT", "Connection failed"
        if road:
            try:
                status = await self._line.deliver(to=road, within_s=TEST_WITHIN_S)
                reason, detail = ("OK", "200") if status == 200 else ("ERROR_STATUS_CODE", str(status))
            except TimeoutError:
                reason, detail = "REQUEST_TIMEOUT", "Request timeout"
            except aiohttp.ClientError:
                pass  # it stays as it stands above
        at = datetime.fromtimestamp(self._line.now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {
            "success": status == 200,
            "timestamp": at,
            "statusCode": status,
            "reason": reason,
            "detail": detail,
        }


def _not_https(endpoint: str) -> web.Response | None:
    return None if endpoint.startswith("https://") else error(400, "Invalid webhook endpoint URL")
