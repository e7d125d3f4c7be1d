"""The route table's entries for Kakao's jobs."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from posedeck.contracts.kakao import KakaoError, job
from posedeck.server import examples
from posedeck.server.context import ServerContext
from posedeck.server.http import Handler
from posedeck.server.kakao_errors import KAKAO_STYLE
from posedeck.server.kakao_job import read_video_job, submit_video
from posedeck.server.operations import (
    KAKAO_KEY,
    MULTIPART,
    URLENCODED,
    Answer,
    Operation,
    Parameter,
    RequestBody,
)

Bound = Callable[[Callable[[ServerContext, Request], Awaitable[Response]]], Handler]

_OPTIONS = (job.SMOOTHING_FIELD, job.CALLBACK_FIELD)
_UNAUTHORISED = Answer(401, "-401: the key is missing or wrong", KakaoError, examples.KAKAO_UNAUTHORISED)
_FAILED = Answer(500, "-1: an unexpected error with its reference", KakaoError, examples.KAKAO_FAILED)


def kakao_job_operations(bound: Bound) -> tuple[Operation, ...]:
    """Both operations; ``bound`` gives a handler its context."""
    return (
        Operation(
            "POST",
            job.SUBMIT_PATH,
            "Kakao: submit a clip; the people in every frame are read later",
            "Kakao: 영상 제출 (프레임별 사람은 나중에 조회)",
            bound(submit_video),
            KAKAO_STYLE,
            (
                Answer(200, "it is accepted", job.JobAccepted, examples.KAKAO_JOB),
                Answer(400, "-2: a parameter or the video cannot be used", KakaoError, examples.KAKAO_REFUSAL),
                _UNAUTHORISED,
                Answer(429, "-10: the queue is full; ask again", KakaoError, examples.KAKAO_FULL),
                _FAILED,
                Answer(503, "-1: the models are not loaded yet; ask again", KakaoError, examples.KAKAO_STARTING),
            ),
            requests=(
                RequestBody(MULTIPART, files=(job.FILE_FIELD,), options=_OPTIONS),
                RequestBody(URLENCODED, texts=(job.URL_FIELD,), options=_OPTIONS, example=examples.KAKAO_VIDEO_URL),
            ),
            security=KAKAO_KEY,
        ),
        Operation(
            "GET",
            job.JOB_PATH,
            "Kakao: how far a clip is, or the people in every frame; kept for 7 days",
            "Kakao: 영상 처리 상태와 프레임별 결과 (7일 보관)",
            bound(read_video_job),
            KAKAO_STYLE,
            (
                Answer(
                    200,
                    "waiting, processing, failed, not found; or success, with annotations, categories, info and video",
                    job.JobRead,
                    examples.KAKAO_PENDING,
                ),
                _UNAUTHORISED,
                _FAILED,
            ),
            parameters=(Parameter("job_id", "path", "The id that the submit answered.", required=True),),
            security=KAKAO_KEY,
        ),
    )
