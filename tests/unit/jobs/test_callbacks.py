"""A job's end is told once, whatever comes of it."""

import json
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from posedeck.jobs.callbacks import Callbacks
from posedeck.jobs.store import JobStore, insert_in
from posedeck.net.fetch import FetchError
from posedeck.storage.blobs import open_blobs
from tests.unit.jobs.builders import a_job, migrated

URL = "https://example.org/told?secret=1"


class Listener:
    """Keeps what was delivered; fails if it is told to."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, object]]] = []
        self.fails = False

    def __call__(self, url: str, body: Iterable[bytes], size: int, deadline_s: float) -> None:
        """As a fetcher delivers."""
        data = b"".join(body)
        assert len(data) == size
        self.got.append((url, json.loads(data)))
        if self.fails:
            raise FetchError("the address could not be reached")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStore]:
    """Jobs without a worker."""
    with migrated(tmp_path) as engine:
        yield JobStore(engine)


def keep(store: JobStore, url: str | None = URL) -> str:
    """A waiting Kakao job; its id."""
    job = a_job(kind="kakao-video", callback_url=url)
    with store.database.begin() as connection:
        insert_in(connection, job)
    return job.id


@pytest.mark.parametrize("fails", [False, True])
def test_each_end_is_told_once(store: JobStore, tmp_path: Path, fails: bool, caplog: pytest.LogCaptureFixture) -> None:
    """Success with its result, failure and cancel with the reason; not again, also when nobody took it."""
    listener, blobs = Listener(), open_blobs(tmp_path)
    listener.fails = fails
    callbacks = Callbacks(store, blobs, listener)
    done, failed, cancelled, running, silent = (keep(store, None if name == "silent" else URL) for name in
        ("done", "failed", "cancelled", "running", "silent"))  # fmt: skip
    store.begin(done)
    store.begin(running)
    store.succeed(done, blobs.put(b'{"annotations": []}'), {})
    store.fail(failed, "undecodable", "Failed to get video")
    store.cancel(cancelled)
    store.cancel(silent)
    for _ in range(2):
        callbacks.send_due()

    assert {url for url, _ in listener.got} == {URL}
    assert sorted((body for _, body in listener.got), key=str) == sorted(
        [
            {"job_id": done, "status": "success", "annotations": []},
            {"job_id": failed, "status": "failed", "description": "Failed to get video"},
            {"job_id": cancelled, "status": "failed", "description": "The job was cancelled"},
        ],
        key=str,
    )
    assert "secret" not in caplog.text
    assert ("not taken" in caplog.text) is fails


def test_workers_do_not_tell_twice(store: JobStore, tmp_path: Path) -> None:
    """Eight at once on ten ended jobs."""
    listener, blobs = Listener(), open_blobs(tmp_path)
    ids = [keep(store) for _ in range(10)]
    for job_id in ids:
        store.cancel(job_id)
    workers = [threading.Thread(target=Callbacks(store, blobs, listener).send_due) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(str(body["job_id"]) for _, body in listener.got) == sorted(ids)
