"""What was submitted to vendors that work on it for a while: written down before it is sent, until it is forgotten.

Neither keys nor e-mails are kept: who fetches a result later gives their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, delete, insert, or_, select, update

from posedeck.net.redact import redact_text
from posedeck.storage.database import open_migrated, reading
from posedeck.storage.tables import submissions

_DETAIL_CHARS = 1000


class State(StrEnum):
    """How far a submission is, as last known here."""

    SENDING = "sending"
    """Written down; whether it reached the vendor is not known yet, or never will be when the process died."""
    UNKNOWN = "unknown"
    """Sent, and its answer was lost."""
    ACCEPTED = "accepted"
    """The vendor works on it."""
    READY = "ready"
    """Its result was fetched."""
    FAILED = "failed"
    """The vendor said that there will be no result."""
    GONE = "gone"
    """The vendor does not know it (any more)."""


@dataclass(frozen=True)
class Submission:
    """One submission.

    Attributes:
        id: Made before it is sent. Remo knows the job by it.
        vendor, source, base_url: In whose format, who was asked, and where.
        submitted_at: Seconds since 1970, UTC.
        job_id: The vendor's name of the job; None while it is not known.
        wait_s: The announced wait in seconds; None when none was.
        group: What was submitted together shares it.
        params: What else tells it from others, as JSON.
        asked_at: When the vendor was last asked about it.
        detail: The vendor's last words about it, without secrets.
        run_id: The run that its result is kept as.
    """

    id: str
    vendor: str
    source: str
    base_url: str
    submitted_at: float
    job_id: str | None = None
    wait_s: float | None = None
    group: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    state: State = State.SENDING
    asked_at: float | None = None
    detail: str = ""
    run_id: str | None = None


class SubmissionStore:
    """The submissions of one installation. Safe between threads and processes.

    Its methods raise ``sqlalchemy.exc.SQLAlchemyError`` when the database cannot be used.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def close(self) -> None:
        """Close the connections to the database that wait for use."""
        self._engine.dispose()

    def intend(self, submission: Submission) -> None:
        """Write a submission down; when this returns, it outlives the process."""
        with self._engine.begin() as connection:
            connection.execute(insert(submissions).values(_columns(submission)))

    def accept(self, submission_id: str, job_id: str, wait_s: float | None) -> None:
        """Note that the vendor took it."""
        self._change(submission_id, state=State.ACCEPTED.value, job_id=job_id, wait_s=wait_s)

    def lose(self, submission_id: str) -> None:
        """Note that it was sent and its answer was lost."""
        self._change(submission_id, state=State.UNKNOWN.value)

    def tell(self, name: str, state: State, asked_at: float, *, detail: str = "", run_id: str | None = None) -> None:
        """Note what the vendor said about a submission, named as for ``find``; nothing happens when there is none.

        A run that is known already stays unless there is a new one.
        """
        changes: dict[str, Any] = {"state": state.value, "asked_at": asked_at}
        changes["detail"] = redact_text(detail)[:_DETAIL_CHARS]
        if run_id is not None:
            changes["run_id"] = run_id
        self._change(name, **changes)

    def find(self, name: str) -> Submission | None:
        """A submission by its own id or the vendor's name of it; None when there is none."""
        with reading(self._engine) as connection:
            query = select(submissions).where(_named(name))
            row = connection.execute(query.order_by(submissions.c.submitted_at.desc())).first()
        return None if row is None else _submission(row)

    def group(self, group: str) -> list[Submission]:
        """What was submitted together, in the order in which it was."""
        with reading(self._engine) as connection:
            query = select(submissions).where(submissions.c.group_id == group)
            return [_submission(row) for row in connection.execute(query.order_by(submissions.c.submitted_at))]

    def between(self, since: float, until: float) -> list[Submission]:
        """What was submitted at ``since`` or later and before ``until``, the newest first."""
        times = submissions.c.submitted_at
        with reading(self._engine) as connection:
            query = select(submissions).where(times >= since, times < until).order_by(times.desc(), submissions.c.id)
            return [_submission(row) for row in connection.execute(query)]

    def forget(self, submission_id: str) -> None:
        """Forget a submission; the vendor is not told."""
        with self._engine.begin() as connection:
            connection.execute(delete(submissions).where(submissions.c.id == submission_id))

    def _change(self, name: str, **values: Any) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(submissions).where(_named(name)).values(values))


def open_submissions(data_dir: Path) -> SubmissionStore:
    """The submissions of an installation; makes the tables when they are not there.

    Raises:
        ValueError, OSError, sqlalchemy.exc.SQLAlchemyError: when a setting is wrong or the storage cannot be used.
    """
    return SubmissionStore(open_migrated(data_dir))


def _named(name: str) -> ColumnElement[bool]:
    return or_(submissions.c.id == name, submissions.c.job_id == name)


def _columns(submission: Submission) -> dict[str, Any]:
    return {
        "id": submission.id,
        "vendor": submission.vendor,
        "source": submission.source,
        "base_url": redact_text(submission.base_url),
        "submitted_at": submission.submitted_at,
        "job_id": submission.job_id,
        "wait_s": submission.wait_s,
        "group_id": submission.group,
        "params": dict(submission.params),
        "state": submission.state.value,
        "asked_at": submission.asked_at,
        "detail": submission.detail,
        "run_id": submission.run_id,
    }


def _submission(row: Row[*tuple[Any, ...]]) -> Submission:
    return Submission(
        id=row.id,
        vendor=row.vendor,
        source=row.source,
        base_url=row.base_url,
        submitted_at=row.submitted_at,
        job_id=row.job_id,
        wait_s=row.wait_s,
        group=row.group_id,
        params=row.params,
        state=State(row.state),
        asked_at=row.asked_at,
        detail=row.detail,
        run_id=row.run_id,
    )
