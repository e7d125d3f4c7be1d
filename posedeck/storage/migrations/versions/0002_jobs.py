"""Jobs, what is needed around them, and who needs which blob."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create ``jobs``, ``job_speeds``, ``job_workers``, ``blob_references`` and ``uploads``."""
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("account", sa.String(320), nullable=False),
        sa.Column("client_uuid", sa.String(200)),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("stage", sa.String(40)),
        sa.Column("frames_done", sa.Integer(), nullable=False),
        sa.Column("frames_total", sa.Integer()),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("input_blob", sa.String(64)),
        sa.Column("result_blob", sa.String(64)),
        sa.Column("media", sa.JSON(), nullable=False),
        sa.Column("error_code", sa.String(40)),
        sa.Column("error_text", sa.String(1000)),
        sa.Column("callback_url", sa.String(2048)),
        sa.Column("called_back_at", sa.Double()),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("started_at", sa.Double()),
        sa.Column("ended_at", sa.Double()),
        sa.Column("expires_at", sa.Double()),
        sa.Column("wait_s", sa.Double()),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("refunded", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("kind", "account", "client_uuid", name="uq_jobs_kind"),
    )
    op.create_index("ix_jobs_state_created_at", "jobs", ["state", "created_at"])
    op.create_index("ix_jobs_expires_at", "jobs", ["expires_at"])
    op.create_table(
        "job_speeds",
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("frame_s", sa.Double(), nullable=False),
        sa.Column("samples", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_job_speeds"),
    )
    op.create_table(
        "job_workers",
        sa.Column("executor_id", sa.String(100), nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("executor_id", name="pk_job_workers"),
    )
    op.create_table(
        "blob_references",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("key", "owner", name="pk_blob_references"),
    )
    op.create_index("ix_blob_references_owner", "blob_references", ["owner"])
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("blob", sa.String(64), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
    )


def downgrade() -> None:
    """Drop them."""
    for name in ("uploads", "blob_references", "job_workers", "job_speeds", "jobs"):
        op.drop_table(name)
