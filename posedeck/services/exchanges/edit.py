"""A recorded request as a user edits it: texts for a form, and the record with what came back from it."""

from typing import Any
from urllib.parse import urlsplit

import msgspec

from posedeck.net.record import ExchangeRecord


class EditError(ValueError):
    """An edited text that cannot be sent: ``message_key`` says why."""

    def __init__(self, message_key: str) -> None:
        super().__init__(message_key)
        self.message_key = message_key


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
        request = msgspec.structs.replace(request, value=_json(body))
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
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        raise EditError("inspector.edit.json") from None
