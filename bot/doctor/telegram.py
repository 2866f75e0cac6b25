"""Telegram: the token, where updates go, and what the bot may do in groups."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.called import CALLED
from bot.config import Settings
from bot.doctor.findings import Finding, counted, fault, ok, skipped, span, warning
from bot.doctor.public import unfit

if TYPE_CHECKING:
    from bot.channels.telegram.standing import Standing

TOKEN, WEBHOOK, GROUPS = "Telegram token", "Telegram webhook", "Telegram groups"
WAIT_S = 6
PATH = "/webhooks/telegram"
FRESH, RECENT = timedelta(minutes=30), timedelta(days=1)
"""A failed delivery this young counts as the present state while updates wait; this old, it is still worth a word."""
MANY_WAITING = 100

_SET = f"{CALLED} telegram set-webhook"
_NEW_TOKEN = "copy the token again from @BotFather (/mybots, API Token) into TELEGRAM_BOT_TOKEN, restart serve"


async def check(settings: Settings, now: datetime) -> list[Finding]:
    """Findings about Telegram."""
    from bot.channels.telegram.bot import TokenRefusedError
    from bot.channels.telegram.standing import NotAnsweredError, standing

    if settings.telegram_bot_token is None:
        return _unknown(skipped(TOKEN, "TELEGRAM_BOT_TOKEN is not set"), "no token")
    try:
        async with asyncio.timeout(WAIT_S):
            found = await standing(settings.telegram_bot_token.get_secret_value(), settings.telegram_api_url)
    except TokenRefusedError:
        return _unknown(fault(TOKEN, "Telegram does not accept TELEGRAM_BOT_TOKEN", _NEW_TOKEN), "the token is refused")
    except (NotAnsweredError, TimeoutError) as error:
        says = str(error) or f"Telegram does not answer in {WAIT_S} s"
        do = "see that this machine reaches the internet: name server, firewall, TELEGRAM_API_URL"
        return _unknown(fault(TOKEN, says, do), "Telegram did not answer")
    return [ok(TOKEN, f"accepted: @{found.username}"), *_webhook(settings, found, now), _groups(found)]


def _unknown(first: Finding, why: str) -> list[Finding]:
    return [first, skipped(WEBHOOK, why), skipped(GROUPS, why)]


def _webhook(settings: Settings, found: Standing, now: datetime) -> Iterator[Finding]:
    if settings.telegram_polls:
        yield _polled(found)
        return
    wanted = f"{settings.public_url}{PATH}"
    if settings.public_url is None or unfit(settings.public_url, telegram=True):
        yield skipped(WEBHOOK, "PUBLIC_URL is to be mended first")
    elif not found.webhook:
        yield fault(WEBHOOK, "Telegram has no address to bring updates to", _SET)
    elif found.webhook != wanted:  # only the host is shown: another programme's address may hold a token
        where = urlsplit(found.webhook).hostname or "another address"
        yield fault(WEBHOOK, f"updates go to another address ({where}), not to PUBLIC_URL{PATH}", _SET)
    elif found.not_brought:
        yield fault(WEBHOOK, f"Telegram does not bring {', '.join(found.not_brought)}", _SET)
    else:
        yield _delivery(found, now)


def _polled(found: Standing) -> Finding:
    if not found.webhook:
        return ok(WEBHOOK, f"none, as it should be: updates are fetched; {counted(found.waiting, 'update')} waiting")
    where = urlsplit(found.webhook).hostname or "some address"
    do = f"restart serve, which takes it away; or set TELEGRAM_WEBHOOK_SECRET and run {_SET}"
    return fault(WEBHOOK, f"a webhook ({where}) is in the way of fetching updates", do)


def _delivery(found: Standing, now: datetime) -> Finding:
    """The address is right: does bringing updates work?"""
    waiting = counted(found.waiting, "update")
    ago = now - found.failed_at if found.failed_at else None
    if ago is None or ago > RECENT:
        if found.waiting > MANY_WAITING:
            return warning(WEBHOOK, f"{waiting} wait at Telegram", "see that serve runs and answers quickly")
        return ok(WEBHOOK, f"brings updates to PUBLIC_URL; {waiting} waiting")
    refused = any(status in found.failure for status in ("401", "403"))
    do = (
        f"the secret differs: {_SET}"
        if refused
        else "see that serve runs and PUBLIC_URL answers; then it goes on by itself"
    )
    says = f"failed {span(ago.total_seconds())} ago ({found.failure or 'no reason told'}); {waiting} waiting"
    return fault(WEBHOOK, says, do) if found.waiting and ago < FRESH else warning(WEBHOOK, says, do)


def _groups(found: Standing) -> Finding:
    if not found.joins_groups:
        do = "@BotFather: /setjoingroups, the bot, Enable; then add it to the groups"
        return fault(GROUPS, "the bot may not be added to groups", do)
    if found.reads_groups:
        says = "privacy mode is off: the bot gets everything that officers say to one another"
        return warning(
            GROUPS, says, "@BotFather: /setprivacy, the bot, Enable; then take it out of its groups and add it again"
        )
    return ok(GROUPS, "may be added; gets only commands and replies to it (privacy mode is on)")
