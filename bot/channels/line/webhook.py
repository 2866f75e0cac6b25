"""Where LINE brings its events: asked, set, and tried out by LINE itself."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.line.account import AccountError, call

PATH = "/webhooks/line"
_ENDPOINT = "channel/webhook/endpoint"
SWITCH = "turn on Use webhook: LINE Developers console, Messaging API"
"""What to do about an inactive webhook: no call of the API can."""

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
        found = await call(access_token, api_url, "GET", _ENDPOINT)
    except AccountError as error:
        if error.status == 404:  # LINE's answer while there is no address
            return Webhook("", False)
        raise
    return Webhook(str(found.get("endpoint", "")), bool(found.get("active")))


async def set_webhook(access_token: str, api_url: str, endpoint: str) -> None:
    """Have LINE bring events to `endpoint`, an HTTPS address of at most 500 characters. Raises `AccountError`."""
    await call(access_token, api_url, "PUT", _ENDPOINT, {"endpoint": endpoint})


async def try_webhook(access_token: str, api_url: str, endpoint: str) -> Trial:
    """Have LINE send a webhook without events to `endpoint`, and hear what came of it. Raises `AccountError`."""
    found = await call(access_token, api_url, "POST", "channel/webhook/test", {"endpoint": endpoint})
    status = found.get("statusCode")
    return Trial(
        bool(found.get("success")),
        status if isinstance(status, int) else 0,
        str(found.get("reason", "")),
        str(found.get("detail", "")),
    )
