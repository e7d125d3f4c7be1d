"""Fetches what a caller names by its address, without letting him reach into our own network.

The rules are those that Kakao documents for ``image_url`` (http on port 80, https on port 443, no redirects) and one of
ours: the name is resolved once, every address of it must be public, and it is those very addresses that are connected
to. A name that resolves differently a moment later (DNS rebinding) therefore gains nothing. The name itself still goes
into the Host header and the TLS handshake, so the certificate is checked against it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from types import TracebackType
from typing import Self

import httpcore
import httpx

from posedeck import __version__
from posedeck.net.clock import Clock, system_clock
from posedeck.net.deadline import CONNECT_S, Deadline, DeadlineTransport, Resolve, look_up
from posedeck.net.public_address import is_public

_PORTS = {"http": 80, "https": 443}
#: Longer ones are no addresses of pictures; servers refuse them too.
MAX_URL_CHARS = 2048


class FetchError(Exception):
    """Nothing was fetched. The text says why, and quotes neither the address nor what it leads to."""


class Fetcher:
    """Fetches from public addresses; build it once and share it between threads (building takes 60 ms).

    Args:
        clock: Times the deadline.
        resolve: Gives the addresses of a host.
        sockets: Opens connections to addresses that were found public.
    """

    def __init__(
        self,
        *,
        clock: Clock = system_clock,
        resolve: Resolve = look_up,
        sockets: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._clock = clock
        self._client = httpx.Client(
            transport=DeadlineTransport(_public_only(resolve), sockets),
            # Uncompressed, so that the limit on what is read is the limit on what it becomes.
            headers={
                "User-Agent": f"PoseDeck/{__version__}",
                "Accept": "image/*, video/*, */*;q=0.1",
                "Accept-Encoding": "identity",
            },
            # Two callers must not share a site's session.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            follow_redirects=False,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def fetch(self, url: str, max_bytes: int, deadline_s: float) -> bytes:
        """The body of a 200 answer.

        Args:
            url: The address.
            max_bytes: An answer with more is given up as soon as that shows.
            deadline_s: Seconds after which it is given up, the look-up of the name included.

        Raises:
            FetchError: when the address is refused, or does not give such an answer.
        """
        body = bytearray()
        with self._exchange("GET", url, deadline_s) as response:
            for piece in _pieces(response, max_bytes):
                body += piece
        return bytes(body)

    def fetch_to(self, path: Path, url: str, max_bytes: int, deadline_s: float) -> None:
        """Write the body of a 200 answer into a file; the arguments and errors are those of ``fetch``."""
        with self._exchange("GET", url, deadline_s) as response, path.open("wb") as file:
            file.writelines(_pieces(response, max_bytes))

    def deliver(self, url: str, body: Iterable[bytes], size: int, deadline_s: float) -> None:
        """Post JSON of that many bytes to an address, once. Any status of 2xx will do; what it says is not read.

        Raises:
            FetchError: when the address is refused, or does not give such an answer.
        """
        headers = {"Content-Type": "application/json", "Content-Length": str(size)}
        with self._exchange("POST", url, deadline_s, headers, body) as response:
            if not response.is_success:
                raise FetchError(f"the address answered with HTTP {response.status_code}")

    @contextmanager
    def _exchange(
        self,
        method: str,
        url: str,
        deadline_s: float,
        headers: Mapping[str, str] | None = None,
        body: Iterable[bytes] | None = None,
    ) -> Iterator[httpx.Response]:
        check_address(url)
        deadline = Deadline(self._clock, deadline_s)
        timeout = httpx.Timeout(None, connect=CONNECT_S, pool=deadline_s)
        try:
            with (
                deadline.enforced(),
                self._client.stream(method, url, headers=headers, content=body, timeout=timeout) as response,
            ):
                yield response
        except httpx.TimeoutException as error:
            raise FetchError("the address did not answer in time") from error
        except httpx.TransportError as error:
            raise FetchError("the address could not be reached") from error


def check_address(text: str) -> None:
    """Refuse what can be told from an address itself, before its name is looked up. Raises FetchError."""
    if len(text) > MAX_URL_CHARS:
        raise FetchError(f"an address may have {MAX_URL_CHARS} characters at most")
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError("the address cannot be read") from error
    if url.scheme not in _PORTS or not url.host:
        raise FetchError("the address must be http:// or https:// with a host")
    # Looked for in the text: even an empty one is a sign of an address made to be read differently by others.
    if "@" in _authority(text):
        raise FetchError("the address must not hold a user name")
    if url.port not in (None, _PORTS[url.scheme]):
        raise FetchError("only port 80 of http and port 443 of https are allowed")


def _authority(text: str) -> str:
    return re.split(r"[/?#]", text.partition("//")[2], maxsplit=1)[0]


def _public_only(resolve: Resolve) -> Resolve:
    def resolve_public(host: str, port: int) -> list[str]:
        addresses = resolve(host, port)
        # One private address among public ones is refused as well: nobody needs such a name but to deceive.
        if not all(is_public(address) for address in addresses):
            raise FetchError("the address does not belong to the public internet")
        return addresses

    return resolve_public


def _pieces(response: httpx.Response, max_bytes: int) -> Iterator[bytes]:
    if response.is_redirect:
        raise FetchError("the address redirects, and redirects are not followed")
    if response.status_code != httpx.codes.OK:
        raise FetchError(f"the address answered with HTTP {response.status_code}")
    size = 0
    for piece in response.iter_raw():
        size += len(piece)
        if size > max_bytes:
            raise FetchError(f"the address gives more than {max_bytes} bytes")
        yield piece
