"""Recorded exchanges that answer in place of a vendor, and the file in which they can be shared.

A call is matched by method, path and body (``matching.request_key``): not by host, credentials or the random names of
requests, so what was recorded from one source answers for any. The file holds records without secrets and answers
without secrets.
"""

import copy
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Self

import msgspec

from posedeck import __version__
from posedeck.net.clock import Clock, system_clock
from posedeck.net.errors import NotRecorded
from posedeck.net.exchange import Call, Exchange, IsAnswer, is_json
from posedeck.net.matching import request_key
from posedeck.net.record import ExchangeRecord, Origin
from posedeck.net.recording import Observer, Tried, record_try
from posedeck.net.redact import redact_data, redact_text

FORMAT = "posedeck-cassette"
FORMAT_VERSION = 1
#: What is asked in place of a vendor's address: a name that can never lead anywhere (RFC 2606).
BASE_URL = "http://recorded.invalid"


class Recorded(msgspec.Struct, frozen=True):
    """One exchange and the answer's JSON with its files, both without secrets."""

    record: ExchangeRecord
    answer: msgspec.Raw


class _File(msgspec.Struct, frozen=True):
    exchanges: tuple[Recorded, ...]
    format: str = FORMAT
    format_version: int = FORMAT_VERSION
    application: str = f"PoseDeck {__version__}"


class _Head(msgspec.Struct):
    format: str = ""
    format_version: int = 0


def write_cassette(exchanges: Iterable[Recorded]) -> bytes:
    """The file of some exchanges; even public demo credentials are masked in it."""
    return msgspec.json.encode(_File(tuple(Recorded(_masked(each.record), each.answer) for each in exchanges)))


def is_cassette(data: bytes) -> bool:
    """Whether a file says that it is a cassette."""
    try:
        return msgspec.json.decode(data, type=_Head).format == FORMAT
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def read_cassette(data: bytes) -> tuple[Recorded, ...]:
    """The exchanges of a file. Raises ValueError when it is no cassette that this PoseDeck reads."""
    try:
        head = msgspec.json.decode(data, type=_Head)
        if (head.format, head.format_version) != (FORMAT, FORMAT_VERSION):
            raise ValueError(f"not a cassette of version {FORMAT_VERSION}: format is {head.format!r}")
        return msgspec.json.decode(data, type=_File).exchanges
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"not a cassette: {error}") from error


class Player:
    """Answers calls from what was recorded; nothing is sent. Safe between threads.

    The same call again gets the next answer recorded for it, and the last one from then on, as a job's state changes.
    """

    def __init__(self, vendor: str, find: Callable[[str], list[Recorded]], clock: Clock = system_clock) -> None:
        """``find`` gives what was recorded for a request key, the oldest first, or raises NotRecorded to say more."""
        self._vendor = vendor
        self._find = find
        self._clock = clock
        self._lock = threading.Lock()
        self._played: defaultdict[str, int] = defaultdict(int)
        self._observer: Observer | None = None

    def for_session(self, observer: Observer) -> Self:
        """The same player for the calls of one session, whose observer is told of each."""
        own = copy.copy(self)
        own._observer = observer
        return own

    def send(self, call: Call, deadline_s: float, *, is_answer: IsAnswer = is_json) -> Exchange:  # noqa: ARG002
        """The recorded answer to a call. Raises NotRecorded when there is none."""
        tried = Tried(call, started_at=self._clock.wall())
        asked, _ = record_try(self._vendor, tried)
        key = request_key(asked)
        try:
            found = self._found(asked, key)
        except NotRecorded as error:
            self._tell(replace(tried, error=error))
            raise
        with self._lock:
            index = min(self._played[key], len(found) - 1)
            self._played[key] += 1
        exchange = _exchange(found[index], asked)
        self._tell(replace(tried, exchange=exchange, timings=exchange.timings))
        return exchange

    def _found(self, asked: ExchangeRecord, key: str) -> list[Recorded]:
        found = self._find(key)
        if not found:
            raise NotRecorded(f"nothing was recorded for {asked.method} {asked.url}", vendor=self._vendor)
        return found

    def _tell(self, tried: Tried) -> None:
        if self._observer is not None:
            self._observer(*record_try(self._vendor, tried))


def play(vendor: str, exchanges: Iterable[Recorded]) -> Player:
    """A player of the exchanges of a cassette."""
    by_key: dict[str, list[Recorded]] = {}
    for each in exchanges:
        by_key.setdefault(request_key(each.record), []).append(each)
    return Player(vendor, lambda key: by_key.get(key, []))


def _exchange(recorded: Recorded, asked: ExchangeRecord) -> Exchange:
    record, body = recorded.record, bytes(recorded.answer)
    exchange = Exchange(
        status=record.status or 200,
        headers=record.response_headers or {},
        body=body,
        started_at=asked.started_at,
        timings=record.timings,
        attempts=record.attempts,
        bytes_sent=record.bytes_sent,
        bytes_received=record.bytes_received,
    )
    answered = msgspec.structs.replace(
        record,
        request_headers=asked.request_headers,
        started_at=asked.started_at,
        # A recording of a recording goes back to who answered first.
        origin=record.origin or Origin(record.source, record.started_at),
    )
    return replace(exchange, record=answered)


def _masked(record: ExchangeRecord) -> ExchangeRecord:
    def masked(value: Any) -> Any:
        return redact_data(value)

    headers: Mapping[str, str] = masked(record.request_headers)
    request = msgspec.structs.replace(record.request, value=masked(record.request.value))
    return msgspec.structs.replace(record, url=redact_text(record.url), request_headers=dict(headers), request=request)
