"""The versions of the tables: bring a database up to date, compare it with the tables, write a new version.

Alembic applies the versions. It is loaded only when there is something to apply, since it costs every start a third of a
second: which version a database has, and which this programme knows, can be read without it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, inspect, text

from storage.tables import METADATA

if TYPE_CHECKING:
    from alembic.config import Config

_LOCK = 7_340_301
"""Any number, as long as nothing else in this database uses it for an advisory lock."""
MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"
State = Literal["current", "older", "newer", "empty"]


class NewerDatabase(Exception):
    """A newer version of this programme has made the database."""


def take_turn(connection: Connection) -> None:
    """Wait until no other process changes the tables, and keep others from it until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def upgrade(connection: Connection, to: str = "head") -> None:
    """Apply every missing version, or those up to `to`, inside the caller's transaction. Processes that start together
    take turns. Raises `NewerDatabase`."""
    take_turn(connection)
    match state(connection):
        case "newer":
            raise NewerDatabase
        case "empty" | "older":
            from alembic import command

            command.upgrade(_config(connection), to)


def state(connection: Connection) -> State:
    """How the database's version stands to this programme's; changes nothing. "newer": a version unknown here."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return "empty"
    there, known = version(connection), _known()
    if there and there not in known:
        return "newer"
    return "current" if there == known[-1] else "older"


def version(connection: Connection) -> str:
    """The database's version ("0001"), or "" if it has none."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return ""
    return str(connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar() or "")


def knows(wanted: str) -> bool:
    """Whether this programme has that version among its own; if not, a newer programme made it."""
    return wanted in _known()


def differences(connection: Connection) -> list[Any]:
    """What the database lacks to be as `storage.tables` says; empty when all is well."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, METADATA))


def revise(connection: Connection, number: str, message: str) -> None:
    """Write a new version file ("0002") from the difference between this up-to-date database and `storage.tables`."""
    from alembic import command

    command.revision(_config(connection), message=message, autogenerate=True, rev_id=number)


def _known() -> list[str]:
    """This programme's versions, oldest first: one follows on the other, and a file's name begins with its number."""
    return sorted(file.name[:4] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
