"""imported places

Revision 0002, after 0001.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "place_imports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("layer", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("file", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("licence", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("dated", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("notes", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("imported_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_imports")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("place_imports", schema=None) as batch_op:
        batch_op.create_index(
            "ix_place_imports_active",
            ["layer"],
            unique=True,
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )

    op.create_table(
        "place_points",
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("th", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("en", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("lo", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("km", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("by_rule", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("import_id", "code", name=op.f("pk_place_points")),
    )
    op.create_table(
        "place_shapes",
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("shape", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("import_id", "code", name=op.f("pk_place_shapes")),
    )


def downgrade() -> None:
    op.drop_table("place_shapes")
    op.drop_table("place_points")
    with op.batch_alter_table("place_imports", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_place_imports_active", sqlite_where=sa.text("active"), postgresql_where=sa.text("active")
        )

    op.drop_table("place_imports")
