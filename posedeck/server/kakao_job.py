"""``POST /pose/job`` and ``GET /pose/job/{job_id}``: a clip in Kakao's form, accepted at once and read later."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from posedeck.contracts.kakao import KakaoCode
from posedeck.contracts.kakao import job as contract
from posedeck.engine.video.errors import ClipError
from posedeck.engine.video.probing import probe_apart
from posedeck.jobs.job import Job
from posedeck.jobs.kakao_answer import KIND, body_of
from posedeck.jobs.kakao_video import LIMITS
from posedeck.jobs.queue import NewJob, QueueFull
from posedeck.net.fetch import FetchError, check_address
from posedeck.server.context import ServerContext
from posedeck.server.forms import FormError, UploadForm, read_upload_form
from posedeck.server.http import json_response
from posedeck.server.inference import QueueFullError
from posedeck.server.kakao_errors import KakaoRefusalError, queue_full, starting
from posedeck.server.kakao_pose import read_key
from posedeck.server.large_body import incoming_folder
from posedeck.server.own_jobs import QUEUE_RETRY_S

#: A clip of 50 MB over a middling line.
FETCH_DEADLINE_S = 60.0
_SWITCH = {"true": True, "false": False}


async def submit_video(context: ServerContext, request: Request) -> Response:
    """Accept a clip. Whether it can be decoded shows when it is: then the job fails. Raises KakaoRefusalError."""
    if context.engine_host.engine() is None:
        raise starting()
    account = _account(context, request)
    with incoming_folder(context.settings.data_dir) as folder:
        try:
            form = await read_upload_form(request, contract.MAX_VIDEO_BYTES, folder)
            params = {contract.SMOOTHING_FIELD: _smoothing(form)}
            callback_url = _callback_url(form)
            clip = await _clip(context, form, folder)
        except (FormError, FetchError) as error:
            raise KakaoRefusalError(KakaoCode.BAD_PARAMETER, str(error)) from error
        except QueueFullError:
            raise queue_full() from None
        return await context.in_pool(_submit, context, account, params, clip, callback_url)


async def read_video_job(context: ServerContext, request: Request) -> Response:
    """How far a job is, or its result. Another app's jobs are not found. Raises KakaoRefusalError."""
    account = _account(context, request)
    job_id = request.path_params["job_id"]
    return await context.in_pool(_answer, context, account, job_id)


def _submit(
    context: ServerContext, account: str, params: Mapping[str, object], clip: Path | str, callback_url: str | None
) -> Response:
    blobs = context.jobs.blobs
    key = clip if isinstance(clip, str) else blobs.put_file(clip)
    new = NewJob(KIND, account, params, key, callback_url=callback_url, frames=_frames(context, key, clip))
    try:
        submission = context.jobs.submit(new)
    except QueueFull:
        raise queue_full(QUEUE_RETRY_S) from None
    except FileNotFoundError as error:
        raise KakaoRefusalError(KakaoCode.BAD_PARAMETER, _upload_gone().args[0]) from error
    return json_response(contract.JobAccepted(submission.job.id))


def _frames(context: ServerContext, key: str, clip: Path | str) -> int | None:
    """For the estimate of the wait; None for what the worker will have to refuse."""
    path = context.jobs.blobs.local_path(key) if isinstance(clip, str) else clip
    try:
        return None if path is None else probe_apart(path, LIMITS).frames
    except (ClipError, FileNotFoundError):
        return None


def _answer(context: ServerContext, account: str, job_id: str) -> Response:
    store, blobs = context.jobs.store, context.jobs.blobs
    job = _own(store.get(job_id), account)
    try:
        body = body_of(job_id, job, blobs)
    except FileNotFoundError:
        body = body_of(job_id, None, blobs)
    headers = {"Content-Length": str(body.size), "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return StreamingResponse(body.pieces, headers=headers, media_type="application/json")


def _own(job: Job | None, account: str) -> Job | None:
    return job if job is not None and (job.kind, job.account) == (KIND, account) else None


def _account(context: ServerContext, request: Request) -> str:
    key = read_key(request)
    if not context.keys.opens_kakao(key):
        raise KakaoRefusalError(KakaoCode.UNAUTHORISED)
    # The key itself is never kept.
    return f"kakao:{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def _smoothing(form: UploadForm) -> bool:
    text = form.texts.get(contract.SMOOTHING_FIELD, "true").strip().lower()
    if text not in _SWITCH:
        raise FormError(f"{contract.SMOOTHING_FIELD} is true or false")
    return _SWITCH[text]


def _callback_url(form: UploadForm) -> str | None:
    url = form.texts.get(contract.CALLBACK_FIELD, "").strip()
    if not url:
        return None
    try:
        check_address(url)
    except FetchError as error:
        raise FormError(f"{contract.CALLBACK_FIELD}: {error}") from error
    return url


async def _clip(context: ServerContext, form: UploadForm, folder: Path) -> Path | str:
    """The clip's file, or the key of its blob."""
    url = form.texts.get(contract.URL_FIELD, "").strip()
    upload = form.texts.get(contract.UPLOAD_FIELD, "").strip()
    file = form.files.get(contract.FILE_FIELD)
    if sum(map(bool, (url, upload, file))) != 1:
        if contract.FILE_FIELD in form.texts:
            raise FormError(f"the part {contract.FILE_FIELD} must have a file name")
        raise FormError(f"send {contract.FILE_FIELD} or {contract.URL_FIELD}, and only one of them")
    if upload:
        return await context.in_pool(_uploaded, context, upload)
    if url:
        file = folder / "fetched"
        await context.fetch_to(file, url, contract.MAX_VIDEO_BYTES, FETCH_DEADLINE_S)
    if file is None or file.stat().st_size == 0:
        raise FormError("the video is empty")
    if file.stat().st_size > contract.MAX_VIDEO_BYTES:
        raise FormError(f"the video is over {contract.MAX_VIDEO_BYTES} bytes")
    return file


def _uploaded(context: ServerContext, upload: str) -> str:
    key = context.uploads.blob(upload)
    if key is None:
        raise _upload_gone()
    if context.jobs.blobs.info(key).size > contract.MAX_VIDEO_BYTES:
        raise FormError(f"the video is over {contract.MAX_VIDEO_BYTES} bytes")
    return key


def _upload_gone() -> FormError:
    return FormError(f"{contract.UPLOAD_FIELD} is not known (any more); upload the video again")
