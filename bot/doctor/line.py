"""LINE: the token, the account's mode, where events go, and how many messages are left this month."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from bot.called import CALLED
from bot.config import Settings
from bot.doctor.findings import Finding, fault, ok, skipped, warning
from bot.doctor.public import unfit

if TYPE_CHECKING:
    from bot.channels.line.account import Bot, Quota
    from bot.channels.line.webhook import Webhook

T = TypeVar("T")

ACCOUNT, WEBHOOK, TRIAL, QUOTA = "LINE account", "LINE webhook", "LINE's test call", "LINE quota"
WAIT_S, TRIAL_WAIT_S = 5.0, 8.0
"""LINE gives the webhook 2 seconds in its own test; the rest is room."""
NEARLY_FULL = 0.8

_SET = f"{CALLED} line set-webhook"
_TOKEN = "LINE Developers console, Messaging API: issue a token, put it into LINE_CHANNEL_ACCESS_TOKEN, restart serve"
_MODE = "LINE Official Account Manager, Settings, Response settings: Chat off, Webhooks on"
_PLAN = "take a larger plan in LINE Official Account Manager, or let large groups use Telegram"
_NETWORK = "see that this machine reaches the internet: name server, firewall, LINE_API_URL"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A question that LINE did not answer. `status`: its HTTP status, 0 if it cannot be reached."""

    says: str
    status: int = 0


async def check(settings: Settings) -> list[Finding]:
    """Findings about LINE. The account is asked first: where its token is refused, so is everything else."""
    from bot.channels.line import account, webhook

    token, api = settings.line_channel_access_token, settings.line_api_url
    if not settings.line_on or token is None:
        return _unknown(skipped(ACCOUNT, "the two LINE variables are not set"), "no token")
    key = token.get_secret_value()
    bot = await _asked(account.bot_info(key, api), WAIT_S)
    if isinstance(bot, Trouble):
        return _unknown(_refused(bot), "LINE did not say")
    noted, quota, trial = await asyncio.gather(
        _asked(webhook.webhook(key, api), WAIT_S), _asked(account.quota(key, api), WAIT_S), _tried(settings, key)
    )
    return [_account(bot), _noted(settings, noted), trial, _quota(quota)]


async def _asked(question: Coroutine[Any, Any, T], wait_s: float) -> T | Trouble:
    from bot.channels.line.account import AccountError

    try:
        async with asyncio.timeout(wait_s):
            return await question
    except AccountError as error:
        return Trouble(str(error), error.status)
    except TimeoutError:
        return Trouble(f"LINE does not answer in {wait_s:.0f} s")


def _unknown(first: Finding, why: str) -> list[Finding]:
    return [first, *(skipped(check, why) for check in (WEBHOOK, TRIAL, QUOTA))]


def _refused(trouble: Trouble) -> Finding:
    if trouble.status in (401, 403):
        return fault(ACCOUNT, "LINE does not accept LINE_CHANNEL_ACCESS_TOKEN", _TOKEN)
    return fault(ACCOUNT, trouble.says, "try again later" if trouble.status else _NETWORK)


def _account(bot: Bot) -> Finding:
    if bot.chat_mode != "bot":
        return fault(ACCOUNT, f"{bot.basic_id} is in chat mode: people would get no answers from the bot", _MODE)
    return ok(ACCOUNT, f"accepted: {bot.basic_id}")


def _noted(settings: Settings, noted: Webhook | Trouble) -> Finding:
    from bot.channels.line.webhook import PATH, SWITCH

    if isinstance(noted, Trouble):
        return fault(WEBHOOK, noted.says, "try again later")
    if _no_address(settings):
        return skipped(WEBHOOK, "PUBLIC_URL is to be mended first")
    if not noted.endpoint:
        return fault(WEBHOOK, "LINE has no address to bring events to", _SET)
    if noted.endpoint != f"{settings.public_url}{PATH}":
        where = urlsplit(noted.endpoint).hostname or "another address"
        return fault(WEBHOOK, f"events go to another address ({where}), not to PUBLIC_URL{PATH}", _SET)
    if not noted.active:
        return fault(WEBHOOK, "Use webhook is off: LINE brings nothing", SWITCH)
    return ok(WEBHOOK, "brings events to PUBLIC_URL")


def _no_address(settings: Settings) -> bool:
    return settings.public_url is None or unfit(settings.public_url, telegram=False) is not None


async def _tried(settings: Settings, key: str) -> Finding:
    """Have LINE call the address that should be noted."""
    from bot.channels.line.webhook import PATH, try_webhook

    if _no_address(settings):
        return skipped(TRIAL, "there is no public address that LINE could call")
    trial = await _asked(try_webhook(key, settings.line_api_url, f"{settings.public_url}{PATH}"), TRIAL_WAIT_S)
    if isinstance(trial, Trouble):
        return warning(TRIAL, f"LINE did not make it: {trial.says}", "try again in a few minutes")
    return ok(TRIAL, trial.words) if trial.success else fault(TRIAL, trial.words, trial.advice)


def _quota(quota: Quota | Trouble) -> Finding:
    if isinstance(quota, Trouble):
        return warning(QUOTA, quota.says, "try again later")
    if quota.limit is None:
        return ok(QUOTA, f"{quota.used} messages this month; the plan has no limit")
    used = f"{quota.used} of {quota.limit} messages of this month are used"
    if quota.used >= quota.limit:
        return fault(QUOTA, f"{used}: alerts to LINE groups wait for the next month", _PLAN)
    if quota.used >= NEARLY_FULL * quota.limit:
        return warning(QUOTA, used, _PLAN)
    return ok(QUOTA, used)
