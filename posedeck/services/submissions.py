"""Jobs of live vendors: written down before they are sent, noted when they are accepted and each time they are read.

Jobs of our own server are listed by that server, so nothing is noted about them here.
"""

import logging
from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from posedeck.clients.kakao import VENDOR as KAKAO
from posedeck.clients.remo import VENDOR as REMO
from posedeck.clients.remo_soccer import NotReady
from posedeck.contracts.kakao.job import RETENTION_DAYS
from posedeck.contracts.remo.soccer_errors import FINAL_CODES
from posedeck.net.errors import AmbiguousOutcome, AnswerRefused, UnparseableAnswer, VendorError
from posedeck.runs.submissions import State, Submission, SubmissionStore
from posedeck.services.kakao_clips import ClipAnswer, ClipEnded, ClipPending, SubmittedClip
from posedeck.services.soccer import KickResult, SubmittedKick
from posedeck.services.sources import Source

#: Errors after which the vendor may work on the job all the same.
_LOST = (AmbiguousOutcome, UnparseableAnswer)
_DAY_S = 86_400.0
#: Seconds after which a submission that is still being sent was cut off: longer than any submit may take.
SENDING_S = 600.0
#: A kick whose submit was lost: the wait after which its number is first asked for, in seconds.
ASSUMED_WAIT_S = 15.0

Read = TypeVar("Read", bound=KickResult | NotReady | ClipAnswer | ClipPending | ClipEnded)
_log = logging.getLogger(__name__)


class _Accepted(Protocol):
    @property
    def job_id(self) -> str: ...

    @property
    def wait_s(self) -> float: ...


Sent = TypeVar("Sent", bound=_Accepted)


def kick_submission(uuid: str, base_url: str, now: float) -> Submission:
    """A kick that is about to be sent to live Remo under a number of ours."""
    return Submission(uuid, REMO, Source.LIVE, base_url, now, job_id=uuid)


def clip_submission(name: str, base_url: str, now: float, *, smoothing: bool, group: str) -> Submission:
    """A clip that is about to be sent to live Kakao, which will give it a name of its own."""
    return Submission(name, KAKAO, Source.LIVE, base_url, now, group=group, params={"smoothing": smoothing})


def submit_noted(store: SubmissionStore | None, submission: Submission, send: Callable[[], Sent]) -> Sent:
    """Write a submission down, send it, and note what became of it. Raises what ``send`` raises.

    One that the vendor did not take is forgotten again.

    Args:
        store: Where it is noted; None for a job of our own server.
        submission: What is about to be sent.
        send: Sends it.

    Raises:
        SQLAlchemyError: it could not be written down, so it was not sent.
    """
    if store is None:
        return send()
    store.intend(submission)
    try:
        sent = send()
    except _LOST:
        _note(lambda: store.lose(submission.id))
        raise
    except VendorError:
        _note(lambda: store.forget(submission.id))
        raise
    _note(lambda: store.accept(submission.id, sent.job_id, sent.wait_s))
    return sent


def read_noted(store: SubmissionStore | None, name: str, now: float, read: Callable[[], Read]) -> Read:
    """Read a job, and note what its vendor said. Raises what ``read`` raises.

    Args:
        store: Where it is noted; None for a job of our own server.
        name: The submission's id, or the vendor's name of the job.
        now: Seconds since 1970, UTC.
        read: Asks the vendor.
    """
    try:
        got = read()
    except AnswerRefused as error:
        if store is not None and error.code in FINAL_CODES:
            detail = error.detail
            _note(lambda: store.tell(name, State.FAILED, now, detail=detail))
        raise
    if store is not None:
        state, detail, run_id = _told(got)
        _note(lambda: store.tell(name, state, now, detail=detail, run_id=run_id))
    return got


def state_at(submission: Submission, now: float) -> State:
    """The state; one that has been on its way for too long was cut off, so its answer is lost."""
    cut_off = submission.state is State.SENDING and now - submission.submitted_at > SENDING_S
    return State.UNKNOWN if cut_off else submission.state


def can_be_read(submission: Submission) -> bool:
    """Whether the vendor can be asked about it: it has a name there."""
    return submission.job_id is not None


def expires_at(submission: Submission) -> float | None:
    """When its vendor forgets the result, seconds since 1970; None for a vendor that names no time."""
    return submission.submitted_at + RETENTION_DAYS * _DAY_S if submission.vendor == KAKAO else None


def as_kick(submission: Submission) -> SubmittedKick:
    """A noted kick as its submitter knew it."""
    return SubmittedKick(
        uuid=submission.job_id or submission.id,
        source=Source(submission.source),
        base_url=submission.base_url,
        submitted_at=submission.submitted_at,
        wait_s=ASSUMED_WAIT_S if submission.wait_s is None else submission.wait_s,
        cost=None,
        balance=None,
        known=False,
    )


def as_clip(submission: Submission) -> SubmittedClip:
    """A noted clip as its submitter knew it. Raises ValueError when the vendor's name of it is not known."""
    if submission.job_id is None:
        raise ValueError("the vendor's name of this job is not known")
    smoothing = bool(submission.params.get("smoothing", True))
    source = Source(submission.source)
    return SubmittedClip(submission.job_id, source, submission.base_url, submission.submitted_at, smoothing)


def submission_page(submission: Submission, twins: list[Submission]) -> tuple[str, dict[str, str]]:
    """Name of the page that shows a submission, and the query by which it finds it.

    Args:
        submission: One that can be read.
        twins: What was submitted together with it.
    """
    name = submission.job_id or submission.id
    if submission.vendor == REMO:
        return "soccer", {"job": name}
    query = {"view": "video", "job": name}
    others = [twin.job_id for twin in twins if twin.job_id not in (None, name)]
    if others and submission.params.get("smoothing"):
        query["other"] = str(others[0])
    return "keypoints", query


def _told(got: KickResult | NotReady | ClipAnswer | ClipPending | ClipEnded) -> tuple[State, str, str | None]:
    """State, the vendor's words, and the run of a result."""
    match got:
        case KickResult() | ClipAnswer():
            return State.READY, "", got.run_id
        case NotReady():
            return State.ACCEPTED, got.message, None
        case ClipPending():
            return State.ACCEPTED, got.status, None
        case ClipEnded():
            return State.GONE if got.status == "not found" else State.FAILED, got.description or "", None


def _note(write: Callable[[], None]) -> None:
    """Write a note; an answer that is there already is worth more than its note."""
    try:
        write()
    except SQLAlchemyError as error:
        # The type only: messages of libraries may quote what they were given.
        _log.error("a submission could not be noted: %s", type(error).__name__)
