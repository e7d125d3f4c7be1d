"""``/x/jobs``: what is in the queue and what came of it; cancel, delete, and submit a job of our own kinds."""

from collections.abc import Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from posedeck.contracts import own_jobs
from posedeck.contracts.tickets import MediaTicket, sign_media
from posedeck.jobs.job import Job, JobState
from posedeck.jobs.kinds import KINDS
from posedeck.jobs.left import left_of
from posedeck.jobs.queue import NewJob, NotCancelled, NotEnoughCredit, QueueFull, Submission
from posedeck.jobs.store import JobStore
from posedeck.server.context import ServerContext
from posedeck.server.http import json_response, read_body
from posedeck.server.own_access import check_token, come_back
from posedeck.server.own_errors import OwnRefusalError
from posedeck.storage.token import read_token

#: Seconds after which a full queue of jobs may have room: they take longer than pictures.
QUEUE_RETRY_S = 10
#: Whom jobs of our own kinds belong to: whoever has the token.
OWN_ACCOUNT = "own"
_BODY_LIMIT = 1_000_000
_DEFAULT_LIMIT = 50
_MAX_UUID_CHARS = 200


async def list_jobs(context: ServerContext, request: Request) -> Response:
    """Jobs of every kind, newest first. Raises OwnRefusalError."""
    check_token(context, request)
    query = request.query_params
    try:
        limit = int(query.get("limit", _DEFAULT_LIMIT))
        before = float(query["before"]) if "before" in query else None
    except ValueError:
        raise OwnRefusalError(400, "limit is a whole number, before a time in seconds since 1970") from None
    if not 1 <= limit <= own_jobs.MAX_JOBS_LISTED:
        raise OwnRefusalError(400, f"limit is 1 to {own_jobs.MAX_JOBS_LISTED}")
    return json_response(await context.in_pool(_list, context, limit, before, query.get("kind")))


async def get_job(context: ServerContext, request: Request) -> Response:
    """One job. Raises OwnRefusalError."""
    check_token(context, request)
    return json_response(await context.in_pool(_found, context, request.path_params["id"]))


async def cancel_job(context: ServerContext, request: Request) -> Response:
    """Cancel a job that has not ended; the job then. One that has ended stays as it is. Raises OwnRefusalError."""
    check_token(context, request)
    job_id = request.path_params["id"]
    await context.in_pool(context.jobs.cancel, job_id)
    return json_response(await context.in_pool(_found, context, job_id))


async def resume_job(context: ServerContext, request: Request) -> Response:
    """Let a cancelled job go on; the job that takes its place. Raises OwnRefusalError."""
    check_token(context, request)
    return json_response(await context.in_pool(_resume, context, request.path_params["id"]))


async def delete_job(context: ServerContext, request: Request) -> Response:
    """Forget a job and its files. Raises OwnRefusalError."""
    check_token(context, request)
    job_id = request.path_params["id"]
    if not await context.in_pool(context.jobs.delete, job_id):
        raise _unknown()
    return json_response(own_jobs.Deleted(job_id))


async def submit_job(context: ServerContext, request: Request) -> Response:
    """Accept a job of one of our own kinds. Raises OwnRefusalError."""
    check_token(context, request)
    try:
        asked = msgspec.json.decode(await read_body(request, _BODY_LIMIT), type=own_jobs.JobRequest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise OwnRefusalError(400, "the body is not a job") from error
    if asked.kind not in KINDS or not KINDS[asked.kind].own:
        raise OwnRefusalError(400, f"kind is one of {', '.join(kind.name for kind in KINDS.values() if kind.own)}")
    if asked.uuid is not None and not 1 <= len(asked.uuid) <= _MAX_UUID_CHARS:
        raise OwnRefusalError(400, f"uuid has 1 to {_MAX_UUID_CHARS} characters")
    return json_response(await context.in_pool(_submit, context, asked))


def job_view(job: Job, store: JobStore, token: str) -> own_jobs.JobView:
    """A job as its owner sees it, with tickets for its files."""
    files = {own_jobs.INPUT_NAME: job.input_blob, own_jobs.RESULT_NAME: job.result_blob, **job.media}
    waiting = job.state is JobState.WAITING
    left = left_of(job, KINDS.get(job.kind), store.clock())
    return own_jobs.JobView(
        id=job.id,
        kind=job.kind,
        client_uuid=job.client_uuid,
        state=job.state,
        stage=job.stage,
        frames_done=job.frames_done,
        frames_total=job.frames_total,
        ahead=store.ahead(job) if waiting else None,
        ready_in_s=None if job.state.final else left.seconds,
        created_at=job.created_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
        expires_at=job.expires_at,
        error_code=job.error_code,
        error_text=job.error_text,
        cost=job.cost,
        refunded=job.refunded,
        files={
            name: own_jobs.MEDIA_PATH.replace("{token}", sign_media(MediaTicket(job.id, name), token))
            for name, key in files.items()
            if key is not None
        },
        late=left.late,
    )


def _list(context: ServerContext, limit: int, before: float | None, kind: str | None) -> own_jobs.JobList:
    store = context.jobs.store
    # One more than asked for tells whether there is another page.
    jobs = store.latest(limit + 1, before, kind)
    shown, token = jobs[:limit], read_token(context.settings.data_dir) or ""
    views = [job_view(job, store, token) for job in shown]
    return own_jobs.JobList(views, shown[-1].created_at if len(jobs) > limit else None)


def _found(context: ServerContext, job_id: str) -> own_jobs.JobView:
    job = context.jobs.store.get(job_id)
    if job is None:
        raise _unknown()
    return job_view(job, context.jobs.store, read_token(context.settings.data_dir) or "")


def _submit(context: ServerContext, asked: own_jobs.JobRequest) -> own_jobs.JobView:
    blob = None
    if asked.upload is not None:
        blob = context.uploads.blob(asked.upload)
        if blob is None:
            raise _upload_gone()
    new = NewJob(asked.kind, OWN_ACCOUNT, asked.params, blob, asked.uuid)
    return _accepted(context, lambda: context.jobs.submit(new))


def _resume(context: ServerContext, job_id: str) -> own_jobs.JobView:
    try:
        return _accepted(context, lambda: context.jobs.resume(job_id))
    except KeyError:
        raise _unknown() from None
    except NotCancelled:
        raise OwnRefusalError(409, "only a cancelled job can go on") from None
    except NotEnoughCredit:
        raise OwnRefusalError(402, "the account cannot pay for the job") from None


def _accepted(context: ServerContext, accept: Callable[[], Submission]) -> own_jobs.JobView:
    try:
        submission = accept()
    except QueueFull:
        raise come_back(QUEUE_RETRY_S, "the queue is full") from None
    except FileNotFoundError:
        raise _upload_gone() from None
    return job_view(submission.job, context.jobs.store, read_token(context.settings.data_dir) or "")


def _unknown() -> OwnRefusalError:
    return OwnRefusalError(404, "there is no such job, or its time is over")


def _upload_gone() -> OwnRefusalError:
    return OwnRefusalError(409, "this upload is not there (any more); upload the file again")
