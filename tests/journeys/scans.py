"""Looking for what must not be there: in everything a platform was sent, in every cell of a database, in every file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import NullPool

from storage.engines import normalised
from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram

ADDRESSES = ("to", "chat_id", "chatId", "callback_query_id")
"""Where a request names the chat or the tap it is for; a reporter's own answers carry the reporter's address there."""


def forms(needle: str) -> list[bytes]:
    """A needle as it may lie in a file: UTF-8, UTF-16, and escaped in JSON."""
    return [needle.encode(), needle.encode("utf-16-le"), json.dumps(needle)[1:-1].encode()]


def requests_for_line(line: FakeLine, group: str) -> Iterator[bytes]:
    """What LINE was sent: whole for the group, without the address for everybody else."""
    for _, path, body in line.calls:
        if isinstance(body, dict):
            whole = body.get("to") == group
            yield _written(body if whole else {k: v for k, v in body.items() if k not in ADDRESSES})
        if group in path:
            yield path.encode()


def requests_for_telegram(telegram: FakeTelegram, group: int) -> Iterator[bytes]:
    """What Telegram was sent, with the names and bytes of uploads."""
    for call in telegram.calls:
        whole = call.params.get("chat_id") in (group, str(group))
        yield _written(call.params if whole else {k: v for k, v in call.params.items() if k not in ADDRESSES})
        for field, file in call.files.items():
            yield from (field.encode(), file.name.encode(), file.path.encode(), file.content)


def _written(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def cells(database_url: str) -> Iterator[tuple[str, bytes]]:
    """Every value of every table, as bytes, with its "table.column"; for an SQLite database also its files whole."""
    engine = create_engine(normalised(database_url), poolclass=NullPool)
    with engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():
                for column, value in row.items():
                    raw = value if isinstance(value, bytes | memoryview) else str(value).encode()
                    yield f"{table}.{column}", bytes(raw)
    if database_url.startswith("sqlite"):
        path = Path(database_url.partition(":///")[2])
        for file in path.parent.glob(f"{path.name}*"):
            yield file.name, file.read_bytes()


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder, with its name as its first bytes."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.name, path.name.encode() + path.read_bytes()


def assert_nowhere(needles: Iterable[str | bytes], places: Iterable[tuple[str, bytes]]) -> None:
    """Fail, naming the place, if a needle lies in one."""
    wanted = {n: [n] if isinstance(n, bytes) else forms(n) for n in needles}
    for name, content in places:
        for needle, spellings in wanted.items():
            assert not any(s in content for s in spellings), f"{needle!r} lies in {name}"


def count_rows(database_url: str) -> dict[str, int]:
    """How many rows each table has."""
    engine = create_engine(normalised(database_url), poolclass=NullPool)
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        return {t: connection.execute(text(f'SELECT count(*) FROM "{t}"')).scalar_one() for t in tables}
