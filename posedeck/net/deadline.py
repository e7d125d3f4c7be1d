"""Connections on which no call outlives its deadline.

httpx's timeouts are per read: a server that drips one byte a second holds a call for ever. Here every single socket
operation is given no more time than the call has left, so the sum of them ends at the deadline too.
"""

import queue
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

from posedeck.net.clock import Clock

MAX_CONNECTIONS = 10
# Below the 5 s after which common servers close an idle connection: a call that costs should not meet that moment.
KEEPALIVE_S = 2.0
# One unreachable address of a host must not use up the time that its other addresses, or another try, could have had.
CONNECT_S = 5.0
# httpcore copies what is left of a buffer after each partial write; small pieces keep that linear.
WRITE_BYTES = 64 * 1024

#: Addresses of a host and port.
Resolve = Callable[[str, int], list[str]]

# Answers of the resolver that a second question does not change; not every system tells the two apart.
_NO_ADDRESS = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})


class _NameUnknown(httpcore.ConnectError):
    """The host's name has no address."""


class NameUnknown(httpx.ConnectError):
    """The host's name has no address, in httpx's tree."""


_HTTPX_ERRORS: dict[type[Exception], type[httpx.TransportError]] = {
    httpcore.ConnectTimeout: httpx.ConnectTimeout,
    httpcore.ReadTimeout: httpx.ReadTimeout,
    httpcore.WriteTimeout: httpx.WriteTimeout,
    httpcore.PoolTimeout: httpx.PoolTimeout,
    httpcore.ConnectError: httpx.ConnectError,
    _NameUnknown: NameUnknown,
    httpcore.ReadError: httpx.ReadError,
    httpcore.WriteError: httpx.WriteError,
    httpcore.LocalProtocolError: httpx.LocalProtocolError,
    httpcore.RemoteProtocolError: httpx.RemoteProtocolError,
}


class Deadline:
    """The moment at which a call must have ended, whatever it is doing then."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._end = clock.now() + seconds

    @property
    def left_s(self) -> float:
        """Seconds left; negative when it is over."""
        return self._end - self._clock.now()

    @contextmanager
    def enforced(self) -> Iterator[None]:
        """Within this block the current thread's socket operations end at the deadline."""
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)


_current: ContextVar[Deadline] = ContextVar("deadline")


def _time_for(operation_s: float | None, overdue: type[httpcore.TimeoutException]) -> float:
    """Seconds one socket operation may take: its own limit, and never beyond the call's deadline."""
    left = _current.get().left_s
    if left <= 0:
        raise overdue("the deadline has passed")
    return left if operation_s is None else min(operation_s, left)


class DeadlineTransport(httpx.BaseTransport):
    """httpx's transport interface over an httpcore pool whose sockets obey the current `Deadline`.

    Args:
        resolve: Finds the addresses to connect to, tried in their order; whatever it raises ends the call.
        sockets: Opens the connections.
    """

    def __init__(self, resolve: Resolve | None = None, sockets: httpcore.NetworkBackend | None = None) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=MAX_CONNECTIONS,
            keepalive_expiry=KEEPALIVE_S,
            network_backend=_Backend(resolve or look_up, sockets or httpcore.SyncBackend()),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; raises httpx's transport errors."""
        url = request.url
        with _as_httpx_errors():
            response = self._pool.handle_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx_errors():
            yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


@contextmanager
def _as_httpx_errors() -> Iterator[None]:
    try:
        yield
    except tuple(_HTTPX_ERRORS) as error:
        raise _HTTPX_ERRORS[type(error)](str(error)) from error


class _Backend(httpcore.NetworkBackend):
    """Opens TCP connections within the deadline, the look-up of the name included."""

    def __init__(self, resolve: Resolve, sockets: httpcore.NetworkBackend) -> None:
        self._resolve = resolve
        self._sockets = sockets

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("the host has no address")
        for address in self._resolve(host, port):
            time_s = _time_for(timeout, httpcore.ConnectTimeout)
            try:
                return _Stream(self._sockets.connect_tcp(address, port, time_s, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


def look_up(host: str, port: int) -> list[str]:
    """The host's addresses in the system's order; looked up in a thread, because a look-up takes no time limit."""
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            answers.put(error)
        else:
            answers.put([str(address[0]) for *_, address in found])

    threading.Thread(target=ask, name="look-up", daemon=True).start()
    try:
        answer = answers.get(timeout=_time_for(None, httpcore.ConnectTimeout))
    except queue.Empty:
        raise httpcore.ConnectTimeout("the host's name was not resolved in time") from None
    if isinstance(answer, Exception):
        unknown = isinstance(answer, socket.gaierror) and answer.errno in _NO_ADDRESS
        raise (_NameUnknown if unknown else httpcore.ConnectError)(str(answer)) from answer
    return answer


class _Stream(httpcore.NetworkStream):
    """One connection; its timeouts shrink with the deadline of the call that is using it."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _time_for(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        view = memoryview(buffer)
        for start in range(0, len(view), WRITE_BYTES):
            piece = bytes(view[start : start + WRITE_BYTES])
            self._inner.write(piece, _time_for(timeout, httpcore.WriteTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        time_s = _time_for(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, time_s))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

    def close(self) -> None:
        self._inner.close()
