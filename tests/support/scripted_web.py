"""The internet as a script: a resolver with known names, and hosts that answer with prepared bytes."""

import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import httpcore


def no_names(host: str, port: int) -> list[str]:
    """What the system makes of a literal address in any spelling that it knows; no name is looked up."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from error
    return [str(address[0]) for *_, address in found]


class Names:
    """A resolver that knows some names; each look-up of one gives its next list of addresses, the last one again."""

    def __init__(self, names: Mapping[str, list[list[str]]]) -> None:
        self._names = {name: list(answers) for name, answers in names.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        if host not in self._names:
            return no_names(host, port)
        answers = self._names[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]


def answer(body: bytes = b"", status: int = 200, **headers: str) -> bytes:
    """A whole HTTP answer."""
    fields = {"Content-Length": str(len(body)), "Connection": "close"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} Scripted\r\n{head}\r\n".encode() + body


class ScriptedWeb(httpcore.NetworkBackend):
    """Every address answers with the same pieces, one at a read.

    Attributes:
        connected: (address, port) of every connection.
        tls_names: Host names of the TLS handshakes.
        sent: What was written.
        taken: Pieces that were read.
    """

    def __init__(self, pieces: Iterable[bytes] = (), on_read: Callable[[], None] = lambda: None) -> None:
        self._pieces = list(pieces)
        self._on_read = on_read
        self.unreachable: set[str] = set()
        self.connected: list[tuple[str, int]] = []
        self.tls_names: list[str | None] = []
        self.sent = b""
        self.taken = 0

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        self.connected.append((host, port))
        if host in self.unreachable:
            raise httpcore.ConnectError("unreachable")
        return _Stream(self, iter(self._pieces))

    def read(self, pieces: Any) -> bytes:
        """The next piece, or the end."""
        self._on_read()
        piece: bytes = next(pieces, b"")
        self.taken += bool(piece)
        return piece


class _Stream(httpcore.NetworkStream):
    def __init__(self, web: ScriptedWeb, pieces: Any) -> None:
        self._web = web
        self._pieces = pieces

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._web.read(self._pieces)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._web.sent += buffer

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        self._web.tls_names.append(server_hostname)
        return self

    def get_extra_info(self, info: str) -> Any:
        return None

    def close(self) -> None:
        """Nothing is held."""
