"""Makes the records of a call's tries: reads both bodies, masks what is secret, tells an observer as they go on."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import uuid4

from posedeck.net.bodies import Held, Streamed, media_of, read_body, read_streamed, unread_body
from posedeck.net.errors import VendorError
from posedeck.net.exchange import Call, Exchange
from posedeck.net.masking import Masker, secrets_in
from posedeck.net.record import BROKEN_OFF, ExchangeRecord, PhaseName, RecordedBody, RecordedError
from posedeck.net.timings import Timings

#: Told of each try, by the same id: when it begins, as it goes on, and when it has ended; with the files folded in it
#: by their SHA-256. Called in the thread of the call; must not raise.
Observer = Callable[[ExchangeRecord, Mapping[str, Held]], None]

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
    """One try, as far as it has come.

    Attributes:
        call: What was to be sent.
        exchange: The whole answer, if one came, even one that is not the vendor's.
        error: What the transport makes of it; None when it passes the answer on. An error that is none of ours broke
            the try off.
        timings: Where the time went.
        attempt: Which try it was, from 1.
        started_at: When it began, seconds since 1970 UTC.
        bytes_sent: How much of the body went out.
        phase: What it is at; None when it has ended.
        streamed: A body that was sent in pieces, if it was short and went out whole.
        id: Random.
    """

    call: Call
    exchange: Exchange | None = field(default=None, repr=False)
    error: BaseException | None = field(default=None, repr=False)
    timings: Timings = field(default_factory=Timings)
    attempt: int = 1
    started_at: float = 0.0
    bytes_sent: int = 0
    phase: PhaseName | None = None
    streamed: bytes | None = field(default=None, repr=False)
    id: str = field(default_factory=lambda: uuid4().hex)


@dataclass(frozen=True)
class _Asked:
    """What a record tells of the request, masked, and what else is to be masked because of it."""

    url: str
    headers: dict[str, str]
    body: RecordedBody
    masker: Masker = field(repr=False)
    files: dict[str, Held] = field(repr=False)


class Notes:
    """The records of one call's tries.

    None of it ends a call: an answer that was paid for is worth more than its record, so what fails here is logged.
    """

    def __init__(self, vendor: str, call: Call, observer: Observer | None) -> None:
        self._vendor = vendor
        self._observer = observer
        self._asked: _Asked | None = None
        try:
            self._asked = _read_request(call, None, 0)
        except Exception as failure:  # noqa: BLE001 - see above
            _give_up(failure)

    @property
    def masker(self) -> Masker:
        """Masks what the call carries."""
        return self._asked.masker if self._asked else Masker(())

    def take(self, tried: Tried) -> ExchangeRecord | None:
        """The record of a try as it stands, of which the observer is told; None when it cannot be made."""
        if self._asked is None:
            return None
        try:
            if not isinstance(tried.call.content, bytes | Streamed):
                # Read anew: only now is it known what went out.
                self._asked = _read_request(tried.call, tried.streamed, tried.bytes_sent)
            record, files = _record(self._vendor, tried, self._asked)
            if tried.phase is None and (records := _seen.get()) is not None:
                records.append(record)
            if self._observer is not None:
                self._observer(record, files)
        except Exception as failure:  # noqa: BLE001 - see above
            _give_up(failure)
            return None
        return record


def record_try(vendor: str, tried: Tried) -> tuple[ExchangeRecord, dict[str, Held]]:
    """The record of a try, and the files that are folded in it by their SHA-256."""
    return _record(vendor, tried, _read_request(tried.call, tried.streamed, tried.bytes_sent))


def _give_up(failure: Exception) -> None:
    # The type only: messages of libraries quote the data they choked on.
    _log.error("an exchange could not be recorded: %s", type(failure).__name__)


def _record(vendor: str, tried: Tried, asked: _Asked) -> tuple[ExchangeRecord, dict[str, Held]]:
    call, exchange, error = tried.call, tried.exchange, tried.error
    files = dict(asked.files)
    masker = asked.masker
    answer = exchange and read_body(exchange.body, exchange.headers.get("content-type", ""), files)
    record = ExchangeRecord(
        id=tried.id,
        vendor=vendor,
        method=call.method,
        url=asked.url,
        request_headers=asked.headers,
        request=asked.body,
        costs=call.costs,
        status=exchange.status if exchange else None,
        response_headers=masker.headers(exchange.headers) if exchange else None,
        response=masker.body(answer, by_name=False) if answer else None,
        timings=tried.timings,
        attempts=tried.attempt,
        started_at=tried.started_at,
        bytes_sent=tried.bytes_sent,
        bytes_received=exchange.bytes_received if exchange else 0,
        error=_error(error, masker) if error else None,
        phase=tried.phase,
    )
    return record, files


def _error(error: BaseException, masker: Masker) -> RecordedError:
    if isinstance(error, VendorError):
        return RecordedError(type(error).__name__, masker.text(error.detail))
    # What broke off may say anything, and quote it.
    return RecordedError(BROKEN_OFF, type(error).__name__)


def _read_request(call: Call, streamed: bytes | None, bytes_sent: int) -> _Asked:
    files: dict[str, Held] = {}
    content_type = _header(call.headers, "content-type")
    content = streamed if streamed is not None else call.content
    if isinstance(content, bytes):
        body = read_body(content, content_type, files)
    else:
        body = unread_body(media_of(content_type), bytes_sent)
        if isinstance(content, Streamed):
            with suppress(OSError):  # sending it will say so
                body = read_streamed(content, content_type, files)
    masker = Masker(secrets_in(call.url, call.headers, body))
    return _Asked(masker.url(call.url), masker.headers(call.headers), masker.body(body, by_name=True), masker, files)


def _header(headers: Mapping[str, str], wanted: str) -> str:
    return next((value for name, value in headers.items() if name.lower() == wanted), "")
