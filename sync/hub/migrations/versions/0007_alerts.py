"""Kiosks that are quiet, and who was told; kiosks that are served by stick

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table, empty, and a column that says of every kiosk that it speaks for itself, until a stick comes."""
    op.create_table(
        "alert",
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("since", sa.String(), nullable=False),
        sa.Column("told_at", sa.String(), nullable=True),
        sa.Column("back_at", sa.String(), nullable=True),
        sa.Column("sending_until", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("device_id"),
    )
    with op.batch_alter_table("device") as device:
        device.add_column(sa.Column("by_stick", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Undo it; whoever was told that a kiosk is quiet is told again after the next upgrade."""
    with op.batch_alter_table("device") as device:
        device.drop_column("by_stick")
    op.drop_table("alert")
