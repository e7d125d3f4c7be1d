"""Kakao's clips: submitted once, read until there is a result. The same code for the live host and our pose server."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from posedeck.clients.kakao import FORM, LIVE_BASE_URL, VENDOR, decoded, headers_of, raise_refusal, send
from posedeck.clients.keys import checked_key
from posedeck.contracts.kakao import job
from posedeck.contracts.kakao.errors import parse_error
from posedeck.net.answers import without_secrets
from posedeck.net.errors import UnparseableAnswer
from posedeck.net.exchange import Call, Exchange, Sender
from posedeck.net.multipart import Part, StreamedForm

#: A clip of 50 MB over a slow line, or fetched by the server from another one.
SUBMIT_DEADLINE_S = 180.0
#: The result of a long clip is tens of megabytes.
READ_DEADLINE_S = 60.0


@dataclass(frozen=True)
class UploadName:
    """A clip that our server has already: the name of its upload."""

    name: str


@dataclass(frozen=True, eq=False)
class JobReply:
    """A read: the parsed answer, the body as it came, and the exchange it came by."""

    answer: job.JobAnswer
    body: dict[str, Any]
    exchange: Exchange


class KakaoJobClient:
    """Calls of Kakao's job API. Thread-safe; the key is passed per call and never kept."""

    def __init__(self, transport: Sender, base_url: str = LIVE_BASE_URL) -> None:
        self._transport = transport
        self._base_url = base_url.rstrip("/")

    def submit(
        self, key: str, clip: Path | UploadName | str, *, smoothing: bool = True, callback_url: str | None = None
    ) -> str:
        """Submit a clip; the job's id. Sent at most once: Kakao knows no name by which a second one would be the same.

        Args:
            key: The REST API key.
            clip: A file, sent in pieces and never held whole; the address of one, which the server fetches; or, for
                our server, an upload.
            smoothing: Whether positions are smoothed over time.
            callback_url: Where the end of the job is told, once.

        Raises:
            AnswerRefused, ServiceEnded, ServiceStarting: as of ``KakaoClient.pose``.
            UnparseableAnswer: the body is not Kakao's.
            VendorError: any transport failure; after ``AmbiguousOutcome`` the job may exist under an unknown id.
        """
        key = checked_key(key, VENDOR)
        fields = {job.SMOOTHING_FIELD: "true" if smoothing else "false"}
        if callback_url:
            fields[job.CALLBACK_FIELD] = callback_url
        url = self._base_url + job.SUBMIT_PATH
        if isinstance(clip, Path):
            # The file's own name is never sent: it may tell who is on it.
            form = StreamedForm(_texts(fields), Part(job.FILE_FIELD, "clip.mp4", "video/mp4", b""), clip)
            headers = headers_of(key, form.content_type) | {"Content-Length": str(form.length)}
            call = Call("POST", url, headers, form, costs=True)
        else:
            named = {job.UPLOAD_FIELD: clip.name} if isinstance(clip, UploadName) else {job.URL_FIELD: clip}
            call = Call("POST", url, headers_of(key, FORM), urlencode({**fields, **named}).encode(), costs=True)
        exchange = send(self._transport, call, self._base_url, SUBMIT_DEADLINE_S, _is_answer)
        body = decoded(exchange)
        raise_refusal(exchange, body, key)
        try:
            return msgspec.convert(body, job.JobAccepted).job_id
        except msgspec.ValidationError as error:
            raise UnparseableAnswer(str(error), vendor=VENDOR, status=exchange.status) from error

    def read(self, key: str, job_id: str) -> JobReply:
        """How far a job is, or its result. Errors as of ``submit``; a failed or forgotten job is none of them."""
        key = checked_key(key, VENDOR)
        url = self._base_url + job.JOB_PATH.replace("{job_id}", quote(job_id, safe=""))
        call = Call("GET", url, headers_of(key))
        exchange = send(self._transport, call, self._base_url, READ_DEADLINE_S, _is_answer)
        body = decoded(exchange)
        raise_refusal(exchange, body, key)
        try:
            return JobReply(job.parse_job(body), without_secrets(body, exchange), exchange)
        except ValueError as error:
            raise UnparseableAnswer(str(error), vendor=VENDOR, status=exchange.status) from error


def _is_answer(exchange: Exchange) -> bool:
    body = decoded(exchange)
    return isinstance(body, dict) and ("job_id" in body or parse_error(body) is not None)


def _texts(fields: dict[str, str]) -> list[Part]:
    return [Part(name, None, "", text.encode()) for name, text in fields.items()]
