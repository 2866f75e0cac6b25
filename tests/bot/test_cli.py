"""The commands, as an operator types them."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import stat
import sys
from pathlib import Path

import httpx
import pytest

from bot import bootstrap, config
from bot.clock import SystemClock
from bot.turns import plain_code
from handlers.outcome import Invitation
from tests.bot.conftest import Run

ROOT = Path(__file__).resolve().parents[2]


def environment(**variables: str) -> dict[str, str]:
    """An environment without any setting but these."""
    settings = {name.upper() for name in config.Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name not in settings}
    return {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "200", **variables}


def invitation(folder: Path, code: str) -> Invitation | None:
    """What a code opens in the database of that directory."""
    read = config.Settings(_env_file=None, database_url=f"sqlite:///{folder / 'mekongwatch.sqlite3'}")  # type: ignore[call-arg,arg-type]
    data = bootstrap.database(read)
    try:
        now = SystemClock().now()
        return data.run_now(lambda uow: uow.invitations.find(uow.vault.hash_code(plain_code(code)), now))
    finally:
        data.close()


def test_codes(run: Run, tmp_path: Path) -> None:
    """A group's code, a headman's code, and the key file that is made on the way."""
    group = run("centre", "code", "3403")
    assert group.returncode == 0
    found = re.match(r"/link ([A-Z2-9]{8})\n", group.stdout)
    assert found
    opens = invitation(tmp_path, found[1].lower())
    assert opens and (opens.role, opens.centre, opens.area) == ("group", "3403", "")
    headman = json.loads(run("centre", "code", "3403", "--headman", "340301-04", "--json").stdout)
    opens = invitation(tmp_path, headman["code"])
    assert opens and (opens.role, opens.centre, opens.area) == ("coordinator", "3403", "340301-04")
    assert headman["command"] == f"/join {headman['code']}" and len(headman["start"]) <= 64
    assert stat.S_IMODE((tmp_path / "mekongwatch.key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "arguments",
    [
        ("code", "9999"),
        ("code", "340"),
        ("code", "1001"),
        ("open", "x"),
        ("code", "3403", "--headman", "3403"),
        ("code", "3403", "--headman", "340501"),
        ("code", "3403", "--headman", "340301-4"),
    ],
)
def test_unknown_codes_are_refused(run: Run, arguments: tuple[str, ...]) -> None:
    """An unknown centre or area is one line and exit code 1."""
    done = run("centre", *arguments)
    assert done.returncode == 1 and done.stdout == ""
    assert len(done.stderr.splitlines()) == 1 and done.stderr.startswith("mekongwatch: ")


@pytest.mark.parametrize("command", ["open", "close"])
@pytest.mark.parametrize("desk", ["34", "00"])
def test_a_desk_is_not_opened_or_closed(run: Run, command: str, desk: str) -> None:
    """A desk gets cases while it has a group: nobody shall believe that it was closed."""
    done = run("centre", command, desk)
    assert done.returncode == 1 and done.stderr.startswith(f"mekongwatch: {desk} is a desk")
    assert json.loads(run("centre", "list", "--json").stdout) == []


def test_opening_and_closing(run: Run) -> None:
    """A district that is not served gets no code until it is opened, nor after it is closed."""
    served = {"SERVED_DISTRICTS": "3403"}
    assert run("centre", "code", "3405", **served).returncode == 1
    assert run("centre", "open", "3405", **served).returncode == 0
    assert run("centre", "code", "3405", **served).returncode == 0
    assert run("centre", "close", "3405", **served).returncode == 0
    assert run("centre", "code", "3405", **served).returncode == 1
    listed = json.loads(run("centre", "list", "--json", **served).stdout)
    assert [(c["code"], c["opened"]) for c in listed] == [("3405", False)]
    assert "closed" in run("centre", "list", **served).stdout


def test_the_last_open_centre_stays_open(run: Run) -> None:
    """A bot without any district would go on with those it had: closing says so rather than seem to be obeyed."""
    served = {"SERVED_DISTRICTS": "3403"}
    last = run("centre", "close", "3403", **served)
    assert last.returncode == 1 and last.stderr.startswith("mekongwatch: 3403 is the last open district")
    assert run("centre", "code", "3403", **served).returncode == 0
    assert run("centre", "open", "3405", **served).returncode == 0
    assert run("centre", "close", "3403", **served).returncode == 0
    assert run("centre", "close", "3405", **served).returncode == 1


@pytest.mark.parametrize(
    ("command", "variables", "named"),
    [
        (("serve",), {"PORT": "many"}, "PORT"),
        (
            ("serve",),
            {"DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:1/none", "DATA_KEY": "hunter2" * 4},
            "DATABASE_URL",
        ),
        (("serve",), {"DATABASE_URL": "sqlite:////proc/none/x.sqlite3"}, "DATABASE_URL"),
        (("serve",), {"DATA_KEY": "hunter2"}, "DATA_KEY"),
        (("serve",), {"SERVED_DISTRICTS": "0000"}, "SERVED_DISTRICTS"),
        (("worker",), {"MEDIA_URL": "ftp://hunter2/x"}, "MEDIA_URL"),
        (("telegram", "set-webhook"), {}, "PUBLIC_URL"),
        (("telegram", "set-commands"), {}, "TELEGRAM_BOT_TOKEN"),
        (("line", "rich-menu"), {}, "LINE_CHANNEL_ACCESS_TOKEN"),
    ],
)
def test_missing_settings_are_one_line(
    run: Run, command: tuple[str, ...], variables: dict[str, str], named: str
) -> None:
    """What is missing is named in one line, exit code 1, without a value and without a traceback."""
    done = run(*command, **variables)
    lines = [line for line in done.stderr.splitlines() if not line.startswith("{")]
    assert (done.returncode, len(lines)) == (1, 1), done.stderr
    assert lines[0].startswith(f"mekongwatch: {named}: ") and "hunter2" not in done.stderr + done.stdout


def test_wrong_usage(run: Run) -> None:
    """An unknown command is wrong usage."""
    assert run("centre", "explode").returncode == 2


def test_a_lost_key_file_is_not_replaced(run: Run, tmp_path: Path) -> None:
    """A database whose key is missing is not opened with a new one."""
    run("centre", "list")
    (tmp_path / "mekongwatch.key").unlink()
    done = run("centre", "list")
    assert done.returncode == 1 and done.stderr.startswith("mekongwatch: DATA_KEY: ")


async def started(tmp_path: Path, command: str, **variables: str) -> tuple[asyncio.subprocess.Process, str]:
    """A running process, and its line that says so."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", command, cwd=tmp_path, env=environment(**variables),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    return process, (await asyncio.wait_for(process.stdout.readline(), 60)).decode().strip()


async def test_serve_on_an_empty_directory(tmp_path: Path) -> None:
    """`serve` makes and migrates its database, says where it is, and ends with 0 on SIGTERM."""
    process, line = await started(tmp_path, "serve", PORT="0")
    assert line.startswith("ready on http://127.0.0.1:")
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{line.split()[-1]}/readyz")).json()["ready"] is True
        assert "server" not in (await client.get(f"{line.split()[-1]}/healthz")).headers
    process.send_signal(signal.SIGTERM)
    _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0, errors
    assert (tmp_path / "mekongwatch.sqlite3").exists()


async def test_a_worker_listens_to_nobody(tmp_path: Path) -> None:
    """`worker` is ready without a port, and ends with 0 on SIGINT."""
    process, line = await started(tmp_path, "worker")
    assert line == "ready"
    process.send_signal(signal.SIGINT)
    _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0, errors


def test_a_taken_port_is_one_line(run: Run) -> None:
    """A port that another program holds is named."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("serve", PORT=str(taken.getsockname()[1]))
    assert done.returncode == 1 and done.stderr.splitlines()[-1].startswith("mekongwatch: PORT: ")


@pytest.mark.parametrize("host", ["unknown.invalid", "192.0.2.1", "[::1]"])
def test_an_address_of_another_machine_is_one_line(run: Run, host: str) -> None:
    """Where the server cannot listen because of the address, HOST is named and not PORT."""
    done = run("serve", HOST=host, PORT="0")
    (line,) = done.stderr.splitlines()
    assert done.returncode == 1 and line.startswith(f"mekongwatch: HOST: cannot listen on {host}:0 (")
    assert line.count(host) == 1
