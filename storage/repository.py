"""What all repositories share: the connection of the transaction, the vault, sealed JSON, and statements for many rows.

Where the engines differ, a statement is kept for each, by the dialect's name. For many rows SQLite gets one set of values
after another; PostgreSQL gets a list for each column, because psycopg reads a long statement anew each time, and rows
written out in a statement make it long.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, Executable, Table, bindparam, column, func, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlmodel import UTCDateTime

from storage.vault import Vault

Rows = Sequence[Any]
Statements = Mapping[str, Executable]
Record = Mapping[str, Any]


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

    def _each(self, statement: Executable, many: Sequence[Record]) -> None:
        """Run the statement once for each set of values, in one go."""
        if many:
            self._connection.execute(statement, many)

    def _insert(self, statements: Statements, records: Sequence[Record]) -> Rows:
        """Run an `insert_many`; what it returns comes in no particular order."""
        statement = statements[self._dialect]
        if self._dialect == "postgresql":
            return self._connection.execute(statement, _in_lists(records)).all()
        return self._connection.execute(statement, records).all()

    def _update(self, statements: Statements, records: Sequence[Record]) -> None:
        """Run an `update_many`."""
        if not records:
            return
        if self._dialect == "postgresql":
            self._connection.execute(statements[self._dialect], _in_lists(records))
        else:
            prefixed = [{f"in_{name}": value for name, value in record.items()} for record in records]
            self._connection.execute(statements[self._dialect], prefixed)

    def _seal(self, value: Any, place: str) -> bytes:
        return self._vault.seal(orjson.dumps(value), place)

    def _open(self, sealed: bytes | None, place: str) -> Any:
        return None if sealed is None else orjson.loads(self._vault.open(sealed, place))


def constant(word: str) -> ColumnElement[str]:
    """A string as part of the statement: a partial index serves a condition only if it is no parameter."""
    return literal_column(f"'{word}'")


def insert_many(
    table: Table, names: Sequence[str], *returning: ColumnElement[Any], skip_known: bool = False
) -> Statements:
    """An insert of these columns. `skip_known` passes over rows whose key is there already, and returns none of them."""
    lists = _lists(table, names)
    lite = sqlite.insert(table)
    post = postgresql.insert(table).from_select(names, select(*(lists.c[name] for name in names)))
    if skip_known:
        lite, post = lite.on_conflict_do_nothing(), post.on_conflict_do_nothing()
    return {"sqlite": lite.returning(*returning), "postgresql": post.returning(*returning)}


def update_many(table: Table, key: str, names: Sequence[str], *conditions: ColumnElement[bool]) -> Statements:
    """An update of these columns in the rows with these keys, as far as they fulfil the conditions."""
    lists = _lists(table, (key, *names))
    one = update(table).where(table.c[key] == bindparam(f"in_{key}"), *conditions)
    many = update(table).where(table.c[key] == lists.c[key], *conditions)
    return {
        "sqlite": one.values({name: bindparam(f"in_{name}") for name in names}),
        "postgresql": many.values({name: lists.c[name] for name in names}),
    }


def insert_or_update(table: Table, keys: Sequence[str], *columns: str) -> Statements:
    """An insert that renews these columns of a row with the same keys; for a plain `execute`."""
    lite = sqlite.insert(table)
    post = postgresql.insert(table)
    return {
        "sqlite": lite.on_conflict_do_update(index_elements=keys, set_={c: lite.excluded[c] for c in columns}),
        "postgresql": post.on_conflict_do_update(index_elements=keys, set_={c: post.excluded[c] for c in columns}),
    }


def _lists(table: Table, names: Sequence[str]) -> TableValuedAlias:
    """PostgreSQL's rows from one list for each column; parameters have `in_` before the column's name."""
    lists = []
    for name in names:
        kind = table.c[name].type
        plain = postgresql.TIMESTAMP(timezone=True) if isinstance(kind, UTCDateTime) else kind
        lists.append(bindparam(f"in_{name}", type_=postgresql.ARRAY(plain)))
    return func.unnest(*lists).table_valued(*(column(name, table.c[name].type) for name in names)).render_derived()


def _in_lists(records: Sequence[Record]) -> dict[str, list[Any]]:
    return {f"in_{name}": [record[name] for record in records] for name in records[0]}
