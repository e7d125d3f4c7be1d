"""Tables of our database. Every change here comes with a migration; a test compares the two."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

#: Named constraints, so that later migrations can refer to them on every database.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: Who may call the vendors' routes. Keys are kept as SHA-256 in hex; a withdrawn account keeps its balance.
accounts = Table(
    "accounts",
    metadata,
    Column("email", String(320), primary_key=True),
    Column("user_key_sha256", String(64), nullable=False),
    Column("api_key_sha256", String(64), nullable=False),
    Column("credit", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    CheckConstraint("credit >= 0", name="credit_not_negative"),
)

#: Every answer. What is searched and listed has a column; ``document`` is the whole run as JSON. Times are seconds
#: since 1970 UTC. A deleted run keeps its row until it is swept, so that deleting can be undone.
runs = Table(
    "runs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("created_at", Double, nullable=False),
    Column("deleted_at", Double),
    Column("page", String(32), nullable=False),
    Column("vendor", String(32), nullable=False),
    Column("source", String(32), nullable=False),
    Column("ending", String(16), nullable=False),
    Column("group_id", String(32), nullable=False),
    Column("request_key", String(64), nullable=False),
    Column("grade", Integer),
    Column("kept", Boolean, nullable=False),
    Column("summary", Text, nullable=False),
    Column("thumbnail", LargeBinary),
    Column("document", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("tags", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("found_by", Text, nullable=False),
    Index("ix_runs_listed", "deleted_at", "created_at"),
    Index("ix_runs_page", "page", "created_at"),
    Index("ix_runs_vendor", "vendor", "created_at"),
    Index("ix_runs_state", "state", "created_at"),
    Index("ix_runs_grade", "grade", "created_at"),
    Index("ix_runs_group", "group_id"),
    Index("ix_runs_request", "request_key", "created_at"),
)

#: Which blobs a run needs.
run_blobs = Table(
    "run_blobs",
    metadata,
    Column("run_id", String(32), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(64), primary_key=True),
    Index("ix_run_blobs_key", "key"),
)

#: Choices for the whole installation, by name.
settings = Table(
    "settings",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
