"""A raw-socket HTTP server that misbehaves on purpose and counts what it was made to do."""

import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import TracebackType
from typing import Self

import h11

VENDOR_BODY = b'{"state": true}'
PROXY_PAGE = b"<html><body>Bad gateway</body></html>"


class Fault(Enum):
    """What the server does with one request."""

    GOOD = auto()  # a whole answer; the connection stays open
    REFUSED = auto()  # nobody listens; only alone in a script
    SILENT = auto()  # accepts and never reads a byte
    RESET_BEFORE_BODY = auto()
    RESET_AFTER_BODY = auto()
    CLOSE_AFTER_BODY = auto()
    HANG = auto()
    UNAVAILABLE = auto()  # a proxy's 503
    UNAVAILABLE_RETRY_AFTER = auto()  # a proxy's 503 with Retry-After
    THROTTLED = auto()  # 429 with Retry-After; the only one by which a whole request counts as not carried out
    VENDOR_ERROR = auto()  # the vendor's own answer under HTTP 534
    TRUNCATED = auto()
    JUNK = auto()  # not HTTP
    JUNK_BODY = auto()  # HTTP 200 with a page
    BAD_GZIP = auto()
    SLOW_HEADERS = auto()
    SLOW_BODY = auto()
    REDIRECT = auto()  # 302 to another path of this server


@dataclass(frozen=True)
class Received:
    """A request whose body came in whole."""

    method: str
    headers: Mapping[str, str]
    body: bytes


class FaultServer:
    """Answers the n-th request by the n-th fault of its script, and by the last one ever after.

    Slow faults end in a good answer after `patience_s`, so a client that ignores its deadline is seen to succeed.
    """

    def __init__(self, *script: Fault, patience_s: float = 3.0) -> None:
        self._script = script
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._taken = 0
        self._connections: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self.received: list[Received] = []
        self.posts_carried_out = 0
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        if script != (Fault.REFUSED,):
            self._listener.listen(64)
            self._start(self._accept)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Stop all threads and close all sockets."""
        self._stop.set()
        if self._threads:
            socket.create_connection(("127.0.0.1", self.port)).close()  # wakes accept()
        with self._lock:
            for connection in self._connections:
                _shut_down(connection)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _start(self, target: Callable[..., None], *args: socket.socket) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            with self._lock:
                if self._stop.is_set():
                    connection.close()
                    return
                self._connections.add(connection)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection:
                while self._handle(connection):
                    pass
        except (OSError, h11.RemoteProtocolError):
            pass  # the client went away, as a client may
        finally:
            with self._lock:
                self._connections.discard(connection)

    def _handle(self, connection: socket.socket) -> bool:
        """Serve one request; False when the connection is not to be used again."""
        if self._peek() is Fault.SILENT:
            self._stop.wait(self._patience_s)
            return False
        parser = h11.Connection(h11.SERVER)
        request = _next_event(parser, connection)
        if not isinstance(request, h11.Request):
            return False
        fault = self._take()
        if fault is Fault.RESET_BEFORE_BODY:
            _reset(connection)
            return False
        self._note(fault, request, _read_body(parser, connection))
        return self._answer(connection, fault)

    def _peek(self) -> Fault:
        with self._lock:
            return self._script[min(self._taken, len(self._script) - 1)]

    def _take(self) -> Fault:
        with self._lock:
            self._taken += 1
            return self._script[min(self._taken, len(self._script)) - 1]

    def _note(self, fault: Fault, request: h11.Request, body: bytes) -> None:
        method = request.method.decode()
        headers = {name.decode(): value.decode() for name, value in request.headers}
        with self._lock:
            self.received.append(Received(method, headers, body))
            self.posts_carried_out += method == "POST" and fault is not Fault.THROTTLED

    def _answer(self, connection: socket.socket, fault: Fault) -> bool:
        if fault is Fault.RESET_AFTER_BODY:
            _reset(connection)
        elif fault is Fault.HANG:
            self._stop.wait(self._patience_s)
            connection.sendall(_response("200 OK", VENDOR_BODY))
        elif fault is Fault.SLOW_HEADERS:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            self._drip(connection, b"a")
            connection.sendall(b"\r\nContent-Length: %d\r\n\r\n%b" % (len(VENDOR_BODY), VENDOR_BODY))
        elif fault is Fault.SLOW_BODY:
            connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
            self._drip(connection, b" ")
            connection.sendall(VENDOR_BODY)
        elif fault is not Fault.CLOSE_AFTER_BODY:
            connection.sendall(_ANSWERS[fault])
        return fault is Fault.GOOD

    def _drip(self, connection: socket.socket, byte: bytes) -> None:
        step_s = 0.02
        for _ in range(int(self._patience_s / step_s)):
            connection.sendall(byte)
            if self._stop.wait(step_s):
                return


def _next_event(parser: h11.Connection, connection: socket.socket) -> object:
    while (event := parser.next_event()) is h11.NEED_DATA:
        parser.receive_data(connection.recv(65536))
    return event


def _read_body(parser: h11.Connection, connection: socket.socket) -> bytes:
    body = bytearray()
    while isinstance(event := _next_event(parser, connection), h11.Data):
        body += event.data
    return bytes(body)


def _response(status: str, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "X-Request-Id: r-1", "Set-Cookie: visit=1", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _shut_down(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is closed already


_ANSWERS = {
    Fault.GOOD: _response("200 OK", VENDOR_BODY),
    Fault.UNAVAILABLE: _response("503 Service Unavailable", PROXY_PAGE, "Connection: close"),
    Fault.UNAVAILABLE_RETRY_AFTER: _response(
        "503 Service Unavailable", PROXY_PAGE, "Retry-After: 1", "Connection: close"
    ),
    Fault.THROTTLED: _response("429 Too Many Requests", VENDOR_BODY, "Retry-After: 1", "Connection: close"),
    Fault.VENDOR_ERROR: _response("534 Running", b'{"state": false, "status": 534}', "Connection: close"),
    Fault.TRUNCATED: b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{",
    Fault.JUNK: b"\x00\x01junk\r\n\r\n",
    Fault.JUNK_BODY: _response("200 OK", PROXY_PAGE, "Connection: close"),
    Fault.BAD_GZIP: _response("200 OK", b"not gzip", "Content-Encoding: gzip", "Connection: close"),
    Fault.REDIRECT: _response("302 Found", b"", "Location: /elsewhere", "Connection: close"),
}
