"""When a job will be done."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select

from posedeck.jobs.estimate import Ahead, learn_in, wait_in, wait_s
from posedeck.jobs.job import JobState
from posedeck.jobs.store import insert_in
from posedeck.storage.database import reading
from posedeck.storage.tables import job_speeds, job_workers
from tests.support.job_kinds import KIND, KINDS
from tests.unit.jobs.builders import a_job, migrated

NOW = 1_000_000.0
jobs_ahead = st.lists(st.builds(Ahead, st.integers(1, 900), st.floats(0.001, 1.0), st.floats(0, 100)), max_size=20)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    with migrated(tmp_path) as database:
        yield database


@pytest.mark.parametrize(
    ("ahead", "slots", "expected"),
    [
        ([], 1, 10.0),
        ([Ahead(100, 0.1)], 1, 20.0),
        ([Ahead(100, 0.1)], 2, 10.0),
        ([Ahead(100, 0.1), Ahead(100, 0.1)], 2, 20.0),
        ([Ahead(100, 0.1), Ahead(50, 0.1), Ahead(10, 0.1)], 2, 16.0),
        ([Ahead(100, 0.1, 7.0)], 1, 13.0),
        ([Ahead(100, 0.1, 70.0)], 1, 10.0),
        ([Ahead(100, 0.1)], 0, 20.0),
    ],
)
def test_slots_take_jobs_in_their_order(ahead: list[Ahead], slots: int, expected: float) -> None:
    """A job of ten seconds behind others."""
    assert wait_s(ahead, Ahead(100, 0.1), slots) == pytest.approx(expected)


@given(ahead=jobs_ahead, slots=st.integers(1, 8))
def test_bounds(ahead: list[Ahead], slots: int) -> None:
    """Never shorter than the job itself, never longer than all one after another, and more slots never take longer."""
    own = Ahead(30, 0.1)
    wait = wait_s(ahead, own, slots)

    assert own.left_s - 1e-6 <= wait <= own.left_s + sum(job.left_s for job in ahead) + 1e-6
    assert wait_s(ahead, own, slots + 1) <= wait + 1e-6


def test_speed_is_learned(engine: Engine) -> None:
    """The first job counts in full, then the average follows: the newest by three tenths."""
    with engine.begin() as connection:
        learn_in(connection, "test", 100, 10.0)
        learn_in(connection, "other", 100, 50.0)
        learn_in(connection, "test", 100, 20.0)
    with reading(engine) as connection:
        learned = {row.kind: (row.frame_s, row.samples) for row in connection.execute(select(job_speeds))}

    assert learned == {"test": (pytest.approx(0.13), 2), "other": (pytest.approx(0.5), 1)}


def test_the_estimate_counts_what_is_there(engine: Engine) -> None:
    """Waiting and running jobs, living workers' slots, the kind's own speed."""
    with engine.begin() as connection:
        learn_in(connection, "test", 100, 10.0)
        workers = [("a", 1, NOW - 5), ("b", 1, NOW - 44), ("dead", 8, NOW - 46)]
        for name, slots, seen in workers:
            connection.execute(insert(job_workers).values(executor_id=name, slots=slots, seen_at=seen))
        running = {"state": JobState.PROCESSING, "started_at": NOW - 4}
        for changes in (
            {"frames_total": 100, **running},  # 6 s left, on the first slot
            {"frames_total": 50},  # 5 s, on the second
            {"frames_total": 900, "state": JobState.SUCCESS},
            {"frames_total": None, "kind": "unknown"},  # 300 frames of the default speed: 15 s, behind the 5
        ):
            insert_in(connection, a_job(**changes))

        assert wait_in(connection, KINDS, KIND, 70, NOW) == pytest.approx(6 + 7)


def test_nothing_known_is_an_estimate_too(engine: Engine) -> None:
    """No worker yet, no job measured, frames not told: one slot and the kind's own guess."""
    with engine.begin() as connection:
        assert wait_in(connection, KINDS, KIND, None, NOW) == pytest.approx(300 * KIND.frame_s)
