"""How often codes were opened

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A new table, empty: nobody counted before."""
    op.create_table(
        "scan_day",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "item_id", "language"),
    )


def downgrade() -> None:
    """Undo it; the counts are gone."""
    op.drop_table("scan_day")
