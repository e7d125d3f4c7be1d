"""A recorded request as a user edits it: texts for a form, and the record with what came back from it."""

import json
from typing import Any
from urllib.parse import urlsplit

import msgspec

from posedeck.net.record import BodyKind, ExchangeRecord


class EditError(ValueError):
    """An edited text that cannot be sent: ``message_key`` says why, and ``values`` where."""

    def __init__(self, message_key: str, **values: object) -> None:
        super().__init__(message_key)
        self.message_key = message_key
        self.values = values


def editable_headers(record: ExchangeRecord) -> str:
    """The headers, one a line."""
    return "\n".join(f"{name}: {value}" for name, value in record.request_headers.items())


def editable_body(record: ExchangeRecord) -> str:
    """The body as text: what it is made of, for a form or a binary body; empty without one."""
    body = record.request
    if body.kind == "none":
        return ""
    if body.kind == "text":
        return str(body.value)
    return msgspec.json.format(msgspec.json.encode(body.value), indent=2).decode()


def edited(record: ExchangeRecord, url: str, headers: str, body: str) -> ExchangeRecord:
    """The record with what the user made of its texts; masked secrets stay masked, folded files stay folded.

    Raises:
        EditError: another host, a line that is no header, or a body that is not the JSON it has to be. The secrets
            are filled in after this, so they must not go anywhere else than they went the first time.
    """
    if _origin(url) != _origin(record.url):
        raise EditError("inspector.edit.other_host")
    request = record.request
    if request.kind == "text":
        request = msgspec.structs.replace(request, value=body)
    elif request.kind != "none":
        request = msgspec.structs.replace(request, value=_checked(request.kind, _json(body)))
    return msgspec.structs.replace(record, url=url, request_headers=_headers(headers), request=request)


def _origin(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        raise EditError("inspector.edit.other_host") from None
    return parts.scheme.lower(), parts.netloc.lower()


def _headers(text: str) -> dict[str, str]:
    headers = {}
    for line in filter(str.strip, text.splitlines()):
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise EditError("inspector.edit.headers")
        headers[name.strip()] = value.strip()
    return headers


def _json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except RecursionError:
        raise EditError("inspector.edit.too_deep") from None
    except (msgspec.DecodeError, UnicodeEncodeError):
        line, column = _place_of_error(text)
        raise EditError("inspector.edit.json", line=line, column=column) from None


def _place_of_error(text: str) -> tuple[int, int]:
    """Line and column where JSON ends to be JSON, both from 1; msgspec counts bytes, which no editor shows."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.lineno, error.colno
    return 1, 1  # what Python's reader takes and JSON does not, such as NaN


def _checked(kind: BodyKind, value: Any) -> Any:
    """The edited value if a body of its kind can be made of it."""
    fits = {"form": _is_form, "multipart": _is_multipart, "binary": _is_file}.get(kind)
    if fits is not None and not fits(value):
        raise EditError(f"inspector.edit.shape.{kind}")
    return value


def _is_form(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(each, str) for each in pair) for pair in value
    )


def _is_multipart(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(part, dict) and isinstance(part.get("name"), str) and (_is_file(part) or _is_text(part))
        for part in value
    )


def _is_text(part: dict[str, Any]) -> bool:
    return isinstance(part.get("value"), str) and "file" not in part


def _is_file(part: Any) -> bool:
    file = part.get("file") if isinstance(part, dict) else None
    return isinstance(file, dict) and isinstance(file.get("sha256"), str)
