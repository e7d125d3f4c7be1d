"""Makes the record of an exchange: reads both bodies, folds what is large, masks what is secret."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import msgspec

from posedeck.contracts.folding import describe_bytes, fold_base64
from posedeck.net.errors import VendorError
from posedeck.net.exchange import Call, Exchange
from posedeck.net.masking import Masker, secrets_in
from posedeck.net.multipart import Part, read_parts
from posedeck.net.record import BodyKind, ExchangeRecord, RecordedBody, RecordedError
from posedeck.net.timings import Timings

#: Larger bodies are recorded by their size alone: reading a clip of 300 MB twice would cost seconds and memory.
MAX_READ_BYTES = 64_000_000

_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"

#: Told of each try that has ended: its record, and the files folded in it by their SHA-256. Called in the thread of
#: the call; must not raise.
Observer = Callable[[ExchangeRecord, Mapping[str, bytes]], None]

_log = logging.getLogger(__name__)
_seen: ContextVar[list[ExchangeRecord] | None] = ContextVar("seen", default=None)


@contextmanager
def seen() -> Iterator[list[ExchangeRecord]]:
    """The records of all tries that end in this thread within the context, in order, whoever made the calls."""
    records: list[ExchangeRecord] = []
    token = _seen.set(records)
    try:
        yield records
    finally:
        _seen.reset(token)


@dataclass(frozen=True)
class Tried:
    """One try that has ended.

    Attributes:
        call: What was to be sent.
        exchange: The whole answer, if one came, even one that is not the vendor's.
        error: What the transport makes of it; None when it passes the answer on.
        timings: Where the time went.
        attempt: Which try it was, from 1.
        started_at: When it began, seconds since 1970 UTC.
        bytes_sent: How much of the body went out.
    """

    call: Call
    exchange: Exchange | None
    error: VendorError | None
    timings: Timings
    attempt: int
    started_at: float
    bytes_sent: int


def note(vendor: str, tried: Tried, observer: Observer | None) -> ExchangeRecord | None:
    """The record of a try, of which the observer is told; None when it could not be made, which is logged."""
    try:
        record, files = record_try(vendor, tried)
        if (records := _seen.get()) is not None:
            records.append(record)
        if observer is not None:
            observer(record, files)
    except Exception as failure:  # noqa: BLE001 - an answer that was paid for is worth more than its record
        # The type only: messages of libraries quote the data they choked on.
        _log.error("an exchange could not be recorded: %s", type(failure).__name__)
        return None
    return record


def record_try(vendor: str, tried: Tried) -> tuple[ExchangeRecord, dict[str, bytes]]:
    """The record of a try, and the files that are folded in it by their SHA-256."""
    call, exchange, error = tried.call, tried.exchange, tried.error
    files: dict[str, bytes] = {}
    content_type = _header(call.headers, "content-type")
    if isinstance(call.content, bytes):
        sent = _read(call.content, content_type, files)
    else:
        media = content_type.partition(";")[0].strip().lower()
        kind: BodyKind = "multipart" if media == _MULTIPART else "json"
        told = RecordedBody(kind, media, tried.bytes_sent, call.stands_for)
        sent = _unread(media, tried.bytes_sent) if call.stands_for is None else told
    masker = Masker(secrets_in(call.url, call.headers, dict(sent.value) if sent.kind == "form" else sent.value))
    answer = exchange and _read(exchange.body, exchange.headers.get("content-type", ""), files)
    record = ExchangeRecord(
        id=uuid4().hex,
        vendor=vendor,
        method=call.method,
        url=masker.url(call.url),
        request_headers=masker.headers(call.headers),
        request=_masked(sent, masker, by_name=True),
        costs=call.costs,
        status=exchange.status if exchange else None,
        response_headers=masker.headers(exchange.headers) if exchange else None,
        response=_masked(answer, masker, by_name=False) if answer else None,
        timings=tried.timings,
        attempts=tried.attempt,
        started_at=tried.started_at,
        bytes_sent=tried.bytes_sent,
        bytes_received=exchange.bytes_received if exchange else 0,
        error=RecordedError(type(error).__name__, masker.text(error.detail)) if error else None,
    )
    return record, files


def _header(headers: Mapping[str, str], wanted: str) -> str:
    return next((value for name, value in headers.items() if name.lower() == wanted), "")


def _read(body: bytes, content_type: str, files: dict[str, bytes]) -> RecordedBody:
    """The body with its files folded and kept in ``files``, its secrets still in it."""
    media = content_type.partition(";")[0].strip().lower()

    def keep(data: bytes) -> dict[str, Any]:
        summary = describe_bytes(data)
        files[summary["sha256"]] = data
        return summary

    kind, value = _value(body, content_type, media, keep)
    return RecordedBody(kind, media, len(body), value)


def _unread(media: str, size: int) -> RecordedBody:
    """A body of which nothing is kept but its type and size."""
    file = {"bytes": size, "type": media or "application/octet-stream"}
    return RecordedBody("binary", media, size, {"file": file})


def _value(body: bytes, content_type: str, media: str, keep: Callable[[bytes], dict[str, Any]]) -> tuple[BodyKind, Any]:
    if not body:
        return "none", None
    if len(body) > MAX_READ_BYTES:
        unread = _unread(media, len(body))
        return unread.kind, unread.value
    if media == _MULTIPART:
        parts = read_parts(content_type, body)
        if parts is not None:
            return "multipart", [_part(part, keep) for part in parts]
    if media == _FORM:
        return "form", [list(pair) for pair in parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)]
    try:
        return "json", fold_base64(msgspec.json.decode(body), keep)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass  # whatever its type says, it is shown as what it is
    try:
        return "text", body.decode()
    except UnicodeDecodeError:
        return "binary", {"file": keep(body)}


def _part(part: Part, keep: Callable[[bytes], dict[str, Any]]) -> dict[str, Any]:
    if part.filename is None:
        return {"name": part.name, "value": part.data.decode("utf-8", "replace")}
    return {"name": part.name, "filename": part.filename, "type": part.media, "file": keep(part.data)}


def _masked(body: RecordedBody, masker: Masker, *, by_name: bool) -> RecordedBody:
    if body.kind == "form":
        pairs = masker.data([{name: value} for name, value in body.value], by_name=by_name)
        return msgspec.structs.replace(body, value=[list(*pair.items()) for pair in pairs])
    return msgspec.structs.replace(body, value=masker.data(body.value, by_name=by_name))
