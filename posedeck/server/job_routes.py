"""The route table's entries for jobs, uploads and the files of a job."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from posedeck.contracts import own_jobs
from posedeck.server import examples, own_media, own_uploads
from posedeck.server.context import ServerContext
from posedeck.server.http import Handler
from posedeck.server.operations import BINARY, OWN_TOKEN, Answer, Operation, Parameter, RequestBody
from posedeck.server.own_errors import OWN_STYLE, OwnError
from posedeck.server.own_jobs import cancel_job, delete_job, get_job, list_jobs, resume_job, submit_job

Bound = Callable[[Callable[[ServerContext, Request], Awaitable[Response]]], Handler]

_UNREADABLE = Answer(400, "the request cannot be read", OwnError)
_UNAUTHORISED = Answer(401, "the token or ticket is missing or wrong", OwnError)
_UNKNOWN = Answer(404, "there is none (any more)", OwnError)
_UNEXPECTED = Answer(500, "unexpected error, with the reference under which it was logged", OwnError)
_ID = Parameter("id", "path", "The job's id.", required=True)
_RANGE = Parameter("Range", "header", "One range of bytes.")
_TICKET = Parameter(
    own_jobs.TICKET_PARAMETER, "query", "A ticket for one upload, signed by the dashboard.", required=True
)


def job_operations(bound: Bound) -> tuple[Operation, ...]:
    """All of them; ``bound`` gives a handler its context."""
    view = Answer(200, "the job", own_jobs.JobView, examples.JOB)
    return (
        Operation(
            "GET",
            own_jobs.JOBS_PATH,
            "All jobs, newest first",
            "모든 작업 (최신순)",
            bound(list_jobs),
            OWN_STYLE,
            (
                Answer(200, "the jobs", own_jobs.JobList, own_jobs.JobList([examples.JOB], None)),
                _UNREADABLE,
                _UNAUTHORISED,
                _UNEXPECTED,
            ),
            parameters=(
                Parameter("limit", "query", f"How many at most, 1 to {own_jobs.MAX_JOBS_LISTED}."),
                Parameter("before", "query", "Only those submitted before this time, in seconds since 1970."),
                Parameter("kind", "query", "Only those of this kind."),
            ),
            security=OWN_TOKEN,
        ),
        Operation(
            "POST",
            own_jobs.JOBS_PATH,
            "Submit a job of one of our own kinds",
            "자체 종류의 작업 제출",
            bound(submit_job),
            OWN_STYLE,
            (
                Answer(200, "the job; the first one, when its uuid is known", own_jobs.JobView, examples.JOB),
                _UNREADABLE,
                _UNAUTHORISED,
                Answer(409, "the upload is not there (any more)", OwnError),
                Answer(413, "the body is too large", OwnError),
                _UNEXPECTED,
                Answer(503, "the queue is full; ask again", OwnError),
            ),
            requests=(RequestBody(body=own_jobs.JobRequest, example=examples.JOB_REQUEST),),
            security=OWN_TOKEN,
        ),
        Operation(
            "GET",
            own_jobs.JOB_PATH,
            "One job: its state, progress and files",
            "작업의 상태·진행률·파일",
            bound(get_job),
            OWN_STYLE,
            (view, _UNAUTHORISED, _UNKNOWN, _UNEXPECTED),
            parameters=(_ID,),
            security=OWN_TOKEN,
        ),
        Operation(
            "DELETE",
            own_jobs.JOB_PATH,
            "Forget a job and its files; one that runs is cancelled",
            "작업과 파일 삭제 (실행 중이면 취소)",
            bound(delete_job),
            OWN_STYLE,
            (
                Answer(200, "it is forgotten", own_jobs.Deleted, own_jobs.Deleted(examples.JOB.id)),
                _UNAUTHORISED,
                _UNKNOWN,
                _UNEXPECTED,
            ),
            parameters=(_ID,),
            security=OWN_TOKEN,
        ),
        Operation(
            "POST",
            own_jobs.CANCEL_PATH,
            "Cancel a job; its credits come back",
            "작업 취소 (크레딧 반환)",
            bound(cancel_job),
            OWN_STYLE,
            (view, _UNAUTHORISED, _UNKNOWN, _UNEXPECTED),
            parameters=(_ID,),
            security=OWN_TOKEN,
        ),
        Operation(
            "POST",
            own_jobs.RESUME_PATH,
            "Let a cancelled job go on behind its last finished chunk; the job that takes its place",
            "취소한 작업을 멈춘 곳부터 계속하기 (새 작업이 그 자리를 이어받음)",
            bound(resume_job),
            OWN_STYLE,
            (
                view,
                _UNAUTHORISED,
                Answer(402, "the account cannot pay for it again", OwnError),
                _UNKNOWN,
                Answer(409, "it was not cancelled, or its file is gone", OwnError),
                _UNEXPECTED,
                Answer(503, "the queue is full; ask again", OwnError),
            ),
            parameters=(_ID,),
            security=OWN_TOKEN,
        ),
        Operation(
            "PUT",
            own_jobs.UPLOADS_PATH,
            "Upload a file for a job to come, by a ticket that is good for one file",
            "작업에 쓸 파일 업로드 (일회용 티켓)",
            bound(own_uploads.upload),
            OWN_STYLE,
            (
                Answer(200, "it is kept for an hour", own_jobs.Uploaded, examples.UPLOADED),
                _UNREADABLE,
                _UNAUTHORISED,
                Answer(409, "the ticket was used already", OwnError),
                Answer(413, "the file is over 300 MB", OwnError),
                _UNEXPECTED,
            ),
            requests=(RequestBody(media=BINARY),),
            parameters=(_TICKET,),
        ),
        Operation(
            "OPTIONS",
            own_jobs.UPLOADS_PATH,
            "What a browser asks before an upload from a page of another origin",
            "다른 출처의 페이지에서 업로드하기 전 브라우저의 확인 요청",
            bound(own_uploads.allow_upload),
            OWN_STYLE,
            (Answer(200, "allowed for the origin of the ticket alone"), _UNAUTHORISED, _UNEXPECTED),
            parameters=(_TICKET,),
        ),
        Operation(
            "GET",
            own_jobs.UPLOAD_PATH,
            "An uploaded file, whole or a range of it",
            "업로드한 파일 (전체 또는 범위)",
            bound(own_uploads.read_upload),
            OWN_STYLE,
            (
                Answer(200, "the file", media=BINARY),
                Answer(206, "the range of it that was asked for", media=BINARY),
                _UNAUTHORISED,
                _UNKNOWN,
                Answer(416, "the range begins behind the end of the file", OwnError),
                _UNEXPECTED,
            ),
            parameters=(
                Parameter("id", "path", "The upload's name.", required=True),
                _RANGE,
            ),
            security=OWN_TOKEN,
        ),
        Operation(
            "GET",
            own_jobs.MEDIA_PATH,
            "A file of a job, whole or a range of it",
            "작업의 파일 (전체 또는 범위)",
            bound(own_media.media),
            OWN_STYLE,
            (
                Answer(200, "the file", media=BINARY),
                Answer(206, "the range of it that was asked for", media=BINARY),
                _UNKNOWN,
                Answer(416, "the range begins behind the end of the file", OwnError),
                _UNEXPECTED,
            ),
            parameters=(
                Parameter("token", "path", "The file's ticket, as the job names it.", required=True),
                _RANGE,
            ),
        ),
    )
