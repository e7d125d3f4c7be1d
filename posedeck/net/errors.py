"""Everything that can go wrong between a client and a vendor.

    VendorError
    ├── ConnectFailed         nothing was sent
    │   ├── HostUnknown       the host's name has no address
    │   ├── HostForbidden     this session may call our own server only
    │   ├── InvalidCall       the call itself cannot be sent: address or header malformed
    │   └── NotRecorded       a recording was asked that holds no answer to this call
    ├── CircuitOpen           nothing was sent: the host failed too often a moment ago
    ├── ConnectionLost        the connection broke before the whole answer came; the call costs nothing
    ├── DeadlineExceeded      the answer did not come in time; the call costs nothing
    ├── AmbiguousOutcome      a call that costs was sent and no answer tells whether it was carried out
    ├── Throttled             HTTP 429
    ├── UnparseableAnswer     an answer came, but it is not the vendor's
    │   └── AnswerTooLarge    the answer is larger than we accept
    └── AnswerRefused         the vendor's own error answer
        ├── ServiceStarting   the vendor is not ready yet: HTTP 503 with Retry-After
        └── ServiceEnded      the vendor has closed this service

The transport raises the upper ones; `AnswerRefused` and what is below it are raised by the clients, who read answers.
"""

# ruff: noqa: N818 - each is named for what happened; that it is an error says the tree

from collections.abc import Callable

from posedeck.net.redact import redact_text


class VendorError(Exception):
    """A call to a vendor that did not give a result.

    Attributes:
        vendor: Whom the call was for.
        detail: What happened, in English, for logs and experts; secrets are removed before it gets here.
        code: The vendor's own error code, when its answer held one.
        status: HTTP status, when an answer came.
        request_id: The vendor's name for the request, when the answer gave one.
        retry_safe: Whether sending the same call again can neither cost twice nor be pointless.
        message_key: Key of the sentence shown to the user, in the translations.
    """

    default_retry_safe = False
    default_message_key = "error.vendor"

    def __init__(
        self,
        detail: str,
        *,
        vendor: str,
        code: str | int | None = None,
        status: int | None = None,
        request_id: str | None = None,
        retry_safe: bool | None = None,
        message_key: str | None = None,
    ) -> None:
        self.vendor = vendor
        self.detail = redact_text(detail)
        self.code = code
        self.status = status
        self.request_id = request_id
        self.retry_safe = self.default_retry_safe if retry_safe is None else retry_safe
        self.message_key = message_key or self.default_message_key
        super().__init__(self.detail)

    def hide(self, mask: Callable[[str], str]) -> None:
        """Take the call's own secrets out of what it says: systems, proxies and vendors quote what they were given."""
        self.detail = mask(self.detail)
        self.request_id = self.request_id and mask(self.request_id)
        self.args = (self.detail,)

    def __str__(self) -> str:
        facts = {"HTTP": self.status, "code": self.code, "request": self.request_id}
        known = ", ".join(f"{name} {value}" for name, value in facts.items() if value is not None)
        return f"{self.vendor}: {self.detail}" + (f" ({known})" if known else "")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r}, retry_safe={self.retry_safe})"


class _Wait(VendorError):
    """An error that passes by itself; `retry_after_s` is the time to wait in seconds, when it is known."""

    def __init__(
        self,
        detail: str,
        *,
        vendor: str,
        retry_after_s: float | None,
        code: str | int | None = None,
        status: int | None = None,
        request_id: str | None = None,
        message_key: str | None = None,
    ) -> None:
        super().__init__(
            detail, vendor=vendor, code=code, status=status, request_id=request_id, message_key=message_key
        )
        self.retry_after_s = retry_after_s


class ConnectFailed(VendorError):
    """No connection could be made, so nothing was sent."""

    default_retry_safe = True
    default_message_key = "error.connect"


class HostUnknown(ConnectFailed):
    """The host's name has no address: it is gone, misspelt, or this machine has no network."""

    default_retry_safe = False
    default_message_key = "error.host_unknown"


class HostForbidden(ConnectFailed):
    """This session may call our own server only, as in demo mode; nothing was sent."""

    default_retry_safe = False
    default_message_key = "error.host_forbidden"


class InvalidCall(ConnectFailed):
    """The address or a header is malformed; nothing was sent and nothing will be until it is corrected."""

    default_retry_safe = False
    default_message_key = "error.invalid_call"


class NotRecorded(ConnectFailed):
    """A recording was asked in place of the vendor, and it holds no answer to this call."""

    default_retry_safe = False
    default_message_key = "error.not_recorded"


class CircuitOpen(_Wait):
    """The host failed several times in a row a moment ago, so the call was not tried."""

    default_retry_safe = True
    default_message_key = "error.circuit_open"


class ConnectionLost(VendorError):
    """The connection broke before the whole answer was read, on a call that costs nothing."""

    default_retry_safe = True
    default_message_key = "error.connection_lost"


class DeadlineExceeded(VendorError):
    """The whole answer did not come within the deadline, on a call that costs nothing."""

    default_retry_safe = True
    default_message_key = "error.deadline"


class AmbiguousOutcome(VendorError):
    """A call that costs may have been carried out, and no answer of the vendor tells; we never send it again."""

    default_message_key = "error.ambiguous"


class Throttled(_Wait):
    """The vendor refused the call for now with HTTP 429; it was not carried out."""

    default_retry_safe = True
    default_message_key = "error.throttled"


class UnparseableAnswer(VendorError):
    """An answer came whose body is not the vendor's: a proxy's page, a redirect, something cut."""

    default_message_key = "error.unparseable"


class AnswerTooLarge(UnparseableAnswer):
    """The answer's body is larger than we accept; reading it was stopped."""

    default_message_key = "error.too_large"


class AnswerRefused(VendorError):
    """The vendor answered with an error of its own: its `code` and, as `detail`, its message."""

    default_message_key = "error.refused"


class ServiceStarting(_Wait, AnswerRefused):
    """The vendor said that it is not ready yet (HTTP 503 with Retry-After); nothing was carried out."""

    default_retry_safe = True
    default_message_key = "error.starting"


class ServiceEnded(AnswerRefused):
    """The vendor has closed this service."""

    default_message_key = "error.service_ended"
