"""Runs, the blobs they need, and the installation's choices."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create ``runs``, ``run_blobs`` and ``settings``."""
    op.create_table(
        "runs",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("deleted_at", sa.Double()),
        sa.Column("page", sa.String(32), nullable=False),
        sa.Column("vendor", sa.String(32), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("ending", sa.String(16), nullable=False),
        sa.Column("group_id", sa.String(32), nullable=False),
        sa.Column("request_key", sa.String(64), nullable=False),
        sa.Column("grade", sa.Integer()),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary()),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("found_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_listed", "runs", ["deleted_at", "created_at"])
    for name in ("page", "vendor", "state", "grade"):
        op.create_index(f"ix_runs_{name}", "runs", [name, "created_at"])
    op.create_index("ix_runs_group", "runs", ["group_id"])
    op.create_index("ix_runs_request", "runs", ["request_key", "created_at"])
    op.create_table(
        "run_blobs",
        sa.Column("run_id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_run_blobs_run_id_runs", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "key", name="pk_run_blobs"),
    )
    op.create_index("ix_run_blobs_key", "run_blobs", ["key"])
    op.create_table(
        "settings",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
    )


def downgrade() -> None:
    """Drop ``settings``, ``run_blobs`` and ``runs``."""
    for name in ("settings", "run_blobs", "runs"):
        op.drop_table(name)
