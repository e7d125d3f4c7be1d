"""Forms as Kakao's and NHN's callers send them; pictures are held in memory, clips on disk."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl

from starlette.requests import Request

from posedeck.server.http import body_within, read_body
from posedeck.server.multipart_body import MAX_PARTS, MultipartError, Part, read_parts

#: What a form may have beside its file: the parts' heads and a few short fields.
FORM_OVERHEAD_BYTES = 100_000
_MULTIPART = "multipart/form-data"


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


@dataclass(frozen=True)
class UploadForm:
    """A read form with large files: those are on disk, by their field's name; of two with one name the first counts."""

    files: dict[str, Path] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict, repr=False)


async def read_form(request: Request, max_file_bytes: int) -> Form:
    """The form in the body, multipart or URL-encoded.

    The body may be larger than ``max_file_bytes`` by ``FORM_OVERHEAD_BYTES``; one that is larger still is not taken.

    Raises:
        FormError: when it is neither kind, or damaged.
        BodyTooLargeError: when it is over the limit.
    """
    limit = max_file_bytes + FORM_OVERHEAD_BYTES
    media = _media_type(request)
    if media == _MULTIPART:
        return await _read_multipart(request, limit)
    if media == "application/x-www-form-urlencoded":
        return _read_urlencoded(await read_body(request, limit))
    raise FormError("the body must be multipart/form-data or application/x-www-form-urlencoded")


async def read_upload_form(request: Request, max_file_bytes: int, folder: Path) -> UploadForm:
    """``read_form`` of a form with a large file, which is written into a folder."""
    limit = max_file_bytes + FORM_OVERHEAD_BYTES
    if _media_type(request) != _MULTIPART:
        return UploadForm(texts=(await read_form(request, 0)).texts)
    form = UploadForm()
    for part in await _parts(request, limit, folder):
        if part.path is not None:
            form.files.setdefault(part.name, part.path)
        else:
            form.texts.setdefault(part.name, part.data.decode("utf-8", "replace"))
    return form


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _parts(request: Request, limit: int, folder: Path | None = None) -> list[Part]:
    try:
        return await read_parts(request.headers["content-type"], body_within(request, limit), folder)
    except MultipartError as error:
        raise FormError(f"the multipart body cannot be read: {error}") from error


async def _read_multipart(request: Request, limit: int) -> Form:
    form = Form()
    for part in await _parts(request, limit):
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
