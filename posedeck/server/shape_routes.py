"""Future shape's entries of the route table."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from posedeck.contracts.remo import future_shape
from posedeck.contracts.remo.errors import MESSAGES, RemoCode, RemoErrorBody
from posedeck.contracts.remo.future_shape import FutureShapeError, FutureShapeRequest, FutureShapeSuccess
from posedeck.server import examples
from posedeck.server.context import ServerContext
from posedeck.server.http import Handler
from posedeck.server.operations import Answer, Operation, RequestBody
from posedeck.server.remo_errors import REMO_STYLE
from posedeck.server.remo_future_shape import reshape_by_alias, reshape_photo

Bound = Callable[[Callable[[ServerContext, Request], Awaitable[Response]]], Handler]

#: What it refuses with by Remo's table, beside its own two refusals.
_CODES = (
    RemoCode.MISSING_FIELD,
    RemoCode.UNKNOWN_USER,
    RemoCode.WRONG_API_KEY,
    RemoCode.NO_CREDIT,
    RemoCode.OTHER,
)


def shape_operations(bound: Bound) -> tuple[Operation, ...]:
    """The operation under both of its paths."""
    return (
        Operation(
            "POST",
            future_shape.PATH,
            "Remo: the person of a photo slimmer or heavier",
            "Remo: 사진 속 인물의 미래 체형",
            bound(reshape_photo),
            REMO_STYLE,
            _answers(),
            requests=(_request(),),
        ),
        Operation(
            "POST",
            future_shape.ALIAS_PATH,
            "Remo: the same, at the path of the vendor's sample code",
            "Remo: 공급사 예제 코드의 경로로 받는 같은 요청",
            bound(reshape_by_alias),
            REMO_STYLE,
            _answers(),
            requests=(_request(),),
        ),
    )


def _request() -> RequestBody:
    return RequestBody(
        body=FutureShapeRequest,
        required_fields=future_shape.REQUIRED_FIELDS,
        example=examples.FUTURE_SHAPE_REQUEST,
    )


def _answers() -> tuple[Answer, ...]:
    refused = Answer(
        int(RemoCode.PROTOCOL),
        "the picture cannot be used, the inference failed, or a protocol error",
        FutureShapeError,
        examples.FUTURE_SHAPE_REFUSAL,
        other_body=RemoErrorBody,
    )
    by_code = [Answer(int(code), MESSAGES[code], RemoErrorBody, examples.REMO_REFUSAL) for code in _CODES]
    return (
        Answer(200, "the picture", FutureShapeSuccess, examples.FUTURE_SHAPE_SUCCESS),
        refused,
        *by_code,
        Answer(413, "a body over 40 MB, which has 412 as its status in the body", RemoErrorBody, examples.REMO_REFUSAL),
        Answer(503, "the models are not loaded yet or the queue is full", RemoErrorBody, examples.REMO_STARTING),
    )
