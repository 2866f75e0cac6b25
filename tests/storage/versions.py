"""A programme that is one version ahead of this one, so that the way up can be tested before there is a next version."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage import schema

NEWEST = "0002"
"""This programme's own version of the tables."""
NEXT = "9999"
_VERSION = f"""
import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{{before}}"


def upgrade() -> None:
    op.add_column("centres", sa.Column("remark", sa.String(), nullable=False, server_default="none"))
    op.execute("UPDATE centres SET name = upper(name)")
"""


@contextmanager
def next_version(folder: Path, newest: str) -> Iterator[None]:
    """In this block the programme knows one more version, which follows on `newest`: it adds a column to the centres and
    writes their names in capitals."""
    ahead = folder / "migrations"
    if not ahead.exists():
        shutil.copytree(schema.MIGRATIONS, ahead, ignore=shutil.ignore_patterns("__pycache__"))
        (ahead / "versions" / f"{NEXT}_next.py").write_text(_VERSION.format(before=newest), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", ahead)
        yield
