"""A clip that the browser uploaded to our server goes on to a live vendor, though the two share no data folder."""

import base64
import json
import os
import tracemalloc
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from posedeck.clients.kakao_job import KakaoJobClient
from posedeck.clients.own_jobs import JobsClient
from posedeck.clients.remo import RemoCredentials
from posedeck.clients.remo_soccer import SoccerClient
from posedeck.net.errors import AnswerRefused
from posedeck.net.multipart import read_parts
from posedeck.net.transport import Transport
from posedeck.server.app import create_server
from posedeck.services.uploaded_clip import spooled_upload
from posedeck.storage.token import read_token
from tests.support.loopback import on_loopback
from tests.support.vendor import scripted_vendor
from tests.unit.server.builders import ready, sample_engine, settings_in

UPLOAD, SIZE = "3f0d4a46-7a57-4a3a-8f0a-0a8d3b6f8f5e", 30_000_001
#: What may be held at once: a part of the file, as it came and as it is recorded, and room to spare.
HELD_BYTES = 16_000_000


class Received:
    """What the vendor gets: its body goes to disk, so that only our side is measured."""

    def __init__(self, path: Path, answer: object) -> None:
        self.path = path
        self.content_type = ""
        self._answer = answer

    def __call__(self, request: BaseHTTPRequestHandler) -> tuple[int, object]:
        self.content_type = request.headers["Content-Type"]
        left = int(request.headers["Content-Length"])
        with self.path.open("wb") as file:
            while left:
                left -= file.write(request.rfile.read(min(left, 65_536)))
        return 200, self._answer


@pytest.fixture(scope="module")
def clip() -> bytes:
    return os.urandom(SIZE)


@pytest.fixture
def jobs(tmp_path: Path, clip: bytes) -> Iterator[JobsClient]:
    """The dashboard's client of a server with a data folder of its own, which took the upload."""
    folder = tmp_path / "server"
    folder.mkdir()
    server = create_server(settings_in(folder), ready(sample_engine()))
    with on_loopback(server.app) as url, Transport("posedeck") as transport:
        sent = tmp_path / "sent"
        sent.write_bytes(clip)
        server._context.uploads.keep(UPLOAD, sent)
        sent.unlink()
        yield JobsClient(transport, url, read_token(folder))


def test_remo_gets_the_clip_whole_and_nobody_holds_it(jobs: JobsClient, tmp_path: Path, clip: bytes) -> None:
    answer = {"state": 1, "wait_time": 11, "file_exist": False, "uuid": "a-number", "message": "success", "credit": 4}
    vendor = Received(tmp_path / "body", answer)
    with scripted_vendor(vendor) as url, Transport("remo") as transport:
        tracemalloc.start()
        with spooled_upload(jobs, UPLOAD) as file:
            client = SoccerClient(transport, url)
            reply = client.submit(RemoCredentials("me@example.com", "user", "api"), file, 170.0, "a-number")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert reply.answer.uuid == "a-number"
    assert not file.exists()
    assert base64.b64decode(json.loads(vendor.path.read_bytes())["base64_video"]) == clip
    assert peak < HELD_BYTES


def test_kakao_gets_it_as_a_form(jobs: JobsClient, tmp_path: Path, clip: bytes) -> None:
    vendor = Received(tmp_path / "body", {"job_id": "theirs"})
    with scripted_vendor(vendor) as url, Transport("kakao") as transport:
        tracemalloc.start()
        with spooled_upload(jobs, UPLOAD) as file:
            job_id = KakaoJobClient(transport, url).submit("a-rest-api-key", file, smoothing=False)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    parts = read_parts(vendor.content_type, vendor.path.read_bytes())
    assert job_id == "theirs"
    assert parts is not None
    assert [(part.name, part.filename) for part in parts] == [("smoothing", None), ("file", "clip.mp4")]
    assert (parts[0].data, parts[1].data) == (b"false", clip)
    assert peak < HELD_BYTES


def test_an_upload_that_was_swept_is_missing_and_a_wrong_token_opens_nothing(jobs: JobsClient) -> None:
    with pytest.raises(FileNotFoundError), spooled_upload(jobs, "another"):
        pass
    jobs._own._token = "wrong"
    with pytest.raises(AnswerRefused), spooled_upload(jobs, UPLOAD):
        pass
