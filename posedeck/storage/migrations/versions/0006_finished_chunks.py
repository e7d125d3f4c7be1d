"""What a job has finished, so that a cancelled one can go on."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add ``jobs.chunks``."""
    op.add_column("jobs", sa.Column("chunks", sa.JSON()))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("jobs") as table:
        table.drop_column("chunks")
