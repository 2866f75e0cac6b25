"""What a person at the keyboard can do wrong, and what the machine can: always one line, never a stack trace."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import SQLAlchemyError

from bot import bootstrap, config
from bot.cli import mistakes, start
from bot.clock import SystemClock
from storage.chats import ChatKey
from storage.vault import Unreadable
from tests.bot.conftest import Done, Run
from tests.bot.test_cli import environment
from tests.postgres import Postgres

SECRET = "hunter2-hunter2-hunter2"


def assert_one_line(done: Done, begins: str) -> None:
    """Exit code 1, nothing on standard output, and one line that begins so."""
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert done.stderr.startswith(f"mekongwatch: {begins}: ") and done.stderr.count("\n") == 1, done.stderr
    assert "hunter2" not in done.stderr


@pytest.mark.parametrize(
    ("content", "begins"),
    [(b"PORT=\xff\n", ".env"), (b"LOG_LEVEL=loud\n", "LOG_LEVEL"), (b"DATABASE_URL=mysql://hunter2@x/y\n", "DATABASE_URL")],
)  # fmt: skip
def test_a_bad_env_file(run: Run, tmp_path: Path, content: bytes, begins: str) -> None:
    """A setting file with strange bytes or a wrong value is named, or its variable, without the value."""
    (tmp_path / ".env").write_bytes(content)
    assert_one_line(run("centre", "list"), begins)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:///folder", "names a folder"),
        ("sqlite:///plain.txt/x.sqlite3", "cannot be opened"),
        ("sqlite:///plain.txt", "no SQLite database"),
        (f"postgresql://u:{SECRET}@127.0.0.1:1/none", "cannot be reached"),
        (f"postgresql://u:{SECRET}@127.0.0.1:port/none", "is not a database URL"),
    ],
)
def test_an_unusable_database(run: Run, tmp_path: Path, url: str, says: str) -> None:
    """What is wrong with the database is said in words that help."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "plain.txt").write_text("a letter to the governor, which is not in any way a database " * 4)
    done = run("centre", "list", DATABASE_URL=url, DATA_KEY=SECRET)
    assert_one_line(done, "DATABASE_URL")
    assert says in done.stderr


def test_a_database_of_a_newer_version(run: Run, tmp_path: Path) -> None:
    """A database that a newer version has migrated is left alone."""
    run("centre", "list")
    with sqlite3.connect(tmp_path / "mekongwatch.sqlite3") as there:
        there.execute("UPDATE alembic_version SET version_num = '9999'")
    there.close()
    done = run("centre", "list")
    assert_one_line(done, "DATABASE_URL")
    assert "newer version" in done.stderr


@pytest.mark.parametrize("broken", ["a folder", "no letters"])
def test_an_unreadable_key_file(run: Run, tmp_path: Path, broken: str) -> None:
    """A key file that cannot be read is named."""
    key = tmp_path / bootstrap.KEY_FILE
    key.mkdir() if broken == "a folder" else key.write_bytes(b"\xff\xfe")
    assert_one_line(run("centre", "list"), "DATA_KEY")


@pytest.mark.parametrize("command", [("centre", "list"), ("serve",), ("worker",)])
def test_another_key(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    """A key that does not open what is stored is refused before anything is sealed with it."""
    url = f"sqlite:///{tmp_path / 'x.sqlite3'}"
    data = bootstrap.database(config.Settings(_env_file=None, database_url=url, data_key=SECRET))  # type: ignore[call-arg,arg-type]
    data.run_now(lambda uow: uow.chats.load([ChatKey("line", "U1")], SystemClock().now()))
    data.close()
    assert run("centre", "list", DATABASE_URL=url, DATA_KEY=SECRET).returncode == 0
    assert_one_line(run(*command, DATABASE_URL=url, DATA_KEY=f"not {SECRET}"), "DATA_KEY")


def test_a_database_that_goes_away(postgres: Postgres) -> None:
    """PostgreSQL that is lost in the middle of a command is one line."""
    url = postgres.create()
    read = config.Settings(_env_file=None, database_url=url, data_key=SECRET)  # type: ignore[call-arg,arg-type]
    with start.database(read) as data:
        postgres.drop(url)
        with pytest.raises(SQLAlchemyError) as lost:
            data.run_now(lambda uow: uow.centres.all())
    assert re.fullmatch(r"DATABASE_URL: the server .*", mistakes.reason(lost.value) or "")


@pytest.mark.parametrize(
    ("raised", "says"),
    [
        (Unreadable("cannot open chats.address"), mistakes.WRONG_KEY),
        (OSError(28, "No space left on device"), "system: No space left on device"),
        (PermissionError(13, "Permission denied", "media/x"), "media/x: Permission denied"),
        (MemoryError(), "memory: there is not enough of it"),
        (OSError("words of a library"), None),
        (KeyError("words of a villager"), None),
    ],
)
def test_whose_fault_it_is(raised: Exception, says: str | None) -> None:
    """What the machine refuses is the operator's to mend; anything else is a fault of the programme."""
    assert mistakes.reason(raised) == says


def test_a_fault_of_the_programme_shows_its_place_only(run: Run, tmp_path: Path) -> None:
    """An unexpected error comes with classes and places, without texts, statements and values."""
    run("centre", "list")
    with sqlite3.connect(tmp_path / "mekongwatch.sqlite3") as there:
        there.execute("DROP TABLE centre_groups")
    there.close()
    done = run("centre", "list")
    first, *places = done.stderr.splitlines()
    assert done.returncode == 1
    assert first.startswith("mekongwatch: a fault of the programme, sqlalchemy.exc.OperationalError")
    assert any("storage/centres.py" in place for place in places) and any("after sqlite3" in place for place in places)
    assert not re.search(r"SELECT|centre_groups|Traceback", done.stderr)


def _process(*arguments: str, folder: Path, **how: Any) -> subprocess.Popen[str]:
    """A process of its own, for what concerns its streams and signals."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.PIPE, **how}
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments], cwd=folder, env=environment(), text=True, **streams
    )


@pytest.fixture
def heeds_ctrl_c() -> Iterator[None]:
    """A shell lets what it runs in the background ignore Ctrl-C, and children inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeds_ctrl_c")
def test_interrupted_while_it_waits_for_words(tmp_path: Path) -> None:
    """Ctrl-C ends a game at once with 130 and without a trace; what was said so far is in the file."""
    with _process("chat", "--lang", "en", "--save", "said.txt", folder=tmp_path) as playing:
        assert playing.stdout and playing.stderr
        while "villager<" not in (line := playing.stdout.readline()):
            assert line
        playing.send_signal(signal.SIGINT)
        assert (playing.wait(30), playing.stderr.read()) == (130, "")
    assert "villager> [4 " in (tmp_path / "said.txt").read_text(encoding="utf-8")


def test_nobody_reads_on(tmp_path: Path) -> None:
    """A closed pipe (`| head`) ends a command silently."""
    with _process("chat", folder=tmp_path) as playing:
        assert playing.stdout and playing.stderr
        playing.stdout.close()
        assert playing.wait(30) == 1 and playing.stderr.read() == ""


def test_a_full_disk(tmp_path: Path) -> None:
    """Output that cannot be written is one line."""
    with Path("/dev/full").open("w") as full, _process("centre", "list", folder=tmp_path, stdout=full) as listing:
        assert listing.stderr and listing.wait(30) == 1
        assert listing.stderr.read() == "mekongwatch: system: No space left on device\n"


def test_strange_input(tmp_path: Path) -> None:
    """Bytes that are no text, and lines that mean nothing, end no game."""
    odd = b"\xff\xfe\n(location 1.2.3, 4)\n(album of 99999999999)\n[99999999999999999999]\n@\n(reply)\nbye\n"
    arguments = [sys.executable, "-m", "bot", "chat", "--save", "said.txt"]
    done = subprocess.run(arguments, cwd=tmp_path, env=environment(), input=odd, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "villager> bye" in (tmp_path / "said.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", ["missing/said.txt", "."])
def test_a_file_that_cannot_be_written(run: Run, file: str) -> None:
    """Where a game cannot be written down, it does not begin."""
    assert_one_line(run("chat", "--save", file), "--save")
