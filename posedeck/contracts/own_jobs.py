"""Our own routes about jobs, uploads and the files of a job."""

from typing import Any

import msgspec

#: PUT the file's bytes. Query: ``ticket``, made by ``posedeck.contracts.tickets``.
UPLOADS_PATH = "/x/uploads"
#: GET, also with Range: an upload's bytes, as long as it is kept.
UPLOAD_PATH = "/x/uploads/{id}"
MAX_UPLOAD_BYTES = 300_000_000
TICKET_PARAMETER = "ticket"

#: GET: newest first; query ``limit``, ``before``, ``kind``. POST: ``JobRequest``.
JOBS_PATH = "/x/jobs"
JOB_PATH = "/x/jobs/{id}"
CANCEL_PATH = "/x/jobs/{id}/cancel"
#: POST: a cancelled job goes on behind its last finished chunk; the answer is the job that takes its place.
RESUME_PATH = "/x/jobs/{id}/resume"
MAX_JOBS_LISTED = 200
#: GET, also with Range. The token is a signed ticket, given with the job.
MEDIA_PATH = "/x/media/{token}"

#: Names of a job's files beside those that its kind gives.
INPUT_NAME = "input"
RESULT_NAME = "result"


class Uploaded(msgspec.Struct, frozen=True):
    """Answer of an upload: the name by which a job may take it (``x_upload``), and its size in bytes."""

    upload: str
    size: int


class JobView(msgspec.Struct, frozen=True):
    """A job as its owner sees it. Times are seconds since 1970, UTC.

    Attributes:
        state: ``waiting``, ``processing``, ``success``, ``failed`` or ``cancelled``.
        stage, frames_done, frames_total: Progress; the total is null until it is known.
        ahead: Jobs before a waiting one; null for others.
        ready_in_s: Estimated seconds until its end, by its own pace once it runs; null when it has ended.
        late: Whether that is later than was estimated when it was submitted.
        expires_at: When it is forgotten; null while it has not ended.
        error_code, error_text: Why it failed.
        files: Path by name, to be read with GET: ``input``, ``result`` (JSON), and what its kind made.
    """

    id: str
    kind: str
    client_uuid: str | None
    state: str
    stage: str | None
    frames_done: int
    frames_total: int | None
    ahead: int | None
    ready_in_s: float | None
    created_at: float
    started_at: float | None
    ended_at: float | None
    expires_at: float | None
    error_code: str | None
    error_text: str | None
    cost: int
    refunded: bool
    files: dict[str, str]
    late: bool = False


class JobList(msgspec.Struct, frozen=True):
    """Jobs, newest first; ``before`` asks for the next page, null when this is the last one."""

    jobs: list[JobView]
    before: float | None


class JobRequest(msgspec.Struct, frozen=True):
    """A job of one of our own kinds. ``upload`` is the file it works on; ``uuid`` the caller's own name of it."""

    kind: str
    params: dict[str, Any] = {}
    upload: str | None = None
    uuid: str | None = None


class Deleted(msgspec.Struct, frozen=True):
    """Answer of a deletion."""

    id: str
