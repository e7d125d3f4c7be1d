"""Forms as Kakao's and NHN's callers send them, held in memory and nowhere else."""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.requests import Request

from posedeck.server.http import body_within, read_body
from posedeck.server.multipart_body import MAX_PARTS, MultipartError, read_parts

#: What a form may have beside its file: the parts' heads and a few short fields.
FORM_OVERHEAD_BYTES = 100_000


class FormError(ValueError):
    """The body is not a form that can be read; the text tells what it should be."""


@dataclass(frozen=True)
class Form:
    """A read form; of two parts with one name the first counts.

    Attributes:
        files: Parts with a file name, by their field's name.
        texts: All other fields.
    """

    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    texts: dict[str, str] = field(default_factory=dict, repr=False)


async def read_form(request: Request, max_file_bytes: int) -> Form:
    """The form in the body, multipart or URL-encoded.

    The body may be larger than ``max_file_bytes`` by ``FORM_OVERHEAD_BYTES``; one that is larger still is not taken.

    Raises:
        FormError: when it is neither kind, or damaged.
        BodyTooLargeError: when it is over the limit.
    """
    limit = max_file_bytes + FORM_OVERHEAD_BYTES
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == "multipart/form-data":
        return await _read_multipart(request, limit)
    if media == "application/x-www-form-urlencoded":
        return _read_urlencoded(await read_body(request, limit))
    raise FormError("the body must be multipart/form-data or application/x-www-form-urlencoded")


async def _read_multipart(request: Request, limit: int) -> Form:
    try:
        parts = await read_parts(request.headers["content-type"], body_within(request, limit))
    except MultipartError as error:
        raise FormError(f"the multipart body cannot be read: {error}") from error
    form = Form()
    for part in parts:
        if part.is_file:
            form.files.setdefault(part.name, bytes(part.data))
        else:
            form.texts.setdefault(part.name, part.data.decode("utf-8", "replace"))
    return form


def _read_urlencoded(body: bytes) -> Form:
    try:
        pairs = parse_qsl(body.decode("ascii"), max_num_fields=MAX_PARTS, errors="strict", keep_blank_values=True)
    except ValueError as error:
        raise FormError("the URL-encoded body cannot be read") from error
    form = Form()
    for name, value in pairs:
        form.texts.setdefault(name, value)
    return form
