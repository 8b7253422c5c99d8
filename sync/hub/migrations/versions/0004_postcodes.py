"""Where postcodes are

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A new table, empty: no postcodes come with the program."""
    op.create_table(
        "postcode",
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("postcode"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Undo it; places that were found by their postcodes keep their positions."""
    op.drop_table("postcode")
