"""A run: one answer with all that is needed to show it again, and what reviewers made of it."""

import secrets
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import msgspec

from posedeck.contracts.finding import Finding
from posedeck.net.record import ExchangeRecord

#: Long enough that nobody finds a run by guessing.
_ID_BYTES = 16
Grade = Annotated[int, msgspec.Meta(ge=0, le=2)]


class ReviewState(StrEnum):
    """What a reviewer decided."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Ending(StrEnum):
    """How the call ended."""

    ANSWERED = "answered"
    """With a result."""
    REFUSED = "refused"
    """With the vendor's own error."""
    FAILED = "failed"
    """Without an answer of the vendor, and without having been carried out."""
    SUBMITTED = "submitted"
    """Accepted as a job whose result was not read yet."""
    UNKNOWN = "unknown"
    """Sent, and nothing tells whether it was carried out."""


class RunInput(msgspec.Struct, frozen=True):
    """A picture, a clip or an archive of pictures that was asked about.

    Attributes:
        sha256: Hash of its bytes, which is also its key in the blob store.
        mime: Its media type.
        size: Bytes.
        width, height: Pixels; 0 for a clip whose size is not known, and for an archive.
    """

    sha256: str
    mime: str
    size: int
    width: int
    height: int


class RunError(msgspec.Struct, frozen=True):
    """What came instead of a result: the kind of error, the vendor's code, and its text without secrets."""

    kind: str
    code: str | int | None
    message: str
    message_key: str


class Summary(msgspec.Struct, frozen=True):
    """What the table shows of a run.

    Attributes:
        grade: The worst grade in it: 0 normal, 1 caution, 2 danger; None without grades.
        numbers: Its headline figures by name.
        findings: How many findings the audit had.
    """

    grade: Grade | None = None
    numbers: dict[str, float] = {}
    findings: int = 0


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One answer. What a reviewer may change later is in ``Review``.

    Attributes:
        id: Unguessable.
        page: The page it belongs to, for example ``posture``.
        vendor, source: In whose format (of two, joined by ``+``), and who answered.
        base_url: Where it was asked, without secrets.
        created_at: When the answer came.
        error: What came instead of a result.
        group: Runs that were asked for together share it; empty for one alone.
        params: What else it takes to show the run again, as JSON.
        inputs: Pictures and clips by name.
        request_key: Hash that requests for the same have in common, whoever asks; empty when nothing was sent.
        exchange: Request and answer without secrets, their files folded; None when nothing was sent.
        contents: Keys in the blob store by name: ``answer`` (the body without secrets), ``result`` (the domain
            result), and the inputs under their own names. Empty while only metadata is kept.
        answer_sha256: Hash of the answer's body, whether it is kept or not.
        profile: Name and version of the bands that graded it; empty without grades.
        versions: What computed it: application, engine, calibration.
        findings: What the audit found in the answer.
    """

    id: str
    page: str
    vendor: str
    source: str
    base_url: str = ""
    created_at: Annotated[datetime, msgspec.Meta(tz=True)]
    ending: Ending = Ending.ANSWERED
    error: RunError | None = None
    group: str = ""
    params: dict[str, Any] = {}
    inputs: dict[str, RunInput] = {}
    request_key: str = ""
    exchange: ExchangeRecord | None = None
    contents: dict[str, str] = {}
    answer_sha256: str = ""
    profile: str = ""
    versions: dict[str, str] = {}
    findings: tuple[Finding, ...] = ()
    summary: Summary = Summary()

    @property
    def is_kept(self) -> bool:
        """Whether more than metadata is kept."""
        return bool(self.contents)

    @property
    def has_result(self) -> bool:
        """Whether the run can be shown again: there is a result, and it is kept."""
        return self.is_kept and self.error is None and self.ending is Ending.ANSWERED


class Review(msgspec.Struct, frozen=True):
    """What reviewers made of a run."""

    state: ReviewState = ReviewState.OPEN
    tags: tuple[str, ...] = ()
    notes: str = ""


class StoredRun(msgspec.Struct, frozen=True):
    """A run with its review, and whether it waits to be swept after it was deleted."""

    run: Run
    review: Review
    is_deleted: bool = False


def new_id() -> str:
    """An identity for a run or a group of runs, unguessable and fit for an address."""
    return secrets.token_urlsafe(_ID_BYTES)


def now() -> datetime:
    """This moment, as runs note it."""
    return datetime.now(UTC)
