"""The fault lab: vendors' routes that go wrong on demand, for one call by a header, for a session by its id.

Off unless asked for. What is held up is bounded in time and number, so that nobody can stop the server with it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from posedeck.contracts.faults import (
    FAULT_HEADER,
    SESSION_HEADER,
    Behaviour,
    FaultCatalogue,
    SessionFaults,
    ShapeFault,
    Target,
    codes_of,
    faults_of,
    target_of,
)
from posedeck.server.fault_bodies import (
    cost_of,
    error_answer,
    job_answer,
    shape_answer,
    spoil,
    throttled_answer,
    with_balance,
    without_credit,
)
from posedeck.server.fault_store import FaultStore
from posedeck.server.http import Handler, json_response
from posedeck.server.operations import Operation
from posedeck.server.own_errors import OwnError, OwnRefusalError
from posedeck.server.remo_errors import RemoRefusalError
from posedeck.server.soccer_errors import SoccerRefusalError

#: Longer than any client of ours waits, shorter than for ever.
HANG_S = 90.0
SLOW_S = 6.0
#: Calls that may hang at once; another one is refused as unavailable.
MAX_HANGS = 8
MAX_SESSION_CHARS = 64
_RETRY_AFTER_S = 2
#: How often a hanging call looks whether its caller has gone, in seconds.
_LOOK_S = 0.25
#: Of a larger request no more is read before it is answered.
_MAX_DRAINED_BYTES = 40_000_000
_PAGE = "<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
_SPOILT = (Behaviour.WRONG_TYPE, Behaviour.LOST_FIELD, Behaviour.SWAPPED_SIDES)


class CutResponse(Response):
    """Announces its whole body, sends half of it and breaks off."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's arguments
        """Answer."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = bytes(self.body)[: len(self.body) // 2]
        # Without a last piece the server has to close the connection.
        await send({"type": "http.response.body", "body": half, "more_body": True})


@dataclass
class FaultLab:
    """Faults of one server.

    Attributes:
        store: What was set, and what is left of credits.
        slow_s: How late a slow answer is.
        hang_s: How long a hanging call hangs at most.
        sleep: Lets time pass.
        hanging: Calls that hang right now.
    """

    store: FaultStore
    slow_s: float = SLOW_S
    hang_s: float = HANG_S
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    hanging: int = 0

    def catalogue(self) -> FaultCatalogue:
        """What can go wrong."""
        return FaultCatalogue(FAULT_HEADER, {target: faults_of(target) for target in Target})

    def set_faults(self, wanted: SessionFaults) -> None:
        """Set all faults of a session, none to switch all off. Raises OwnRefusalError for what cannot be set."""
        if not 0 < len(wanted.session) <= MAX_SESSION_CHARS:
            raise OwnRefusalError(400, f"session must have 1 to {MAX_SESSION_CHARS} characters")
        for target, fault in wanted.faults.items():
            _check(target, fault)
        self.store.set_faults(wanted.session, wanted.faults)

    def around(self, operation: Operation) -> Handler:
        """The operation's handler, with the faults that are asked for; as it is when there can be none."""
        target = target_of(operation.method, operation.path)
        if target is None:
            return operation.handle

        async def handle(request: Request) -> Response:
            fault = await self._fault(request, target)
            if fault is None:
                return await operation.handle(request)
            try:
                _check(target, fault)
            except OwnRefusalError as refusal:
                return json_response(OwnError(refusal.message), refusal.status)
            response = await self._faulty(operation, request, target, fault)
            response.headers[FAULT_HEADER] = fault
            return response

        return handle

    async def _fault(self, request: Request, target: Target) -> str | None:
        named = request.headers.get(FAULT_HEADER)
        if named is not None:
            return named
        session = _session(request)
        return await run_in_threadpool(self.store.fault, session, target) if session else None

    async def _faulty(self, operation: Operation, request: Request, target: Target, fault: str) -> Response:
        codes = codes_of(target)
        if fault == Behaviour.SLOW:
            await self.sleep(self.slow_s)
            return await operation.handle(request)
        if fault in (*_SPOILT, Behaviour.CUT_BODY):
            return await _spoilt(await operation.handle(request), target, Behaviour(fault))
        if fault == Behaviour.CREDIT_RUNS_OUT:
            return await self._count_down(operation, request, target)
        # A connection closed on a caller who is still sending would be another fault.
        await _drain(request)
        if fault in codes:
            status, body = error_answer(codes[fault])
            return json_response(body, status)
        if fault in set(ShapeFault):
            status, body = shape_answer(ShapeFault(fault))
            return json_response(body, status)
        return await self._behave(request, target, Behaviour(fault))

    async def _behave(self, request: Request, target: Target, fault: Behaviour) -> Response:
        if fault is Behaviour.HANG:
            return await self._hang(request)
        if fault is Behaviour.THROTTLED:
            return json_response(throttled_answer(target), 429, {"Retry-After": str(_RETRY_AFTER_S)})
        if fault is Behaviour.UNAVAILABLE:
            return _page("503 Service Temporarily Unavailable", 503)
        if fault is Behaviour.JUNK_BODY:
            return _page("Welcome", 200)
        status, body = job_answer(target, fault, request.path_params.get("job_id", ""))
        return json_response(body, status)

    async def _count_down(self, operation: Operation, request: Request, target: Target) -> Response:
        session, cost = _session(request), cost_of(target)
        left = await run_in_threadpool(self.store.take, session, target, cost)
        if left is None:
            await _drain(request)
            status, body = without_credit(target)
            return json_response(body, status)
        answered = False
        try:
            response = await operation.handle(request)
            answered = response.status_code == 200
        except (RemoRefusalError, SoccerRefusalError) as refusal:
            refusal.credit = left + cost
            raise
        finally:
            if not answered:
                await run_in_threadpool(self.store.give_back, session, target, cost)
        if not answered:
            return response
        return Response(with_balance(target, left, await _whole(response)), 200, _other_headers(response))

    async def _hang(self, request: Request) -> Response:
        if self.hanging >= MAX_HANGS:
            return _page("503 Service Temporarily Unavailable", 503)
        self.hanging += 1
        try:
            waited = 0.0
            while waited < self.hang_s and not await request.is_disconnected():
                await self.sleep(_LOOK_S)
                waited += _LOOK_S
        finally:
            self.hanging -= 1
        return _page("504 Gateway Time-out", 504)


def _session(request: Request) -> str:
    return request.headers.get(SESSION_HEADER, "")[:MAX_SESSION_CHARS]


def _check(target: Target, fault: str) -> None:
    if fault not in faults_of(target):
        raise OwnRefusalError(400, f"{target} has no fault {fault!r}; it has {', '.join(faults_of(target))}")


async def _spoilt(response: Response, target: Target, fault: Behaviour) -> Response:
    if response.status_code != 200:
        return response
    body = await _whole(response)
    headers = _other_headers(response)
    if fault is Behaviour.CUT_BODY:
        return CutResponse(body, response.status_code, headers)
    return Response(spoil(target, fault, body), response.status_code, headers)


def _other_headers(response: Response) -> dict[str, str]:
    """Headers of an answer whose body becomes another."""
    return {name: value for name, value in response.headers.items() if name != "content-length"}


async def _whole(response: Response) -> bytes:
    if not isinstance(response, StreamingResponse):
        return bytes(response.body)
    pieces = [piece async for piece in response.body_iterator]
    return b"".join(piece.encode() if isinstance(piece, str) else bytes(piece) for piece in pieces)


def _page(title: str, status: int) -> Response:
    return HTMLResponse(_PAGE.format(title=title), status)


async def _drain(request: Request) -> None:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > _MAX_DRAINED_BYTES:
            return


def read_session_faults(body: bytes) -> SessionFaults:
    """The body of ``POST /x/faults``. Raises OwnRefusalError."""
    try:
        return msgspec.json.decode(body, type=SessionFaults)
    except msgspec.ValidationError as error:
        raise OwnRefusalError(400, str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise OwnRefusalError(400, "the body is not JSON") from error
