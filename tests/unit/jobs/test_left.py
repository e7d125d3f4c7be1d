"""How much longer a job takes."""

from dataclasses import replace

import pytest

from posedeck.jobs.job import Job, JobState
from posedeck.jobs.kind import JobKind
from posedeck.jobs.left import Left, left_of
from tests.unit.jobs.builders import a_job

KIND = JobKind("test", "nowhere", stages=(("read", 0.25), ("write", 0.75)))
START = 1_000.0


def job(stage: str | None, done: int, state: JobState = JobState.PROCESSING) -> Job:
    """Estimated to take ten seconds, and started two seconds after it was submitted."""
    begun = a_job(created_at=START, wait_s=10.0, started_at=START + 2.0, state=state)
    return replace(begun, stage=stage, frames_done=done, frames_total=50)


def test_what_waits_counts_down_and_then_says_that_it_is_late() -> None:
    waiting = replace(job(None, 0), started_at=None, state=JobState.WAITING)

    assert left_of(waiting, KIND, START + 4.0) == Left(6.0, late=False)
    assert left_of(waiting, KIND, START + 12.0) == Left(0.0, late=True)


def test_what_has_ended_has_nothing_left() -> None:
    assert left_of(job("write", 50, JobState.SUCCESS), KIND, START + 60.0) == Left(0.0, late=False)


@pytest.mark.parametrize(
    ("stage", "done", "after_s", "seconds", "late"),
    [
        ("read", 5, 3.0, 7.0, False),  # hardly begun: the estimate
        ("read", 50, 4.0, 0.25 * 6.0 + 0.75 * 6.0, False),  # a quarter in two seconds: six more, as estimated
        ("read", 50, 8.0, 0.25 * 18.0 + 0.75 * 2.0, True),  # a quarter in six: eighteen more against two
        ("write", 25, 9.5, 0.625 * 4.5 + 0.375 * 0.5, False),  # 0.625 in 7.5 s: by now the end moved by 2.5 s
        ("write", 25, 12.0, 6.0, True),  # the estimate is over: its pace alone
        ("write", 50, 12.0, 0.0, False),
        ("elsewhere", 25, 4.0, 6.0, False),  # a stage that tells nothing
        ("elsewhere", 25, 14.0, 0.0, True),
    ],
)
def test_the_more_is_done_the_more_the_own_pace_counts(
    stage: str, done: int, after_s: float, seconds: float, late: bool
) -> None:
    left = left_of(job(stage, done), KIND, START + after_s)

    assert left.seconds == pytest.approx(seconds)
    assert left.late == late


def test_a_kind_that_is_not_known_any_more_keeps_its_estimate() -> None:
    assert left_of(job("read", 50), None, START + 4.0) == Left(6.0, late=False)
