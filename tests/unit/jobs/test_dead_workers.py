"""Results of real kinds whose worker was killed on the way, on the PostgreSQL of ``POSEDECK_TEST_DATABASE_URL``.

Opt-in: it takes real inference twice, and on SQLite the same is shown by the queue's own tests and the soak.
"""

import io
import os
import signal
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from posedeck.contracts.own_batch import BatchResult
from posedeck.jobs.host import WORKER, WorkerHost
from posedeck.jobs.job import Job, JobState
from posedeck.jobs.queue import JobQueue, NewJob
from posedeck.storage.blobs import open_blobs
from tests.support.databases import POSTGRESQL_URL, TEST_URL
from tests.support.people import SAMPLES
from tests.unit.jobs.builders import ACCOUNT, migrated

pytestmark = pytest.mark.skipif(POSTGRESQL_URL is None, reason=f"needs {TEST_URL}")

WAIT_S = 240.0
PICTURES = 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dead")


@pytest.fixture(scope="module")
def queue(folder: Path) -> Iterator[JobQueue]:
    with migrated(folder) as engine:
        opened = JobQueue(engine, open_blobs(folder), folder)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def host(queue: JobQueue, folder: Path) -> Iterator[WorkerHost]:
    keeper = WorkerHost(folder, (*WORKER, "--slots", "1"))
    keeper.open()
    yield keeper
    keeper.close()


def until(queue: JobQueue, job_id: str, reached: Any) -> Job:
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        job = queue.store.get(job_id)
        assert job is not None
        if reached(job):
            return job
        time.sleep(0.05)
    raise AssertionError("it did not come to that")


def killed_on_the_way(queue: JobQueue, host: WorkerHost, new: NewJob) -> bytes:
    """The result of a job whose worker was killed when it had finished a chunk."""
    job_id = queue.submit(new).job.id
    before = until(queue, job_id, lambda job: job.chunks)
    pid = host.pid
    assert pid is not None
    assert not before.state.final, "it was too fast to be killed"
    os.kill(pid, signal.SIGKILL)
    job = until(queue, job_id, lambda job: job.state.final)
    assert job.state is JobState.SUCCESS, (job.error_code, job.error_text)
    assert host.pid != pid
    assert job.result_blob is not None
    return queue.blobs.get(job.result_blob)


def undisturbed(queue: JobQueue, new: NewJob) -> bytes:
    job = until(queue, queue.submit(new).job.id, lambda job: job.state.final)
    assert job.result_blob is not None
    return queue.blobs.get(job.result_blob)


def test_a_batch_has_each_picture_once(queue: JobQueue, host: WorkerHost) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for number in range(PICTURES):
            packed.writestr(f"{number:02}.jpg", (SAMPLES / "group3.jpg").read_bytes())
    blob = queue.blobs.put(buffer.getvalue())
    new = NewJob("keypoint-batch", ACCOUNT, {"left": "kakao", "right": "nhn"}, blob)
    result = msgspec.json.decode(killed_on_the_way(queue, host, new), type=BatchResult)

    assert [picture.name for picture in result.pictures] == [f"{number:02}.jpg" for number in range(PICTURES)]
    assert result.skipped == []
    assert all(picture.left == result.pictures[0].left for picture in result.pictures)


def test_a_clip_is_the_same_as_without_a_death(queue: JobQueue, host: WorkerHost) -> None:
    blob = queue.blobs.put_file(SAMPLES / "soccer_kick.mp4")
    new = NewJob("kakao-video", ACCOUNT, {"smoothing": True}, blob)
    answers = [msgspec.json.decode(data) for data in (killed_on_the_way(queue, host, new), undisturbed(queue, new))]

    assert len(answers[0]["annotations"]) == answers[0]["video"]["frames"] == 63
    assert answers[0]["annotations"] == answers[1]["annotations"]
