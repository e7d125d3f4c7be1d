"""Kakao's job client and use-case against our server over a real socket, up to a real result by a real worker."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from posedeck.clients.kakao_job import KakaoJobClient, UploadName
from posedeck.clients.own_jobs import JobsClient
from posedeck.contracts.own import DEMO_KAKAO_KEY
from posedeck.jobs.queue import QUEUE_LIMIT, JobQueue
from posedeck.net.errors import AmbiguousOutcome, AnswerRefused, InvalidCall, ServiceEnded, Throttled, UnparseableAnswer
from posedeck.net.retry import RetryPolicy
from posedeck.net.transport import Transport
from posedeck.pose.skeleton import COCO_17
from posedeck.server.app import create_server
from posedeck.services.kakao_clips import ClipAnswer, ClipEnded, ClipPending, SubmittedClip, fetch_clip, submit_clip
from posedeck.services.sources import Source
from posedeck.storage.token import read_token
from tests.support.loopback import on_loopback
from tests.support.people import SAMPLES
from tests.unit.clients.builders import Vendor
from tests.unit.server.builders import ready, sample_engine, settings_in

CLIP = SAMPLES / "soccer_kick.mp4"
GOLDEN = (Path(__file__).parents[1] / "unit" / "contracts" / "kakao_job_success.json").read_bytes()
JOB_ID = "69a51e1b-60e0-4601-a88a-08e05ba4d326"


@dataclass(frozen=True)
class Site:
    """A running server without a worker, its queue, and clients of it."""

    base_url: str
    queue: JobQueue
    client: KakaoJobClient
    jobs: JobsClient

    def submit(self, clip: Path | UploadName | str = CLIP, smoothing: bool = True) -> SubmittedClip:
        """A clip of the demo app, submitted."""
        where = {"source": Source.LOCAL, "base_url": self.base_url}
        return submit_clip(self.client, DEMO_KAKAO_KEY, clip, smoothing=smoothing, now=1000.0, **where)  # type: ignore[arg-type]

    def fetch(self, job_id: str) -> ClipAnswer | ClipPending | ClipEnded:
        """Where it is."""
        return fetch_clip(self.client, DEMO_KAKAO_KEY, job_id, source=Source.LOCAL, base_url=self.base_url)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """One with an empty queue; the test plays the worker."""
    server = create_server(settings_in(tmp_path), ready(sample_engine()))
    with on_loopback(server.app) as base_url, Transport("kakao", policy=RetryPolicy(tries=1)) as transport:
        jobs = JobsClient(transport, base_url, read_token(tmp_path))
        yield Site(base_url, server._context.jobs, KakaoJobClient(transport, base_url), jobs)


def test_a_clip_from_submit_to_result(site: Site) -> None:
    """By file or by upload; every state on the way."""
    submitted = site.submit(UploadName(site.jobs.upload(CLIP.read_bytes()).upload), smoothing=False)
    job = site.queue.store.get(submitted.job_id)
    assert job is not None
    assert (job.params, site.queue.blobs.get(job.input_blob or "")) == ({"smoothing": False}, CLIP.read_bytes())
    assert site.fetch(job.id) == ClipPending("waiting")
    site.queue.store.begin(job.id)
    assert site.fetch(job.id) == ClipPending("processing")
    result = {name: value for name, value in json.loads(GOLDEN).items() if name not in ("job_id", "status")}
    site.queue.store.succeed(job.id, site.queue.blobs.put(json.dumps(result).encode()), {})
    answer = site.fetch(job.id)

    assert isinstance(answer, ClipAnswer)
    assert (answer.job_id, answer.video.frames, list(answer.tracks)) == (job.id, 220, [0])
    assert answer.tracks[0].skeleton is COCO_17
    np.testing.assert_allclose(answer.tracks[0].point("nose")[0], [577.36, 645.85])


def test_a_job_without_a_result_ends_with_its_reason(site: Site) -> None:
    """Failed, or not there."""
    job_id = site.submit().job_id
    site.queue.store.fail(job_id, "undecodable", "Failed to get video")

    assert site.fetch(job_id) == ClipEnded("failed", "Failed to get video")
    assert site.fetch("no such job") == ClipEnded("not found", None)


def test_refusals_come_with_their_code(site: Site) -> None:
    """A wrong key, an address inside, a full queue."""
    with pytest.raises(AnswerRefused) as caught:
        site.client.submit("wrong", CLIP)
    assert (caught.value.code, caught.value.message_key) == (-401, "error.kakao.-401")
    with pytest.raises(AnswerRefused) as caught:
        site.submit("http://127.0.0.1/clip.mp4")
    assert caught.value.code == -2
    with pytest.raises(InvalidCall):
        site.client.read(" ", "x")
    for _ in range(QUEUE_LIMIT):
        site.submit(CLIP)
    with pytest.raises((AnswerRefused, Throttled)):
        site.submit(CLIP)


def test_the_published_answers_are_read() -> None:
    """Of the submit, as in the vendor's screenshot, and of the read."""
    submit, read = Vendor({"job_id": JOB_ID}), Vendor(json.loads(GOLDEN))

    assert KakaoJobClient(submit.transport).submit("key", CLIP, callback_url="https://a.example/") == JOB_ID
    assert submit.uploaded() == ("file", "clip.mp4", "video/mp4", CLIP.read_bytes())
    assert b"https://a.example/" in submit.request.content
    assert submit.request.headers["authorization"] == "KakaoAK key"
    assert KakaoJobClient(read.transport).read("key", JOB_ID).answer.status == "success"
    assert read.request.url.path == f"/pose/job/{JOB_ID}"


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"code": -9, "msg": "API terminated"}, 400, ServiceEnded),
        ({"code": -401, "msg": "Not authorized with provided app key"}, 401, AnswerRefused),
        ({"job_id": 5}, 200, UnparseableAnswer),
        ({"status": "success"}, 200, UnparseableAnswer),
        ([], 200, UnparseableAnswer),
    ],
)
def test_other_answers(body: object, status: int, error: type[Exception]) -> None:
    """Each is what it says, by both calls."""
    client = KakaoJobClient(Vendor(body, status).transport)
    # What is no answer to a submit leaves open whether the job exists.
    with pytest.raises((error, AmbiguousOutcome)):
        client.submit("key", CLIP)
    with pytest.raises(error):
        client.read("key", JOB_ID)


def test_a_real_worker_makes_a_real_result(tmp_path: Path) -> None:
    """The sample kick: one person, in nearly every frame."""
    server = create_server(replace(settings_in(tmp_path), worker=True), ready(sample_engine()))
    with on_loopback(server.app) as base_url, Transport("kakao") as transport:
        site = Site(base_url, server._context.jobs, KakaoJobClient(transport, base_url), JobsClient(transport, ""))
        submitted = site.submit()
        end = time.monotonic() + 120
        while isinstance(answer := site.fetch(submitted.job_id), ClipPending) and time.monotonic() < end:
            time.sleep(0.2)

    assert isinstance(answer, ClipAnswer)
    assert (answer.video.frames, len(answer.tracks)) == (63, 1)
    assert answer.tracks[0].seen.mean() > 0.9
