"""What the fault lab keeps for sessions of callers."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create ``fault_sessions`` and ``fault_purses``."""
    op.create_table(
        "fault_sessions",
        sa.Column("session", sa.String(64), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("set_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("session", name="pk_fault_sessions"),
    )
    op.create_table(
        "fault_purses",
        sa.Column("session", sa.String(64), nullable=False),
        sa.Column("target", sa.String(32), nullable=False),
        sa.Column("credit", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("session", "target", name="pk_fault_purses"),
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_table("fault_purses")
    op.drop_table("fault_sessions")
