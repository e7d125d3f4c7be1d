"""The fault lab's entries of the route table, and its header on the vendors' entries."""

import dataclasses
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from posedeck.contracts.faults import FAULT_HEADER, FAULTS_PATH, SessionFaults, Target, faults_of, target_of
from posedeck.server.context import ServerContext
from posedeck.server.faults import read_session_faults
from posedeck.server.http import Handler, json_response, read_body
from posedeck.server.operations import OWN_TOKEN, Answer, Operation, Parameter, RequestBody
from posedeck.server.own_access import check_token
from posedeck.server.own_errors import OWN_STYLE, OwnError

_BODY_LIMIT = 10_000
_EXAMPLE = {"session": "5f0c", "faults": {Target.KAKAO_POSE.value: "quota-exceeded"}}
_CATALOGUE_EXAMPLE = {"header": FAULT_HEADER, "faults": {Target.NHN_POSE.value: ["slow", "hang"]}}

Bound = Callable[[Callable[[ServerContext, Request], Awaitable[Response]]], Handler]


def fault_operations(bound: Bound) -> tuple[Operation, ...]:
    """Both operations; ``bound`` gives a handler its context."""
    return (
        Operation(
            "GET",
            FAULTS_PATH,
            "Fault lab: what each call can be made to do wrong",
            "오류 실험실: 호출마다 재현할 수 있는 오류 목록",
            bound(_catalogue),
            OWN_STYLE,
            (Answer(200, "names of faults by call", example=_CATALOGUE_EXAMPLE),),
        ),
        Operation(
            "POST",
            FAULTS_PATH,
            "Fault lab: set the faults of one session's calls",
            "오류 실험실: 한 세션의 호출에 오류 설정",
            bound(_set_faults),
            OWN_STYLE,
            (
                Answer(200, "what is set now", example=_EXAMPLE),
                Answer(400, "the request cannot be read, or names a fault that there is not", OwnError),
                Answer(401, "the token is missing or wrong", OwnError),
                Answer(413, "the body is too large", OwnError),
                Answer(500, "unexpected error, with the reference under which it was logged", OwnError),
            ),
            requests=(RequestBody(body=SessionFaults, required_fields=("session",), example=_EXAMPLE),),
            security=OWN_TOKEN,
        ),
    )


def with_fault_header(operation: Operation) -> Operation:
    """The entry with the fault lab's header as a parameter, if its call can go wrong on demand."""
    target = target_of(operation.method, operation.path)
    if target is None:
        return operation
    header = Parameter(FAULT_HEADER, "header", "Fault lab: makes this call go wrong.", tuple(faults_of(target)))
    return dataclasses.replace(operation, parameters=(*operation.parameters, header))


async def _catalogue(context: ServerContext, _: Request) -> Response:
    return json_response(context.faults.catalogue())


async def _set_faults(context: ServerContext, request: Request) -> Response:
    """Set the faults of a session. Raises OwnRefusalError."""
    check_token(context, request)
    wanted = read_session_faults(await read_body(request, _BODY_LIMIT))
    await context.in_pool(context.faults.set_faults, wanted)
    return json_response(wanted)
