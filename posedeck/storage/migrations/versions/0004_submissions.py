"""What was submitted to vendors that work on it for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create ``submissions``."""
    op.create_table(
        "submissions",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("vendor", sa.String(32), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("base_url", sa.String(2048), nullable=False),
        sa.Column("submitted_at", sa.Double(), nullable=False),
        sa.Column("job_id", sa.String(200)),
        sa.Column("wait_s", sa.Double()),
        sa.Column("group_id", sa.String(36), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("asked_at", sa.Double()),
        sa.Column("detail", sa.String(1000), nullable=False),
        sa.Column("run_id", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_submissions"),
    )
    for column in ("submitted_at", "job_id", "group_id"):
        op.create_index(f"ix_submissions_{column}", "submissions", [column])


def downgrade() -> None:
    """Drop ``submissions``."""
    op.drop_table("submissions")
