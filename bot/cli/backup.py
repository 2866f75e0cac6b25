"""`backup` and `restore`: everything that the programme keeps, except the key, as one file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import show, start

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.backup.manifest import Manifest
    from bot.backup.take import Taken
    from bot.config import Settings

File = Annotated[Path, typer.Argument(metavar="FILE", help="The file, for example /srv/backup/monday.tar")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def backup(
    file: File,
    force: Annotated[bool, typer.Option("--force", help="Write over an older file.")] = False,
    as_json: Json = False,
) -> None:
    """Write database and media into one file, also while the bot runs.

    The key is not in the file: it must be kept elsewhere. If media are missing, the file is made all the same, and the
    exit code is 1.

    Example: python -m bot backup /srv/backup/monday.tar
    """
    from bot import bootstrap
    from bot.backup import take as taking
    from bot.clock import SystemClock

    read = start.settings()
    vault = bootstrap.kept_vault(read)
    if read.on_sqlite and not read.sqlite_path.is_file():
        start.refuse(f"DATABASE_URL: there is no database at {read.sqlite_path}")
    with _refusing(file), _engine(read) as engine:
        store = bootstrap.media_store(read, vault)
        taken = taking.take(file, engine, store, vault, SystemClock().now(), force=force, progress=show.progress)
    if as_json:
        show.data(_described(file, taken.manifest) | _of_media(taken) | {"bytes": taken.bytes, "key": _key(read)})
    else:
        _tell(file, taken, _key(read))
    if taken.lost:  # the file is good, but whoever deletes older ones after it must not
        start.refuse(f"MEDIA_URL: {taken.lost} media are not there and so not in the backup; keep the older ones")


def _tell(file: Path, taken: Taken, key: str) -> None:
    rows = sum(part.rows for part in taken.manifest.tables.values())
    typer.echo(f"{file}: {rows} rows, {taken.manifest.media.objects} media, {_size(taken.bytes)}")
    if taken.erased:
        typer.echo(f"{taken.erased} media were erased while the backup was made")
    typer.echo(f"The key is not in it. Keep a copy of {key} elsewhere: without it nobody can read the backup.")


def restore(
    file: File,
    check: Annotated[bool, typer.Option("--check", help="Only check the file and the key; change nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Put a backup into an empty place.

    DATABASE_URL and MEDIA_URL name the place; the key must be the one with which the backup was made.

    Example: python -m bot restore /srv/backup/monday.tar
    """
    from bot import bootstrap
    from bot.backup import restore as restoring

    read = start.settings()
    vault = bootstrap.kept_vault(read)
    with _refusing(file), restoring.checked(file, vault, progress=show.progress) as whole:
        if not check:
            with _engine(read) as engine:
                store = bootstrap.media_store(read, vault)
                restoring.restore(whole, engine, store, progress=show.progress)
    said = whole.manifest
    if as_json:
        show.data(_described(file, said) | {"restored": not check})
        return
    made = said.created_at.isoformat(sep=" ", timespec="minutes")
    rows = sum(part.rows for part in said.tables.values())
    typer.echo(f"{file}: whole; made {made}, {rows} rows, {said.media.objects} media; the key fits")
    if not check:
        typer.echo("Restored. What was waiting to be sent at that moment goes out, again if it went out since.")


@contextmanager
def _engine(read: Settings) -> Iterator[Engine]:
    """The database without its writer thread, and as it is: nothing is migrated."""
    from storage.engines import UnusableUrl, create

    try:
        made = create(read.database)
    except UnusableUrl as error:
        start.refuse(f"DATABASE_URL: {str(error).removeprefix('DATABASE_URL ')}")
    try:
        yield made
    finally:
        made.dispose()


@contextmanager
def _refusing(file: Path) -> Iterator[None]:
    """What a backup cannot do is one line that names whose fault it is: the file, the key, the database, the media."""
    from bot.backup.archive import Damaged
    from bot.backup.manifest import WrongKey
    from bot.backup.new_file import InTheWay
    from bot.backup.restore import Occupied
    from storage.backup import NotPortable
    from storage.media_store import OutOfReach

    try:
        yield
    except (Damaged, InTheWay) as error:
        start.refuse(f"{file}: {error}")
    except WrongKey as error:
        start.refuse(f"DATA_KEY: {error}")
    except NotPortable as error:
        start.refuse(f"DATABASE_URL: {error}")
    except (Occupied, OutOfReach) as error:
        start.refuse(f"MEDIA_URL: {error}")


def _key(read: Settings) -> str:
    """Where the operator finds the key."""
    from bot import bootstrap

    return "DATA_KEY" if read.data_key is not None else str(bootstrap.key_file(read).resolve())


def _size(count: int) -> str:
    """Bytes in the unit that suits them."""
    for limit, unit in ((1e9, "GB"), (1e6, "MB")):
        if count >= limit:
            return f"{count / limit:.1f} {unit}"
    return f"{count / 1e3:.0f} kB"


def _described(file: Path, said: Manifest) -> dict[str, object]:
    return {
        "file": str(file),
        "created_at": said.created_at,
        "programme": said.programme,
        "version": said.version,
        "engine": said.engine,
        "rows": {name: part.rows for name, part in said.tables.items()},
        "media": {"objects": said.media.objects, "bytes": said.media.bytes},
    }


def _of_media(taken: Taken) -> dict[str, object]:
    return {"erased_meanwhile": taken.erased, "lost": taken.lost}
