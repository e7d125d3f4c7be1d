"""How much longer a job takes: what was estimated when it was submitted, put right by its own pace once it runs."""

from dataclasses import dataclass

from posedeck.jobs.job import Job
from posedeck.jobs.kind import JobKind

# A pace is told from this share of the work on; before it, loading and starting decide.
_TELLING = 0.1
# An end that moves back by less than this is no news.
_NEWS_S, _NEWS_SHARE = 3.0, 0.3


@dataclass(frozen=True)
class Left:
    """Seconds until a job's end.

    Attributes:
        seconds: 0 when it has ended, and when nothing is known but that the estimate is over.
        late: Whether it ends later than was estimated when it was submitted, as far as can be told now.
    """

    seconds: float
    late: bool


def left_of(job: Job, kind: JobKind | None, now: float) -> Left:
    """What is left of a job at ``now``, in seconds since 1970.

    The more of its work is done the more its own pace counts; when the time estimated is over, nothing else does.
    """
    if job.state.final:
        return Left(0.0, late=False)
    estimated_s = job.wait_s or 0.0
    planned = job.created_at + estimated_s - now
    done = 0.0 if kind is None else _share_done(job, kind)
    if job.started_at is None or done < _TELLING:
        return Left(max(planned, 0.0), late=planned < 0.0)
    pace = (now - job.started_at) * (1.0 - done) / done
    seconds = pace if planned <= 0.0 else done * pace + (1.0 - done) * planned
    return Left(seconds, late=seconds - planned > max(_NEWS_S, _NEWS_SHARE * estimated_s))


def _share_done(job: Job, kind: JobKind) -> float:
    """Share of a running job's work that is done; 0 when its stage does not tell."""
    before = 0.0
    for stage, share in kind.stages:
        if stage == job.stage:
            return before + share * min(job.frames_done / (job.frames_total or 1), 1.0)
        before += share
    return 0.0
