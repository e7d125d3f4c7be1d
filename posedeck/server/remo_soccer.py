"""The five soccer routes: a clip is accepted as a job at once; result, score, angles and drawn clip are read later."""

import binascii
import math
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from posedeck.contracts.remo import soccer
from posedeck.contracts.remo.soccer import ReadRequest, SoccerRequest, SubmitSuccess
from posedeck.contracts.remo.soccer_errors import SoccerCode, WireProgress
from posedeck.engine.video.errors import ClipError
from posedeck.engine.video.probe import ClipLimits
from posedeck.engine.video.probing import probe_apart
from posedeck.jobs.job import Job, JobState
from posedeck.jobs.kind import Fault
from posedeck.jobs.kinds import KINDS
from posedeck.jobs.left import Left, left_of
from posedeck.jobs.queue import JobQueue, NewJob, NotEnoughCredit, QueueFull, Submission
from posedeck.pose.kick.analysis import KickAnalysis, decode_analysis
from posedeck.server.context import FULL_RETRY_S, ServerContext
from posedeck.server.http import json_bytes_response, read_body
from posedeck.server.large_body import NotBase64Error, spooled, take_base64_field, without_field
from posedeck.server.remo_requests import authenticate
from posedeck.server.soccer_errors import SoccerRefusalError, come_back

KIND = "remo-soccer"
#: Name of the drawn clip among a job's media.
DRAWN = "drawn.mp4"
LIMITS = ClipLimits(
    max_bytes=soccer.MAX_BODY_BYTES,
    min_frames=soccer.MIN_FRAMES,
    max_frames=soccer.MAX_FRAMES,
)
_READ_LIMIT = 10_000
_FINAL_CODES = {Fault.NOBODY: SoccerCode.NOBODY_TRACKED, Fault.TRACKED_TOO_SHORT: SoccerCode.TRACK_TOO_SHORT}

Write = Callable[[KickAnalysis], Any]


@dataclass(frozen=True)
class _Clip:
    """The clip of a submit: a file of this machine, and its blob when it was uploaded before."""

    path: Path
    blob: str | None


async def submit_soccer(context: ServerContext, request: Request) -> Response:
    """Accept a clip as a job, or answer with the job of that uuid. Raises SoccerRefusalError, RemoRefusalError."""
    async with spooled(context.settings.data_dir, request, soccer.MAX_BODY_BYTES) as body:
        return await context.in_pool(_submit, context, body)


def _submit(context: ServerContext, body: Path) -> Response:
    with tempfile.TemporaryDirectory(dir=body.parent) as scratch:
        decoded = Path(scratch) / "clip"
        ask, faulty = _parse(body, decoded)
        known = context.jobs.store.find(KIND, ask.Email, ask.uuid)
        # What is there already costs nothing, so an empty purse is no reason to refuse it.
        is_known = known is not None and known.state not in (JobState.FAILED, JobState.CANCELLED)
        balance = authenticate(context, ask, 0 if is_known else soccer.CREDITS)
        if known is not None and is_known:
            return _accepted(Submission(known, known=True), balance)
        height = soccer.read_height_cm(ask.height)
        if height is None:
            least, most = soccer.MIN_HEIGHT_CM, soccer.MAX_HEIGHT_CM
            raise _bad_video(balance, f"height must be {least:g} to {most:g} cm")
        if faulty:
            raise _bad_video(balance, "base64_video is not base64")
        clip = _uploaded(context, ask.x_upload, decoded, balance) if ask.x_upload else _Clip(decoded, None)
        try:
            probed = probe_apart(clip.path, LIMITS)
        except ClipError as error:
            raise _bad_video(balance, error.message) from error
        blob = clip.blob or context.jobs.blobs.put_file(clip.path)
    new = NewJob(
        kind=KIND,
        account=ask.Email,
        params={"height_cm": height},
        input_blob=blob,
        client_uuid=ask.uuid,
        cost=soccer.CREDITS,
        frames=probed.frames,
    )
    return _accepted(_enqueue(context.jobs, new, balance), balance)


def _parse(body: Path, clip: Path) -> tuple[SoccerRequest, bool]:
    """The request without its clip, which is decoded into a file, and whether it could not be.

    What is wrong with the clip is told after who is calling, so it is only noted here.
    """
    try:
        try:
            rest = take_base64_field(body, soccer.CLIP_FIELD, clip)
            given, faulty = bool(rest.size), False
            ask = msgspec.json.decode(rest.json, type=SoccerRequest)
        except NotBase64Error:
            given, faulty = True, True
            ask = msgspec.json.decode(without_field(body, soccer.CLIP_FIELD), type=SoccerRequest)
    except msgspec.ValidationError as error:
        raise SoccerRefusalError(SoccerCode.PROTOCOL, detail=str(error)) from error
    except (ValueError, RecursionError) as error:
        raise SoccerRefusalError(SoccerCode.PROTOCOL, detail="the body is not JSON") from error
    missing = [name for name in ask.missing() if name != soccer.CLIP_FIELD or not given]
    if missing:
        raise SoccerRefusalError(SoccerCode.MISSING_FIELD, detail=", ".join(missing))
    return ask, faulty and not ask.x_upload


def _uploaded(context: ServerContext, upload: str, path: Path, balance: int) -> _Clip:
    blob = context.uploads.blob(upload)
    if blob is None:
        raise _bad_video(balance, "x_upload is not known or was swept after an hour; upload the clip again")
    local = context.jobs.blobs.local_path(blob)
    if local is None:
        context.jobs.blobs.fetch_to(blob, path)
    return _Clip(local or path, blob)


def _bad_video(balance: int, detail: str) -> SoccerRefusalError:
    return SoccerRefusalError(SoccerCode.BAD_VIDEO, credit=balance, detail=detail)


def _enqueue(jobs: JobQueue, new: NewJob, balance: int) -> Submission:
    try:
        return jobs.submit(new)
    except QueueFull:
        raise come_back(FULL_RETRY_S, "the queue is full", balance) from None
    except NotEnoughCredit:
        # Another call spent the last credit meanwhile.
        raise SoccerRefusalError(SoccerCode.NO_CREDIT, credit=0) from None
    except FileNotFoundError as error:
        raise _bad_video(balance, "the upload was swept meanwhile; upload the clip again") from error


def _accepted(submission: Submission, balance: int) -> Response:
    job = submission.job
    left = balance if submission.balance is None else submission.balance
    wait = min(max(math.ceil(_left(job).seconds), soccer.MIN_WAIT_S), soccer.MAX_WAIT_S)
    body = SubmitSuccess(
        wait_time=wait, file_exist=submission.known, uuid=job.client_uuid or "", x_balance=left, x_job=job.id
    )
    return json_bytes_response(msgspec.json.encode(body))


def _left(job: Job) -> Left:
    return left_of(job, KINDS.get(job.kind), time.time())


def read_soccer(write: Write) -> Callable[[ServerContext, Request], Awaitable[Response]]:
    """The handler of a read that is made from the stored analysis. Raises SoccerRefusalError."""

    def answer(context: ServerContext, job: Job) -> bytes:
        analysis = decode_analysis(context.jobs.blobs.get(job.result_blob or ""))
        return msgspec.json.encode(write(analysis))

    return _read(answer)


def draw_soccer() -> Callable[[ServerContext, Request], Awaitable[Response]]:
    """The handler of the drawn clip. Raises SoccerRefusalError."""

    def answer(context: ServerContext, job: Job) -> bytes:
        clip = context.jobs.blobs.get(job.media[DRAWN])
        return b'{"base64_video":"' + binascii.b2a_base64(clip, newline=False) + b'"}'

    return _read(answer)


def _read(answer: Callable[[ServerContext, Job], bytes]) -> Callable[[ServerContext, Request], Awaitable[Response]]:
    async def handle(context: ServerContext, request: Request) -> Response:
        ask = _read_request(request, await read_body(request, _READ_LIMIT))
        return json_bytes_response(await context.in_pool(_finished, context, ask, answer))

    return handle


def _read_request(request: Request, body: bytes) -> ReadRequest:
    """Whose job: from the path where it has them, else from the body."""
    path = request.path_params
    if "uuid" in path:
        return ReadRequest(path["id"], path["uuid"])
    try:
        ask = msgspec.json.decode(body, type=ReadRequest)
    except msgspec.ValidationError as error:
        raise SoccerRefusalError(SoccerCode.PROTOCOL, detail=str(error)) from error
    except (ValueError, RecursionError) as error:
        raise SoccerRefusalError(SoccerCode.PROTOCOL, detail="the body is not JSON") from error
    if missing := ask.missing():
        raise SoccerRefusalError(SoccerCode.MISSING_FIELD, detail=", ".join(missing))
    return ask


def _finished(context: ServerContext, ask: ReadRequest, answer: Callable[[ServerContext, Job], bytes]) -> bytes:
    job = context.jobs.store.find(KIND, ask.id, ask.uuid)
    if job is None:
        raise SoccerRefusalError(SoccerCode.UNKNOWN_UUID)
    if not job.state.final:
        raise SoccerRefusalError(SoccerCode.STILL_RUNNING, job=_progress(context.jobs, job))
    if job.state is not JobState.SUCCESS:
        code = _FINAL_CODES.get(job.error_code or "", SoccerCode.ANALYSIS_FAILED)
        detail = "cancelled" if job.state is JobState.CANCELLED else job.error_text or ""
        raise SoccerRefusalError(code, detail=detail)
    try:
        return answer(context, job)
    except FileNotFoundError as error:
        # Swept between the two looks: as if it had never been.
        raise SoccerRefusalError(SoccerCode.UNKNOWN_UUID) from error


def _progress(jobs: JobQueue, job: Job) -> WireProgress:
    waiting, left = job.state is JobState.WAITING, _left(job)
    return WireProgress(
        id=job.id,
        state=job.state.value,
        stage=job.stage or "",
        frames_done=job.frames_done,
        frames_total=job.frames_total or 0,
        position=jobs.store.ahead(job) if waiting else 0,
        wait_s=left.seconds,
        late=left.late,
    )


async def refuse_misnamed(_: ServerContext, request: Request) -> Response:
    """The path of the vendor's own sample code, which belongs to another analysis. Raises SoccerRefusalError."""
    raise SoccerRefusalError(
        SoccerCode.PROTOCOL, detail=f"{request.url.path} is not served; a kick is posted to {soccer.SUBMIT_PATH}"
    )
