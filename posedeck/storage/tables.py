"""Tables of our database. Every change here comes with a migration; a test compares the two."""

from sqlalchemy import (
    JSON,
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
    UniqueConstraint,
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

#: Jobs: what was asked for, how far it is, and where its result lies. Times are seconds since 1970, UTC.
jobs = Table(
    "jobs",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("account", String(320), nullable=False),
    # The caller's own name of the job; at most one job of an account goes by it.
    Column("client_uuid", String(200)),
    Column("state", String(12), nullable=False),
    Column("stage", String(40)),
    Column("frames_done", Integer, nullable=False),
    Column("frames_total", Integer),
    Column("params", JSON, nullable=False),
    Column("input_blob", String(64)),
    Column("result_blob", String(64)),
    # Key of the blob by name.
    Column("media", JSON, nullable=False),
    Column("error_code", String(40)),
    Column("error_text", String(1000)),
    Column("callback_url", String(2048)),
    # When the callback was about to be sent: set before it is, so that it is never sent twice.
    Column("called_back_at", Double),
    Column("created_at", Double, nullable=False),
    Column("started_at", Double),
    Column("ended_at", Double),
    # When it is forgotten; a job that has not ended is not.
    Column("expires_at", Double),
    # Seconds until its end as estimated when it was submitted.
    Column("wait_s", Double),
    Column("cost", Integer, nullable=False),
    Column("refunded", Boolean, nullable=False),
    # Starts of its present step: tells a job that ends its process each time.
    Column("attempts", Integer, nullable=False),
    # Keys of the blobs of its finished chunks, in their order, while they may still be wanted; null for none.
    Column("chunks", JSON),
    UniqueConstraint("kind", "account", "client_uuid"),
    Index("ix_jobs_state_created_at", "state", "created_at"),
    Index("ix_jobs_expires_at", "expires_at"),
)

#: How fast a kind of job was lately: seconds a frame, exponentially averaged.
job_speeds = Table(
    "job_speeds",
    metadata,
    Column("kind", String(40), primary_key=True),
    Column("frame_s", Double, nullable=False),
    Column("samples", Integer, nullable=False),
)

#: Workers that were alive lately.
job_workers = Table(
    "job_workers",
    metadata,
    Column("executor_id", String(100), primary_key=True),
    Column("slots", Integer, nullable=False),
    Column("seen_at", Double, nullable=False),
)

#: Who needs which blob: ``job:<id>``, ``run:<id>``. A blob that nobody needs is swept.
blob_references = Table(
    "blob_references",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("owner", String(100), primary_key=True, index=True),
)

#: Files that were uploaded for a job to come, by the token that opens the upload; swept when no job took them.
uploads = Table(
    "uploads",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("blob", String(64), nullable=False),
    Column("created_at", Double, nullable=False),
)

#: What this installation's dashboard submitted to vendors, from before it was sent. Neither keys nor e-mails.
submissions = Table(
    "submissions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("vendor", String(32), nullable=False),
    Column("source", String(32), nullable=False),
    Column("base_url", String(2048), nullable=False),
    Column("submitted_at", Double, nullable=False),
    # The vendor's name of the job; null until it is known.
    Column("job_id", String(200), index=True),
    # The wait that the vendor announced, in seconds.
    Column("wait_s", Double),
    # What was submitted together shares it.
    Column("group_id", String(36), nullable=False, index=True),
    Column("params", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    # When the vendor was last asked about it.
    Column("asked_at", Double),
    Column("detail", String(1000), nullable=False),
    # The run that its result is kept as.
    Column("run_id", String(32)),
    Index("ix_submissions_submitted_at", "submitted_at"),
)

#: Faults that a caller's session has switched on in the fault lab, by call.
fault_sessions = Table(
    "fault_sessions",
    metadata,
    Column("session", String(64), primary_key=True),
    Column("faults", JSON, nullable=False),
    Column("set_at", Double, nullable=False),
)

#: Of a session whose credit runs out: what is left for a call. Calls that name no session share the empty one.
fault_purses = Table(
    "fault_purses",
    metadata,
    Column("session", String(64), primary_key=True),
    Column("target", String(32), primary_key=True),
    Column("credit", Integer, nullable=False),
    Column("used_at", Double, nullable=False),
)
