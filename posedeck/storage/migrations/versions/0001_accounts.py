"""Accounts with their credit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create ``accounts``."""
    op.create_table(
        "accounts",
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("user_key_sha256", sa.String(64), nullable=False),
        sa.Column("api_key_sha256", sa.String(64), nullable=False),
        sa.Column("credit", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("credit >= 0", name="credit_not_negative"),
        sa.PrimaryKeyConstraint("email", name="pk_accounts"),
    )


def downgrade() -> None:
    """Drop ``accounts``."""
    op.drop_table("accounts")
