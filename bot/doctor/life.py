"""How the programme lives: messages and events that were given up, what waits, and data that grows old."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from bot import reference
from bot.doctor.findings import Finding, counted, fault, ok, span, warning
from storage.inbox import InboxHealth
from storage.outbox import OutboxHealth

LETTERS, ASIDE, LAG, NUMBERS = "dead letters", "set-aside events", "delivery", "emergency numbers"

LETTERS_SINCE = timedelta(days=7)
"""What was given up longer ago is no longer news."""
LAG_WARNS_S, LAG_FAULT_S = 60, 900
"""A message that is due goes out within seconds; LINE or Telegram may be away for minutes; beyond that nothing sends."""
REASONS = 3
_GONE = ("gone", "chat not reachable", "the chat is not reachable")
"""The person blocked the bot or left: nothing is wrong with the set-up."""


def check(letters: Mapping[str, int], inbox: InboxHealth, outbox: OutboxHealth, now: datetime) -> Iterator[Finding]:
    """Findings of what the database tells. `letters`: given up in the last `LETTERS_SINCE`, by reason."""
    yield _letters(letters)
    if inbox.aside:
        says = f"{counted(inbox.aside, 'event')} could not be handled and lie aside"
        yield warning(ASIDE, says, "look for event_failed in the log and report the lines; the rows stay in the inbox")
    else:
        yield ok(ASIDE, "none")
    yield _lag(inbox, outbox, now)


def _letters(letters: Mapping[str, int]) -> Finding:
    told = {reason: number for reason, number in letters.items() if not reason.startswith(_GONE)}
    gone = sum(letters.values()) - sum(told.values())
    if not told:
        also = f"; {counted(gone, 'message')} to chats that are gone" if gone else ""
        return ok(LETTERS, f"none in {LETTERS_SINCE.days} days{also}")
    reasons = ", ".join(f"{reason} ×{number}" for reason, number in list(told.items())[:REASONS])
    says = f"{counted(sum(told.values()), 'message')} given up in {LETTERS_SINCE.days} days: {reasons}"
    return warning(LETTERS, says, "look for alert_failed in the log: there a centre or a headman missed an alert")


def _lag(inbox: InboxHealth, outbox: OutboxHealth, now: datetime) -> Finding:
    oldest = min((at for at in (inbox.oldest, outbox.oldest) if at), default=now)
    seconds = (now - oldest).total_seconds()
    waiting = outbox.queued + outbox.errored
    if seconds < LAG_WARNS_S:
        return ok(LAG, f"{counted(waiting, 'message')} to send, nothing overdue")
    says = f"{counted(inbox.waiting, 'event')} and {counted(waiting, 'message')} wait, the oldest for {span(seconds)}"
    do = "see that serve (or worker) runs, and look at its log"
    return fault(LAG, says, do) if seconds >= LAG_FAULT_S else warning(LAG, says, do)


def numbers(now: datetime) -> Finding:
    """Whether somebody has checked the emergency numbers lately."""
    old = reference.outdated_hotlines(now.date())
    if not old:
        return ok(NUMBERS, f"all checked within {reference.RECHECK_AFTER.days} days")
    named = ", ".join(f"{line.number} ({line.country})" for line in old)
    says = f"not checked for {reference.RECHECK_AFTER.days} days: {named}"
    return warning(
        NUMBERS, says, "check them against the authorities' pages, then checked_on in bot/data/hotlines.json"
    )
