"""Who a kiosk is: codes, tokens that change, successors, heartbeats, commands, settings of a shop

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Tokens in use count as issued at enrolment."""
    op.create_table(
        "shop_setting",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "key"),
    )
    op.create_table(
        "enrol_code",
        sa.Column("device_code_hash", sa.String(), nullable=False),
        sa.Column("user_code_hash", sa.String(), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.Column("interval_s", sa.Integer(), nullable=False),
        sa.Column("polled_at", sa.String(), nullable=True),
        sa.Column("device_id", sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('pending', 'approved', 'denied')", name="enrol_code_state"),
        sa.PrimaryKeyConstraint("device_code_hash"),
        sa.UniqueConstraint("user_code_hash", name="enrol_code_user"),
    )
    op.create_index("enrol_code_by_expiry", "enrol_code", ["expires_at"])
    op.create_table(
        "succession",
        sa.Column("former", sa.String(), nullable=False),
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("former", "device_id"),
    )
    op.create_index("succession_by_device", "succession", ["device_id"])
    op.create_table(
        "command",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.Column("done_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("command_by_device", "command", ["device_id", "expires_at"])
    with op.batch_alter_table("device") as batch_op:
        batch_op.add_column(sa.Column("token_next", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("token_at", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("serial", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("heartbeat", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("heartbeat_at", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("reported_revision", _BIG, nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("reported_versions", sa.String(), nullable=False, server_default="{}"))
        batch_op.create_unique_constraint("device_token_next", ["token_next"])
        batch_op.create_index("device_by_key", ["public_key"])
    op.execute("UPDATE device SET token_at = enrolled_at")
    with op.batch_alter_table("provision") as batch_op:
        batch_op.add_column(sa.Column("device_id", sa.String(), nullable=True))
        batch_op.create_unique_constraint("provision_device", ["device_id"])
    op.create_index("quarantine_by_device", "quarantine", ["device_id", "number"])


def downgrade() -> None:
    """Undo it; devices, records and general settings stay."""
    op.drop_index("quarantine_by_device", "quarantine")
    with op.batch_alter_table("provision") as batch_op:
        batch_op.drop_constraint("provision_device", type_="unique")
        batch_op.drop_column("device_id")
    with op.batch_alter_table("device") as batch_op:
        batch_op.drop_index("device_by_key")
        batch_op.drop_constraint("device_token_next", type_="unique")
        for name in (
            "reported_versions",
            "reported_revision",
            "heartbeat_at",
            "heartbeat",
            "serial",
            "token_at",
            "token_next",
        ):
            batch_op.drop_column(name)
    for table in ("command", "succession", "enrol_code", "shop_setting"):
        op.drop_table(table)
