"""Every change of a job's state, and what must not change any more."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from posedeck.jobs.job import RETENTION_S, Job, JobState
from posedeck.jobs.store import MAX_ATTEMPTS, JobStore, insert_in
from tests.unit.jobs.builders import CREDIT, FakeClock, a_job, credit, held, migrated

INPUT, CHUNK, RESULT, DRAWN = (letter * 64 for letter in "abcd")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database with one account."""
    with migrated(tmp_path) as database:
        yield database


@pytest.fixture
def clock() -> FakeClock:
    """Time that the test moves."""
    return FakeClock()


@pytest.fixture
def store(engine: Engine, clock: FakeClock) -> JobStore:
    """Jobs in it."""
    return JobStore(engine, clock)


def keep(store: JobStore, **changes: object) -> Job:
    """A new job, kept."""
    job = a_job(**changes)
    with store.database.begin() as connection:
        insert_in(connection, job)
    return job


def test_a_job_comes_back_as_it_was_kept(store: JobStore) -> None:
    """With everything in it."""
    job = keep(store, client_uuid="u", params={"height": 180.5, "이름": ["x"]}, input_blob=INPUT, cost=4, wait_s=2.5)

    assert store.get(job.id) == job == store.find("test", job.account, "u")
    assert store.find("test", job.account, "v") is store.get("none") is None
    assert held(store.database, job.owner) == {INPUT}


def test_a_name_is_taken_once_an_account_and_kind(store: JobStore) -> None:
    """The database itself sees to it."""
    keep(store, client_uuid="u")
    keep(store, client_uuid="u", kind="other")
    keep(store, client_uuid="u", account="b")
    keep(store)
    keep(store)

    with pytest.raises(IntegrityError):
        keep(store, client_uuid="u")


def test_the_way_to_success(store: JobStore, clock: FakeClock) -> None:
    """Started once, told about, finished; chunks are given up for the result."""
    job = keep(store, input_blob=INPUT, cost=4)
    clock.now += 5
    begun = store.begin(job.id)
    clock.now += 5
    assert store.report(job.id, "track", 30, 60)
    assert store.finish_chunk(job.id, 0, CHUNK)
    assert held(store.database, job.owner) == {INPUT, CHUNK}
    ended = store.succeed(job.id, RESULT, {"drawn.mp4": DRAWN})

    assert begun is not None
    assert ended is not None
    assert (begun.state, begun.started_at, begun.attempts) == (JobState.PROCESSING, clock.now - 5, 1)
    assert (ended.state, ended.stage, ended.frames_done, ended.attempts) == (JobState.SUCCESS, "track", 60, 0)
    assert (ended.ended_at, ended.expires_at) == (clock.now, clock.now + RETENTION_S)
    assert (ended.result_blob, ended.media) == (RESULT, {"drawn.mp4": DRAWN})
    assert held(store.database, job.owner) == {INPUT, RESULT, DRAWN}
    assert (ended.refunded, credit(store.database)) == (False, CREDIT)


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("way", ["fail", "cancel"])
def test_ends_without_a_result_give_credits_back(store: JobStore, begun: bool, way: str) -> None:
    """Once."""
    job = keep(store, input_blob=INPUT, cost=4)
    if begun:
        store.begin(job.id)
        store.finish_chunk(job.id, 0, CHUNK)

    def end() -> Job | None:
        return store.fail(job.id, "nobody", "there is nobody" * 100) if way == "fail" else store.cancel(job.id)

    ended = end()
    assert ended is not None
    assert (ended.state.final, ended.refunded, end()) == (True, True, None)
    assert credit(store.database) == CREDIT + 4
    # Only a cancelled job may go on from what it has.
    assert held(store.database, job.owner) == ({INPUT, CHUNK} if begun and way == "cancel" else {INPUT})
    assert (ended.error_code, len(ended.error_text or "")) == (("nobody", 1000) if way == "fail" else (None, 0))


CHANGES: dict[str, Callable[[JobStore, str], object]] = {
    "begin": lambda store, job_id: store.begin(job_id),
    "report": lambda store, job_id: store.report(job_id, "x", 1, 2),
    "finish_step": lambda store, job_id: store.finish_step(job_id),
    "finish_chunk": lambda store, job_id: store.finish_chunk(job_id, 0, CHUNK),
    "succeed": lambda store, job_id: store.succeed(job_id, RESULT, {}),
    "fail": lambda store, job_id: store.fail(job_id, "x", "x"),
    "cancel": lambda store, job_id: store.cancel(job_id),
}


@pytest.mark.parametrize("end", ["succeed", "fail", "cancel", "delete"])
@pytest.mark.parametrize("change", CHANGES)
def test_an_ended_job_stays_as_it_ended(store: JobStore, end: str, change: str) -> None:
    """Also one that was deleted: nothing of it comes back."""
    job = keep(store)
    store.begin(job.id)
    assert CHANGES.get(end, lambda store, job_id: store.delete(job_id))(store, job.id)
    before = store.get(job.id), held(store.database, job.owner)

    assert not CHANGES[change](store, job.id)
    assert (store.get(job.id), held(store.database, job.owner)) == before


@pytest.mark.parametrize("change", ["report", "finish_step", "finish_chunk", "succeed"])
def test_a_job_that_nobody_began_has_no_progress(store: JobStore, change: str) -> None:
    """Only what runs can get on."""
    job = keep(store)

    assert not CHANGES[change](store, job.id)
    assert store.get(job.id) == job


def test_starts_are_counted_until_a_step_is_finished(store: JobStore) -> None:
    """So a job that ends its worker each time shows, and one of many steps on a restless machine does not."""
    job = keep(store)
    for start in range(MAX_ATTEMPTS + 1):
        begun = store.begin(job.id)
        assert begun is not None
        assert begun.attempts == start + 1
    store.finish_step(job.id)
    again = store.begin(job.id)

    assert again is not None
    assert (again.attempts, again.started_at) == (1, begun.started_at)


def test_one_of_many_ends_wins(store: JobStore) -> None:
    """Cancel, failure and success at the same time: one of them happened, and credits came back at most once."""
    job = keep(store, cost=4)
    store.begin(job.id)
    won: list[str] = []

    def end(name: str) -> None:
        if CHANGES[name](store, job.id):
            won.append(name)

    threads = [threading.Thread(target=end, args=(name,)) for name in ("succeed", "fail", "cancel") * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == 1
    assert credit(store.database) == CREDIT + (0 if won == ["succeed"] else 4)


def test_latest_first_and_page_by_page(store: JobStore) -> None:
    """By the time of submission."""
    ids = [keep(store, created_at=float(second), kind="odd" if second % 2 else "even").id for second in range(5)]

    assert [job.id for job in store.latest(2)] == [ids[4], ids[3]]
    assert [job.id for job in store.latest(9, before=3.0)] == [ids[2], ids[1], ids[0]]
    assert [job.id for job in store.latest(9, kind="odd")] == [ids[3], ids[1]]


def test_the_place_in_the_queue(store: JobStore) -> None:
    """Who waits or runs and came before."""
    jobs = [keep(store, created_at=float(second)) for second in range(4)]
    store.begin(jobs[0].id)
    store.cancel(jobs[1].id)

    assert store.ahead(jobs[3]) == 2


def test_only_ended_jobs_expire(store: JobStore, clock: FakeClock) -> None:
    """Seven days after their end, to the second."""
    ended, _waiting = keep(store), keep(store)
    store.cancel(ended.id)

    clock.now += RETENTION_S - 1
    assert list(store.expired()) == []
    clock.now += 1
    assert list(store.expired()) == [ended.id]
    clock.now += 10 * RETENTION_S
    assert list(store.expired()) == [ended.id]


def test_a_callback_is_claimed_once_and_only_at_the_end(store: JobStore) -> None:
    """Kakao's is sent once, whatever comes of it."""
    job, silent = keep(store, callback_url="https://example.org/"), keep(store)
    store.begin(job.id)
    assert not store.claim_callback(job.id)
    store.cancel(job.id)
    store.cancel(silent.id)

    assert [store.claim_callback(job.id), store.claim_callback(job.id), store.claim_callback(silent.id)] == [
        True, False, False,
    ]  # fmt: skip
