"""A job in words."""

from dataclasses import dataclass

from posedeck.contracts.own_jobs import JobView
from posedeck.texts import Texts

#: Shown beside the word, never instead of it.
_SIGNS = {"waiting": "○", "processing": "◐", "success": "●", "failed": "▲", "cancelled": "✕"}
_UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60))


@dataclass(frozen=True)
class JobProgress:
    """How far a job that has not ended is: its stage and frames, or its place in the queue, the seconds left, and
    whether these are more than was estimated first.
    """

    state: str
    stage: str
    frames_done: int
    frames_total: int
    position: int
    wait_s: float | None
    late: bool


def progress_of(job: JobView) -> JobProgress:
    """The progress of a job; what is not known yet counts as nothing."""
    return JobProgress(
        job.state,
        job.stage or "",
        job.frames_done,
        job.frames_total or 0,
        job.ahead or 0,
        job.ready_in_s,
        job.late,
    )


def state_sign(state: str) -> str:
    """The sign of a state."""
    return _SIGNS[state]


def time_text(seconds: float, t: Texts) -> str:
    """A stretch of time by its largest unit: ``3 days``, ``5 min``, ``12 s``; never below 0."""
    whole = max(0, round(seconds))
    for name, size in _UNITS:
        if whole >= size:
            return t(f"jobs.time.{name}", count=whole // size)
    return t("jobs.time.seconds", count=whole)


def kept_text(expires_at: float | None, now: float, t: Texts) -> str:
    """For how long an ended job is still kept; empty for one that has not ended."""
    if expires_at is None:
        return ""
    if expires_at <= now:
        return t("jobs.kept.over")
    return t("jobs.kept", time=time_text(expires_at - now, t))


def job_page(job: JobView) -> tuple[str, dict[str, str]]:
    """Name of the page that shows a job, and the query by which it finds it."""
    if job.kind == "remo-soccer":
        return "soccer", {"job": job.client_uuid or job.id}
    view = "batch" if job.kind == "keypoint-batch" else "video"
    return "keypoints", {"view": view, "job": job.id}
