"""`/metrics`: the numbers of one programme in Prometheus' own format, as prometheus-client writes and negotiates it.

The page holds no secret and nothing of a report, but tells strangers how much goes on. It stands on the same port as the
webhooks, so the server in front must not pass it on to the outside: `deploy/Caddyfile` answers 404 there, and Prometheus
asks the port itself, on the machine or inside its network.

A scrape disturbs nobody: counts lie in memory, the rest is one work for the database over partial indexes that hold only
what waits, at most once a second. While the database is away the counts come alone, with `mekongwatch_database_up 0`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping
from datetime import UTC, datetime
from typing import Any

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector, make_asgi_app
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.counters import COUNTED, LEVELS, Counters
from bot.health import Health, Pulse
from storage.cases import CaseHealth
from storage.inbox import InboxHealth
from storage.outbox import OutboxHealth


class Metrics(Collector):
    """The page as an ASGI application, and the collector behind it."""

    def __init__(self, counters: Counters, channels: Iterable[str], pulse: Pulse) -> None:
        self._counters = counters
        self._channels = sorted(channels)
        self._pulse = pulse
        self._health: Health | None = None
        registry = CollectorRegistry()
        registry.register(self)
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        self._page = make_asgi_app(registry)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Serve one scrape. The page is written without a pause after the health is known, so that scrapes at the same
        time cannot mix."""
        self._health = await self._pulse.health()
        await self._page(scope, receive, send)

    def describe(self) -> Iterator[Metric]:
        """The names of all that may ever stand on the page."""
        yield from self.collect()
        yield from (GaugeMetricFamily(family.name, family.help) for family in LEVELS)
        yield from _waiting(_NOTHING)

    def collect(self) -> Iterator[Metric]:
        """All families, each with its samples."""
        for family in COUNTED:
            counts = CounterMetricFamily(family.name, family.help, labels=list(family.labels))
            for labels, number in self._counters.counts(family, self._channels):
                counts.add_metric(labels, number)
            yield counts
        known = self._counters.levels()
        for family in LEVELS:
            if family in known:
                yield GaugeMetricFamily(family.name, family.help, value=known[family])
        up = self._health is not None
        yield GaugeMetricFamily("mekongwatch_database_up", "1 while the database answers, else 0.", value=float(up))
        if self._health is not None:
            yield from _waiting(self._health)


_NOTHING = Health(
    datetime.min.replace(tzinfo=UTC),
    InboxHealth(0, 0, None),
    OutboxHealth(0, 0, 0, None),
    CaseHealth(0, 0, None),
    media_waiting=0,
)


def _waiting(health: Health) -> Iterator[Metric]:
    """What waits in the database. All processes on one database tell the same."""
    yield _gauge("inbox_waiting", "Events that wait to be handled.", health.inbox.waiting)
    yield _gauge("inbox_lag_seconds", "Age of the oldest event that waits to be handled.", health.inbox_lag_s)
    rows = GaugeMetricFamily(
        "mekongwatch_outbox_waiting",
        "Messages that wait: queued for the first time, or errored and to be tried again.",
        labels=["state"],
    )
    rows.add_metric(["queued"], health.outbox.queued)
    rows.add_metric(["errored"], health.outbox.errored)
    yield rows
    yield _gauge(
        "delivery_lag_seconds", "How long the oldest message that could go out has been waiting.", health.delivery_lag_s
    )
    dead = GaugeMetricFamily(
        "mekongwatch_dead_letters", "Messages that were given up, and events that were set aside.", labels=["box"]
    )
    dead.add_metric(["outbox"], health.outbox.failed)
    dead.add_metric(["inbox"], health.inbox.aside)
    yield dead
    yield _gauge("cases_open", "Cases that are neither closed nor withdrawn.", health.cases.open)
    yield _gauge("urgent_unclaimed", "Urgent cases that nobody has claimed.", health.cases.urgent_unclaimed)
    yield _gauge(
        "urgent_unclaimed_oldest_seconds",
        "How long ago the oldest urgent case that nobody has claimed was filed.",
        health.unclaimed_s,
    )
    yield _gauge(
        "media_waiting", "Photos, voices, videos and files that are still to be fetched.", health.media_waiting
    )


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"mekongwatch_{name}", meaning, value=value)
