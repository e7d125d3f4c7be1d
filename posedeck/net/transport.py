"""The one way to a vendor: a call goes out, an `Exchange` or an error of `posedeck.net.errors` comes back.

The rule for calls that cost: they are sent at most once. Such a call is tried again only if not one byte of it can have
left (the connection was never made) or if the vendor refused it with HTTP 429; anything else without an answer of the
vendor is an `AmbiguousOutcome` for the user to decide.
"""

import copy
import logging
import threading
from collections import defaultdict
from dataclasses import dataclass, replace
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self, TypedDict

import httpx

from posedeck import __version__
from posedeck.net.breaker import Breaker
from posedeck.net.clock import Clock, system_clock
from posedeck.net.deadline import CONNECT_S, Deadline, DeadlineTransport, NameUnknown
from posedeck.net.errors import (
    AmbiguousOutcome,
    AnswerTooLarge,
    ConnectFailed,
    ConnectionLost,
    DeadlineExceeded,
    HostForbidden,
    HostUnknown,
    InvalidCall,
    Throttled,
    UnparseableAnswer,
    VendorError,
)
from posedeck.net.exchange import Amend, Call, Exchange, IsAnswer, Timings, is_json
from posedeck.net.recording import Notes, Observer, Tried
from posedeck.net.retry import RetryPolicy, parse_retry_after
from posedeck.net.trace import Trace

__all__ = ["Call", "Clock", "Exchange", "IsAnswer", "RetryPolicy", "Timings", "Transport", "is_json", "system_clock"]

MAX_BODY_BYTES = 200 * 1024 * 1024

# They write whole URLs and headers, which hold keys and e-mail addresses.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

_BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_GATEWAY_ERRORS = frozenset({502, 503, 504})


@dataclass(frozen=True)
class _Failure:
    """A try without an answer: what to raise, and what may be done before."""

    error: VendorError
    may_retry: bool = False
    retry_after_s: float | None = None
    moved_to: str | None = None
    exchange: Exchange | None = None


class Transport:
    """Sends calls to one vendor; build it once and share it between threads (building takes 60 ms).

    It holds connections, never credentials: those come with each call. Redirects are not followed, except from http to
    https of the same host by 307 or 308; cookies are not kept.
    """

    def __init__(
        self,
        vendor: str,
        *,
        clock: Clock = system_clock,
        policy: RetryPolicy = RetryPolicy(),  # noqa: B008 - immutable
        inner: httpx.BaseTransport | None = None,
        max_body_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        self._vendor = vendor
        self._clock = clock
        self._policy = policy
        self._max_body_bytes = max_body_bytes
        self._client = httpx.Client(
            transport=inner or DeadlineTransport(),
            headers={"User-Agent": f"PoseDeck/{__version__}"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            trust_env=False,
        )
        self._breakers: defaultdict[str, Breaker] = defaultdict(lambda: Breaker(vendor, clock))
        self._breakers_lock = threading.Lock()
        self._observer: Observer | None = None
        self._amend: Amend | None = None
        self._only: httpx.URL | None = None

    def for_session(self, observer: Observer, amend: Amend | None = None, *, only: str | None = None) -> Self:
        """The same connections for the calls of one session.

        Args:
            observer: Is told of every try of these calls, and of no others.
            amend: May change a call before it is sent.
            only: Base URL of the one server that these calls may go to; None allows all.
        """
        own = copy.copy(self)
        own._observer, own._amend = observer, amend
        own._only = None if only is None else httpx.URL(only)
        return own

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def send(self, call: Call, deadline_s: float, *, is_answer: IsAnswer = is_json) -> Exchange:
        """The vendor's answer to the call, whatever its HTTP status.

        Args:
            call: What to send.
            deadline_s: Seconds after which it ends, all tries and waits together.
            is_answer: Tells whether a response's body is the vendor's own. What is, is returned at once, error answers
                included; only what is not can be a failure of the way there.

        Raises:
            ConnectFailed, CircuitOpen: nothing was sent.
            Throttled: HTTP 429, and waiting for as long as asked would be too long.
            AmbiguousOutcome: only for calls that cost.
            ConnectionLost, DeadlineExceeded: only for calls that cost nothing.
            UnparseableAnswer: what came is not the vendor's answer.
        """
        call = self._amend(call) if self._amend else call
        url = self._checked_url(call)
        # Before the clock starts: reading a large body takes a while.
        notes = Notes(self._vendor, call, self._observer)
        deadline = Deadline(self._clock, deadline_s)
        last_start = Deadline(self._clock, min(deadline_s, self._policy.budget_s))
        breaker = self._breaker(url)
        attempt = 1
        while True:
            outcome = self._try(notes, call, deadline, breaker, is_answer, attempt)
            if isinstance(outcome, Exchange):
                return outcome
            if outcome.moved_to is not None:
                return self.send(replace(call, url=outcome.moved_to), deadline.left_s, is_answer=is_answer)
            wait_s = self._policy.wait_s(attempt, outcome.retry_after_s)
            may_retry = outcome.may_retry and attempt < self._policy.tries and not breaker.is_open
            if not may_retry or wait_s >= last_start.left_s:
                raise outcome.error
            self._clock.sleep(wait_s)
            attempt += 1

    def _checked_url(self, call: Call) -> httpx.URL:
        try:
            url = httpx.URL(call.url)
        except httpx.InvalidURL:
            raise InvalidCall("the address cannot be read", vendor=self._vendor) from None
        # Port 0 and ports beyond 16 bits would be taken modulo by the system and reach another service.
        if url.scheme not in ("http", "https") or not url.host or not (url.port is None or 0 < url.port < 65536):
            raise InvalidCall(
                "the address must be http:// or https:// with a host and a valid port", vendor=self._vendor
            )
        if self._only is not None and _origin(url) != _origin(self._only):
            raise HostForbidden("this session calls our own server only", vendor=self._vendor)
        for name, value in call.headers.items():
            # isprintable is False for line breaks; what is not ASCII has no agreed encoding in a header.
            if not (value.isascii() and value.isprintable() and value == value.strip()):
                raise InvalidCall(f"the header {name!r} holds characters that cannot be sent", vendor=self._vendor)
        return url

    def _breaker(self, url: httpx.URL) -> Breaker:
        with self._breakers_lock:
            return self._breakers[url.netloc.decode("ascii")]

    def _try(
        self, notes: Notes, call: Call, deadline: Deadline, breaker: Breaker, is_answer: IsAnswer, attempt: int
    ) -> Exchange | _Failure:
        tried = Tried(call, attempt=attempt, started_at=self._clock.wall(), phase="connect")

        def as_it_stands(trace: Trace) -> Tried:
            return replace(tried, timings=trace.timings, bytes_sent=trace.body_bytes_sent, phase=trace.phase)

        notes.take(tried)
        trace = Trace(self._clock, lambda trace: notes.take(as_it_stands(trace)))
        try:
            outcome: Exchange | _Failure = self._admitted(call, deadline, breaker, is_answer, attempt, trace)
        except VendorError as refusal:
            outcome = _Failure(refusal)
        except BaseException as stop:
            # Whoever waited for it was stopped, or the body could not be read: it must not seem to go on for ever.
            notes.take(replace(as_it_stands(trace), phase=None, error=stop))
            raise
        ended = replace(as_it_stands(trace), phase=None, streamed=trace.streamed)
        if isinstance(outcome, Exchange):
            return replace(outcome, record=notes.take(replace(ended, exchange=outcome)), mask=notes.masker.text)
        notes.take(replace(ended, exchange=outcome.exchange, error=outcome.error))
        outcome.error.hide(notes.masker.text)
        return outcome

    def _admitted(
        self, call: Call, deadline: Deadline, breaker: Breaker, is_answer: IsAnswer, attempt: int, trace: Trace
    ) -> Exchange | _Failure:
        with breaker.admit() as admission:
            try:
                exchange = self._exchange(call, deadline, trace, attempt)
            except httpx.TransportError as error:
                # A full pool and a malformed request are ours, a name without address needs no rest: it costs nothing.
                tells_nothing = isinstance(error, httpx.PoolTimeout | httpx.LocalProtocolError | NameUnknown)
                admission.healthy = None if tells_nothing else False
                return self._broken(call, error, trace)
            answered = is_answer(exchange)
            admission.healthy = answered or exchange.status < 500
        if exchange.status == 429:
            return replace(self._throttled(call, exchange), exchange=exchange)
        return exchange if answered else replace(self._unparseable(call, exchange), exchange=exchange)

    def _exchange(self, call: Call, deadline: Deadline, trace: Trace, attempt: int) -> Exchange:
        started_at = self._clock.wall()
        headers = httpx.Headers(call.headers)
        if isinstance(call.content, bytes) and call.content:
            headers["Content-Length"] = str(len(call.content))  # else the counted pieces would be sent chunked
        request = self._client.build_request(
            call.method,
            call.url,
            headers=headers,
            content=trace.count(call.content) if call.content else None,
            timeout=httpx.Timeout(None, connect=CONNECT_S, pool=max(deadline.left_s, 0.0)),
            extensions={"trace": trace},
        )
        with deadline.enforced():
            response = self._client.send(request, stream=True)
            try:
                body = self._read(response)
            finally:
                response.close()
        return Exchange(
            status=response.status_code,
            headers=dict(response.headers),
            body=body,
            started_at=started_at,
            timings=trace.timings,
            attempts=attempt,
            bytes_sent=trace.body_bytes_sent,
            bytes_received=response.num_bytes_downloaded,
            retry_after_s=parse_retry_after(response.headers.get("retry-after"), self._clock.wall()),
        )

    def _read(self, response: httpx.Response) -> bytes:
        body = bytearray()
        try:
            for piece in response.iter_bytes():
                body += piece
                if len(body) > self._max_body_bytes:
                    raise AnswerTooLarge(
                        f"the answer is larger than {self._max_body_bytes} bytes",
                        vendor=self._vendor,
                        status=response.status_code,
                    )
        except httpx.DecodingError:
            # Compressed badly, so the rest is lost: what remains is no vendor's answer, and is judged as such.
            return b""
        return bytes(body)

    def _broken(self, call: Call, error: httpx.TransportError, trace: Trace) -> _Failure:
        # Only messages of our own machine may be shown: those about a response quote it, and it may echo secrets.
        what = type(error).__name__
        if isinstance(error, NameUnknown):
            return _Failure(HostUnknown(f"{what}: {error}", vendor=self._vendor))
        if not trace.may_have_sent and isinstance(error, _BEFORE_SENDING):
            return _Failure(ConnectFailed(f"{what}: {error}", vendor=self._vendor), may_retry=True)
        if call.costs:
            detail = f"{what} after the request was begun: it may have been carried out and was not sent again"
            return _Failure(AmbiguousOutcome(detail, vendor=self._vendor))
        if isinstance(error, httpx.TimeoutException):
            return _Failure(DeadlineExceeded(f"{what}: no whole answer in time", vendor=self._vendor))
        lost = ConnectionLost(f"{what}: the connection broke before the whole answer came", vendor=self._vendor)
        return _Failure(lost, may_retry=call.is_replayable)

    def _throttled(self, call: Call, exchange: Exchange) -> _Failure:
        wait_s = exchange.retry_after_s
        error = Throttled("too many requests", vendor=self._vendor, retry_after_s=wait_s, **_identity(exchange))
        return _Failure(error, may_retry=call.is_replayable, retry_after_s=wait_s)

    def _unparseable(self, call: Call, exchange: Exchange) -> _Failure:
        is_refusal = 300 <= exchange.status < 500
        if call.costs and not is_refusal:
            detail = "the answer is not the vendor's: the call may have been carried out and was not sent again"
            return _Failure(AmbiguousOutcome(detail, vendor=self._vendor, **_identity(exchange)))
        moved_to = _https_of_same_host(call, exchange)
        is_passing = exchange.status in _GATEWAY_ERRORS
        return _Failure(
            UnparseableAnswer(
                "the body is not an answer of the vendor",
                vendor=self._vendor,
                retry_safe=is_passing,
                **_identity(exchange),
            ),
            may_retry=is_passing and call.is_replayable,
            retry_after_s=exchange.retry_after_s,
            moved_to=moved_to if call.is_replayable else None,
        )


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


class _Identity(TypedDict):
    status: int
    request_id: str | None


def _identity(exchange: Exchange) -> _Identity:
    return {"status": exchange.status, "request_id": exchange.headers.get("x-request-id")}


def _https_of_same_host(call: Call, exchange: Exchange) -> str | None:
    """Where a 307 or 308 sends an http call, if that is https on the same host."""
    if exchange.status not in (307, 308):
        return None
    old = httpx.URL(call.url)
    try:
        new = old.join(exchange.headers.get("location", ""))
    except httpx.InvalidURL:
        return None
    is_upgrade = (old.scheme, new.scheme) == ("http", "https") and new.host == old.host
    return str(new) if is_upgrade else None
