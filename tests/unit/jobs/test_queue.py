"""Accepting, refusing, naming and paying for jobs; no worker runs here."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine, column, func, select, table

from posedeck.jobs.durable import QUEUE_NAME
from posedeck.jobs.job import Job, JobState
from posedeck.jobs.queue import JobQueue, NewJob, NotCancelled, NotEnoughCredit, QueueFull, Submission
from posedeck.storage.blobs import open_blobs
from posedeck.storage.database import reading
from posedeck.storage.tables import jobs
from tests.support.databases import QUEUE_SCHEMA
from tests.support.job_kinds import KINDS
from tests.unit.jobs.builders import ACCOUNT, CREDIT, credit, held, migrated

LIMIT = 20


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database with one account."""
    with migrated(tmp_path) as database:
        yield database


@pytest.fixture
def queue(engine: Engine, tmp_path: Path) -> Iterator[JobQueue]:
    """A queue of the test kinds that takes 20 waiting jobs."""
    opened = JobQueue(engine, open_blobs(tmp_path), tmp_path, limit=LIMIT, kinds=KINDS)
    yield opened
    opened.close()


def enqueued(queue: JobQueue) -> set[str]:
    """Ids of the jobs that a worker would take."""
    found = queue._opened().list_workflows(queue_name=QUEUE_NAME, status="ENQUEUED", load_input=False)
    return {workflow.workflow_id for workflow in found}


def rows(queue: JobQueue) -> int:
    """Number of jobs."""
    with reading(queue.store.database) as connection:
        return connection.execute(select(func.count()).select_from(jobs)).scalar_one()


def at_once(count: int, do: Callable[[int], None]) -> None:
    """Run something in many threads that start together."""
    barrier = threading.Barrier(count)

    def run(number: int) -> None:
        barrier.wait()
        do(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_an_accepted_job_waits_with_what_was_asked(queue: JobQueue) -> None:
    """Its row and its place in the queue are there, its file is held, and it is paid."""
    key = queue.blobs.put(b"clip")
    new = NewJob("test", ACCOUNT, {"height": 180}, key, "u", "https://example.org/", cost=4, frames=60)
    accepted = queue.submit(new)
    job = queue.store.get(accepted.job.id)

    assert job == accepted.job
    assert (job.state, job.params, job.frames_total, job.callback_url) == (
        JobState.WAITING, {"height": 180}, 60, "https://example.org/",
    )  # fmt: skip
    assert (accepted.known, accepted.balance, credit(queue.store.database)) == (False, CREDIT - 4, CREDIT - 4)
    assert enqueued(queue) == {job.id}
    assert held(queue.store.database, job.owner) == {key}


def test_the_limit_is_exact(queue: JobQueue) -> None:
    """Fifty threads with four jobs each: as many are accepted as may wait, and of the others nothing is left."""
    accepted: list[str] = []
    refused: list[int] = []

    def submit(number: int) -> None:
        for _ in range(4):
            try:
                accepted.append(queue.submit(NewJob("test", ACCOUNT, cost=1)).job.id)
            except QueueFull:
                refused.append(number)

    at_once(50, submit)

    assert (len(accepted), len(refused), rows(queue)) == (LIMIT, 200 - LIMIT, LIMIT)
    assert enqueued(queue) == set(accepted)
    assert credit(queue.store.database) == CREDIT - LIMIT


def test_a_running_job_does_not_take_a_waiting_place(queue: JobQueue) -> None:
    """The limit is on those that wait."""
    for _ in range(LIMIT):
        last = queue.submit(NewJob("test", ACCOUNT))
    queue.store.begin(last.job.id)

    queue.submit(NewJob("test", ACCOUNT))
    with pytest.raises(QueueFull):
        queue.submit(NewJob("test", ACCOUNT))


def test_the_same_name_gives_the_first_job(queue: JobQueue) -> None:
    """Two hundred times at once: one job, paid once."""
    answers: list[Submission] = []

    def submit(_: int) -> None:
        answers.extend(queue.submit(NewJob("test", ACCOUNT, client_uuid="u", cost=4)) for _ in range(4))

    at_once(50, submit)

    assert len({answer.job.id for answer in answers}) == rows(queue) == 1
    assert [answer.known for answer in answers].count(False) == 1
    assert credit(queue.store.database) == CREDIT - 4


def test_a_known_name_is_answered_also_when_the_queue_is_full(queue: JobQueue) -> None:
    """Nothing new is asked for."""
    first = queue.submit(NewJob("test", ACCOUNT, client_uuid="u"))
    for _ in range(LIMIT - 1):
        queue.submit(NewJob("test", ACCOUNT))

    assert queue.submit(NewJob("test", ACCOUNT, client_uuid="u", cost=CREDIT + 1)).job == first.job


@pytest.mark.parametrize("end", ["fail", "cancel", "succeed"])
def test_only_a_job_without_a_result_gives_its_name_up(queue: JobQueue, end: str) -> None:
    """One that failed for good may be submitted again; it stays in the list of jobs."""
    first = queue.submit(NewJob("test", ACCOUNT, client_uuid="u", cost=4)).job
    queue.store.begin(first.id)
    if end == "fail":
        queue.store.fail(first.id, "nobody", "there is nobody")
    elif end == "cancel":
        queue.cancel(first.id)
    else:
        queue.store.succeed(first.id, "r" * 64, {})
    second = queue.submit(NewJob("test", ACCOUNT, client_uuid="u", cost=4))

    assert second.known is (second.job.id == first.id) is (end == "succeed")
    assert rows(queue) == (1 if end == "succeed" else 2)
    assert credit(queue.store.database) == CREDIT - 4


def test_who_cannot_pay_leaves_nothing_behind(queue: JobQueue) -> None:
    """Neither a row nor a place in the queue."""
    with pytest.raises(NotEnoughCredit):
        queue.submit(NewJob("test", ACCOUNT, cost=CREDIT + 1))
    with pytest.raises(NotEnoughCredit):
        queue.submit(NewJob("test", "nobody@posedeck.local", cost=1))

    assert (rows(queue), enqueued(queue), credit(queue.store.database)) == (0, set(), CREDIT)


def test_a_failure_before_the_commit_leaves_nothing_behind(queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong after the row and the price: all of it is undone."""

    def fail(*_: object, **__: object) -> None:
        raise OSError("gone")

    monkeypatch.setattr(queue._opened(), "enqueue_in_transaction", fail)
    with pytest.raises(OSError, match="gone"):
        queue.submit(NewJob("test", ACCOUNT, input_blob=queue.blobs.put(b"clip"), cost=4))

    assert (rows(queue), enqueued(queue), credit(queue.store.database)) == (0, set(), CREDIT)


def test_an_input_that_is_gone_is_refused(queue: JobQueue) -> None:
    """An upload that was swept meanwhile, say."""
    with pytest.raises(FileNotFoundError):
        queue.submit(NewJob("test", ACCOUNT, input_blob="a" * 64, cost=4))

    assert (rows(queue), credit(queue.store.database)) == (0, CREDIT)


def test_a_kind_that_nobody_knows_is_refused(queue: JobQueue) -> None:
    """A mistake of the route's."""
    with pytest.raises(KeyError):
        queue.submit(NewJob("unknown", ACCOUNT))


def test_a_cancelled_job_leaves_the_queue(queue: JobQueue) -> None:
    """No worker takes it up, and its place is free."""
    jobs_in = [queue.submit(NewJob("test", ACCOUNT, cost=1)).job for _ in range(LIMIT)]
    cancelled = queue.cancel(jobs_in[0].id)

    assert cancelled is not None
    assert (cancelled.state, cancelled.refunded) == (JobState.CANCELLED, True)
    assert queue.cancel(jobs_in[0].id) is queue.cancel("none") is None
    assert enqueued(queue) == {job.id for job in jobs_in[1:]}
    assert not queue.submit(NewJob("test", ACCOUNT)).known


def test_a_deleted_job_is_gone(queue: JobQueue) -> None:
    """With its place and its blobs; what it cost comes back, as it had not ended."""
    job = queue.submit(NewJob("test", ACCOUNT, input_blob=queue.blobs.put(b"clip"), cost=4)).job

    assert [queue.delete(job.id), queue.delete(job.id)] == [True, False]
    assert (rows(queue), enqueued(queue), held(queue.store.database, job.owner)) == (0, set(), set())
    assert credit(queue.store.database) == CREDIT


def test_what_is_kept_in_the_queue_is_json(queue: JobQueue) -> None:
    """No pickles in the database."""
    job = queue.submit(NewJob("test", ACCOUNT)).job
    inputs = select(column("inputs")).select_from(table("workflow_input", schema=QUEUE_SCHEMA))
    with reading(queue.store.database) as connection:
        stored = connection.execute(inputs).scalar_one()

    assert msgspec.json.decode(stored) == {"namedArgs": {}, "positionalArgs": [job.id]}


def cancelled_behind_two_chunks(queue: JobQueue, **facts: Any) -> Job:
    """A job that was cancelled when two of its chunks were done."""
    job = queue.submit(NewJob("test", ACCOUNT, {"chunks": 5}, queue.blobs.put(b"clip"), "my-name", **facts)).job
    queue.store.begin(job.id)
    for index in range(2):
        queue.store.finish_chunk(job.id, index, queue.blobs.put(b"chunk %d" % index))
    cancelled = queue.cancel(job.id)
    assert cancelled is not None
    return cancelled


def test_a_cancelled_job_goes_on_in_its_own_place(queue: JobQueue) -> None:
    """Its chunks and name go over, it is paid again, and nothing of the cancelled one stays."""
    old = cancelled_behind_two_chunks(queue, cost=4)
    assert credit(queue.store.database) == CREDIT
    assert held(queue.store.database, old.owner) == {old.input_blob, *old.chunks}
    resumed = queue.resume(old.id)

    job = resumed.job
    assert (job.state, job.chunks, job.client_uuid) == (JobState.WAITING, old.chunks, "my-name")
    assert (resumed.balance, credit(queue.store.database)) == (CREDIT - 4, CREDIT - 4)
    assert queue.store.get(old.id) is None
    assert held(queue.store.database, old.owner) == set()
    assert held(queue.store.database, job.owner) == {job.input_blob, *job.chunks}
    assert job.id in enqueued(queue)


def test_only_a_cancelled_job_goes_on_and_only_when_there_is_room_and_credit(queue: JobQueue) -> None:
    with pytest.raises(KeyError):
        queue.resume("nobody")
    waiting = queue.submit(NewJob("test", ACCOUNT))
    with pytest.raises(NotCancelled):
        queue.resume(waiting.job.id)
    poor = cancelled_behind_two_chunks(queue, cost=CREDIT)
    queue.submit(NewJob("test", ACCOUNT, cost=1))
    with pytest.raises(NotEnoughCredit):
        queue.resume(poor.id)
    for _ in range(LIMIT - 2):
        queue.submit(NewJob("test", ACCOUNT))
    with pytest.raises(QueueFull):
        queue.resume(poor.id)
    kept = queue.store.get(poor.id)
    assert kept == poor, "what was refused is as it was"
