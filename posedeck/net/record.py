"""One exchange with a vendor as it may be kept, shown and exported: without secrets, its large bytes folded."""

from typing import Any, Literal

import msgspec

from posedeck.net.timings import Timings

BodyKind = Literal["none", "json", "form", "multipart", "text", "binary"]
#: Phases of a try, named as in ``Timings``.
PhaseName = Literal["connect", "tls", "send", "wait", "receive"]
#: Kind of the error of a try that was stopped: what waited for it ended, or its body could not be read.
BROKEN_OFF = "BrokenOff"


class RecordedBody(msgspec.Struct, frozen=True):
    """A body, readable.

    Attributes:
        kind: What the body is; what `value` holds follows from it.
        media: Its media type without parameters; empty when none was given.
        bytes: Its size, decompressed.
        value: `json`: the JSON value; `form`: pairs of name and value; `multipart`: its parts as
            `{"name", "filename", "type", "file"}` or `{"name", "value"}`; `text`: the text, cut when it is long;
            `binary`: `{"file"}`; `none`: null. Secrets are masked. A file is `{"bytes", "sha256", "type"}`, with
            `"size"` (width, height) for a picture; long base64 strings in JSON are `{"base64": file}`, where
            `"data_uri"` holds the media type if the string was a data URI.
    """

    kind: BodyKind = "none"
    media: str = ""
    bytes: int = 0
    value: Any = None


class RecordedError(msgspec.Struct, frozen=True):
    """Why no answer came: the name of the class in `posedeck.net.errors`, or `BROKEN_OFF`, and its words."""

    kind: str
    detail: str


class Origin(msgspec.Struct, frozen=True):
    """Whose answer a recording played: a value of `services.sources.Source`, and when it came, seconds since 1970 UTC.

    The source is empty when the recording does not say.
    """

    source: str
    answered_at: float


class ExchangeRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One try of a call and what came of it.

    Attributes:
        id: Ours, random.
        vendor: Short name of the vendor, in whose format it is.
        source: Who answered as the caller knows it (a value of `services.sources.Source`); empty when nobody said.
        url, request_headers, request: What was sent, secrets masked; the public demo credentials stay readable.
        costs: Whether carrying it out spends credits.
        status, response_headers, response: What came; None when no whole answer did.
        attempts: Which try it was, from 1.
        started_at: When it began, seconds since 1970 UTC.
        bytes_sent, bytes_received: Sizes of the bodies as they went over the wire.
        error: What the transport made of it when it did not pass it on as an answer.
        origin: What was played, when a recording answered in place of the vendor.
        phase: What it is at; None when it has ended. While it goes on, what comes later is not known yet.
    """

    id: str
    vendor: str
    source: str = ""
    method: str
    url: str
    request_headers: dict[str, str]
    request: RecordedBody
    costs: bool = False
    status: int | None = None
    response_headers: dict[str, str] | None = None
    response: RecordedBody | None = None
    timings: Timings = Timings()
    attempts: int = 1
    started_at: float
    bytes_sent: int = 0
    bytes_received: int = 0
    error: RecordedError | None = None
    origin: Origin | None = None
    phase: PhaseName | None = None
