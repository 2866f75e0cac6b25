"""`python -m bench`: all measurements, printed as they come."""

from __future__ import annotations

import argparse
import sys
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter

import uvloop
from pydantic import SecretStr

from bench import bill, places, report
from bench.load import Load, Measure
from bench.people import People
from bench.people_line import LinePeople
from bench.people_telegram import TelegramPeople
from bench.processes import Engine, Server, engines, serving
from bench.script import spots
from bench.wire import answering
from bot import bootstrap
from bot.clock import RandomIds, SystemClock
from bot.config import Settings
from bot.invitations import invite

DATA_KEY = urlsafe_b64encode(b"a key that protects nothing real").decode()
GROUPS = 8
"""Linked groups among which the reports are spread: a group's calls go out one after another."""
WARM_S = 1.5


def main() -> int:
    """Parse, run, and say how long it took."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Steps per second; the bill; lookups of places."
    )
    parser.add_argument("--seconds", type=float, default=8.0, help="length of each measured run (default 8)")
    parser.add_argument("--slots", type=int, default=64, help="villagers at once (default 64)")
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), help="only this one")
    parser.add_argument("--channel", choices=("telegram", "line"), help="only this one")
    chosen = parser.parse_args()
    begun = perf_counter()
    uvloop.run(_all(chosen))
    print()
    places.main()
    print(f"\nTook {perf_counter() - begun:.0f} s.")
    return 0


async def _all(chosen: argparse.Namespace) -> None:
    with ExitStack() as stack:
        found = stack.enter_context(engines())
        print(report.HEAD)
        for engine in found:
            for people in (TelegramPeople, LinePeople):
                if chosen.engine not in (None, engine.name.lower()) or chosen.channel not in (None, people.name):
                    continue
                floor, steps, calls = await _compared(engine, people, chosen.seconds, chosen.slots)
                print(report.line(engine.name, people.name, floor, steps, calls), flush=True)
        print(report.FOOT)
        print(await _billed(found[0]))


async def _compared(
    engine: Engine, kind: type[TelegramPeople] | type[LinePeople], seconds: float, slots: int
) -> tuple[list[Measure], Measure, dict[str, int]]:
    """The floor before and after, and the bot between them, so that a noisy neighbour shows."""
    before = await _floor(engine, kind(), seconds / 2, slots)
    people = kind()
    steps = await _steps(engine, people, seconds, slots)
    after = await _floor(engine, kind(), seconds / 2, slots)
    return [before, after], steps, dict(people.calls)


async def _floor(engine: Engine, people: TelegramPeople | LinePeople, seconds: float, slots: int) -> Measure:
    settings = {"DATABASE_URL": engine.fresh(), "FLOOR_CHANNEL": people.name, "FLOOR_SECRET": people.secret}
    async with serving("bench.floor", folder=engine.folder, settings=settings) as server:
        return await Load(people, server, engine.cpu, slots).floor(WARM_S / 2, seconds)


async def _steps(engine: Engine, people: TelegramPeople | LinePeople, seconds: float, slots: int) -> Measure:
    where = spots(GROUPS)
    fake, port = await answering(people.answer)
    async with fake:
        settings, codes = prepared(engine, people, f"http://127.0.0.1:{port}", sorted({spot.centre for spot in where}))
        async with serving("bot", "serve", folder=engine.folder, settings=settings) as server:
            await link(people, server, codes)
            return await Load(people, server, engine.cpu, slots).reports(where, WARM_S, seconds)


def prepared(engine: Engine, people: People, api: str, centres: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The server's environment over a migrated database, and a one-time code for a group of each centre."""
    url, ids = engine.fresh(), RandomIds()
    read = Settings(_env_file=None, database_url=SecretStr(url), data_key=SecretStr(DATA_KEY))  # type: ignore[call-arg]
    database = bootstrap.database(read, ids)
    try:
        now = SystemClock().now()
        codes = database.run_now(lambda uow: [invite(uow, ids, now, centre)[0] for centre in centres])
    finally:
        database.close()
    media = Path(engine.folder) / f"media{engine.made}"
    return {
        **people.settings(api),
        "DATABASE_URL": url,
        "DATA_KEY": DATA_KEY,
        "MEDIA_URL": str(media),
        "PUBLIC_URL": "https://bot.example",
        "RATE_LIMITS": "off",
        "PORT": "0",
    }, codes


async def link(people: People, server: Server, codes: Sequence[str]) -> None:
    """Link a group for each code."""
    for number, code in enumerate(codes, start=1):
        group = people.group(number)
        await bill.does(people, server, people.says(group, f"/link {code}"), group)


async def _billed(engine: Engine) -> str:
    """Play a case on LINE and read the fake's counters."""
    people, spot = LinePeople(), spots(1)[0]
    fake, port = await answering(people.answer)
    async with fake:
        settings, codes = prepared(engine, people, f"http://127.0.0.1:{port}", [spot.centre])
        async with serving("bot", "serve", folder=engine.folder, settings=settings) as server:
            await link(people, server, codes)
            return report.bill(await bill.Case(people, server, spot).play())


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
