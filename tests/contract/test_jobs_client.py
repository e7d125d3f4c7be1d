"""The jobs client against our server, over a real socket."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from posedeck.clients.own_jobs import JobsClient
from posedeck.contracts.own_jobs import JobRequest
from posedeck.jobs.queue import QUEUE_LIMIT, JobQueue
from posedeck.net.errors import AnswerRefused, ServiceStarting
from posedeck.net.retry import RetryPolicy
from posedeck.net.transport import Transport
from posedeck.server.app import create_server
from posedeck.storage.token import read_token
from tests.support.loopback import on_loopback
from tests.unit.server.builders import ready, sample_engine, settings_in

KIND = "keypoint-batch"


@dataclass(frozen=True)
class Site:
    """A running server, a client of it, and its queue, in which the test plays the worker."""

    base_url: str
    transport: Transport
    client: JobsClient
    queue: JobQueue


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """One without any jobs."""
    server = create_server(settings_in(tmp_path), ready(sample_engine()))
    with (
        on_loopback(server.app) as base_url,
        Transport("posedeck", policy=RetryPolicy(tries=1)) as transport,
    ):
        client = JobsClient(transport, base_url, read_token(tmp_path))
        yield Site(base_url, transport, client, server._context.jobs)


def test_a_job_from_upload_to_result(site: Site) -> None:
    """Uploaded, submitted twice by one name, watched, read and deleted."""
    client, queue = site.client, site.queue
    uploaded = client.upload(b"pictures")
    request = JobRequest(KIND, {"side": "kakao"}, uploaded.upload, "my job")
    job = client.submit(request)
    assert (client.submit(request).id, job.state, uploaded.size) == (job.id, "waiting", 8)

    queue.store.begin(job.id)
    queue.store.succeed(job.id, queue.blobs.put(b"[]"), {"worst.png": queue.blobs.put(b"png")})
    done = client.job(job.id)
    assert [client.file(done, name) for name in ("input", "result", "worst.png")] == [b"pictures", b"[]", b"png"]
    assert [listed.id for listed in client.jobs().jobs] == [job.id]

    client.delete(job.id)
    assert client.jobs().jobs == []


def test_a_cancelled_job_goes_on_under_another_id(site: Site) -> None:
    """Once: what took its place is not cancelled, and the cancelled one is not there any more."""
    job = site.client.submit(JobRequest(KIND, {}, site.client.upload(b"pictures").upload, "my job"))
    with pytest.raises(AnswerRefused) as early:
        site.client.resume(job.id)
    site.queue.store.begin(job.id)
    site.queue.store.finish_chunk(job.id, 0, site.queue.blobs.put(b"chunk"))
    site.client.cancel(job.id)
    resumed = site.client.resume(job.id)
    with pytest.raises(AnswerRefused) as late:
        site.client.resume(job.id)

    assert (early.value.code, late.value.code) == (409, 404)
    assert (resumed.state, resumed.client_uuid) == ("waiting", "my job")
    assert resumed.id != job.id
    assert [each.id for each in site.client.jobs().jobs] == [resumed.id]
    kept = site.queue.store.get(resumed.id)
    assert kept is not None
    assert len(kept.chunks) == 1


def test_a_job_is_cancelled(site: Site) -> None:
    """Also twice."""
    job = site.client.submit(JobRequest(KIND))

    assert [site.client.cancel(job.id).state for _ in range(2)] == ["cancelled", "cancelled"]


def test_pages_of_jobs_follow_each_other(site: Site) -> None:
    """By what the last page says."""
    ids = [site.client.submit(JobRequest(KIND)).id for _ in range(5)]
    first = site.client.jobs(limit=3, kind=KIND)
    second = site.client.jobs(limit=3, before=first.before, kind=KIND)

    assert [job.id for job in first.jobs + second.jobs] == ids[::-1]
    assert second.before is None


def test_refusals_have_a_sentence_of_their_own(site: Site) -> None:
    """Unknown job, upload that is gone, used or invented ticket, no token."""
    client = site.client
    stranger = JobsClient(site.transport, site.base_url, "wrong")
    for refused, key in (
        (lambda: client.job("a/b"), "error.job.404"),
        (lambda: client.submit(JobRequest(KIND, upload="gone")), "error.job.409"),
        (lambda: client.submit(JobRequest("unknown")), "error.job.400"),
        (lambda: stranger.upload(b"x"), "error.job.401"),
        (lambda: stranger.jobs(), "error.job.401"),
        (lambda: JobsClient(site.transport, site.base_url).upload_path(), "error.job.401"),
    ):
        with pytest.raises(AnswerRefused) as caught:
            refused()
        assert caught.value.message_key == key


def test_a_full_queue_says_when_to_come_back(site: Site) -> None:
    """In seconds."""
    for _ in range(QUEUE_LIMIT):
        site.client.submit(JobRequest(KIND))

    with pytest.raises(ServiceStarting) as caught:
        site.client.submit(JobRequest(KIND))
    assert caught.value.retry_after_s == 10


def test_a_part_of_a_file_comes_with_the_size_of_the_whole(site: Site) -> None:
    """From its start, from its end, and beyond it."""
    client = site.client
    job = client.submit(JobRequest(KIND, {}, client.upload(b"0123456789").upload))
    assert client.file_part(job, "input", 2, 3) == (b"234", 10)
    assert client.file_part(job, "input", -4, 4) == (b"6789", 10)
    assert client.file_part(job, "input", 8, 100) == (b"89", 10)
    with pytest.raises(KeyError):
        client.file_part(job, "result", 0, 1)
