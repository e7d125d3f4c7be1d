"""Tickets: what lets a browser do one thing on the pose server without the token that opens everything.

The dashboard and the server share the token of the data folder; a ticket is signed with it (HMAC-SHA256), so neither
has to ask the other. A ticket goes into a URL, since a browser's video element cannot send headers.
"""

import base64
import hashlib
import hmac
import uuid
from dataclasses import dataclass
from typing import TypeVar

import msgspec

Content = TypeVar("Content")

#: Seconds for which an upload may begin after its ticket was made.
UPLOAD_TICKET_S = 3600.0


class TicketError(ValueError):
    """The ticket is not one of ours, or its time is over."""


@dataclass(frozen=True)
class UploadTicket:
    """Leave to upload one file.

    Attributes:
        upload: Id under which it will be known.
        origin: Origin of the page that uploads it, as its browser names it; empty when it is the server's own.
        expires_at: Seconds since 1970, UTC.
    """

    upload: str
    origin: str
    expires_at: float


@dataclass(frozen=True)
class MediaTicket:
    """Leave to read one file of a job."""

    job: str
    name: str


def new_upload_ticket(origin: str, now: float) -> UploadTicket:
    """A ticket for another upload, good for ``UPLOAD_TICKET_S``."""
    return UploadTicket(str(uuid.uuid4()), origin, now + UPLOAD_TICKET_S)


def sign_upload(ticket: UploadTicket, token: str) -> str:
    """The ticket as text for a URL."""
    return _sign("upload", [ticket.upload, ticket.origin, ticket.expires_at], token)


def check_upload(text: str, token: str, now: float) -> UploadTicket:
    """The ticket of a text. Raises TicketError."""
    upload, origin, expires_at = _check("upload", text, token, tuple[str, str, float])
    if expires_at <= now:
        raise TicketError("the time of this ticket is over")
    return UploadTicket(upload, origin, expires_at)


def sign_media(ticket: MediaTicket, token: str) -> str:
    """The ticket as text for a URL; it is good for as long as the job is kept."""
    return _sign("media", [ticket.job, ticket.name], token)


def check_media(text: str, token: str) -> MediaTicket:
    """The ticket of a text. Raises TicketError."""
    return MediaTicket(*_check("media", text, token, tuple[str, str]))


def _sign(purpose: str, content: list[object], token: str) -> str:
    body = _encode(msgspec.json.encode(content))
    return f"{body}.{_mac(purpose, body, token)}"


def _check(purpose: str, text: str, token: str, kind: type[Content]) -> Content:
    body, _, mac = text.partition(".")
    if not hmac.compare_digest(_mac(purpose, body, token).encode(), mac.encode()):
        raise TicketError("that is no ticket of this server")
    return msgspec.json.decode(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)), type=kind)


def _mac(purpose: str, body: str, token: str) -> str:
    signed = f"{purpose}:{body}".encode("utf-8", "surrogatepass")
    return _encode(hmac.digest(token.encode(), signed, hashlib.sha256))


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")
