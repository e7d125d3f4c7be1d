"""HTTP pieces that every route shares: bodies in, JSON out, the guard around handlers, the request log."""

import logging
import secrets
import time
import traceback
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

_REQUESTS = logging.getLogger("posedeck.server.requests")
_ERRORS = logging.getLogger("posedeck.server.errors")

Handler = Callable[[Request], Awaitable[Response]]

#: Answers are personal and current: nobody on the way may keep them or take them for something else.
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
#: What web servers log when the caller has gone before the answer.
_CLIENT_GONE = 499


class BodyTooLargeError(Exception):
    """The request body is over the route's limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


@dataclass(frozen=True)
class ErrorStyle:
    """How a group of routes answers when a handler raises.

    Attributes:
        refusal: The answer for an exception that means something to the caller, None for any other.
        failure: The answer for any other, which tells only the reference under which it was logged.
    """

    refusal: Callable[[Exception], Response | None]
    failure: Callable[[str], Response]


async def body_within(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    """The request body as it comes.

    One that announces more than ``limit`` bytes is refused unread, one that turns out longer as soon as it does.
    (Starlette's own limit answers in plain text, which a vendor's client could not read.)

    Raises:
        BodyTooLargeError: when it has more than ``limit`` bytes.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise BodyTooLargeError(limit)
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise BodyTooLargeError(limit)
        yield chunk


async def read_body(request: Request, limit: int) -> bytes:
    """The whole request body. Raises BodyTooLargeError as ``body_within`` does."""
    return b"".join([chunk async for chunk in body_within(request, limit)])


def json_response(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON answer of a msgspec struct or plain data."""
    return json_bytes_response(msgspec.json.encode(body), status, headers)


def json_bytes_response(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON answer whose text is there already."""
    return Response(body, status, {**_HEADERS, **(headers or {})}, media_type="application/json")


def guarded(template: str, handle: Handler, style: ErrorStyle) -> Handler:
    """The handler, made to answer in its style whatever it raises, and logged.

    The log line holds the route's template, never the path that was asked for: paths hold keys and e-mails.
    """

    async def serve(request: Request) -> Response:
        started = time.perf_counter()
        try:
            response = await handle(request)
        except ClientDisconnect:
            response = Response(status_code=_CLIENT_GONE)
        except Exception as error:  # noqa: BLE001 - the one place where nothing may pass
            response = style.refusal(error) or style.failure(_log_unexpected(error, template))
        _REQUESTS.info(
            "%s %s %d %.0f ms %s bytes",
            request.method,
            template,
            response.status_code,
            (time.perf_counter() - started) * 1000,
            response.headers.get("content-length", "?"),
        )
        return response

    return serve


def _log_unexpected(error: Exception, template: str) -> str:
    reference = secrets.token_hex(4)
    # Types and places only: messages of libraries quote the data they choked on.
    chain = " from ".join(type(link).__name__ for link in _causes(error))
    places = "".join(traceback.format_tb(error.__traceback__))
    _ERRORS.error("unexpected error %s in %s: %s\n%s", reference, template, chain, places)
    return reference


def _causes(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or link.__context__
    return chain
