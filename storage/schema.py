"""Alembic without its command line: bring a database up to date, compare it with the tables, write a new version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from storage.tables import METADATA

_LOCK = 7_340_301
"""Any number, as long as nothing else in this database uses it for an advisory lock."""


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Apply every missing version inside the caller's transaction. Processes that start together take turns."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    command.upgrade(_config(connection), "head")


def differences(connection: Connection) -> list[Any]:
    """What the database lacks to be as `storage.tables` says; empty when all is well."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, METADATA))


def revise(connection: Connection, number: str, message: str) -> None:
    """Write a new version file ("0002") from the difference between this up-to-date database and `storage.tables`."""
    command.revision(_config(connection), message=message, autogenerate=True, rev_id=number)
