"""How makers who suggest something may be reached; what was taken and searched for, by month

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables, empty: `sync.hub.store.usage` fills its own from what came before, when the hub is next opened."""
    op.create_table(
        "maker_contact",
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("received_at", sa.String(), nullable=False),
        sa.Column("delete_on", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("item_id"),
    )
    op.create_index("maker_contact_by_end", "maker_contact", ["delete_on"])
    op.create_table(
        "usage_month",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "shop_id", "action", "item_id", "language"),
    )
    op.create_table(
        "search_month",
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("term", "month", "shop_id"),
    )


def downgrade() -> None:
    """Undo it; contacts of makers are lost, and totals of what was erased since."""
    op.execute("DELETE FROM setting WHERE key = 'usage_taken_up'")
    for name in ("search_month", "usage_month", "maker_contact"):
        op.drop_table(name)
