"""A Kakao job as its caller sees it: the body of a read, and of the callback at its end."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import msgspec

from posedeck.contracts.kakao.job import JobPending, Status, finished_head
from posedeck.jobs.job import Job, JobState
from posedeck.storage.blobs import Blobs

KIND = "kakao-video"
_CANCELLED = "The job was cancelled"
_STATUSES: dict[JobState, Status] = {
    JobState.WAITING: "waiting",
    JobState.PROCESSING: "processing",
    JobState.SUCCESS: "success",
    JobState.FAILED: "failed",
    JobState.CANCELLED: "failed",
}


@dataclass(frozen=True)
class KakaoBody:
    """A JSON body in pieces, and its size in bytes."""

    pieces: Iterator[bytes]
    size: int


def body_of(job_id: str, job: Job | None, blobs: Blobs) -> KakaoBody:
    """The body for a job, None when there is none (any more). A long result is never in memory as a whole.

    Raises:
        FileNotFoundError: when the result was deleted in this moment.
    """
    if job is not None and job.result_blob is not None:
        head = finished_head(job.id)
        rest = blobs.stream(job.result_blob, start=1)
        return KakaoBody(chain([head], rest), len(head) + blobs.info(job.result_blob).size - 1)
    body = msgspec.json.encode(_pending(job_id, job))
    return KakaoBody(iter([body]), len(body))


def _pending(job_id: str, job: Job | None) -> JobPending:
    if job is None:
        return JobPending(job_id, "not found")
    if job.state is JobState.CANCELLED:
        return JobPending(job.id, "failed", _CANCELLED)
    return JobPending(job.id, _STATUSES[job.state], job.error_text)
