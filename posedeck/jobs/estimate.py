"""When a job will be done: from what is before it, how fast its kind was lately, and how many slots there are.

Speeds are kept for jobs that run alone and for those that share the machine with others: the latter take longer.
"""

import heapq
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, update

from posedeck.jobs.job import LIVE_STATES, JobState
from posedeck.jobs.kind import JobKind
from posedeck.storage.tables import job_speeds, job_workers, jobs

#: Frames of a job that did not say how many it has: ten seconds of an ordinary clip.
ASSUMED_FRAMES = 300
#: Seconds after which a worker that was not heard of counts as dead. It says so every few seconds.
WORKER_LOST_S = 45.0
#: Share of the newest job in the average speed: the last handful of jobs decides.
_NEWEST_SHARE = 0.3


@dataclass(frozen=True)
class Ahead:
    """A job that waits or runs.

    Attributes:
        frames, frame_s: Its frames, and what a frame takes.
        elapsed_s: Seconds since it was started, 0 when it waits.
        start_s: What it takes beside its frames.
    """

    frames: int
    frame_s: float
    elapsed_s: float = 0.0
    start_s: float = 0.0

    @property
    def left_s(self) -> float:
        """Seconds that it still takes; one that takes longer than expected is taken to be about done."""
        return max(self.start_s + self.frames * self.frame_s - self.elapsed_s, 0.0)


def wait_s(ahead: Iterable[Ahead], own: Ahead, slots: int) -> float:
    """Seconds until ``own`` is done, when slots take the jobs before it in their order.

    Args:
        ahead: Jobs that wait or run, in the order of their start.
        own: The job behind them.
        slots: Jobs that run at the same time, at least 1.
    """
    free_at = [0.0] * max(slots, 1)
    for job in ahead:
        heapq.heapreplace(free_at, free_at[0] + job.left_s)
    return free_at[0] + own.left_s


def wait_in(
    connection: Connection, kinds: Mapping[str, JobKind], kind: JobKind, frames: int | None, now: float
) -> float:
    """``wait_s`` of a job to be submitted now, within a transaction."""
    alive = select(func.coalesce(func.sum(job_workers.c.slots), 0)).where(job_workers.c.seen_at > now - WORKER_LOST_S)
    slots = connection.execute(alive).scalar_one()
    # Running ones first: they are on their slots already.
    order = (jobs.c.state == JobState.WAITING, jobs.c.created_at)
    live = select(jobs.c.kind, jobs.c.frames_total, jobs.c.started_at).where(jobs.c.state.in_(LIVE_STATES))
    found = connection.execute(live.order_by(*order)).all()
    speeds = {row.kind: row.frame_s for row in connection.execute(select(job_speeds))}
    crowded = bool(found) and slots > 1
    ahead = [
        Ahead(
            row.frames_total or ASSUMED_FRAMES,
            _frame_s(speeds, row.kind, kinds.get(row.kind), crowded),
            0.0 if row.started_at is None else now - row.started_at,
        )
        for row in found
    ]
    # What was measured holds the start where it must: until a warm job was measured, the first one's seconds count.
    start_s = 0.0 if _measured(speeds, kind.name) else kind.start_s
    own = Ahead(frames or ASSUMED_FRAMES, _frame_s(speeds, kind.name, kind, crowded), start_s=start_s)
    return wait_s(ahead, own, slots)


@dataclass(frozen=True)
class Run:
    """How a finished job went.

    Attributes:
        frames, seconds: Frames, and what they took in a slot.
        crowded: Whether other jobs ran beside it, most of the time: they share the machine.
        warm: Whether its slot had been at work before: a fresh process loads its models first.
    """

    frames: int
    seconds: float
    crowded: bool
    warm: bool


def learn_in(connection: Connection, kind: str, run: Run) -> None:
    """Take a finished job into its kind's average speed, within a transaction.

    A run that was not warm counts only until there is one that was.
    """
    frame_s = run.seconds / run.frames
    if not math.isfinite(frame_s) or frame_s <= 0:
        return
    name = _name(kind, run.crowded)
    row = connection.execute(select(job_speeds).where(job_speeds.c.kind == name)).one_or_none()
    if row is None:
        connection.execute(insert(job_speeds).values(kind=name, frame_s=frame_s, samples=int(run.warm)))
    elif run.warm:
        share = _NEWEST_SHARE if row.samples else 1.0
        average = (1 - share) * row.frame_s + share * frame_s
        change = update(job_speeds).where(job_speeds.c.kind == name)
        connection.execute(change.values(frame_s=average, samples=row.samples + 1))


def _name(kind: str, crowded: bool) -> str:
    return f"{kind} crowded" if crowded else kind


def _measured(speeds: Mapping[str, float], kind: str) -> bool:
    return any(_name(kind, crowded) in speeds for crowded in (False, True))


def _frame_s(speeds: Mapping[str, float], name: str, kind: JobKind | None, crowded: bool) -> float:
    for known in (_name(name, crowded), _name(name, not crowded)):
        if known in speeds:
            return speeds[known]
    return JobKind.frame_s if kind is None else kind.frame_s
