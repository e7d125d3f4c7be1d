"""Kakao's and NHN's entries of the route table."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from posedeck.contracts import kakao, nhn
from posedeck.contracts.kakao import KakaoError
from posedeck.contracts.nhn import NhnBody, NhnCode
from posedeck.server import examples
from posedeck.server.context import ServerContext
from posedeck.server.http import Handler
from posedeck.server.kakao_errors import KAKAO_STYLE
from posedeck.server.kakao_pose import find_people_for_kakao
from posedeck.server.nhn_errors import NHN_STYLE
from posedeck.server.nhn_pose import find_people_for_nhn
from posedeck.server.operations import (
    KAKAO_KEY,
    MULTIPART,
    NHN_KEY,
    URLENCODED,
    Answer,
    Operation,
    Parameter,
    RequestBody,
)

Bound = Callable[[Callable[[ServerContext, Request], Awaitable[Response]]], Handler]

#: What the service itself may refuse with; the gateway's codes have HTTP statuses of their own.
_NHN_CODES = (
    NhnCode.INVALID_PARAMETER,
    NhnCode.MAX_UPLOAD_SIZE_EXCEEDED,
    NhnCode.INVALID_FILE_TYPE,
    NhnCode.UPLOADED_FILE_IS_EMPTY,
    NhnCode.INVALID_APPKEY_SECRETKEY,
    NhnCode.POSE_ESTIMATION_API_FAIL,
    NhnCode.POSE_ESTIMATION_RECOGNITION_FAIL,
    NhnCode.FAIL,
)
_NHN_GATEWAY = {
    413: (NhnCode.GATEWAY_REQUEST_TOO_LARGE, "the body is over 10 MB"),
    429: (NhnCode.GATEWAY_TOO_MANY_REQUESTS, "the queue is full; ask again"),
    503: (NhnCode.GATEWAY_UPSTREAM_UNAVAILABLE, "the models are not loaded yet; ask again"),
    504: (NhnCode.GATEWAY_TIMEOUT, "the inference took too long"),
}


def keypoint_operations(bound: Bound) -> tuple[Operation, ...]:
    """Both operations; ``bound`` gives a handler its context."""
    return (
        Operation(
            "POST",
            kakao.POSE_PATH,
            "Kakao: the people in a picture, 17 keypoints each (one pass)",
            "Kakao: 사진 속 사람들의 키포인트 17개씩 (한 번 추론)",
            bound(find_people_for_kakao),
            KAKAO_STYLE,
            _kakao_answers(),
            requests=(
                RequestBody(MULTIPART, files=(kakao.FILE_FIELD,)),
                RequestBody(URLENCODED, texts=(kakao.URL_FIELD,), example=examples.KAKAO_URL),
            ),
            security=KAKAO_KEY,
        ),
        Operation(
            "POST",
            nhn.POSE_PATH,
            "NHN: the people in a picture, body, foot, hand and face points (mean of a plain and a mirrored pass)",
            "NHN: 사진 속 사람들의 몸·발·손·얼굴 키포인트 (원본과 좌우 반전 추론의 평균)",
            bound(find_people_for_nhn),
            NHN_STYLE,
            _nhn_answers(),
            requests=(RequestBody(MULTIPART, files=(nhn.FILE_FIELD,)),),
            parameters=(Parameter("appKey", "path", "The project's app key.", required=True),),
            security=NHN_KEY,
        ),
    )


def _kakao_answers() -> tuple[Answer, ...]:
    return (
        Answer(
            200, "the people, best first; empty when there is nobody", list[kakao.KakaoPerson], examples.KAKAO_PEOPLE
        ),
        Answer(400, "-2: a parameter or the picture cannot be used", KakaoError, examples.KAKAO_REFUSAL),
        Answer(401, "-401: the key is missing or wrong", KakaoError, examples.KAKAO_UNAUTHORISED),
        Answer(429, "-10: the queue is full; ask again", KakaoError, examples.KAKAO_FULL),
        Answer(
            500, "-1: the engine failed, or an unexpected error with its reference", KakaoError, examples.KAKAO_FAILED
        ),
        Answer(503, "-1: the models are not loaded yet; ask again", KakaoError, examples.KAKAO_STARTING),
    )


def _nhn_answers() -> tuple[Answer, ...]:
    refusals = ", ".join(f"{int(code)} {nhn.MESSAGES[code]}" for code in _NHN_CODES)
    return (
        Answer(200, f"the people, best first; or a refusal without result: {refusals}", NhnBody, examples.NHN_SUCCESS),
        *(
            Answer(status, f"{int(code)}: {what}", NhnBody, examples.nhn_refusal(code))
            for status, (code, what) in _NHN_GATEWAY.items()
        ),
    )
