"""Alembic's entry: runs the versions on the connection that `storage.schema` hands over."""

from alembic import context

from storage.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    compare_type=True,
    # SQLite can roll back changes of tables too; so a version is applied whole or not at all, on both engines.
    transactional_ddl=True,
    # SQLite cannot alter most of a table: Alembic then copies it.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
