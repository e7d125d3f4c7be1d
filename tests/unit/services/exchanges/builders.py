"""Records of exchanges, built by the code that builds them in earnest."""

import json
from typing import Any

from posedeck.net.errors import VendorError
from posedeck.net.exchange import Call, Exchange, Timings
from posedeck.net.record import ExchangeRecord
from posedeck.net.recording import Tried, record_try

TIMINGS = Timings(connect_s=0.002, tls_s=0.01, send_s=0.001, wait_s=0.5, receive_s=0.003)
STARTED_AT = 1_700_000_000.25


def recorded(
    call: Call,
    body: Any = None,
    *,
    vendor: str = "remo",
    status: int = 200,
    error: VendorError | None = None,
    media: str = "application/json",
) -> tuple[ExchangeRecord, dict[str, bytes]]:
    """The record of a call that was answered with this body (JSON, or text), or not at all when it is None."""
    exchange = None
    if body is not None:
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        exchange = Exchange(status, {"content-type": media}, data, STARTED_AT, TIMINGS, 1, 10, len(data))
    return record_try(vendor, Tried(call, exchange, error, TIMINGS, 1, STARTED_AT, 10))


def json_call(body: Any, url: str = "https://v.example/api/analysis-skeleton", **headers: str) -> Call:
    """A call with a JSON body."""
    return Call("POST", url, {"Content-Type": "application/json", **headers}, json.dumps(body).encode(), costs=True)
