"""What has had its time is forgotten, and nothing else; dead workers' jobs are taken over. The clock is the test's."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, column, insert, table, update

from posedeck.jobs.job import RETENTION_S, JobState
from posedeck.jobs.queue import JobQueue, NewJob
from posedeck.jobs.reaper import Reaper
from posedeck.jobs.sweeper import GRACE_S, Sweeper
from posedeck.jobs.uploads import INCOMING_FOLDER, UPLOAD_KEPT_S, UploadKnown, Uploads
from posedeck.runs.store import UNDO_S, RunStore
from posedeck.storage.blobs import open_blobs
from posedeck.storage.tables import run_blobs, runs
from tests.support.databases import QUEUE_SCHEMA
from tests.support.job_kinds import KINDS
from tests.unit.jobs.builders import ACCOUNT, FakeClock, migrated
from tests.unit.runs.builders import run

#: What a busy machine may need between two lines of a test: files bear the real time, the rest the test's.
SLACK_S = 120.0


@dataclass
class Installation:
    """A queue and its sweeper."""

    queue: JobQueue
    sweeper: Sweeper
    uploads: Uploads
    clock: FakeClock
    folder: Path

    def status(self, job_id: str) -> str | None:
        """What the queue itself knows of a job."""
        found = self.queue._opened().list_workflows(workflow_ids=[job_id])
        return found[0].status if found else None

    def set_record(self, job_id: str, **values: object) -> None:
        """Change the queue's own record, as a worker would."""
        columns = (column(name) for name in ("workflow_uuid", *values))
        records = table("workflow_status", *columns, schema=QUEUE_SCHEMA)
        with self.queue.store.database.begin() as connection:
            connection.execute(update(records).where(records.c.workflow_uuid == job_id).values(values))


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """A migrated one; its clock starts at the real time, as files and the queue have that."""
    clock = FakeClock()
    with migrated(tmp_path) as engine:
        blobs = open_blobs(tmp_path)
        queue = JobQueue(engine, blobs, tmp_path, kinds=KINDS, clock=clock)
        sweeper = Sweeper(queue.store, blobs, queue._opened(), tmp_path)
        # Setting up may take seconds, and what is written from here on bears the real time.
        clock.now = time.time()
        yield Installation(queue, sweeper, Uploads(queue.store, blobs), clock, tmp_path)
        queue.close()


def test_a_result_is_kept_for_seven_days(installation: Installation) -> None:
    """And then it is gone with all its files, but not those that somebody else needs."""
    queue, blobs = installation.queue, installation.queue.blobs
    shared, own, result = blobs.put(b"shared clip"), blobs.put(b"own clip"), blobs.put(b"result")
    first = queue.submit(NewJob("test", ACCOUNT, input_blob=own)).job
    queue.store.begin(first.id)
    queue.store.succeed(first.id, result, {"clip": shared})
    waiting = queue.submit(NewJob("test", ACCOUNT, input_blob=shared)).job

    installation.clock.now += RETENTION_S - 1
    installation.sweeper.sweep()
    assert queue.store.get(first.id) is not None
    assert all(blobs.exists(key) for key in (shared, own, result))

    installation.clock.now += 1
    installation.sweeper.sweep()
    assert queue.store.get(first.id) is None
    assert [blobs.exists(key) for key in (shared, own, result)] == [True, False, False]
    assert queue.store.get(waiting.id) == waiting
    assert installation.status(waiting.id) == "ENQUEUED"


def test_a_deleted_run_is_erased_after_a_day(installation: Installation) -> None:
    """With its picture; a run that nobody deleted stays."""
    queue, blobs = installation.queue, installation.queue.blobs
    runs = RunStore(queue.store.database, blobs)
    gone, stays = (runs.save(run(number), {"front": f"picture {number}".encode()}) for number in range(2))
    runs.delete([gone.id])
    installation.sweeper.sweep()
    assert runs.get(gone.id).is_deleted

    installation.clock.now += UNDO_S + SLACK_S
    installation.sweeper.sweep()
    with pytest.raises(KeyError):
        runs.get(gone.id)
    assert set(blobs.keys()) == set(stays.contents.values())
    assert runs.get(stays.id).run == stays


def test_an_upload_is_kept_for_an_hour(installation: Installation) -> None:
    """Unless a job has taken it by then."""
    taken, left = installation.folder / "taken", installation.folder / "left"
    taken.write_bytes(b"taken clip")
    left.write_bytes(b"left clip")
    keys = [installation.uploads.keep("one", taken), installation.uploads.keep("two", left)]
    job = installation.queue.submit(NewJob("test", ACCOUNT, input_blob=installation.uploads.blob("one"))).job

    installation.clock.now += UPLOAD_KEPT_S - SLACK_S
    installation.sweeper.sweep()
    assert installation.uploads.blob("two") == keys[1]

    installation.clock.now += 2 * SLACK_S
    installation.sweeper.sweep()
    assert installation.uploads.blob("one") is installation.uploads.blob("two") is None
    assert [installation.queue.blobs.exists(key) for key in keys] == [True, False]
    assert job.input_blob == keys[0]


def test_an_upload_id_is_used_once(installation: Installation) -> None:
    """So a token that was seen by somebody opens nothing."""
    path = installation.folder / "clip"
    path.write_bytes(b"clip")
    installation.uploads.keep("one", path)

    with pytest.raises(UploadKnown):
        installation.uploads.keep("one", path)


def test_blobs_of_nobody_are_swept_when_they_are_old(installation: Installation) -> None:
    """A fresh one may be about to be needed; one that a run needs stays."""
    blobs, engine = installation.queue.blobs, installation.queue.store.database
    nobodys, of_a_run = blobs.put(b"nobody's"), blobs.put(b"a run's")
    with engine.begin() as connection:
        columns = {column.name: "" for column in runs.columns if not column.nullable}
        numbers = {"created_at": 0.0, "kept": False}
        connection.execute(insert(runs).values({**columns, **numbers, "id": "r"}))
        connection.execute(insert(run_blobs).values(run_id="r", key=of_a_run))

    installation.clock.now += GRACE_S - 60
    installation.sweeper.sweep()
    assert blobs.exists(nobodys)

    installation.clock.now += 120
    installation.sweeper.sweep()
    assert [blobs.exists(nobodys), blobs.exists(of_a_run)] == [False, True]


def test_bodies_that_never_came_in_are_swept(installation: Installation) -> None:
    """What a killed server left."""
    incoming = installation.folder / INCOMING_FOLDER
    incoming.mkdir()
    for name in ("old", "new"):
        (incoming / name).write_bytes(b"half a clip")
    long_ago = time.time() - 2 * GRACE_S
    os.utime(incoming / "old", (long_ago, long_ago))

    installation.sweeper.sweep()
    assert [path.name for path in incoming.iterdir()] == ["new"]


def test_records_of_ended_jobs_are_swept(installation: Installation) -> None:
    """The queue's own rows do not pile up."""
    job = installation.queue.submit(NewJob("test", ACCOUNT)).job
    installation.queue.cancel(job.id)

    installation.sweeper.sweep()
    assert installation.status(job.id) == "CANCELLED"
    installation.clock.now += GRACE_S + 60
    installation.sweeper.sweep()
    assert installation.status(job.id) is None
    assert installation.queue.store.get(job.id) is not None


@pytest.mark.parametrize("status", ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", None])
def test_a_job_that_the_queue_gave_up_fails(installation: Installation, status: str | None) -> None:
    """Nobody waits for it for ever."""
    job, healthy = (installation.queue.submit(NewJob("test", ACCOUNT, cost=4)).job for _ in "ab")
    if status is None:
        installation.queue._opened().delete_workflows([job.id])
    else:
        installation.set_record(job.id, status=status)

    installation.sweeper.settle()
    assert installation.queue.store.get(job.id) == job
    installation.clock.now += 120
    installation.sweeper.settle()
    ended = installation.queue.store.get(job.id)
    assert ended is not None
    assert (ended.state, ended.error_code, ended.refunded) == (JobState.FAILED, "failed", True)
    assert installation.queue.store.get(healthy.id) == healthy


def reaper_of(installation: Installation, name: str) -> Reaper:
    """A worker's part in taking over."""
    engine: Engine = installation.queue.store.database
    return Reaper(engine, installation.queue._opened(), name, 2, installation.clock)


def test_jobs_of_a_dead_worker_are_taken_over(installation: Installation) -> None:
    """Not while it says that it lives, and only its own."""
    queue = installation.queue
    ids = {name: queue.submit(NewJob("test", ACCOUNT)).job.id for name in ("dead", "alive", "waiting")}
    for name in ("dead", "alive"):
        installation.set_record(ids[name], status="PENDING", executor_id=name)
        reaper_of(installation, name).beat()

    installation.clock.now += 44
    reaper_of(installation, "alive").beat()
    assert reaper_of(installation, "third").take_over() == []
    installation.clock.now += 2
    assert reaper_of(installation, "third").take_over() == [ids["dead"]]
    assert [installation.status(ids[name]) for name in ("dead", "alive", "waiting")] == [
        "ENQUEUED", "PENDING", "ENQUEUED",
    ]  # fmt: skip
    assert reaper_of(installation, "third").take_over() == []


def test_a_worker_never_takes_its_own_jobs_over(installation: Installation) -> None:
    """Also when it was too busy to say that it lives."""
    job = installation.queue.submit(NewJob("test", ACCOUNT)).job
    installation.set_record(job.id, status="PENDING", executor_id="slow")
    slow = reaper_of(installation, "slow")
    slow.beat()
    installation.clock.now += 3600

    assert slow.take_over() == []


def test_a_worker_that_leaves_is_not_waited_for(installation: Installation) -> None:
    """Its jobs are free at once."""
    job = installation.queue.submit(NewJob("test", ACCOUNT)).job
    installation.set_record(job.id, status="PENDING", executor_id="leaving")
    leaving = reaper_of(installation, "leaving")
    leaving.beat()
    leaving.leave()

    assert reaper_of(installation, "other").take_over() == [job.id]
