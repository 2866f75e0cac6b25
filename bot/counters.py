"""What the programme counts, and where it counts it: one table of numbers for each programme, nothing global.

Labels are few and bounded: a channel, a kind of error, a state. None names a district: a count per district that rises
by one at a certain minute says where somebody sent a report at that minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import get_args

from bot.channels.base import ErrorKind

CHANNEL = "channel"


@dataclass(frozen=True, eq=False, slots=True)
class Family:
    """A number that grows (or, after `Counters.level`, one that is as it is). `name` follows Prometheus' rules, without
    `_total`. `labels` gives the values that are known beforehand, which are shown as 0 from the start; the label
    `channel` has those that are switched on."""

    name: str
    help: str
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_CHANNEL: Mapping[str, tuple[str, ...]] = {CHANNEL: ()}

EVENTS = Family("mekongwatch_events", "Events that a platform brought and that were committed.", _CHANNEL)
EVENTS_REPEATED = Family(
    "mekongwatch_events_repeated", "Events that a platform brought again and that were dropped.", _CHANNEL
)
STEPS = Family("mekongwatch_steps", "Events that were played through the conversation.")
EVENT_FAILURES = Family("mekongwatch_event_failures", "Tries of an event that failed; it is tried again.")
EVENTS_ASIDE = Family("mekongwatch_events_set_aside", "Events that were given up after all their tries.")
TIMER_FAILURES = Family("mekongwatch_timer_failures", "Timers of a conversation that could not be played.")
CASES_FILED = Family("mekongwatch_cases_filed", "Cases filed.", {"urgent": ("yes", "no")})
ALERTS_SENT = Family(
    "mekongwatch_alerts_sent",
    "Calls about a case that reached somebody else's chat: cards, alerts, follow-ups.",
    _CHANNEL,
)
MESSAGES_SENT = Family("mekongwatch_messages_sent", "Calls that a platform took, alerts among them.", _CHANNEL)
MESSAGES_FAILED = Family("mekongwatch_messages_failed", "Calls that were given up.", _CHANNEL)
SEND_ERRORS = Family(
    "mekongwatch_send_errors",
    "Calls that did not go out, by what was wrong.",
    {**_CHANNEL, "kind": get_args(ErrorKind)},
)
LINE_BILLED = Family(
    "mekongwatch_line_billed_calls", "Calls to LINE that are billed; a call to a group costs its members."
)
WEBHOOKS_REFUSED = Family(
    "mekongwatch_webhooks_refused",
    "Webhook calls that were not taken, by HTTP status (503: not stored, it comes again).",
    {**_CHANNEL, "status": ("400", "401", "403", "413", "503")},
)
MEDIA_STORED = Family("mekongwatch_media_stored", "Photos, voices, videos and files that were fetched and kept.")
FETCH_ERRORS = Family(
    "mekongwatch_media_fetch_errors", "Fetches of media that did not work.", {"kind": ("retry", "gone", "too_big")}
)
ALARMS = Family(
    "mekongwatch_alarms",
    "Things that the operator has to put right.",
    {"what": ("case_without_group", "centre_without_group", "channel_off")},
)
COUNTED = (
    EVENTS, EVENTS_REPEATED, STEPS, EVENT_FAILURES, EVENTS_ASIDE, TIMER_FAILURES, CASES_FILED, ALERTS_SENT, MESSAGES_SENT,
    MESSAGES_FAILED, SEND_ERRORS, LINE_BILLED, WEBHOOKS_REFUSED, MEDIA_STORED, FETCH_ERRORS, ALARMS,
)  # fmt: skip

LINE_QUOTA_LIMIT = Family(
    "mekongwatch_line_quota_limit", "Messages a month in LINE's plan; missing without LINE, or without a limit."
)
LINE_QUOTA_USED = Family("mekongwatch_line_quota_used", "Messages that LINE has billed this month, asked once an hour.")
LEVELS = (LINE_QUOTA_LIMIT, LINE_QUOTA_USED)

Labels = tuple[str, ...]


class Counters:
    """The numbers of one programme. Plain dictionaries of one thread: they are counted on the hot path."""

    def __init__(self) -> None:
        self._counts: dict[tuple[Family, Labels], int] = {}
        self._levels: dict[Family, float] = {}

    def up(self, family: Family, *labels: str, by: int = 1) -> None:
        """Count. The labels come in the order of the family's."""
        key = family, labels
        self._counts[key] = self._counts.get(key, 0) + by

    def of(self, family: Family, *labels: str) -> int:
        """How many so far, over all labels that begin with these."""
        return sum(
            n for (counted, values), n in self._counts.items() if counted is family and values[: len(labels)] == labels
        )

    def total(self) -> int:
        """Everything counted so far: it changes when anything happens."""
        return sum(self._counts.values())

    def level(self, family: Family, value: float | None) -> None:
        """Note how something stands; None if that is not known."""
        if value is None:
            self._levels.pop(family, None)
        else:
            self._levels[family] = value

    def levels(self) -> Mapping[Family, float]:
        """How things stand, as far as known."""
        return self._levels

    def counts(self, family: Family, channels: Iterable[str]) -> Iterator[tuple[Labels, int]]:
        """A family's counts by labels, those that are known beforehand among them."""
        known = [tuple(channels) if label == CHANNEL else values for label, values in family.labels.items()]
        counted = {values: n for (of, values), n in self._counts.items() if of is family}
        yield from (dict.fromkeys(product(*known), 0) | counted).items()
