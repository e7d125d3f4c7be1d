"""``/x/uploads``: a file straight from a browser to disk, by a ticket that is good for one file; and read back."""

import time

from starlette.requests import Request
from starlette.responses import Response

from posedeck.contracts import own_jobs
from posedeck.contracts.tickets import TicketError, UploadTicket, check_upload
from posedeck.jobs.uploads import UploadKnown
from posedeck.server.context import ServerContext
from posedeck.server.http import BodyTooLargeError, json_response
from posedeck.server.large_body import spooled
from posedeck.server.own_access import check_token
from posedeck.server.own_errors import OWN_STYLE, OwnRefusalError
from posedeck.server.own_media import file_answer
from posedeck.storage.token import read_token


async def upload(context: ServerContext, request: Request) -> Response:
    """Keep the file. Raises OwnRefusalError."""
    ticket = _ticket(context, request)
    try:
        answer = await _keep(context, request, ticket)
    except (OwnRefusalError, BodyTooLargeError) as error:
        # A page elsewhere may read a refusal only with its origin named in it.
        refused = OWN_STYLE.refusal(error)
        if refused is None:
            raise
        answer = refused
    answer.headers.update(_allowed(ticket, request))
    return answer


async def read_upload(context: ServerContext, request: Request) -> Response:
    """The file of an upload, whole or in part, for a dashboard that sends it on. Raises OwnRefusalError."""
    check_token(context, request)
    key = await context.in_pool(context.uploads.blob, request.path_params["id"])
    if key is None:
        raise _gone()
    asked = request.headers.get("range")
    try:
        return await context.in_pool(file_answer, context.jobs.blobs, key, own_jobs.INPUT_NAME, asked)
    except FileNotFoundError as error:
        raise _gone() from error


async def allow_upload(context: ServerContext, request: Request) -> Response:
    """Answer what a browser asks before an upload from a page of another origin: only the ticket's may."""
    headers = _allowed(_ticket(context, request), request)
    if headers:
        headers |= {"Access-Control-Allow-Methods": "PUT", "Access-Control-Max-Age": "600"}
        asked = request.headers.get("access-control-request-headers")
        if asked is not None and asked.lower() == "content-type":
            headers["Access-Control-Allow-Headers"] = "content-type"
    return json_response({}, headers=headers)


async def _keep(context: ServerContext, request: Request, ticket: UploadTicket) -> Response:
    if await context.in_pool(context.uploads.known, ticket.upload):
        raise _used()
    async with spooled(context.settings.data_dir, request, own_jobs.MAX_UPLOAD_BYTES) as path:
        size = path.stat().st_size
        if size == 0:
            raise OwnRefusalError(400, "the file is empty")
        try:
            await context.in_pool(context.uploads.keep, ticket.upload, path)
        except UploadKnown:
            raise _used() from None
    return json_response(own_jobs.Uploaded(ticket.upload, size))


def _ticket(context: ServerContext, request: Request) -> UploadTicket:
    token = read_token(context.settings.data_dir)
    if token is None:
        raise OwnRefusalError(401, "the server is still starting")
    try:
        return check_upload(request.query_params.get(own_jobs.TICKET_PARAMETER, ""), token, time.time())
    except TicketError as error:
        raise OwnRefusalError(401, f"{error}; reload the page for another") from error


def _allowed(ticket: UploadTicket, request: Request) -> dict[str, str]:
    origin = request.headers.get("origin")
    if not ticket.origin or origin != ticket.origin:
        return {}
    return {"Access-Control-Allow-Origin": ticket.origin, "Vary": "Origin"}


def _used() -> OwnRefusalError:
    return OwnRefusalError(409, "this ticket was used already; reload the page for another")


def _gone() -> OwnRefusalError:
    return OwnRefusalError(404, "this upload is not there (any more)")
