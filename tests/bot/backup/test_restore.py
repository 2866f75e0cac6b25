"""`restore`: what went in comes out, on the same engine and on the other; all of it or nothing, and into an empty place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.backup import archive
from bot.backup import restore as restoring
from storage import schema
from storage.backup import NotPortable
from storage.database import Database
from storage.engines import create
from storage.media_store import MediaStore
from storage.vault import Vault
from tests.bot.backup.places import (
    PICTURES,
    is_empty,
    on_sqlite,
    refused,
    rows,
)
from tests.bot.conftest import Run
from tests.fixed import START
from tests.storage.versions import NEWEST, next_version


@pytest.mark.parametrize(
    ("engine_name", "target_name"),
    [("sqlite", "sqlite"), ("sqlite", "postgresql"), ("postgresql", "sqlite"), ("postgresql", "postgresql")],
)
def test_out_comes_what_went_in(
    run: Run, source: dict[str, str], empty: dict[str, str], tmp_path: Path, vault: Vault
) -> None:
    """Every row and every medium, and they open with the key; a process that starts there may take what waits."""
    told = run("backup", "b.tar", **source)
    assert told.returncode == 0 and "7 rows" in told.stdout and "4 media" in told.stdout and "DATA_KEY" in told.stdout
    told = run("restore", "b.tar", **empty)
    assert told.returncode == 0 and "the key fits" in told.stdout, told
    assert rows(empty["DATABASE_URL"]) == rows(source["DATABASE_URL"])
    media = MediaStore(empty["MEDIA_URL"], vault)
    assert {key: asyncio.run(media.get(key)) for key in PICTURES} == PICTURES
    assert sorted(p.name for p in (tmp_path / "new-media").iterdir()) == sorted(PICTURES)
    database = Database(empty["DATABASE_URL"], vault)
    assert len(database.run_now(lambda uow: uow.inbox.take("new", START, 9))) == 1
    assert len(database.run_now(lambda uow: uow.outbox.claim("new", START, 9))) == 1
    assert database.run_now(lambda uow: uow.leases.owners()) == {"new"}
    database.close()


@on_sqlite
def test_another_key_is_told_from_damage(run: Run, file: Path, empty: dict[str, str]) -> None:
    """The file is good, the key is not the one."""
    refused(
        run("restore", "backup.tar", **{**empty, "DATA_KEY": "another key of the tests"}),
        "DATA_KEY: ",
        "another DATA_KEY",
    )
    assert is_empty(empty)


@on_sqlite
def test_a_newer_backup_is_refused(
    run: Run, source: dict[str, str], empty: dict[str, str], tmp_path: Path, vault: Vault
) -> None:
    """By the version of its tables, and by the form of its file; an older one is brought up to date."""
    assert run("backup", "old.tar", **source).returncode == 0
    with next_version(tmp_path, NEWEST):
        assert run("centre", "list", **source).returncode == 0  # brings the database up to date
        assert run("backup", "new.tar", **source).returncode == 0
    refused(run("restore", "new.tar", **empty), "DATABASE_URL: ", "newer programme")
    refused(run("backup", "newer.tar", **source), "DATABASE_URL: ", "newer version")
    assert is_empty(empty)
    with (tmp_path / "form.tar").open("wb") as out:
        writer = archive.Writer(out, START)
        for name, content in ((archive.MANIFEST, b'{"format": 2}'), (archive.STAMP, b"")):
            with writer.member(name) as part:
                part.write(content)
        writer.finish()
    refused(run("restore", "form.tar", **empty), "form.tar: ", "newer programme")
    with next_version(tmp_path, NEWEST):
        assert run("restore", "old.tar", **empty).returncode == 0
        engine = create(empty["DATABASE_URL"])
        with engine.connect() as connection:
            assert schema.state(connection) == "current"
            assert connection.execute(sa.text("SELECT name, remark FROM centres")).one() == ("KHONG CHIAM", "none")
        engine.dispose()


@pytest.mark.parametrize("target_name", ["sqlite", "postgresql"])
@on_sqlite
def test_only_an_empty_place_is_restored_into(run: Run, file: Path, empty: dict[str, str], vault: Vault) -> None:
    """One row or one other medium is too many, and stays as it is; the same media may lie there already."""
    database = Database(empty["DATABASE_URL"], vault)
    database.migrate()
    database.run_now(lambda uow: uow.centres.open("3405"))
    refused(run("restore", "backup.tar", **empty), "DATABASE_URL: ", "not empty (centres has rows)")
    assert [row[0] for row in rows(empty["DATABASE_URL"])["centres"]] == ["3405"]
    with database.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM centres"))
    database.close()

    other = Path(empty["MEDIA_URL"]) / "m1.copy"
    other.parent.mkdir()
    other.write_bytes(b"of somebody else")
    refused(run("restore", "backup.tar", **empty), "MEDIA_URL: ", "other media")
    assert [p.name for p in other.parent.iterdir()] == ["m1.copy"] and other.read_bytes() == b"of somebody else"
    assert not any(rows(empty["DATABASE_URL"]).values())

    other.write_bytes((file.parent / "media" / "m1.copy").read_bytes())
    assert run("restore", "backup.tar", **empty).returncode == 0
    refused(run("restore", "backup.tar", **empty), "DATABASE_URL: ", "not empty")


@pytest.mark.parametrize("target_name", ["sqlite", "postgresql"])
@on_sqlite
def test_all_or_nothing(run: Run, file: Path, empty: dict[str, str], tmp_path: Path) -> None:
    """The media cannot be written: then there are no rows either; another try works."""
    (tmp_path / "new-media").write_bytes(b"a file where the folder should be")
    refused(run("restore", "backup.tar", **empty), "MEDIA_URL: ")
    (tmp_path / "new-media").unlink()
    assert is_empty(empty)
    assert run("restore", "backup.tar", **empty).returncode == 0


@pytest.mark.parametrize("target_name", ["sqlite", "postgresql"])
@on_sqlite
def test_two_restores_at_once(run: Run, file: Path, empty: dict[str, str], vault: Vault, tmp_path: Path) -> None:
    """One restores while another, into the same place, is about to open the database: the other is refused, and what the
    first has restored stays."""
    engine, first = create(empty["DATABASE_URL"]), []

    def overtaken(*_: object) -> None:
        if not first:
            first.append(engine)
            assert run("restore", "backup.tar", **empty).returncode == 0

    sa.event.listen(engine, "do_connect", overtaken)
    with restoring.checked(file, vault) as backup, pytest.raises(NotPortable, match="not empty"):
        restoring.restore(backup, engine, MediaStore(empty["MEDIA_URL"], vault))
    engine.dispose()
    assert first and rows(empty["DATABASE_URL"])["cases"]
    assert run("backup", "again.tar", **empty).returncode == 0


@pytest.mark.parametrize("target_name", ["sqlite", "postgresql"])
@on_sqlite
def test_a_broken_off_restore_leaves_nothing(file: Path, empty: dict[str, str], vault: Vault) -> None:
    """Ctrl-C, in the middle of the rows and in the middle of the media."""
    engine = create(empty["DATABASE_URL"])
    for moment, after in (("Writing rows", 3), ("Writing media", 4)):

        def progress(what: str, total: int | None = None) -> AbstractContextManager[Callable[[int], None]]:
            done: list[int] = []

            def step(steps: int) -> None:
                done.append(steps)
                if what == moment and sum(done) >= after:  # noqa: B023 - called within this turn only
                    raise KeyboardInterrupt

            return nullcontext(step)

        with restoring.checked(file, vault) as backup, pytest.raises(KeyboardInterrupt):
            restoring.restore(backup, engine, MediaStore(empty["MEDIA_URL"], vault), progress=progress)
        assert is_empty(empty), moment
    engine.dispose()
