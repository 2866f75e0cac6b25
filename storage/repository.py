"""What all repositories share: the connection of the transaction, the vault, and sealed JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, Executable, Table, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.elements import ColumnElement

from storage.vault import Vault

Rows = Sequence[Any]


class Repository:
    """Runs prebuilt Core statements inside the current transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault
        self._dialect = connection.dialect.name

    def _rows(self, statement: Executable, **values: Any) -> Rows:
        return self._connection.execute(statement, values).all()

    def _row(self, statement: Executable, **values: Any) -> Any:
        return self._connection.execute(statement, values).first()

    def _count(self, statement: Executable, **values: Any) -> int:
        return self._connection.execute(statement, values).rowcount

    def _each(self, statement: Executable, many: Sequence[Mapping[str, Any]]) -> None:
        """Run the statement once for each set of values, in one go."""
        if many:
            self._connection.execute(statement, many)

    def _seal(self, value: Any, place: str) -> bytes:
        return self._vault.seal(orjson.dumps(value), place)

    def _open(self, sealed: bytes | None, place: str) -> Any:
        return None if sealed is None else orjson.loads(self._vault.open(sealed, place))


def constant(word: str) -> ColumnElement[str]:
    """A string as part of the statement: a partial index serves a condition only if it is no parameter."""
    return literal_column(f"'{word}'")


def insert_new(table: Table, *returning: ColumnElement[Any]) -> dict[str, Executable]:
    """An insert, by dialect name, that skips rows that are there already and returns these columns of new ones."""
    return {
        "sqlite": sqlite.insert(table).on_conflict_do_nothing().returning(*returning),
        "postgresql": postgresql.insert(table).on_conflict_do_nothing().returning(*returning),
    }


def insert_or_update(table: Table, keys: Sequence[str], *columns: str) -> dict[str, Executable]:
    """An insert, by dialect name, that renews these columns of a row with the same keys."""
    lite = sqlite.insert(table)
    post = postgresql.insert(table)
    return {
        "sqlite": lite.on_conflict_do_update(index_elements=keys, set_={c: lite.excluded[c] for c in columns}),
        "postgresql": post.on_conflict_do_update(index_elements=keys, set_={c: post.excluded[c] for c in columns}),
    }
