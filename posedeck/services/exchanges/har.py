"""Exchanges as HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/), which browsers and API tools open."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from posedeck import __version__
from posedeck.net.record import ExchangeRecord, RecordedBody
from posedeck.services.exchanges.holes import FAULT_HEADER_PREFIX
from posedeck.services.sources import VENDOR_NAMES, Source

_UNKNOWN = -1
#: What our transport speaks.
_HTTP_VERSION = "HTTP/1.1"


def as_har(records: Sequence[ExchangeRecord]) -> bytes:
    """The exchanges as an indented HAR file, in the order given; files in bodies stay folded, secrets masked."""
    document = {
        "log": {
            "version": "1.2",
            "creator": {"name": "PoseDeck", "version": __version__},
            "entries": [_entry(record) for record in records],
        }
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def source_label(record: ExchangeRecord) -> str:
    """English name of who answered, for exports."""
    if record.vendor not in VENDOR_NAMES or record.source not in set(Source):
        return "PoseDeck server"
    return Source(record.source).label_for(record.vendor)


def _entry(record: ExchangeRecord) -> dict[str, Any]:
    timings = _timings(record)
    entry: dict[str, Any] = {
        "startedDateTime": datetime.fromtimestamp(record.started_at, UTC).isoformat(timespec="milliseconds"),
        # TLS is a part of connect already.
        "time": sum(value for name, value in timings.items() if name != "ssl" and value != _UNKNOWN),
        "request": {
            "method": record.method,
            "url": record.url,
            "httpVersion": _HTTP_VERSION,
            "cookies": [],
            "headers": _headers(record.request_headers),
            "queryString": [{"name": name, "value": value} for name, value in parse_qsl(urlsplit(record.url).query)],
            "headersSize": _UNKNOWN,
            "bodySize": record.bytes_sent,
        },
        "response": _response(record),
        "cache": {},
        "timings": timings,
        "comment": source_label(record),
        "_vendor": record.vendor,
        "_attempt": record.attempts,
    }
    if record.request.kind != "none":
        entry["request"]["postData"] = _post_data(record.request)
    if record.phase is not None:
        entry["_phase"] = record.phase  # it goes on: there is no response yet
    if record.error is not None:
        entry["_error"] = f"{record.error.kind}: {record.error.detail}"
    return entry


def _response(record: ExchangeRecord) -> dict[str, Any]:
    body = record.response or RecordedBody()
    return {
        # HAR has no entry without a response; browsers write 0 for a request that got none.
        "status": record.status or 0,
        "statusText": "",
        "httpVersion": _HTTP_VERSION,
        "cookies": [],
        "headers": _headers(record.response_headers or {}),
        "content": {"size": body.bytes, "mimeType": body.media, "text": _text(body)},
        "redirectURL": (record.response_headers or {}).get("location", ""),
        "headersSize": _UNKNOWN,
        "bodySize": record.bytes_received if record.status else _UNKNOWN,
    }


def _timings(record: ExchangeRecord) -> dict[str, float]:
    spent = record.timings
    connected = spent.connect_s is not None or spent.tls_s is not None
    return {
        "blocked": _UNKNOWN,
        "dns": _UNKNOWN,  # ours is measured together with connect
        "connect": 1000 * ((spent.connect_s or 0.0) + (spent.tls_s or 0.0)) if connected else _UNKNOWN,
        "ssl": _UNKNOWN if spent.tls_s is None else 1000 * spent.tls_s,
        "send": 1000 * (spent.send_s or 0.0),
        "wait": 1000 * (spent.wait_s or 0.0),
        "receive": 1000 * (spent.receive_s or 0.0),
    }


def _headers(headers: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {"name": name, "value": value}
        for name, value in headers.items()
        if not name.lower().startswith(FAULT_HEADER_PREFIX)
    ]


def _post_data(body: RecordedBody) -> dict[str, Any]:
    if body.kind == "multipart":
        return {"mimeType": body.media, "params": [_param(part) for part in body.value]}
    if body.kind == "form":
        return {"mimeType": body.media, "params": [{"name": name, "value": value} for name, value in body.value]}
    return {"mimeType": body.media, "text": _text(body)}


def _param(part: Mapping[str, Any]) -> dict[str, Any]:
    if "file" not in part:
        return {"name": part["name"], "value": part["value"]}
    return {
        "name": part["name"],
        "fileName": part["filename"],
        "contentType": part["type"],
        "comment": msgspec.json.encode(part["file"]).decode(),
    }


def _text(body: RecordedBody) -> str:
    if body.kind == "none":
        return ""
    return str(body.value) if body.kind == "text" else msgspec.json.encode(body.value).decode()
