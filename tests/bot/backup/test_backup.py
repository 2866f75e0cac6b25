"""`backup`: one file, whole or not at all, with everything but the key."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from bot.backup import restore as restoring
from bot.backup import take as taking
from bot.backup.new_file import InTheWay, new_file
from storage.database import Database
from storage.media import NewMedia
from storage.media_store import MediaStore
from storage.tables import METADATA
from storage.vault import Vault
from tests.bot.backup.places import (
    KEY,
    NEEDLE,
    PICTURES,
    is_empty,
    on_sqlite,
    refused,
    rows,
    settings,
)
from tests.bot.conftest import Run
from tests.conftest import DATA_KEY
from tests.fixed import START
from tests.storage.versions import NEWEST


@on_sqlite
def test_what_is_in_the_file(file: Path) -> None:
    """A tar for our own user that any tar programme lists, with nothing readable of a person and without the key."""
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with tarfile.open(file) as tar:
        names = tar.getnames()
    assert names[-2:] == ["manifest.json", "manifest.stamp"]
    assert {n for n in names if n.startswith("tables/")} == {f"tables/{name}.jsonl" for name in METADATA.tables}
    assert {n for n in names if n.startswith("media/")} == {f"media/{key}" for key in PICTURES}
    content = file.read_bytes()
    assert NEEDLE.encode() not in content.replace(b"o-" + NEEDLE.encode(), b"") and DATA_KEY.encode() not in content
    assert b"original" not in content
    assert not file.with_name("backup.tar.part").exists()


@on_sqlite
def test_json_for_machines(run: Run, source: dict[str, str], empty: dict[str, str]) -> None:
    """Both commands tell a script what is in the file; `--check` changes nothing."""
    taken = json.loads(run("backup", "b.tar", "--json", **source).stdout)
    assert taken["rows"]["cases"] == 1 and taken["media"]["objects"] == 4 and taken["key"] == "DATA_KEY"
    assert (taken["erased_meanwhile"], taken["lost"], taken["version"]) == (0, 0, NEWEST)
    looked = json.loads(run("restore", "b.tar", "--check", "--json", **empty).stdout)
    assert looked["rows"] == taken["rows"] and looked["restored"] is False and is_empty(empty)
    assert json.loads(run("restore", "b.tar", "--json", **empty).stdout)["restored"] is True


def test_a_key_file_is_named_and_not_made(run: Run, tmp_path: Path) -> None:
    """With SQLite and no DATA_KEY: where the key lies is said; a new place must have been given it first."""
    refused(run("backup", "b.tar"), "DATA_KEY: is not set, and there is no ")
    assert run("centre", "open", "3403").returncode == 0
    assert str(tmp_path / "mekongwatch.key") in run("backup", "b.tar").stdout
    new = tmp_path / "new"
    new.mkdir()
    there = {"DATABASE_URL": f"sqlite:///{new / 'x.sqlite3'}"}
    refused(run("restore", "b.tar", **there), f"DATA_KEY: is not set, and there is no {new / 'mekongwatch.key'}")
    assert not list(new.iterdir())
    (new / "mekongwatch.key").write_text((tmp_path / "mekongwatch.key").read_text("ascii"), "ascii")
    assert run("restore", "b.tar", **there).returncode == 0
    assert rows(there["DATABASE_URL"])["centres"] == [("3403", "Khong Chiam", True)]


@on_sqlite
def test_a_backup_with_the_wrong_key_is_not_made(run: Run, source: dict[str, str], tmp_path: Path) -> None:
    """It could not be restored with the right one."""
    refused(run("backup", "b.tar", **{**source, "DATA_KEY": "another key of the tests"}), "DATA_KEY: ")
    assert not list(tmp_path.glob("b.tar*"))


@on_sqlite
def test_an_older_file_is_kept(run: Run, source: dict[str, str], tmp_path: Path) -> None:
    """Without --force nothing is written over; what a killed run left half-written is."""
    (tmp_path / "b.tar").write_bytes(b"precious")
    refused(run("backup", "b.tar", **source), "b.tar: exists already")
    assert (tmp_path / "b.tar").read_bytes() == b"precious"
    (tmp_path / "b.tar.part").write_bytes(b"x" * 1_000_000)
    (tmp_path / "b.tar.part").chmod(0o644)
    assert run("backup", "--force", "b.tar", **source).returncode == 0
    assert run("restore", "--check", "b.tar", **source).returncode == 0
    assert stat.S_IMODE((tmp_path / "b.tar").stat().st_mode) == 0o600
    assert not (tmp_path / "b.tar.part").exists()


@on_sqlite
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("folder", "is a folder"),
        ("nowhere/b.tar", "No such file or directory"),
        ("/proc/nowhere/b.tar", "No such file or directory"),
        ("a-file/b.tar", "Not a directory"),
    ],
)
def test_a_place_where_no_file_can_be(run: Run, source: dict[str, str], tmp_path: Path, name: str, words: str) -> None:
    """The file is named, and why it cannot be."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "a-file").write_bytes(b"")
    before = sorted(p.name for p in tmp_path.rglob("*"))
    refused(run("backup", name, **source), name, words)
    assert sorted(p.name for p in tmp_path.rglob("*")) == before


@on_sqlite
def test_a_link_in_the_way_is_not_followed(run: Run, source: dict[str, str], tmp_path: Path) -> None:
    """Somebody who may write in the folder cannot have us write elsewhere."""
    (tmp_path / "b.tar.part").symlink_to(tmp_path / "elsewhere")
    refused(run("backup", "b.tar", **source), "")
    assert not (tmp_path / "elsewhere").exists()


@on_sqlite
def test_two_backups_into_one_file(run: Run, source: dict[str, str], tmp_path: Path) -> None:
    """The second is refused, the first goes on."""
    fcntl = pytest.importorskip("fcntl")
    with (tmp_path / "b.tar.part").open("wb") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        refused(run("backup", "b.tar", **source), "b.tar: is just being written")
        assert os.path.samestat(os.fstat(first.fileno()), (tmp_path / "b.tar.part").stat())


def test_a_finished_file_is_not_taken_for_an_unfinished_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first backup gets its name just when a second one has opened the unfinished file: the first stays whole."""
    fcntl, target = pytest.importorskip("fcntl"), tmp_path / "b.tar"
    flock, first = fcntl.flock, ExitStack()
    first.enter_context(new_file(target)).write(b"first")

    def later(file: object, how: int) -> None:
        first.close()
        flock(file, how)

    monkeypatch.setattr(fcntl, "flock", later)
    with pytest.raises(InTheWay), new_file(target, force=True) as second:
        second.write(b"second")
    assert target.read_bytes() == b"first"


def test_a_file_gets_its_name_while_it_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No second backup can begin to write over it between its end and its new name."""
    fcntl, replace, named = pytest.importorskip("fcntl"), os.replace, []

    def looked_at(source: Path, target: Path) -> None:
        with source.open("rb") as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        replace(source, target)
        named.append(target)

    monkeypatch.setattr(os, "replace", looked_at)
    with new_file(tmp_path / "b.tar") as file:
        file.write(b"whole")
    assert named == [tmp_path / "b.tar"]


def test_no_database(run: Run, tmp_path: Path) -> None:
    """None is made by asking for its backup; a server that is away is one line."""
    refused(run("backup", "b.tar", **KEY), "DATABASE_URL: there is no database at ")
    refused(run("backup", "b.tar", **settings("postgresql://u:hunter2@127.0.0.1:1/x", tmp_path)), "DATABASE_URL: ")
    (tmp_path / "x.sqlite3").write_bytes(b"")
    refused(run("backup", "b.tar", **settings("sqlite:///x.sqlite3", tmp_path)), "DATABASE_URL: the database has no")
    (tmp_path / "y.sqlite3").write_bytes(b"no database " * 100)
    refused(run("backup", "b.tar", **settings("sqlite:///y.sqlite3", tmp_path)), "DATABASE_URL: ")
    assert not list(tmp_path.glob("b.tar*"))


@on_sqlite
def test_lost_media_are_told(run: Run, source: dict[str, str], empty: dict[str, str], tmp_path: Path) -> None:
    """A backup without a photo is better than none, but no success, so that older ones stay; one without any photo is of
    the wrong place."""
    (tmp_path / "media" / "m1").unlink()
    told = run("backup", "b.tar", **source)
    assert told.returncode == 1 and "3 media" in told.stdout
    assert told.stderr.startswith("mekongwatch: MEDIA_URL: 1 media are not there")
    assert run("restore", "b.tar", **empty).returncode == 0
    refused(run("backup", "c.tar", **{**source, "MEDIA_URL": str(tmp_path / "none")}), "MEDIA_URL: ", "another place")
    assert not list(tmp_path.glob("c.tar*"))


def test_media_that_are_erased_meanwhile(
    database: Database, source: dict[str, str], store: MediaStore, vault: Vault, tmp_path: Path
) -> None:
    """Between the moment of the rows and the reading of the media: no fault, only fewer. New ones are not taken."""

    @contextmanager
    def progress(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        yield lambda steps: None
        if what == "Reading rows":
            asyncio.run(store.delete(database.run_now(lambda uow: uow.media.drop(["m2"]))))
            database.run_now(lambda uow: uow.media.add([NewMedia("m3", 1, "line", "photo", {})], "a", START))
            database.run_now(lambda uow: uow.media.stored("m3", size=1, mime="", sha256="", key="m3"))
            asyncio.run(store.put("m3", b"x", 1))

    taken = taking.take(tmp_path / "b.tar", database.engine, store, vault, START, progress=progress)
    assert (taken.erased, taken.lost, taken.manifest.media.objects) == (1, 0, 3)
    assert taken.manifest.tables["media"].rows == 2
    with restoring.checked(tmp_path / "b.tar", vault) as backup:
        assert {key for key, _ in backup.media()} == PICTURES.keys() - {"m2"}
