"""People with an account, and items as they may become

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables, all empty: the first account is made at the command line."""
    op.create_table(
        "account",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=False),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.Column("removed_at", sa.String(), nullable=True),
        sa.CheckConstraint("role IN ('administrator', 'editor', 'coordinator')", name="account_role"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email", name="account_email"),
    )
    op.create_table(
        "account_shop",
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "shop_id"),
    )
    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.Column("seen_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("sign_in_by_account", "sign_in", ["account_id"])
    op.create_table(
        "failed_sign_in",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "draft",
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("publish_on", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.Column("changed_at", sa.String(), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'scheduled', 'suggested')", name="draft_state"),
        sa.PrimaryKeyConstraint("item_id"),
    )
    op.create_index("draft_by_state", "draft", ["state", "changed_at"])


def downgrade() -> None:
    """Undo it; accounts and drafts are lost."""
    for name in ("draft", "failed_sign_in", "sign_in", "invitation", "account_shop", "account"):
        op.drop_table(name)
