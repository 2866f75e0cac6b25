"""`doctor`: what is wrong with this set-up, and what to do about it."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import show, start

if TYPE_CHECKING:
    from bot import config
    from bot.doctor.findings import Finding

ENV_FILE = ".env"
MARKS = {"ok": "✓", "warning": "!", "fault": "✗", "skipped": "–"}


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Check settings, database, media, tokens, webhooks, groups and clock, and say what to do. Changes nothing.

    Exit code 1 if something does not work.

    Example: python -m bot doctor
    """
    from bot import config, logs

    logs.set_up("CRITICAL")  # what goes wrong is what this command reports
    # A name server that is away would otherwise hold each look-up for half a minute (resolv.conf(5)).
    os.environ.setdefault("RES_OPTIONS", "timeout:2 attempts:1")
    settings, faults = config.examine(ENV_FILE)
    found: list[Finding] = []
    start.run(_examined(settings, faults, found))
    if as_json:
        show.data(found)
    else:
        _show(found)
    raise typer.Exit(1 if any(finding.state == "fault" for finding in found) else 0)


async def _examined(settings: config.Settings, faults: list[str], found: list[Finding]) -> int:
    import aiohttp

    from bot.clock import RandomIds, SystemClock
    from bot.doctor.checkup import PARTS, Patient, check_up

    async with aiohttp.ClientSession() as http:
        patient = Patient(settings, faults, Path(ENV_FILE), http, SystemClock(), RandomIds())
        with show.progress("Looking at the set-up", PARTS) as done:
            found += await check_up(patient, done)
    return 0


def _show(found: list[Finding]) -> None:
    rows = [(MARKS[finding.state], finding.check, _words(finding)) for finding in found]
    show.table(("", "check", "what was found → what to do"), rows)
    states = Counter(finding.state for finding in found)
    typer.echo(f"{MARKS['fault']} {states['fault']} to mend, {MARKS['warning']} {states['warning']} to look at")


def _words(finding: Finding) -> str:
    says = f"skipped: {finding.says}" if finding.state == "skipped" else finding.says
    return f"{says}\n→ {finding.do}" if finding.do else says
