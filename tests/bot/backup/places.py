"""Places with something in them, and what is to be seen there."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.media import SMALL
from storage.engines import create
from storage.media import NewMedia
from storage.tables import METADATA
from storage.unit_of_work import UnitOfWork
from tests.bot.conftest import Done
from tests.conftest import DATA_KEY
from tests.fixed import START
from tests.storage.samples import a_call, a_case, a_chat, an_event

NEEDLE = "needle-2c9e"
PICTURES = {"m1": b"\xff\xd8 original " * 200, "m1.copy": b"copy " * 700, f"m1.copy{SMALL}": b"small", "m2": b""}
KEY = {"DATA_KEY": DATA_KEY}

on_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"])
"""What has to do with the file alone is the same on both."""


def fill(uow: UnitOfWork) -> None:
    """A villager with a case, two media of it, an event and a call that wait, held by a process that is gone."""
    chat = a_chat(uow, NEEDLE)
    uow.inbox.add([an_event(1, NEEDLE)], "gone", START)
    uow.outbox.add([a_call(f"o-{NEEDLE}", chat.id)], "gone", START)
    uow.cases.add(a_case("AAA-AAAA"), chat.id)
    uow.centres.open("3403", "Khong Chiam")
    uow.media.add([NewMedia(id, chat.id, "line", "photo", {"id": NEEDLE}) for id in ("m1", "m2")], "gone", START)
    uow.media.stored("m1", size=9, mime="image/jpeg", sha256="", key="m1", copy_key="m1.copy", copy_mime="image/jpeg")
    uow.media.stored("m2", size=0, mime="video/mp4", sha256="", key="m2")


def settings(url: str, media: Path) -> dict[str, str]:
    """The variables of a place."""
    return {"DATABASE_URL": url, "MEDIA_URL": str(media), **KEY}


def kept_columns(table: sa.Table) -> list[sa.Column[object]]:
    """All columns but the two that say who holds a row."""
    return [column for column in table.c if column.name not in ("owner", "lease_until")]


def rows(url: str) -> dict[str, list[tuple[object, ...]]]:
    """All rows of those tables that are there, without who holds them."""
    engine = create(url)
    with engine.connect() as connection:
        there = sa.inspect(connection).get_table_names()
        found = {
            name: sorted((tuple(row) for row in connection.execute(sa.select(*kept_columns(table)))), key=str)
            for name, table in METADATA.tables.items()
            if name in there
        }
    engine.dispose()
    return found


def is_empty(place: dict[str, str]) -> bool:
    """Whether a place has neither rows nor media."""
    url = place["DATABASE_URL"]
    unmade = url.startswith("sqlite") and not Path(url.removeprefix("sqlite:///")).exists()
    return (unmade or not any(rows(url).values())) and not list(Path(place["MEDIA_URL"]).glob("*"))


def refused(done: Done, name: str, words: str = "") -> None:
    """One line that names the culprit, exit code 1."""
    lines = done.stderr.splitlines()
    assert (done.returncode, len(lines), done.stdout) == (1, 1, ""), done
    assert lines[0].startswith(f"mekongwatch: {name}") and words in lines[0], lines[0]
