"""The fault lab: vendors' routes that go wrong on demand, for one call by a header, for a session by its id.

Off unless asked for. What is held up is bounded in time and number, so that nobody can stop the server with it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import msgspec
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
from posedeck.server.fault_bodies import error_answer, job_answer, shape_answer, spoil, throttled_answer
from posedeck.server.http import Handler, json_response
from posedeck.server.operations import Operation
from posedeck.server.own_errors import OwnError, OwnRefusalError

#: Longer than any client of ours waits, shorter than for ever.
HANG_S = 90.0
SLOW_S = 6.0
#: Calls that may hang at once; another one is refused as unavailable.
MAX_HANGS = 8
#: Sessions whose faults are kept; the one that was set first is forgotten first.
MAX_SESSIONS = 1000
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
        slow_s: How late a slow answer is.
        hang_s: How long a hanging call hangs at most.
        sleep: Lets time pass.
        hanging: Calls that hang right now.
    """

    slow_s: float = SLOW_S
    hang_s: float = HANG_S
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    hanging: int = 0
    _sessions: OrderedDict[str, dict[Target, str]] = field(default_factory=OrderedDict, init=False, repr=False)

    def catalogue(self) -> FaultCatalogue:
        """What can go wrong."""
        return FaultCatalogue(FAULT_HEADER, {target: faults_of(target) for target in Target})

    def set_faults(self, wanted: SessionFaults) -> None:
        """Set all faults of a session. Raises OwnRefusalError for what cannot be set."""
        if not 0 < len(wanted.session) <= MAX_SESSION_CHARS:
            raise OwnRefusalError(400, f"session must have 1 to {MAX_SESSION_CHARS} characters")
        for target, fault in wanted.faults.items():
            _check(target, fault)
        self.set_faults_of(wanted.session, wanted.faults)

    def set_faults_of(self, session: str, faults: Mapping[Target, str]) -> None:
        """Set checked faults of a session; none to switch all off."""
        self._sessions.pop(session, None)
        if faults:
            self._sessions[session] = dict(faults)
        while len(self._sessions) > MAX_SESSIONS:
            self._sessions.popitem(last=False)

    def around(self, operation: Operation) -> Handler:
        """The operation's handler, with the faults that are asked for; as it is when there can be none."""
        target = target_of(operation.method, operation.path)
        if target is None:
            return operation.handle

        async def handle(request: Request) -> Response:
            fault = self._fault(request, target)
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

    def _fault(self, request: Request, target: Target) -> str | None:
        named = request.headers.get(FAULT_HEADER)
        if named is not None:
            return named
        return self._sessions.get(request.headers.get(SESSION_HEADER, ""), {}).get(target)

    async def _faulty(self, operation: Operation, request: Request, target: Target, fault: str) -> Response:
        codes = codes_of(target)
        if fault == Behaviour.SLOW:
            await self.sleep(self.slow_s)
            return await operation.handle(request)
        if fault in (*_SPOILT, Behaviour.CUT_BODY):
            return await _spoilt(await operation.handle(request), target, Behaviour(fault))
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


def _check(target: Target, fault: str) -> None:
    if fault not in faults_of(target):
        raise OwnRefusalError(400, f"{target} has no fault {fault!r}; it has {', '.join(faults_of(target))}")


async def _spoilt(response: Response, target: Target, fault: Behaviour) -> Response:
    if response.status_code != 200:
        return response
    body = await _whole(response)
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    if fault is Behaviour.CUT_BODY:
        return CutResponse(body, response.status_code, headers)
    return Response(spoil(target, fault, body), response.status_code, headers)


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
