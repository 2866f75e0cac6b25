"""PUBLIC_URL: an address that the platforms take, and that leads here."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import aiohttp

from bot.clock import Clock
from bot.config import Settings
from bot.doctor.findings import Finding, fault, ok, skipped, warning
from bot.doctor.reach import Answer, Silence, ask

CHECK = "public address"
TELEGRAM_PORTS = (443, 80, 88, 8443)
"""Bot API, setWebhook."""
PRIVATE_ENDINGS = ("localhost", ".local", ".lan", ".internal", ".home.arpa", ".test")

_PROXY = "put a web server with a certificate in front (deploy/Caddyfile) and set PUBLIC_URL=https://NAME"
_NAME = "set PUBLIC_URL to the name under which the internet reaches this server"


def unfit(url: str, *, telegram: bool) -> tuple[str, str] | None:
    """Why the platforms would not take this address, and what to do; None if nothing speaks against it."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    try:
        port = parts.port or 443
    except ValueError:
        return "its port is no number from 1 to 65535", _NAME
    if parts.scheme != "https":
        return "it begins with http://: LINE and Telegram bring messages over https only", _PROXY
    if _is_private(host):
        return f"{host or 'it'} is an address that only this machine or network knows", _NAME
    if parts.query or parts.fragment or parts.username:
        return "it has more than https://, a name, a port and a path", _NAME
    if telegram and port not in TELEGRAM_PORTS:
        return f"Telegram takes only the ports 443, 80, 88 and 8443, not {port}", _PROXY
    return None


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(PRIVATE_ENDINGS)


async def check(settings: Settings, http: aiohttp.ClientSession, clock: Clock) -> Finding:
    """Whether the address can be used and /healthz answers there."""
    webhooks = settings.telegram_on and not settings.telegram_polls
    if settings.public_url is None:
        if settings.line_on or webhooks:
            who = "LINE" if settings.line_on else "Telegram"
            return fault(CHECK, f"PUBLIC_URL is not set: {who} has nowhere to bring messages to", _NAME)
        return skipped(CHECK, "PUBLIC_URL is not set, and nothing needs it")
    reasons = unfit(settings.public_url, telegram=webhooks)
    if reasons:
        if settings.line_on or webhooks:
            return fault(CHECK, f"PUBLIC_URL: {reasons[0]}", reasons[1])
        return warning(CHECK, f"PUBLIC_URL: {reasons[0]}", reasons[1])
    return _judged(await ask(http, f"{settings.public_url}/healthz", clock))


def _judged(answer: Answer | Silence) -> Finding:
    if isinstance(answer, Silence):
        do = "see that serve and the web server run, that the name leads here, and that port 443 is open"
        return fault(CHECK, f"PUBLIC_URL cannot be reached from here: {answer.reason}", do)
    status = answer.status
    if status == 200:
        return ok(CHECK, "PUBLIC_URL answers")
    if status >= 500:
        do = "start serve, and see that the web server passes requests on to its HOST and PORT"
        return fault(CHECK, f"a web server answers, the bot behind it does not (status {status})", do)
    if 300 <= status < 400:
        says = f"PUBLIC_URL redirects (status {status}), which the platforms do not follow"
        return fault(CHECK, says, "set PUBLIC_URL to the address that it leads to")
    return fault(CHECK, f"/healthz is not there (status {status}): PUBLIC_URL leads to something else", _NAME)
