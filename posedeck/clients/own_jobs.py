"""Client of our pose server's routes about jobs: list, watch, cancel, delete, submit, upload, read files."""

import time
from collections.abc import Callable
from urllib.parse import quote, urlencode

import msgspec

from posedeck.clients.own import VENDOR, Answer, OwnClient, read_answer
from posedeck.contracts import own_jobs
from posedeck.contracts.own_jobs import JobList, JobRequest, JobView, Uploaded
from posedeck.contracts.tickets import new_upload_ticket, sign_upload
from posedeck.net.errors import AnswerRefused
from posedeck.net.transport import Exchange, Transport

_DEADLINE_S = 10.0
#: A first submission waits for the queue to open; a file of 300 MB may take minutes on a slow disk or line.
_SUBMIT_DEADLINE_S = 30.0
_FILE_DEADLINE_S = 300.0
_EXPLAINED = (400, 401, 402, 404, 409, 413, 500)


class JobsClient:
    """Calls about jobs. Thread-safe.

    Every call may raise AnswerRefused (404: the job is unknown or its time over), ServiceStarting (the queue is full)
    and any other VendorError of ``posedeck.net.errors``.
    """

    def __init__(self, transport: Transport, base_url: str, token: str | None = None) -> None:
        self._own = OwnClient(transport, base_url, token)
        self._token = token

    def jobs(self, limit: int = 50, before: float | None = None, kind: str | None = None) -> JobList:
        """Jobs of every kind or one, newest first; ``before`` is that of the last page."""
        query: dict[str, object] = {"limit": limit}
        if before is not None:
            query["before"] = repr(before)
        if kind is not None:
            query["kind"] = kind
        return self._ask("GET", f"{own_jobs.JOBS_PATH}?{urlencode(query)}", JobList)

    def job(self, job_id: str) -> JobView:
        """One job."""
        return self._ask("GET", _path(own_jobs.JOB_PATH, job_id), JobView)

    def cancel(self, job_id: str) -> JobView:
        """Cancel a job; one that has ended stays as it is."""
        return self._ask("POST", _path(own_jobs.CANCEL_PATH, job_id), JobView)

    def resume(self, job_id: str) -> JobView:
        """Let a cancelled job go on behind its last finished chunk; the job that takes its place, under another id.

        Also raises AnswerRefused with code 402 (the account cannot pay again) and 409 (it was not cancelled).
        """
        return self._ask("POST", _path(own_jobs.RESUME_PATH, job_id), JobView, deadline_s=_SUBMIT_DEADLINE_S)

    def delete(self, job_id: str) -> None:
        """Forget a job and its files."""
        self._ask("DELETE", _path(own_jobs.JOB_PATH, job_id), own_jobs.Deleted)

    def submit(self, request: JobRequest) -> JobView:
        """Submit a job of one of our own kinds; with a ``uuid`` that is known, the first job is answered."""
        content = msgspec.json.encode(request)
        return self._ask("POST", own_jobs.JOBS_PATH, JobView, content, _SUBMIT_DEADLINE_S)

    def upload(self, content: bytes) -> Uploaded:
        """Upload a file from this process; a browser's own goes straight to ``upload_path``."""
        _, path = self.upload_path()
        return self._ask("PUT", path, Uploaded, content, _FILE_DEADLINE_S)

    def upload_path(self, origin: str = "", clock: Callable[[], float] = time.time) -> tuple[str, str]:
        """Id of an upload to come, and the path with its ticket that a browser may PUT one file to within an hour.

        Args:
            origin: Of the page that will do it (``https://host:port``), when the server has another one.
            clock: Seconds since 1970, UTC.

        Raises:
            AnswerRefused: without the server's token (code 401).
        """
        if self._token is None:
            raise _refused(401)
        ticket = new_upload_ticket(origin, clock())
        query = urlencode({own_jobs.TICKET_PARAMETER: sign_upload(ticket, self._token)})
        return ticket.upload, f"{own_jobs.UPLOADS_PATH}?{query}"

    def file(self, job: JobView, name: str) -> bytes:
        """A file of a job, whole: ``input``, ``result`` or what its kind made. Raises KeyError for another name."""
        exchange = self._own.call("GET", job.files[name], b"", _FILE_DEADLINE_S, is_answer=lambda _: True)
        if exchange.status != 200:
            raise _refused(exchange.status)
        return exchange.body

    def file_part(self, job: JobView, name: str, start: int, length: int) -> tuple[bytes, int]:
        """So many bytes of a file from a place on, fewer at its end, and the size of the whole file.

        A negative ``start`` counts from the end. Raises KeyError for another name.
        """
        return self._part(job.files[name], start, length)

    def upload_part(self, upload: str, start: int, length: int) -> tuple[bytes, int]:
        """So many bytes of an upload from a place on, and its whole size; as ``file_part``."""
        return self._part(_path(own_jobs.UPLOAD_PATH, upload), start, length)

    def _part(self, path: str, start: int, length: int) -> tuple[bytes, int]:
        span = f"bytes={start}-{start + length - 1}" if start >= 0 else f"bytes={start}"
        exchange = self._own.call(
            "GET", path, b"", _FILE_DEADLINE_S, is_answer=lambda _: True, extra_headers={"Range": span}
        )
        if exchange.status != 206:
            raise _refused(exchange.status)
        return exchange.body[:length], int(exchange.headers["content-range"].rpartition("/")[2])

    def _ask(
        self, method: str, path: str, answer: type[Answer], content: bytes = b"", deadline_s: float = _DEADLINE_S
    ) -> Answer:
        exchange: Exchange = self._own.call(method, path, content, deadline_s)
        if exchange.status in _EXPLAINED:
            raise _refused(exchange.status)
        return read_answer(exchange, answer)


def _path(template: str, job_id: str) -> str:
    return template.replace("{id}", quote(job_id, safe=""))


def _refused(status: int) -> AnswerRefused:
    key = f"error.job.{status}" if status in _EXPLAINED else None
    return AnswerRefused("refused", vendor=VENDOR, code=status, status=status, message_key=key)
