"""Jobs, uploads and files over HTTP; the queue has no worker here, the test plays it."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posedeck.contracts import own_jobs
from posedeck.contracts.own import TOKEN_HEADER
from posedeck.contracts.tickets import (
    MediaTicket,
    TicketError,
    UploadTicket,
    check_media,
    check_upload,
    new_upload_ticket,
    sign_media,
    sign_upload,
)
from posedeck.jobs.queue import QUEUE_LIMIT, JobQueue, NewJob
from posedeck.storage.token import read_token
from tests.unit.server.builders import Served, ready, sample_engine, serving, settings_in

CLIP = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 300
ORIGIN = "https://deck.example"


@pytest.fixture
def token(served: Served, tmp_path: Path) -> str:
    """What opens our own routes."""
    return read_token(tmp_path) or ""


@pytest.fixture
def own(served: Served, token: str) -> Any:
    """Asks one of our own routes, with the token."""

    def ask(method: str, path: str, **options: Any) -> httpx.Response:
        return served(method, path, headers={TOKEN_HEADER: token, **options.pop("headers", {})}, **options)

    return ask


@pytest.fixture
def queue(served: Served) -> JobQueue:
    """The server's queue."""
    return served.server._context.jobs


def ticketed(token: str, origin: str = "", now: float | None = None) -> str:
    """Path of a fresh upload."""
    ticket = new_upload_ticket(origin, time.time() if now is None else now)
    return f"{own_jobs.UPLOADS_PATH}?ticket={sign_upload(ticket, token)}"


def batch(own: Any, **changes: Any) -> httpx.Response:
    """Submit a job of our own kind."""
    return own("POST", own_jobs.JOBS_PATH, json={"kind": "keypoint-batch", **changes})


def test_an_uploaded_file_becomes_a_jobs_input(served: Served, token: str, own: Any) -> None:
    """Put by ticket alone, named in a job, and read back."""
    uploaded = served("PUT", ticketed(token), content=CLIP)
    assert (uploaded.status_code, uploaded.json()["size"]) == (200, len(CLIP))
    job = batch(own, upload=uploaded.json()["upload"], params={"side": "kakao"}).json()
    assert (job["state"], job["ahead"], job["kind"]) == ("waiting", 0, "keypoint-batch")
    assert job["ready_in_s"] > 0

    clip = served("GET", job["files"]["input"])
    assert (clip.status_code, clip.headers["content-type"], clip.content) == (200, "video/mp4", CLIP)


def test_a_ticket_is_good_for_one_file(served: Served, token: str) -> None:
    """Not for a second one, nor for the same again."""
    path = ticketed(token)

    assert [served("PUT", path, content=CLIP).status_code for _ in range(3)] == [200, 409, 409]


@pytest.mark.parametrize("ticket", ["", "x", "x.y", "W10.W10"])
def test_without_a_ticket_nothing_is_taken(served: Served, ticket: str) -> None:
    """Nor with an invented one."""
    answer = served("PUT", f"{own_jobs.UPLOADS_PATH}?ticket={ticket}", content=CLIP)

    assert (answer.status_code, list(answer.json())) == (401, ["error"])


def test_an_old_ticket_is_refused(served: Served, token: str) -> None:
    """An hour after it was made."""
    assert served("PUT", ticketed(token, now=time.time() - 3601), content=CLIP).status_code == 401


@pytest.mark.parametrize(("size", "status"), [(0, 400), (own_jobs.MAX_UPLOAD_BYTES + 1, 413)])
def test_a_file_of_a_wrong_size_is_refused_and_leaves_nothing(
    served: Served, token: str, tmp_path: Path, size: int, status: int
) -> None:
    """Announced or not, no more than the limit is written; the ticket is still good."""
    path = ticketed(token)

    async def pieces() -> Any:
        for start in range(0, size, 10_000_000):
            yield bytes(min(10_000_000, size - start))

    assert served("PUT", path, content=pieces()).status_code == status
    assert list((tmp_path / "incoming").iterdir()) == []
    assert served("PUT", path, content=CLIP).status_code == 200


def test_only_the_tickets_origin_may_upload_from_elsewhere(served: Served, token: str) -> None:
    """The browser asks first; then it may read the answer, also a refusal."""
    path = ticketed(token, ORIGIN)
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
    allowed = served("OPTIONS", path, headers=asked)
    assert allowed.status_code == 200
    assert [allowed.headers[f"access-control-allow-{name}"] for name in ("origin", "methods", "headers")] == [
        ORIGIN, "PUT", "content-type",
    ]  # fmt: skip
    for content in (CLIP, CLIP):
        assert served("PUT", path, content=content, headers=asked).headers["access-control-allow-origin"] == ORIGIN
    for origin in ("https://evil.example", "null", ""):
        other = served("OPTIONS", path, headers={**asked, "Origin": origin})
        assert not [name for name in other.headers if name.startswith("access-control")]
    assert not [name for name in served("OPTIONS", ticketed(token), headers=asked).headers if "control-a" in name]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/x/jobs"),
        ("POST", "/x/jobs"),
        ("GET", "/x/jobs/1"),
        ("DELETE", "/x/jobs/1"),
        ("POST", "/x/jobs/1/cancel"),
        ("POST", "/x/jobs/1/resume"),
        ("GET", "/x/uploads/1"),
    ],
)
def test_the_token_is_asked_for(served: Served, method: str, path: str) -> None:
    """Without it nothing is shown or done."""
    assert served(method, path).status_code == 401


def test_jobs_are_listed_page_by_page(own: Any, queue: JobQueue) -> None:
    """Newest first, of all kinds or one."""
    kinds = ["kakao-video", "keypoint-batch"] * 2 + ["kakao-video"]
    ids = [queue.submit(NewJob(kind, "somebody")).job.id for kind in kinds]

    first = own("GET", "/x/jobs?limit=3").json()
    second = own("GET", f"/x/jobs?limit=3&before={first['before']!r}").json()
    assert [job["id"] for job in first["jobs"] + second["jobs"]] == ids[::-1]
    assert second["before"] is None
    assert [job["id"] for job in own("GET", "/x/jobs?kind=keypoint-batch").json()["jobs"]] == [ids[3], ids[1]]
    assert [job["ahead"] for job in first["jobs"]] == [4, 3, 2]
    assert "somebody" not in own("GET", "/x/jobs").text


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "before=x"])
def test_wrong_queries(own: Any, query: str) -> None:
    """A sentence that says what they may be."""
    assert own("GET", f"/x/jobs?{query}").status_code == 400


def test_a_job_is_watched_cancelled_and_deleted(own: Any, queue: JobQueue) -> None:
    """As its worker gets on."""
    job_id = batch(own).json()["id"]
    queue.store.begin(job_id)
    queue.store.report(job_id, "people", 30, 60)
    running = own("GET", f"/x/jobs/{job_id}").json()
    assert [running[name] for name in ("state", "stage", "frames_done", "frames_total", "ahead")] == [
        "processing", "people", 30, 60, None,
    ]  # fmt: skip

    for _ in range(2):
        cancelled = own("POST", f"/x/jobs/{job_id}/cancel").json()
        assert (cancelled["state"], cancelled["ready_in_s"]) == ("cancelled", None)
    assert own("DELETE", f"/x/jobs/{job_id}").json() == {"id": job_id}
    assert [own(method, path).status_code for method, path in (
        ("GET", f"/x/jobs/{job_id}"), ("DELETE", f"/x/jobs/{job_id}"), ("POST", f"/x/jobs/{job_id}/cancel"),
    )] == [404, 404, 404]  # fmt: skip


def test_a_failed_job_says_why(own: Any, queue: JobQueue) -> None:
    """For programs and for people."""
    job_id = batch(own).json()["id"]
    queue.store.fail(job_id, "undecodable", "this is no ZIP file")
    job = own("GET", f"/x/jobs/{job_id}").json()

    assert (job["state"], job["error_code"], job["error_text"]) == ("failed", "undecodable", "this is no ZIP file")


def test_the_same_uuid_is_the_same_job(own: Any) -> None:
    """Submitted again after a lost answer, say."""
    assert batch(own, uuid="u").json()["id"] == batch(own, uuid="u").json()["id"] != batch(own).json()["id"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400), (b"[]", 400), (b"\xff", 400), (b'{"kind": "unknown"}', 400), (b'{"kind": "remo-soccer"}', 400),
        (b'{"kind": "keypoint-batch", "uuid": ""}', 400), (b'{"kind": "keypoint-batch", "upload": "gone"}', 409),
        (b'{"kind": "keypoint-batch", "uuid": "%s"}' % (b"u" * 201), 400), (b" " * 1_000_001, 413),
    ],
)  # fmt: skip
def test_wrong_submissions(own: Any, body: bytes, status: int) -> None:
    """Each gets its status and a sentence; a vendor's kind has its own route."""
    answer = own("POST", own_jobs.JOBS_PATH, content=body)

    assert (answer.status_code, list(answer.json())) == (status, ["error"])


def test_a_full_queue_asks_to_come_back(own: Any) -> None:
    """And takes nothing."""
    accepted = [batch(own).status_code for _ in range(QUEUE_LIMIT)]
    refused = batch(own)

    assert set(accepted) == {200}
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
    assert len(own("GET", "/x/jobs").json()["jobs"]) == QUEUE_LIMIT


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, dict[str, str]]]:
    """A server with a finished job, and the job's files."""
    folder = tmp_path_factory.mktemp("data")
    with serving(settings_in(folder), ready(sample_engine())) as running:
        queue = running.server._context.jobs
        job = queue.submit(NewJob("keypoint-batch", "own", input_blob=queue.blobs.put(CLIP))).job
        queue.store.begin(job.id)
        media = {"drawn.mp4": queue.blobs.put(CLIP[::-1]), "page.html": queue.blobs.put(b"<script>")}
        queue.store.succeed(job.id, queue.blobs.put(b'{"people": []}'), media)
        headers = {TOKEN_HEADER: read_token(folder) or ""}
        yield running, running("GET", f"/x/jobs/{job.id}", headers=headers).json()["files"]


def test_a_finished_job_gives_its_files(finished: tuple[Served, dict[str, str]]) -> None:
    """Each with its type; none of them can run anything in the dashboard's name."""
    served, files = finished
    answers = {name: served("GET", path) for name, path in files.items()}

    assert {name: answer.headers["content-type"].partition(";")[0] for name, answer in answers.items()} == {
        "input": "video/mp4", "result": "application/json", "drawn.mp4": "video/mp4", "page.html": "text/html",
    }  # fmt: skip
    assert json.loads(answers["result"].text) == {"people": []}
    assert all("sandbox" in answer.headers["content-security-policy"] for answer in answers.values())


@settings(max_examples=40)
@given(first=st.integers(0, len(CLIP) + 5), length=st.integers(1, len(CLIP) + 5))
def test_ranges(finished: tuple[Served, dict[str, str]], first: int, length: int) -> None:
    """As slices; one that begins behind the end cannot be satisfied."""
    served, files = finished
    answer = served("GET", files["input"], headers={"Range": f"bytes={first}-{first + length - 1}"})
    part = CLIP[first : first + length]

    if part:
        assert (answer.status_code, answer.content) == (206, part)
        assert answer.headers["content-range"] == f"bytes {first}-{first + len(part) - 1}/{len(CLIP)}"
        assert answer.headers["content-length"] == str(len(part))
    else:
        assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(CLIP)}")


@pytest.mark.parametrize(
    ("asked", "status", "content"),
    [
        ("bytes=5-", 206, CLIP[5:]), ("bytes=-5", 206, CLIP[-5:]), (f"bytes=-{len(CLIP) + 9}", 206, CLIP),
        ("bytes=-", 200, CLIP), ("bytes=9-5", 200, CLIP), ("bytes=0-1,5-6", 200, CLIP), ("lines=1-2", 200, CLIP),
        ("bytes=-0", 416, None),
    ],
)  # fmt: skip
def test_other_ways_to_ask(
    finished: tuple[Served, dict[str, str]], asked: str, status: int, content: bytes | None
) -> None:
    """From somewhere on, the last so many; what is not understood gives the whole file."""
    served, files = finished
    answer = served("GET", files["input"], headers={"Range": asked})

    assert answer.status_code == status
    assert content is None or answer.content == content


@pytest.mark.parametrize("change", [lambda path: path[:-2] + "xx", lambda path: "/x/media/x", lambda path: path + "x"])
def test_a_file_without_its_ticket_is_not_there(finished: tuple[Served, dict[str, str]], change: Any) -> None:
    """An invented one says nothing about what there is."""
    served, files = finished

    assert served("GET", change(files["input"])).status_code == 404


@given(job=st.text(), name=st.text(), token=st.text())
def test_tickets_come_back_and_cannot_be_changed(job: str, name: str, token: str) -> None:
    """Each is good for its own purpose and token alone."""
    job, name, token = (text.encode("utf-8", "ignore").decode() for text in (job, name, token))
    media, upload = MediaTicket(job, name), UploadTicket(job, name, 10.0)

    assert check_media(sign_media(media, token), token) == media
    assert check_upload(sign_upload(upload, token), token, 9.0) == upload
    for text, other in ((sign_upload(upload, token), token), (sign_media(media, token), token + "x")):
        with pytest.raises(TicketError):
            check_media(text, other)
    with pytest.raises(TicketError):
        check_upload(sign_upload(upload, token), token, 10.0)
