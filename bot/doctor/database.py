"""The database: reachable, writable, of this programme's version, sealed with this key; and what it tells of the rest.

The programme's own `Database` is not used: it would wait long for a server that is away, and migrate.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from bot import bootstrap
from bot.config import BadSettings, Settings
from bot.doctor import groups, life, places
from bot.doctor.findings import Finding, fault, ok, skipped, warning
from storage import engines, schema
from storage.centres import Centres
from storage.chats import Chats
from storage.imports import Imports
from storage.inbox import Inbox
from storage.outbox import Outbox
from storage.places.gazetteer import Gazetteer
from storage.survey import Survey
from storage.vault import Vault

DATABASE, MIGRATIONS, DATA = "database", "migrations", "stored data"
WAIT_S = 4
"""How long a server, or another process's transaction, may take; in seconds."""
_LIFE = (groups.LINKED, groups.WAITING, life.LETTERS, life.ASIDE, life.LAG)

_REACH = "see that the server runs and that DATABASE_URL has its address, name, user and password"
_UPDATE = "install the version of the programme that wrote it, or a newer one; never an older one"


@dataclass(slots=True)
class Stored:
    """What was found: `base` of the database itself, `life` of what it tells."""

    base: list[Finding] = field(default_factory=list)
    life: list[Finding] = field(default_factory=list)

    def skip_life(self, why: str) -> Stored:
        """Nothing can be told of the rest."""
        self.life = [skipped(check, why) for check in _LIFE]
        return self


def look(settings: Settings, key: str, spare_key: str, now: datetime) -> Stored:
    """Look at the database; blocks for some seconds at most. `spare_key`: to read with where `key` is "": counts and
    codes are not sealed."""
    stored = Stored()
    if settings.on_sqlite and not settings.sqlite_path.exists():
        stored.base.append(_not_yet(settings.sqlite_path))
        return stored.skip_life("there is no database yet")
    try:
        with _opened(settings.database) as connection:
            _examine(connection, settings, key, spare_key, now, stored)
    except (SQLAlchemyError, engines.UnusableUrl) as error:
        away = not stored.base
        do = _REACH if away and not settings.on_sqlite else "see what it says; the log of serve may tell more"
        says = engines.fault(error) or f"cannot be used ({type(error).__name__})"
        stored.base.append(fault(DATABASE, says, do))
        return stored.skip_life("the database cannot be used")
    return stored


def _examine(
    connection: Connection, settings: Settings, key: str, spare_key: str, now: datetime, stored: Stored
) -> None:
    state = schema.state(connection)
    _write(connection, state)
    stored.base += [ok(DATABASE, f"{_kind(settings)}: answers and can be written"), _version(state)]
    if state != "current":
        stored.skip_life("the database is not of this version")
        return
    vault = Vault(key or spare_key)
    stored.base.append(_sealed(connection, key, vault))
    try:
        stored.life += _groups(connection, vault, bootstrap.gazetteer(settings))
    except BadSettings:
        stored.life += [skipped(check, "SERVED_DISTRICTS is wrong") for check in (groups.LINKED, groups.WAITING)]
    stored.life += places.check(Imports(connection, vault))
    letters = Survey(connection, vault).dead_letters(now - life.LETTERS_SINCE)
    stored.life += life.check(letters, Inbox(connection, vault).health(), Outbox(connection, vault).health(now), now)


def _groups(connection: Connection, vault: Vault, preset: Gazetteer) -> list[Finding]:
    survey, centres = Survey(connection, vault), Centres(connection, vault)
    by_hand = {code for code in centres.opened() if len(code) == 4}
    served = (preset.served() | by_hand) - centres.closed()
    return groups.check(preset, served, survey.links(), survey.open_cases())


@contextmanager
def _opened(url: str) -> Iterator[Connection]:
    """A connection in a transaction that is taken back at the end, whatever was done in it."""
    engine = engines.create(url, wait_s=WAIT_S)
    try:
        with engine.connect() as connection, connection.begin() as transaction:
            if engine.dialect.name == "postgresql":
                limit = f"{WAIT_S * 1000}"
                connection.execute(text(f"SET LOCAL statement_timeout = {limit}"))
                connection.execute(text(f"SET LOCAL lock_timeout = {limit}"))
            try:
                yield connection
            finally:
                transaction.rollback()
    finally:
        engine.dispose()


def _write(connection: Connection, state: schema.State) -> None:
    """Write something; it goes with the transaction."""
    if state == "empty":
        connection.execute(text("CREATE TABLE mekongwatch_doctor (n INTEGER)"))
    else:
        connection.execute(text(f"UPDATE {schema.VERSION_TABLE} SET version_num = version_num"))


def _version(state: schema.State) -> Finding:
    match state:
        case "current":
            return ok(MIGRATIONS, "the database is of this programme's version")
        case "empty":
            return warning(MIGRATIONS, "the database is empty", "run serve once: it makes the tables at its start")
        case "older":
            do = "take a backup, then restart serve: it brings the database up to date at its start"
            return fault(MIGRATIONS, "the database is older than the programme", do)
    return fault(MIGRATIONS, "the programme is older than the database", _UPDATE)


def _sealed(connection: Connection, key: str, vault: Vault) -> Finding:
    if not key:
        return skipped(DATA, "there is no usable DATA_KEY to open it with")
    if Chats(connection, vault).readable():
        return ok(DATA, "opens with this DATA_KEY")
    do = "put back the key with which the bot ran before (DATA_KEY, or the key file beside the database)"
    return fault(DATA, "was sealed with another DATA_KEY: nobody can read it", do)


def _not_yet(path: Path) -> Finding:
    """No file yet: can one be made?"""
    folder = path.absolute().parent
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    try:
        tempfile.TemporaryFile(dir=folder).close()  # asking for rights is not enough: root has them all
    except OSError as error:
        do = "give the folder to the bot's user, or name another file in DATABASE_URL"
        return fault(DATABASE, f"no file can be made in {folder} ({error.strerror})", do)
    return warning(DATABASE, f"there is none yet at {path}", "run serve: it makes the database at its first start")


def _kind(settings: Settings) -> str:
    return f"SQLite, {settings.sqlite_path}" if settings.on_sqlite else "PostgreSQL"
