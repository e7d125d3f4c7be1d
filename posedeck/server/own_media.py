"""``GET /x/media/{token}``: a file of a job, whole or in part, as a browser's player asks for it."""

import mimetypes
import re

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from posedeck.contracts.own_jobs import INPUT_NAME, RESULT_NAME
from posedeck.contracts.tickets import MediaTicket, TicketError, check_media
from posedeck.jobs.job import Job
from posedeck.server.context import ServerContext
from posedeck.server.own_errors import OwnRefusalError
from posedeck.storage.blobs import Blobs
from posedeck.storage.token import read_token

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_OTHER = "application/octet-stream"
_SNIFFED_BYTES = 16
#: What somebody uploaded is shown as nothing but a video, and as none that was not recognised.
_VIDEO_TYPES = {b"ftyp": "video/mp4", b"\x1aE\xdf\xa3": "video/webm"}


async def media(context: ServerContext, request: Request) -> Response:
    """The file, or the range of it that is asked for. Raises OwnRefusalError."""
    ticket = _ticket(context, request)
    job = await context.in_pool(context.jobs.store.get, ticket.job)
    key = None if job is None else _key(job, ticket.name)
    if key is None:
        raise _gone()
    try:
        return await context.in_pool(file_answer, context.jobs.blobs, key, ticket.name, request.headers.get("range"))
    except FileNotFoundError as error:
        raise _gone() from error


def _ticket(context: ServerContext, request: Request) -> MediaTicket:
    token = read_token(context.settings.data_dir)
    if token is None:
        raise _gone()
    try:
        return check_media(request.path_params["token"], token)
    except TicketError as error:
        raise OwnRefusalError(404, str(error)) from error


def _key(job: Job, name: str) -> str | None:
    own = {INPUT_NAME: job.input_blob, RESULT_NAME: job.result_blob}
    return own[name] if name in own else job.media.get(name)


def file_answer(blobs: Blobs, key: str, name: str, asked: str | None) -> Response:
    """A blob as the answer to a GET.

    Args:
        blobs: Where it is.
        key: Its key.
        name: The file's name, which tells its type.
        asked: The Range header.

    Raises:
        FileNotFoundError: when it is not there any more.
        OwnRefusalError: when the range begins behind its end.
    """
    size = blobs.info(key).size
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    kind = _media_type(blobs, key, name)
    span = None if asked is None else _span(asked, size)
    if span is None:
        return _stream(blobs, key, 0, size, 200, headers, kind)
    start, end = span
    if start >= end:
        raise OwnRefusalError(416, f"the file has {size} bytes", {"Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return _stream(blobs, key, start, end, 206, headers, kind)


def _stream(
    blobs: Blobs, key: str, start: int, end: int, status: int, headers: dict[str, str], kind: str
) -> StreamingResponse:
    length = {"Content-Length": str(end - start)}
    return StreamingResponse(blobs.stream(key, start, end), status, headers | length, media_type=kind)


def _span(asked: str, size: int) -> tuple[int, int] | None:
    """The half-open range that a Range header means; None for one that is not understood, which gives the whole file.

    An empty range cannot be satisfied. Several ranges at once are not understood.
    """
    match = _RANGE.fullmatch(asked.strip())
    if match is None or match.group(0) == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        return max(size - int(last), 0), size
    end = size if not last else min(int(last) + 1, size)
    return (int(first), end) if not last or int(first) <= int(last) else None


def _media_type(blobs: Blobs, key: str, name: str) -> str:
    if name == RESULT_NAME:
        return "application/json"
    if name != INPUT_NAME:
        return mimetypes.guess_type(name)[0] or _OTHER
    head = b"".join(blobs.stream(key, 0, _SNIFFED_BYTES))
    return next((kind for mark, kind in _VIDEO_TYPES.items() if mark in head[:8]), _OTHER)


def _gone() -> OwnRefusalError:
    return OwnRefusalError(404, "there is no such file any more")
