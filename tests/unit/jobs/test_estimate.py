"""When a job will be done."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select

from posedeck.jobs.estimate import Ahead, Run, learn_in, wait_in, wait_s
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


def speeds(engine: Engine) -> dict[str, tuple[float, int]]:
    """What is known: seconds a frame, and of how many warm jobs."""
    with reading(engine) as connection:
        return {row.kind: (row.frame_s, row.samples) for row in connection.execute(select(job_speeds))}


def learn(engine: Engine, kind: str, seconds: float, *, crowded: bool = False, warm: bool = True) -> None:
    """A finished job of a hundred frames."""
    with engine.begin() as connection:
        learn_in(connection, kind, Run(100, seconds, crowded, warm))


def test_speed_is_learned(engine: Engine) -> None:
    """The first job counts in full, then the newest by three tenths; jobs beside others have a speed of their own."""
    learn(engine, "test", 10.0)
    learn(engine, "other", 50.0)
    learn(engine, "test", 20.0)
    learn(engine, "test", 40.0, crowded=True)

    assert speeds(engine) == {
        "test": (pytest.approx(0.13), 2), "other": (pytest.approx(0.5), 1), "test crowded": (pytest.approx(0.4), 1),
    }  # fmt: skip


def test_a_job_that_had_to_load_its_models_counts_until_there_is_another(engine: Engine) -> None:
    """It says more than nothing, and less than any other."""
    learn(engine, "test", 90.0, warm=False)
    assert speeds(engine) == {"test": (pytest.approx(0.9), 0)}
    learn(engine, "test", 10.0)
    learn(engine, "test", 90.0, warm=False)
    assert speeds(engine) == {"test": (pytest.approx(0.1), 1)}


@pytest.mark.parametrize(("slots", "others", "expected"), [(2, 0, 10.0), (2, 1, 20.0), (1, 1, 20.0), (1, 0, 10.0)])
def test_beside_others_a_job_takes_longer(engine: Engine, slots: int, others: int, expected: float) -> None:
    """One in a hundred frames at 0.1 s alone, at 0.2 s beside another; one slot runs nothing beside."""
    learn(engine, "test", 10.0)
    learn(engine, "test", 20.0, crowded=True)
    with engine.begin() as connection:
        connection.execute(insert(job_workers).values(executor_id="a", slots=slots, seen_at=NOW))
        for _ in range(others):
            insert_in(connection, a_job(frames_total=100))

        assert wait_in(connection, KINDS, KIND, 100, NOW) == pytest.approx(expected)


def test_the_estimate_counts_what_is_there(engine: Engine) -> None:
    """Waiting and running jobs, living workers' slots, the kind's own speed."""
    with engine.begin() as connection:
        learn_in(connection, "test", Run(100, 10.0, crowded=False, warm=True))
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
    """No worker yet, no job measured, frames not told: one slot, and the kind's own guess of frames and start."""
    with engine.begin() as connection:
        assert wait_in(connection, KINDS, KIND, None, NOW) == pytest.approx(KIND.start_s + 300 * KIND.frame_s)
