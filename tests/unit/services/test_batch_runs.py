"""A batch as one run: its pictures, answers and annotations kept once, and opened again without its job."""

import io
import json
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from posedeck.contracts.own_batch import BatchResult
from posedeck.contracts.own_jobs import JobView
from posedeck.net.errors import ConnectFailed
from posedeck.net.transport import Transport
from posedeck.runs.query import RunQuery
from posedeck.services.batch_runs import PAGE, batch_of_job, record_batch, reopen_batch
from posedeck.services.keypoint_batch import batch_csv
from posedeck.services.reviewer_pack import reviewer_pack
from posedeck.services.run_wording import answered_by, headline, run_place
from posedeck.texts import LANGUAGES, load_texts
from tests.support.archive import archive
from tests.support.people import SAMPLES
from tests.unit.pose.agreement.builders import group
from tests.unit.services.test_job_wording import job as some_job
from tests.unit.services.test_keypoint_batch import picture, result
from tests.unit.services.test_keypoint_runs import Archive

PICTURE = (SAMPLES / "group3.jpg").read_bytes()
TRUTH = b'{"images": [], "annotations": []}'
JOB = msgspec.structs.replace(
    some_job("keypoint-batch"),
    id="0d7c8b3a-58a5-4d29-9a4e-3f1f0b7d9a11",
    ended_at=1_800_000_000.0,
    files={name: f"/x/media/{name}" for name in ("input", "result", "truth.json")},
)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Archive]:
    with archive(tmp_path) as opened:
        yield opened


class Server:
    """The files of one job, and how often each was asked for."""

    def __init__(self, batch: BatchResult) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as packed:
            for entry in batch.pictures:
                packed.writestr(entry.name, PICTURE)
        self.files = {"input": buffer.getvalue(), "result": msgspec.json.encode(batch), "truth.json": TRUTH}
        self.asked: list[str] = []

    def file(self, job: JobView, name: str) -> bytes:
        self.asked.append(name)
        return self.files[name]

    def file_part(self, job: JobView, name: str, start: int, length: int) -> tuple[bytes, int]:
        self.asked.append(name)
        data = self.files[name]
        part = data[start:] if start < 0 else data[start : start + length]
        return part, len(data)


@pytest.fixture
def server() -> Any:
    people = group()
    return Server(result(picture("a/same.jpg", people, people), picture("a/lost.jpg", people, people[1:])))


def test_a_batch_opens_again_without_its_job_and_without_a_call(
    kept: Archive, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, recorder = kept
    run = record_batch(recorder, server, JOB, "http://127.0.0.1")
    assert run is not None
    of_job = batch_of_job(server, JOB)
    before = of_job.photo("a/lost.jpg")

    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("a call was made")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(Transport, "send", refuse)
    server.files.clear()
    again = reopen_batch(store, store.get(run.id).run)

    assert batch_csv(again.result) == batch_csv(of_job.result)
    assert again.ended_at == of_job.ended_at
    assert again.photo("a/lost.jpg").data == before.data == PICTURE
    assert again.read_truth is not None
    assert again.read_truth() == TRUTH
    assert again.run_id == run.id


def test_it_is_kept_once_whoever_looks_at_it(kept: Archive, server: Any) -> None:
    store, recorder = kept
    first = record_batch(recorder, server, JOB)
    asked = len(server.asked)
    second = record_batch(recorder, server, JOB)

    assert first is not None
    assert second is not None
    assert first.id == second.id
    assert len(server.asked) == asked
    assert store.search(RunQuery(page=PAGE)).total == 1
    store.erase([first.id])
    assert record_batch(recorder, server, JOB) is not None, "who looks at it again keeps it again"


def test_a_batch_that_cannot_be_fetched_leaves_nothing_behind(kept: Archive, server: Any) -> None:
    def gone(*_: object) -> bytes:
        raise ConnectFailed("refused", vendor="posedeck")

    server.file_part = gone
    with pytest.raises(ConnectFailed):
        record_batch(kept[1], server, JOB)
    assert kept[0].search(RunQuery()).total == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_found_by_either_vendor_and_said_in_words(kept: Archive, server: Any, language: str) -> None:
    store, recorder = kept
    record_batch(recorder, server, JOB)
    t = load_texts(language)
    for vendor in ("kakao", "nhn"):
        (row,) = store.search(RunQuery(vendor=vendor, page=PAGE)).rows
        assert answered_by(row, t).startswith("Kakao + NHN Cloud")
        assert "2" in headline(row, t)
    assert store.search(RunQuery(vendor="remo")).total == 0
    assert run_place(PAGE) == ("keypoints", {"view": "batch"})


def test_it_goes_into_a_pack_with_its_table(kept: Archive, server: Any) -> None:
    store, recorder = kept
    run = record_batch(recorder, server, JOB)
    assert run is not None
    with zipfile.ZipFile(io.BytesIO(reviewer_pack(store, [run.id], "en"))) as pack:
        files = {name.rpartition("/")[2]: pack.read(name) for name in pack.namelist()}
    assert files["joints.csv"] == batch_csv(reopen_batch(store, run).result)
    assert json.loads(files["result.json"])["left_vendor"] == "kakao"
    assert files["truth.json"] == TRUTH


def test_deleting_it_takes_its_pictures_along(kept: Archive, server: Any) -> None:
    store, recorder = kept
    run = record_batch(recorder, server, JOB)
    assert run is not None
    store.erase([run.id])
    assert not list(store._blobs.keys())
