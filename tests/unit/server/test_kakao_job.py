"""``POST /pose/job`` and ``GET /pose/job/{job_id}``: every status, every refusal; the test plays the worker."""

import json
import time
import tracemalloc
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings

from posedeck.contracts import own_jobs
from posedeck.contracts.kakao.job import JOB_PATH, MAX_VIDEO_BYTES, SUBMIT_PATH, parse_job
from posedeck.contracts.own import DEMO_KAKAO_KEY
from posedeck.contracts.tickets import new_upload_ticket, sign_upload
from posedeck.engine.models import ModelsUnavailable
from posedeck.jobs.kakao_answer import KIND, body_of
from posedeck.jobs.queue import QUEUE_LIMIT, JobQueue
from posedeck.net.fetch import Fetcher
from posedeck.storage.token import read_token
from tests.support.people import SAMPLES
from tests.support.scripted_web import ScriptedWeb, answer, no_names
from tests.unit.server.broken_forms import media_types, near_forms
from tests.unit.server.builders import Served, TruthEngine, ready, sample_engine, serving, settings_in

KEY = {"Authorization": f"KakaoAK {DEMO_KAKAO_KEY}"}
OTHER_KEY = {"Authorization": "KakaoAK another-rest-api-key"}
CLIP = (SAMPLES / "soccer_kick.mp4").read_bytes()
GOLDEN = json.loads((Path(__file__).parents[1] / "contracts" / "kakao_job_success.json").read_text("utf-8"))
PUBLIC = "http://93.184.215.14/clip.mp4"


@pytest.fixture(scope="module")
def kakao(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with two apps; its queue is emptied after each test."""
    folder = tmp_path_factory.mktemp("data")
    accounts = folder / "accounts.toml"
    accounts.write_text('[[kakao]]\nrest_api_key = "another-rest-api-key"\n')
    with serving(settings_in(folder, accounts_file=accounts), ready(sample_engine())) as running:
        yield running


@pytest.fixture
def queue(kakao: Served) -> Iterator[JobQueue]:
    """The server's queue, empty at the beginning and at the end."""
    jobs = kakao.server._context.jobs
    yield jobs
    for job in jobs.store.latest(100):
        jobs.delete(job.id)


def submit(kakao: Served, clip: bytes | None = CLIP, **options: Any) -> httpx.Response:
    """Submit a clip as a file of a form, with further fields."""
    files = {"file": ("clip.mp4", clip)} if clip is not None else None
    return kakao("POST", SUBMIT_PATH, headers=options.pop("headers", KEY), files=files, data=options or None)


def read(kakao: Served, job_id: str, headers: dict[str, str] = KEY) -> httpx.Response:
    """Read a job."""
    return kakao("GET", JOB_PATH.replace("{job_id}", job_id), headers=headers)


def refused(response: httpx.Response) -> tuple[int, int]:
    """HTTP status and code of a refusal that has Kakao's form."""
    body = response.json()
    assert list(body) == ["code", "msg"]
    assert body["msg"]
    return response.status_code, body["code"]


def stored_result(frames: int) -> bytes:
    """The published result with that many frames, as a kind stores it."""
    result = {name: GOLDEN[name] for name in ("annotations", "categories", "info", "video")}
    result["annotations"] = [{**GOLDEN["annotations"][frame % 2], "frame_num": frame} for frame in range(frames)]
    return json.dumps(result).encode()


def test_a_clip_is_accepted_and_read_to_its_end(kakao: Served, queue: JobQueue) -> None:
    """All statuses on the way, and the published form at the end."""
    accepted = submit(kakao, smoothing="false")
    assert (accepted.status_code, list(accepted.json())) == (200, ["job_id"])
    job_id = accepted.json()["job_id"]
    assert uuid.UUID(job_id).version == 4

    assert read(kakao, job_id).json() == {"job_id": job_id, "status": "waiting"}
    job = queue.store.begin(job_id)
    assert job is not None
    assert (job.kind, job.params, job.frames_total) == (KIND, {"smoothing": False}, 63)
    assert queue.blobs.get(job.input_blob or "") == CLIP
    assert read(kakao, job_id).json() == {"job_id": job_id, "status": "processing"}
    queue.store.succeed(job_id, queue.blobs.put(stored_result(220)), {})
    done = read(kakao, job_id)

    assert (done.status_code, done.headers["content-type"]) == (200, "application/json")
    assert done.headers["content-length"] == str(len(done.content))
    assert set(done.json()) == set(GOLDEN)
    assert {**done.json(), "job_id": GOLDEN["job_id"], "annotations": []} == {**GOLDEN, "annotations": []}
    tracks = parse_job(done.json()).tracks
    assert tracks is not None
    assert tracks[0].seen.sum() == 220


def test_a_long_result_is_served_without_holding_it(kakao: Served, queue: JobQueue) -> None:
    """Not even once: it goes from the blob to the caller in pieces."""
    job_id = submit(kakao).json()["job_id"]
    queue.store.begin(job_id)
    result = stored_result(20_000)
    queue.store.succeed(job_id, queue.blobs.put(result), {})
    context = kakao.server._context
    job = queue.store.get(job_id)

    tracemalloc.start()
    try:
        body = body_of(job_id, job, context.jobs.blobs)
        sizes = [len(piece) for piece in body.pieces]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert sum(sizes) == body.size > 10_000_000
    assert peak < 5_000_000


@pytest.mark.parametrize(("end", "description"), [("fail", "Failed to get video"), ("cancel", "The job was cancelled")])
def test_a_failed_job_says_why(kakao: Served, queue: JobQueue, end: str, description: str) -> None:
    """HTTP 200 all the same."""
    job_id = submit(kakao).json()["job_id"]
    if end == "fail":
        queue.store.fail(job_id, "undecodable", "Failed to get video")
    else:
        queue.cancel(job_id)
    response = read(kakao, job_id)

    assert response.status_code == 200
    assert response.json() == {"job_id": job_id, "status": "failed", "description": description}


@pytest.mark.parametrize("job_id", ["69a51e1b-60e0-4601-a88a-08e05ba4d326", "x", "%22%5c", "한글"])
def test_what_there_is_not_is_not_found(kakao: Served, job_id: str) -> None:
    """A status, not an HTTP error."""
    response = read(kakao, job_id)

    assert response.status_code == 200
    assert response.json()["status"] == "not found"


def test_another_apps_job_and_another_kind_are_not_found(kakao: Served, queue: JobQueue) -> None:
    """An id that was seen by somebody opens nothing."""
    job_id = submit(kakao).json()["job_id"]

    assert read(kakao, job_id, OTHER_KEY).json()["status"] == "not found"
    assert [submit(kakao, headers=OTHER_KEY).status_code, read(kakao, job_id).json()["status"]] == [200, "waiting"]


def test_a_deleted_result_is_not_found(kakao: Served, queue: JobQueue) -> None:
    """After seven days, or at its owner's wish."""
    job_id = submit(kakao).json()["job_id"]
    queue.delete(job_id)

    assert read(kakao, job_id).json() == {"job_id": job_id, "status": "not found"}


@pytest.mark.parametrize(("text", "smoothing"), [(None, True), ("true", True), ("false", False), ("FALSE", False)])
def test_smoothing(kakao: Served, queue: JobQueue, text: str | None, smoothing: bool) -> None:
    """On unless it is switched off."""
    job_id = submit(kakao, **({} if text is None else {"smoothing": text})).json()["job_id"]
    job = queue.store.get(job_id)

    assert job is not None
    assert job.params == {"smoothing": smoothing}


@pytest.mark.parametrize(
    ("clip", "fields"),
    [
        (None, {"other": "x"}), (b"", {}), (CLIP, {"video_url": PUBLIC}), (CLIP, {"smoothing": "maybe"}),
        (CLIP, {"callback_url": "ftp://example.org/"}), (CLIP, {"callback_url": "http://user@example.org/"}),
        (CLIP, {"callback_url": "http://example.org:8080/"}), (None, {"x_upload": "gone"}),
        (None, {"video_url": "file:///etc/passwd"}), (None, {"video_url": "http://127.0.0.1/clip.mp4"}),
        (None, {"file": "not a file"}),
    ],
)  # fmt: skip
def test_wrong_parameters(kakao: Served, queue: JobQueue, clip: bytes | None, fields: dict[str, str]) -> None:
    """-2 with a sentence, and no job."""
    assert refused(submit(kakao, clip, **fields)) == (400, -2)
    assert queue.store.latest(10) == []


@pytest.mark.parametrize("headers", [{}, {"Authorization": DEMO_KAKAO_KEY}, {"Authorization": "KakaoAK wrong"}])
def test_the_key_is_asked_for(kakao: Served, headers: dict[str, str]) -> None:
    """By both routes, before anything else is looked at."""
    assert refused(submit(kakao, headers=headers)) == (401, -401)
    assert refused(read(kakao, "x", headers)) == (401, -401)


def test_a_clip_over_the_limit_is_refused_and_leaves_nothing(kakao: Served, queue: JobQueue) -> None:
    """The limit is below 50,000,000 bytes."""
    assert refused(submit(kakao, bytes(MAX_VIDEO_BYTES + 1))) == (400, -2)
    assert submit(kakao, bytes(MAX_VIDEO_BYTES)).status_code == 200
    assert list((kakao.server._settings.data_dir / "incoming").iterdir()) == []


def test_what_is_no_video_is_accepted_and_will_fail(kakao: Served, queue: JobQueue) -> None:
    """As the vendor does it: a job's failure is no HTTP error."""
    job_id = submit(kakao, b"no video").json()["job_id"]
    job = queue.store.get(job_id)

    assert job is not None
    assert job.frames_total is None


def test_an_upload_stands_for_the_file(kakao: Served, queue: JobQueue) -> None:
    """A page's clip goes straight to disk, and is named here."""
    token = read_token(kakao.server._settings.data_dir) or ""
    ticket = sign_upload(new_upload_ticket("", time.time()), token)
    uploaded = kakao("PUT", own_jobs.UPLOADS_PATH, params={"ticket": ticket}, content=CLIP).json()["upload"]
    job = queue.store.get(submit(kakao, None, x_upload=uploaded).json()["job_id"])

    assert job is not None
    assert queue.blobs.get(job.input_blob or "") == CLIP
    assert job.frames_total == 63


def test_an_address_is_fetched(tmp_path: Path) -> None:
    """By the guarded fetcher; one that gives no clip is refused."""
    web = ScriptedWeb([answer(CLIP)])
    fetcher = Fetcher(resolve=no_names, sockets=web)
    with serving(settings_in(tmp_path), ready(sample_engine()), fetcher=fetcher) as running:
        job_id = submit(running, None, video_url=PUBLIC).json()["job_id"]
        queue = running.server._context.jobs
        job = queue.store.get(job_id)
        assert job is not None
        assert queue.blobs.get(job.input_blob or "") == CLIP
        assert web.connected == [("93.184.215.14", 80)]


def test_a_full_queue_asks_to_come_back(kakao: Served, queue: JobQueue) -> None:
    """-10 with the time to wait."""
    for _ in range(QUEUE_LIMIT):
        assert submit(kakao, b"no video").status_code == 200
    response = submit(kakao, b"no video")

    assert refused(response) == (429, -10)
    assert response.headers["retry-after"] == "10"
    assert len(queue.store.latest(100)) == QUEUE_LIMIT


def test_before_the_models_are_there(tmp_path: Path) -> None:
    """503; what was submitted before can be read."""

    def never(_: object) -> TruthEngine:
        raise ModelsUnavailable("no network")

    with serving(settings_in(tmp_path), never, wait=False) as starting:
        assert refused(submit(starting)) == (503, -1)
        assert read(starting, "x").json()["status"] == "not found"


@settings(max_examples=60)
@given(media=media_types, body=near_forms)
def test_whatever_is_sent_the_answer_is_kakaos(kakao: Served, media: str, body: bytes) -> None:
    """No stack trace, no page."""
    response = kakao("POST", SUBMIT_PATH, headers={**KEY, "Content-Type": media}, content=body)
    if response.status_code == 200:
        kakao.server._context.jobs.delete(response.json()["job_id"])
    else:
        assert refused(response)[0] == 400
