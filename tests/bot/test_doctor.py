"""`doctor` names what is wrong with a set-up, that and nothing else, and says what to do."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command

from storage import schema
from storage.engines import create
from tests.bot.conftest import Run
from tests.bot.setup import SECRETS, SetUp

Break = Callable[[SetUp], None]


def without_key(setup: SetUp) -> None:
    """DATA_KEY is lost; with SQLite there is no key file either."""
    del setup.variables["DATA_KEY"]


def with_wrong_token(setup: SetUp) -> None:
    """Telegram's token was mistyped."""
    setup.variables["TELEGRAM_BOT_TOKEN"] += "x"


def with_wrong_line_token(setup: SetUp) -> None:
    """LINE's token was mistyped."""
    setup.variables["LINE_CHANNEL_ACCESS_TOKEN"] += "x"


def without_webhook(setup: SetUp) -> None:
    """Nobody told Telegram where to bring updates."""
    setup.telegram.webhook = None


def without_line_webhook(setup: SetUp) -> None:
    """Nobody told LINE where to bring events."""
    setup.line.console.endpoint = ""


def without_database(setup: SetUp) -> None:
    """The database cannot be reached: no server there, or no file that is one."""
    if setup.variables["DATABASE_URL"].startswith("sqlite"):
        (setup.folder / "words.sqlite3").write_text("these are words, not a database " * 40)
        setup.variables["DATABASE_URL"] = f"sqlite:///{setup.folder / 'words.sqlite3'}"
    else:
        setup.variables["DATABASE_URL"] = "postgresql://mekong:hunter2-password@127.0.0.1:1/reports"


def without_group(setup: SetUp) -> None:
    """The only group is linked to nobody."""
    setup.stored(lambda uow: uow.centres.unlink(1))


def with_full_quota(setup: SetUp) -> None:
    """This month's LINE messages are used up."""
    setup.line.billed = 300


def with_unwritable_media(setup: SetUp) -> None:
    """Where the folder should be there is a file, which stops root as well."""
    (setup.folder / "not-a-folder").write_text("")
    setup.variables["MEDIA_URL"] = str(setup.folder / "not-a-folder" / "media")


def with_clock_off(setup: SetUp) -> None:
    """It is three minutes later everywhere else."""
    setup.telegram.ahead_s = setup.line.ahead_s = 180


def without_https(setup: SetUp) -> None:
    """The address was entered without the s."""
    setup.variables["PUBLIC_URL"] = "http://reports.example"


BROKEN: list[tuple[Break, str, str, str]] = [
    (without_key, "DATA_KEY", "missing", "put the key back"),
    (with_wrong_token, "Telegram token", "does not accept TELEGRAM_BOT_TOKEN", "@BotFather"),
    (with_wrong_line_token, "LINE account", "does not accept LINE_CHANNEL_ACCESS_TOKEN", "LINE Developers console"),
    (without_webhook, "Telegram webhook", "no address", "telegram set-webhook"),
    (without_line_webhook, "LINE webhook", "no address", "line set-webhook"),
    (without_database, "database", "", "see "),
    (without_group, "group links", "3403 Khong Chiam", "centre code 3403"),
    (with_full_quota, "LINE quota", "300 of 300", "larger plan"),
    (with_unwritable_media, "media store", "cannot be written (Not a directory)", "belongs to the bot's user"),
    (with_clock_off, "clock", "3 min slow", "timedatectl"),
    (without_https, "public address", "http://", "deploy/Caddyfile"),
]


@pytest.mark.parametrize(("breaks", "check", "says", "do"), BROKEN, ids=[row[0].__name__ for row in BROKEN])
async def test_broken_set_ups(setup: SetUp, breaks: Break, check: str, says: str, do: str) -> None:
    """Each fault is named, with what to do; nothing else is called a fault, and no secret is shown."""
    breaks(setup)
    found = await setup.findings()
    faults = [finding for finding in found if finding.state == "fault"]
    assert [finding.check for finding in faults] == [check], faults
    assert says in faults[0].says and do in faults[0].do, faults
    told = repr(found)
    assert not any(secret in told for secret in (*SECRETS.values(), "hunter2")), told


async def test_old_migrations(setup: SetUp, empty_url: str) -> None:
    """A database of an older version is named, and left as it is."""
    engine = create(empty_url)
    with engine.begin() as connection:
        schema.upgrade(connection)
        command.downgrade(schema._config(connection), "-1")
    setup.variables["DATABASE_URL"] = empty_url
    for _ in range(2):
        found = await setup.findings()
        assert [(f.check, f.says) for f in found if f.state == "fault"] == [
            ("migrations", "the database is older than the programme")
        ]
        assert {f.says for f in found if f.check == "group links"} == {"the database is not of this version"}


async def test_all_is_well(setup: SetUp) -> None:
    """A whole set-up has nothing to mend and nothing to look at, and everything was looked at."""
    found = await setup.findings()
    assert {finding.state for finding in found} == {"ok"}, found
    assert not (setup.folder / "media").exists()
    assert not any(secret in repr(found) for secret in SECRETS.values())


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_everything_silent(setup: SetUp) -> None:
    """Where nothing answers, each part says so, and the whole takes less than 15 seconds."""
    with socket.create_server(("127.0.0.1", 0)) as silent:  # connections are accepted by the kernel; nobody speaks
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        setup.variables |= {
            "DATABASE_URL": f"postgresql://mekong:hunter2-password@{address}/reports",
            "MEDIA_URL": f"s3://photos/x?endpoint=http://{address}",
            "TELEGRAM_API_URL": f"http://{address}",
            "LINE_API_URL": f"http://{address}",
            "PUBLIC_URL": "https://unknown.example",
        }
        began = time.monotonic()
        found = await setup.findings()
    assert time.monotonic() - began < 15
    faults = {finding.check for finding in found if finding.state == "fault"}
    assert faults == {"database", "media store", "public address", "Telegram token", "LINE account"}, found
    assert {f.check: f.state for f in found}["clock"] == "skipped"
    assert "hunter2" not in repr(found)


def test_an_empty_folder(run: Run, tmp_path: Path) -> None:
    """Before the first start there is nothing to mend, exit code 0, and the doctor leaves nothing behind."""
    done = run("doctor")
    assert done.returncode == 0, done.stdout
    assert "there is none yet" in done.stdout and "skipped: no token" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_each_wrong_variable_is_named(run: Run, tmp_path: Path) -> None:
    """All of them at once, without a value, also those of the file; the other checks are made all the same."""
    (tmp_path / ".env").write_text("PORT=hunter2\nTELEGRAM_BOT_TOKN=hunter2\nhunter2\n")
    done = run("doctor", "--json", LOG_LEVEL="hunter2", SERVED_DISTRICTS="0000", LINE_CHANNEL_SECRET="hunter2")
    assert done.returncode == 1 and "hunter2" not in done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert all(set(finding) == {"check", "state", "says", "do"} for finding in found)
    named = " ".join(f["says"] for f in found if f["check"] == "settings" and f["state"] == "fault")
    for variable in ("PORT:", "LOG_LEVEL:", "SERVED_DISTRICTS:", "LINE_CHANNEL_ACCESS_TOKEN:"):
        assert variable in named
    assert "is TELEGRAM_BOT_TOKEN meant?" in {f["do"] for f in found}
    assert {f["check"]: f["state"] for f in found}["media store"] == "ok"


@pytest.mark.parametrize("url", ["postgresql://u:hunter2@h:port/x", "postgresql://u:hunter2@[h/x", "postgresql://"])
def test_an_address_that_is_none(run: Run, url: str) -> None:
    """An address of a database that cannot even be taken apart is one fault among the others, and not shown."""
    done = run("doctor", "--json", DATABASE_URL=url, DATA_KEY="hunter2" * 4)
    found = {f["check"]: f["state"] for f in json.loads(done.stdout)}
    assert (done.returncode, found["database"], found["media store"]) == (1, "fault", "ok")
    assert "hunter2" not in done.stdout + done.stderr


def test_a_table_for_people(run: Run) -> None:
    """A fault stands with its mark, what to do comes under it, and the last line counts; exit code 1."""
    done = run("doctor", MEDIA_URL="/proc/none")
    assert done.returncode == 1
    lines = [line.strip() for line in done.stdout.splitlines()]
    at = next(number for number, line in enumerate(lines) if line.startswith("✗  media store"))
    assert "cannot be written" in lines[at] and lines[at + 1].startswith("→ see that /proc/none")
    assert lines[-1] == "✗ 1 to mend, ! 2 to look at"


async def test_the_command_against_the_platforms(setup: SetUp, run: Run) -> None:
    """The command itself finds the same as its parts; only the made-up name cannot be reached from outside the test."""
    done = await asyncio.to_thread(run, "doctor", "--json", **setup.variables)
    found = {finding["check"]: finding for finding in json.loads(done.stdout)}
    assert {check for check, finding in found.items() if finding["state"] == "fault"} == {"public address"}
    assert done.returncode == 1 and not any(secret in done.stdout + done.stderr for secret in SECRETS.values())
