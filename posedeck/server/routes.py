"""The one table of routes."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from posedeck.contracts import own
from posedeck.contracts.remo import skeleton
from posedeck.contracts.remo.errors import MESSAGES, RemoCode, RemoErrorBody
from posedeck.contracts.remo.skeleton import SkeletonRequest
from posedeck.contracts.remo.success import SkeletonSuccess
from posedeck.pose.grades import PROFILE_NAMES
from posedeck.pose.posture import View
from posedeck.server import examples, own_routes
from posedeck.server.context import ServerContext
from posedeck.server.fault_routes import fault_operations, with_fault_header
from posedeck.server.home import home_page
from posedeck.server.http import Handler, json_response
from posedeck.server.job_routes import job_operations
from posedeck.server.kakao_job_routes import kakao_job_operations
from posedeck.server.keypoint_routes import keypoint_operations
from posedeck.server.openapi import describe
from posedeck.server.operations import HTML, OWN_TOKEN, Answer, Operation, Parameter, RequestBody
from posedeck.server.own_errors import OWN_STYLE, OwnError
from posedeck.server.remo_errors import REMO_STYLE
from posedeck.server.remo_skeleton import analyse_skeleton
from posedeck.server.shape_routes import shape_operations
from posedeck.server.soccer_routes import soccer_operations

_UNAUTHORISED = Answer(401, "the token is missing or wrong", OwnError)
_UNREADABLE = Answer(400, "the request cannot be read", OwnError)
_TOO_LARGE = Answer(413, "the body is too large", OwnError)
_BUSY = Answer(503, "the models are not loaded yet, the queue is full or the engine failed; ask again", OwnError)
_UNEXPECTED = Answer(500, "unexpected error, with the reference under which it was logged", OwnError)

#: Statuses whose meaning the table of codes does not tell in full.
_REMO_DESCRIPTIONS = {
    RemoCode.BAD_FRONT_IMAGE: (
        f"{MESSAGES[RemoCode.BAD_FRONT_IMAGE]}; also a body over 40 MB, which has 412 as its status in the body"
    ),
}


def operations(context: ServerContext) -> tuple[Operation, ...]:
    """Every operation of the server, in the order in which they are shown."""

    def bound(handle: Callable[[ServerContext, Request], Awaitable[Response]]) -> Handler:
        return lambda request: handle(context, request)

    async def home(_: Request) -> Response:
        return home_page(table)

    async def openapi(_: Request) -> Response:
        return json_response(describe(table))

    entries = (
        Operation(
            "POST",
            skeleton.PATH,
            "Remo: posture analysis of a front and a side photo",
            "Remo: 정면·측면 사진의 자세 분석",
            bound(analyse_skeleton),
            REMO_STYLE,
            _remo_answers(),
            requests=(
                RequestBody(
                    body=SkeletonRequest,
                    required_fields=skeleton.REQUIRED_FIELDS,
                    example=examples.SKELETON_REQUEST,
                ),
            ),
            parameters=(
                Parameter(
                    skeleton.PROFILE_HEADER,
                    "header",
                    "Grade profile of this answer; the server's own setting without it.",
                    PROFILE_NAMES,
                ),
            ),
        ),
        *shape_operations(bound),
        *soccer_operations(bound),
        *keypoint_operations(bound),
        *kakao_job_operations(bound),
        *job_operations(bound),
        Operation(
            "GET",
            own.HEALTH_PATH,
            "State of the engine and of the queue; always 200",
            "엔진과 대기열의 상태 (항상 200)",
            bound(own_routes.health),
            OWN_STYLE,
            (Answer(200, "the state", own.Health, examples.HEALTH),),
        ),
        Operation(
            "POST",
            own.PREVIEW_PATH,
            "What a photo shows and what is wrong with it; costs nothing",
            "사진 미리 확인 (무료)",
            bound(own_routes.preview),
            OWN_STYLE,
            (
                Answer(200, "what was seen", own.Preview, examples.PREVIEW),
                _UNREADABLE,
                _UNAUTHORISED,
                Answer(412, "the picture cannot be decoded", OwnError),
                _TOO_LARGE,
                _UNEXPECTED,
                _BUSY,
            ),
            requests=(RequestBody(media="application/octet-stream"),),
            parameters=(Parameter("view", "query", "Which photo it is to be.", tuple(View), required=True),),
            security=OWN_TOKEN,
        ),
        Operation(
            "POST",
            own.PEOPLE_PATH,
            "Everybody in a picture, by as many passes as an analysis takes; costs nothing",
            "사진 속 모든 사람의 정밀 추정 (무료)",
            bound(own_routes.people),
            OWN_STYLE,
            (
                Answer(200, "who was seen", own.People, examples.PEOPLE),
                _UNAUTHORISED,
                Answer(412, "the picture cannot be decoded", OwnError),
                _TOO_LARGE,
                _UNEXPECTED,
                _BUSY,
            ),
            requests=(RequestBody(media="application/octet-stream"),),
            security=OWN_TOKEN,
        ),
        Operation(
            "POST",
            own.CREDITS_PATH,
            "Set the credit balance of an account",
            "계정의 크레딧 설정",
            bound(own_routes.set_credit),
            OWN_STYLE,
            (
                Answer(200, "the new balance", own_routes.Balance, own_routes.Balance(credit=own.DEMO_CREDIT)),
                _UNREADABLE,
                _UNAUTHORISED,
                Answer(404, "there is no such account", OwnError),
                _TOO_LARGE,
                _UNEXPECTED,
            ),
            requests=(RequestBody(body=own.Refill, example=examples.REFILL),),
            security=OWN_TOKEN,
        ),
        *fault_operations(bound),
        Operation(
            "GET",
            "/openapi.json",
            "This description",
            "이 설명서",
            openapi,
            OWN_STYLE,
            (Answer(200, "an OpenAPI 3.1 document"),),
        ),
        Operation(
            "GET",
            "/",
            "A page with the endpoints and the demo account",
            "엔드포인트와 데모 계정을 보여 주는 페이지",
            home,
            OWN_STYLE,
            (Answer(200, "the page", media=HTML),),
        ),
    )
    table = tuple(map(with_fault_header, entries))
    return table


def _remo_answers() -> tuple[Answer, ...]:
    refusals = [
        Answer(int(code), _REMO_DESCRIPTIONS.get(code, MESSAGES[code]), RemoErrorBody, examples.REMO_REFUSAL)
        for code in RemoCode
    ]
    busy = Answer(
        503, "the models are not loaded yet or the queue is full; ask again", RemoErrorBody, examples.REMO_STARTING
    )
    success = Answer(200, "the analysis", SkeletonSuccess, examples.SKELETON_SUCCESS)
    return success, *refusals, busy
