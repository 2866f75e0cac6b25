"""Where LINE brings its events: asked, set, and tried out by LINE itself. Through LINE's SDK, for an operator."""

from __future__ import annotations

from dataclasses import dataclass

from linebot.v3.messaging import (  # type: ignore[import-untyped]
    AsyncMessagingApi,
    SetWebhookEndpointRequest,
    TestWebhookEndpointRequest,
)

from bot.channels.line.account import REQUEST_TIMEOUT, AccountError, sdk

PATH = "/webhooks/line"

_REASONS = {
    "COULD_NOT_CONNECT": "LINE cannot connect to it",
    "REQUEST_TIMEOUT": "it does not answer LINE within 2 seconds",
    "ERROR_STATUS_CODE": "it answers LINE with an error",
}
"""LINE's words for why a webhook failed (developers.line.biz, "Check webhook error causes and statistics")."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """What LINE has noted. `endpoint` is "" where no address was ever set; `active`: "Use webhook" is on."""

    endpoint: str
    active: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What LINE met when it called the address. `status`: the HTTP status, 0 or less if nothing answered."""

    success: bool
    status: int
    reason: str
    detail: str

    @property
    def words(self) -> str:
        """The same for an operator, in half a line."""
        if self.success:
            return "LINE reaches it and gets a 200"
        told = _REASONS.get(self.reason.upper(), "LINE's test failed")
        rest = [f"status {self.status}" if self.status > 0 else "", self.reason, self.detail]
        return f"{told} ({', '.join(dict.fromkeys(part for part in rest if part))})"

    @property
    def advice(self) -> str:
        """What to do about it; "" if nothing."""
        if self.success:
            return ""
        if self.status in (400, 401, 403):
            return "LINE_CHANNEL_SECRET is not this channel's: copy it again from the console, Basic settings"
        if self.status == 404:
            return "the server there runs without LINE, or is another one: set both LINE variables, restart serve"
        if self.status >= 500:
            return "the web server is there, the bot behind it is not: start serve and look at its log"
        return "see that serve runs, that its address is open to the internet, and its certificate is a public one"


async def webhook(access_token: str, api_url: str) -> Webhook:
    """Where LINE brings events now. Raises `AccountError`."""
    try:
        async with sdk(access_token, api_url) as client:
            found = await AsyncMessagingApi(client).get_webhook_endpoint(_request_timeout=REQUEST_TIMEOUT)
            return Webhook(found.endpoint, found.active)
    except AccountError as error:
        if error.status == 404:  # LINE's answer while there is no address
            return Webhook("", False)
        raise


async def set_webhook(access_token: str, api_url: str, endpoint: str) -> None:
    """Have LINE bring events to `endpoint`, an HTTPS address of at most 500 characters. Raises `AccountError`."""
    async with sdk(access_token, api_url) as client:
        await AsyncMessagingApi(client).set_webhook_endpoint(
            SetWebhookEndpointRequest(endpoint=endpoint), _request_timeout=REQUEST_TIMEOUT
        )


async def try_webhook(access_token: str, api_url: str, endpoint: str) -> Trial:
    """Have LINE send a webhook without events to `endpoint`, and hear what came of it. Raises `AccountError`."""
    async with sdk(access_token, api_url) as client:
        found = await AsyncMessagingApi(client).test_webhook_endpoint(
            TestWebhookEndpointRequest(endpoint=endpoint), _request_timeout=REQUEST_TIMEOUT
        )
        return Trial(bool(found.success), found.status_code, found.reason, found.detail)
