"""What goes to a vendor and what comes back, as plain values."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from posedeck.net.masking import Masker
from posedeck.net.record import ExchangeRecord
from posedeck.net.redact import redact_text
from posedeck.net.timings import Timings

_EMAILS = Masker(())

__all__ = ["Amend", "Call", "Exchange", "IsAnswer", "Sender", "Timings", "is_json"]


@dataclass(frozen=True)
class Call:
    """One request.

    Attributes:
        method: HTTP method in capitals.
        url: Absolute http or https address.
        headers: Request headers; they may hold credentials and are kept out of the repr.
        content: The body, at once or in pieces (``JsonWithFile`` and ``StreamedForm`` tell what
            they hold before they are sent; of others a short one is recorded once it has gone). Pieces from a one-shot
            iterator (a file, a generator) cannot be sent a second time, so such a call is tried again only while none
            of it was sent.
        costs: Whether carrying it out spends credits: then it is sent at most once.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | Iterable[bytes] = b""
    costs: bool = False

    def __repr__(self) -> str:
        return f"Call({self.method} {redact_text(self.url)}, costs={self.costs})"

    @property
    def is_replayable(self) -> bool:
        """Whether the body can be produced a second time."""
        return isinstance(self.content, bytes) or iter(self.content) is not self.content


@dataclass(frozen=True)
class Exchange:
    """An answer that came in whole.

    Attributes:
        status: HTTP status.
        headers: Response headers, names in lower case.
        body: The body, decompressed.
        started_at: When the last try began, seconds since 1970 UTC.
        timings: Where the time of the last try went.
        attempts: How many tries there were, this one included.
        bytes_sent: Size of the request's body.
        bytes_received: Size of the response's body as it came, before decompression.
        retry_after_s: Seconds the vendor asked to wait, from Retry-After; None when it did not say.
        record: The whole exchange as it may be kept; None when nobody made one.
        mask: Takes out of a text what the call carried, and every e-mail address.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    started_at: float
    timings: Timings
    attempts: int
    bytes_sent: int
    bytes_received: int
    retry_after_s: float | None = None
    record: ExchangeRecord | None = field(default=None, repr=False)
    mask: Callable[[str], str] = field(default=_EMAILS.text, repr=False, compare=False)


IsAnswer = Callable[[Exchange], bool]
Amend = Callable[[Call], Call]


class Sender(Protocol):
    """What clients send their calls by: the transport, or a recording in its place."""

    def send(self, call: Call, deadline_s: float, *, is_answer: IsAnswer = ...) -> Exchange:
        """The answer to a call; see ``Transport.send``."""
        ...


def is_json(exchange: Exchange) -> bool:
    """Whether the body is a JSON object or array: the least that every vendor's own answer is."""
    try:
        msgspec.json.decode(exchange.body, type=dict[str, Any] | list[Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True
