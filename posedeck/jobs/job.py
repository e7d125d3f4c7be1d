"""A job as it is kept."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

#: Seconds for which an ended job and its result are kept: Kakao documents 7 days.
RETENTION_S = 7 * 24 * 3600.0


class JobState(StrEnum):
    """Where a job is. The last three are final: nothing changes a job after that."""

    WAITING = "waiting"
    PROCESSING = "processing"
    SUCCESS = "success"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """Whether the job has ended."""
        return self not in LIVE_STATES


LIVE_STATES = (JobState.WAITING, JobState.PROCESSING)


@dataclass(frozen=True)
class Job:
    """One job. Times are seconds since 1970, UTC; columns are described in ``posedeck.storage.tables``.

    Attributes:
        account: Who it belongs to: an e-mail, or another name that the submitting route gives.
        client_uuid: The caller's own name of it.
        stage, frames_done, frames_total: Progress; the total is None until it is known.
        media: Key of the blob by name.
        error_code: One of ``posedeck.jobs.kind.Fault`` or of the kind's own; None unless it failed.
        wait_s: Seconds until its end as estimated when it was submitted.
        cost: Credits charged; given back when ``refunded``.
        attempts: Starts of its present step.
        chunks: Keys of the blobs of its finished chunks, in their order: what a cancelled job goes on from.
    """

    id: str
    kind: str
    account: str
    client_uuid: str | None
    state: JobState
    stage: str | None
    frames_done: int
    frames_total: int | None
    params: dict[str, Any]
    input_blob: str | None
    result_blob: str | None
    media: dict[str, str]
    error_code: str | None
    error_text: str | None
    callback_url: str | None
    called_back_at: float | None
    created_at: float
    started_at: float | None
    ended_at: float | None
    expires_at: float | None
    wait_s: float | None
    cost: int
    refunded: bool
    attempts: int
    chunks: list[str] = field(default_factory=list)

    @property
    def blobs(self) -> set[str]:
        """Keys of all blobs that it names."""
        return {key for key in (self.input_blob, self.result_blob, *self.media.values(), *self.chunks) if key}

    @property
    def owner(self) -> str:
        """Its name as a holder of blobs."""
        return owner_of(self.id)


def owner_of(job_id: str) -> str:
    """Name of a job as a holder of blobs."""
    return f"job:{job_id}"
