"""Real workers on a real queue: what they make of jobs that go well, badly, or end the process they run in."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from posedeck.engine.worker_process import PACKAGE_ROOT
from posedeck.jobs.host import WorkerHost
from posedeck.jobs.job import Job, JobState
from posedeck.jobs.queue import JobQueue, NewJob
from posedeck.jobs.store import MAX_ATTEMPTS
from posedeck.storage.blobs import open_blobs
from tests.support.job_kinds import KINDS
from tests.unit.jobs.builders import ACCOUNT, CREDIT, credit, held, migrated

WORKER = ("tests.support.job_worker", "2")
WAIT_S = 60.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder, for this process and its workers."""
    return tmp_path_factory.mktemp("jobs")


@pytest.fixture(scope="module")
def queue(folder: Path) -> Iterator[JobQueue]:
    """A queue of the test kinds."""
    with migrated(folder) as engine:
        opened = JobQueue(engine, open_blobs(folder), folder, kinds=KINDS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def host(queue: JobQueue, folder: Path) -> Iterator[WorkerHost]:
    """A worker with two slots that is started again when it dies."""
    keeper = WorkerHost(folder, WORKER)
    keeper.open()
    yield keeper
    keeper.close()


def until(reached: Callable[[], Any]) -> Any:
    """What a function gives as soon as it gives something."""
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        if given := reached():
            return given
        time.sleep(0.02)
    raise AssertionError("it did not come to that")


def submit(queue: JobQueue, kind: str = "test", cost: int = 0, clip: bytes | None = None, **params: Any) -> str:
    """Id of a new job."""
    key = None if clip is None else queue.blobs.put(clip)
    return queue.submit(NewJob(kind, ACCOUNT, params, key, cost=cost)).job.id


def ended(queue: JobQueue, job_id: str) -> Job:
    """A job at its end."""

    def get() -> Job | None:
        job = queue.store.get(job_id)
        assert job is not None
        return job if job.state.final else None

    job: Job = until(get)
    return job


def calls(marks: Path) -> list[str]:
    """The calls that a job's functions got."""
    return marks.read_text().splitlines() if marks.exists() else []


def test_a_job_is_run_to_its_end(queue: JobQueue, host: WorkerHost, tmp_path: Path) -> None:
    """Each function is called once and in order, each chunk gets what the one before gave; the files are kept."""
    marks = tmp_path / "marks"
    job = ended(queue, submit(queue, chunks=3, clip=b"clip", marks=str(marks), cost=4))

    assert calls(marks) == ["prepare", "chunk 0", "chunk 1", "chunk 2", "finish"]
    assert (job.state, job.frames_done, job.frames_total, job.attempts) == (JobState.SUCCESS, 30, 30, 1)
    assert job.result_blob is not None
    assert queue.blobs.get(job.result_blob) == b"[1,2,3]"
    assert queue.blobs.get(job.media["drawn.txt"]) == b"drawn clip"
    assert held(queue.store.database, job.owner) == job.blobs
    assert credit(queue.store.database) == CREDIT - 4


def test_progress_is_seen_from_outside(queue: JobQueue, host: WorkerHost) -> None:
    """Stage and frames, while it runs."""
    job_id = submit(queue, chunks=3, sleep_s=0.7)
    seen: Job = until(lambda: (job := queue.store.get(job_id)) and 0 < job.frames_done < 30 and job)

    assert (seen.state, seen.stage, seen.frames_total) == (JobState.PROCESSING, "count", 30)
    assert ended(queue, job_id).state is JobState.SUCCESS


@pytest.mark.parametrize("at", ["prepare", 1, "finish"])
@pytest.mark.parametrize(
    ("wrong", "code", "said"),
    [("refuse", "nobody", "there is nobody in the clip"), ("raise", "failed", "LookupError")],
)
def test_a_job_that_cannot_be_done_says_why(
    queue: JobQueue, host: WorkerHost, at: int | str, wrong: str, code: str, said: str
) -> None:
    """In words for its caller, without what an unexpected error quotes; what it cost comes back."""
    before = credit(queue.store.database)
    job = ended(queue, submit(queue, wrong=wrong, at=at, cost=4))

    assert (job.state, job.error_code, job.refunded) == (JobState.FAILED, code, True)
    assert said in (job.error_text or "")
    assert "hidden" not in (job.error_text or "")
    assert credit(queue.store.database) == before


def test_a_crash_costs_one_chunk(queue: JobQueue, host: WorkerHost, tmp_path: Path) -> None:
    """A slot that dies is replaced, the chunk repeated, and what was done before is not done again."""
    marks, worker = tmp_path / "marks", host.pid
    job = ended(queue, submit(queue, chunks=3, marks=str(marks), wrong="crash", at=1, until=4))

    assert (job.state, host.pid) == (JobState.SUCCESS, worker)
    assert calls(marks) == ["prepare", "chunk 0", "chunk 1", "chunk 1", "chunk 2", "finish"]


@pytest.mark.parametrize("wrong", ["crash", "crash_worker"])
def test_a_poison_job_is_given_up(queue: JobQueue, host: WorkerHost, tmp_path: Path, wrong: str) -> None:
    """One that ends its slot, or the worker, each time is tried again three times; then the next one runs."""
    marks = tmp_path / "marks"
    poison = submit(queue, marks=str(marks), wrong=wrong, at=1, cost=4)
    job, following = ended(queue, poison), ended(queue, submit(queue))

    assert (job.state, job.error_code, job.refunded) == (JobState.FAILED, "crashed", True)
    assert calls(marks) == ["prepare", "chunk 0", *["chunk 1"] * MAX_ATTEMPTS]
    assert following.state is JobState.SUCCESS


def test_a_job_over_its_time_is_ended(queue: JobQueue, host: WorkerHost) -> None:
    """Its slot is killed, and free for the next."""
    job = ended(queue, submit(queue, kind="hasty", wrong="hang", at=0))

    assert (job.state, job.error_code) == (JobState.FAILED, "timeout")
    assert ended(queue, submit(queue, kind="hasty")).state is JobState.SUCCESS


def test_a_cancelled_job_ends_at_its_next_chunk(queue: JobQueue, host: WorkerHost, tmp_path: Path) -> None:
    """No chunk starts after it, and it never becomes a success."""
    marks = tmp_path / "marks"
    job_id = submit(queue, chunks=10, sleep_s=0.3, marks=str(marks), cost=4)
    until(lambda: "chunk 1" in calls(marks))
    queue.cancel(job_id)
    at_cancel = len(calls(marks))
    following = ended(queue, submit(queue, chunks=10, sleep_s=0.1))
    job = queue.store.get(job_id)

    assert following.state is JobState.SUCCESS
    assert job is not None
    assert (job.state, job.refunded) == (JobState.CANCELLED, True)
    assert len(calls(marks)) <= at_cancel + 1
    assert "finish" not in calls(marks)


def test_a_cancelled_job_goes_on_where_it_was(queue: JobQueue, host: WorkerHost, tmp_path: Path) -> None:
    """No finished chunk is done again; the rest follows from them to the same result as without a cancel."""
    marks = tmp_path / "marks"
    job_id = submit(queue, chunks=6, sleep_s=0.3, marks=str(marks))
    until(lambda: "chunk 2" in calls(marks))
    queue.cancel(job_id)
    cancelled = queue.store.get(job_id)
    assert cancelled is not None
    done = len(cancelled.chunks)
    assert 2 <= done < 6
    # Whatever was under way when it was cancelled comes to its end first.
    ended(queue, submit(queue))
    before = calls(marks)
    job = ended(queue, queue.resume(job_id).job.id)

    assert job.state is JobState.SUCCESS
    again = calls(marks)[len(before) :]
    assert [call for call in again if call.startswith("chunk")] == [f"chunk {index}" for index in range(done, 6)]
    assert job.result_blob is not None
    assert queue.blobs.get(job.result_blob) == b"[1,2,3,4,5,6]"


def test_a_deleted_job_leaves_nothing(queue: JobQueue, host: WorkerHost, tmp_path: Path) -> None:
    """Also while it runs: its worker finds it gone."""
    marks = tmp_path / "marks"
    job_id = submit(queue, chunks=10, sleep_s=0.3, marks=str(marks))
    until(lambda: "chunk 1" in calls(marks))
    assert queue.delete(job_id)
    ended(queue, submit(queue, chunks=10, sleep_s=0.1))

    assert queue.store.get(job_id) is None
    assert held(queue.store.database, f"job:{job_id}") == set()
    assert "finish" not in calls(marks)


def test_speed_is_learned(queue: JobQueue, host: WorkerHost) -> None:
    """After some jobs the estimate is nearer to what a job takes than the kind's first guess."""
    for _ in range(3):
        ended(queue, submit(queue, chunks=2, sleep_s=0.1))
    new = queue.submit(NewJob("test", ACCOUNT, {"chunks": 2, "sleep_s": 0.1}, frames=20)).job
    ended(queue, new.id)

    assert new.wait_s is not None
    assert new.wait_s < 5.0


def test_a_killed_worker_goes_on_where_it_was(queue: JobQueue, host: WorkerHost, tmp_path: Path) -> None:
    """No finished step is repeated; the one under way is."""
    marks = tmp_path / "marks"
    job_id = submit(queue, chunks=6, sleep_s=0.4, marks=str(marks))
    until(lambda: "chunk 2" in calls(marks))
    pid = host.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    job = ended(queue, job_id)

    assert job.state is JobState.SUCCESS
    assert sorted(set(calls(marks))) == sorted(["prepare", *(f"chunk {index}" for index in range(6)), "finish"])
    assert len(calls(marks)) <= 9
    assert job.result_blob is not None
    assert queue.blobs.get(job.result_blob) == b"[1,2,3,4,5,6]"


PARENT = """
import os, signal, sys, time
from pathlib import Path
from posedeck.jobs.host import WorkerHost

host = WorkerHost(Path(sys.argv[4]), (sys.argv[1], sys.argv[2]))
host.open()
while host.pid is None:
    time.sleep(0.01)
time.sleep(float(sys.argv[3]))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("after_s", ["0", "2"])
def test_a_worker_ends_with_its_parent(folder: Path, after_s: str) -> None:
    """A parent that is killed, at once or later, leaves no worker behind."""
    # The worker inherits the parent's stderr, whose end is reached only when the worker is gone too.
    parent = subprocess.run(
        [sys.executable, "-c", PARENT, *WORKER, after_s, str(folder)],
        capture_output=True,
        cwd=PACKAGE_ROOT,
        timeout=WAIT_S,
        check=False,
    )

    assert parent.returncode == -signal.SIGKILL
