"""Remo's kick analysis as the client sends and reads it."""

import base64
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from posedeck.clients.remo import RemoCredentials, RemoRefused
from posedeck.clients.remo_soccer import NotReady, Reply, SoccerClient
from posedeck.contracts.folding import describe_bytes
from posedeck.contracts.remo import soccer
from posedeck.contracts.remo.soccer_errors import FINAL_CODES, MESSAGES, WAIT_CODES, SoccerCode
from posedeck.net.errors import AmbiguousOutcome, ServiceStarting, UnparseableAnswer
from posedeck.net.redact import MASK
from posedeck.net.retry import RetryPolicy
from posedeck.net.transport import Transport
from posedeck.texts import LANGUAGES, load_texts
from tests.unit.clients.builders import Vendor

CREDENTIALS = RemoCredentials("me@example.com", "user", "api")
GOLDEN = Path(__file__).parents[1] / "contracts"


def golden(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((GOLDEN / f"remo_soccer_{name}.json").read_text("utf-8"))
    return body


def refusal(code: int) -> dict[str, Any]:
    return {"state": False, "credit": 96, "message": MESSAGES[SoccerCode(code)], "status": code}


def test_a_clip_is_sent_whole_in_pieces_and_read_as_one_base64_text(tmp_path: Path) -> None:
    clip = tmp_path / "kick.mp4"
    data = bytes(range(256)) * 4000 + b"x"
    clip.write_bytes(data)
    vendor = Vendor(golden("submit"))

    reply = SoccerClient(vendor.transport, "https://vendor.test").submit(CREDENTIALS, clip, 174.5, "u-1")

    sent = json.loads(vendor.request.content)
    assert base64.b64decode(sent.pop("base64_video"), validate=True) == data
    expected = {"Email": "me@example.com", "UserKey": "user", "APIKey": "api", "height": "174.5", "uuid": "u-1"}
    assert sent == expected
    assert vendor.request.headers["content-length"] == str(len(vendor.request.content))
    assert (reply.answer.wait_s, reply.answer.cost) == (11, 4)
    assert reply.exchange.record is not None
    told = reply.exchange.record.request.value
    assert told["base64_video"] == {"base64": describe_bytes(data)}
    assert list(told.values()).count(MASK) == 3


def test_an_upload_is_named_instead() -> None:
    vendor = Vendor(golden("submit"))
    SoccerClient(vendor.transport, "https://vendor.test").submit(CREDENTIALS, "upload-7", 170, "u-1")
    sent = json.loads(vendor.request.content)
    assert (sent["x_upload"], sent["height"]) == ("upload-7", "170")
    assert "base64_video" not in sent


def test_a_submit_that_broke_off_is_never_sent_again() -> None:
    """Money may be spent: one request, then the user is asked."""
    requests = []

    def break_off(request: httpx.Request) -> httpx.Response:
        request.read()
        requests.append(request)
        raise httpx.ReadError("gone")

    transport = Transport("remo", inner=httpx.MockTransport(break_off), policy=RetryPolicy(tries=4))
    with pytest.raises(AmbiguousOutcome):
        SoccerClient(transport, "https://vendor.test").submit(CREDENTIALS, "upload-7", 170, "u-1")
    assert len(requests) == 1


@pytest.mark.parametrize("layout", ["metric_first", "phase_first"])
def test_a_finished_result_is_read_in_both_layouts(layout: str) -> None:
    vendor = Vendor(golden(f"result_{layout}"))
    reply = SoccerClient(vendor.transport, "https://vendor.test").result("me@example.com", "u-1")
    assert json.loads(vendor.request.content) == {"id": "me@example.com", "uuid": "u-1"}
    assert isinstance(reply, Reply)
    assert reply.answer.values["kick_right_hip_x", "impact"] == 185.95


@pytest.mark.parametrize("code", sorted(WAIT_CODES))
@pytest.mark.parametrize("by_status", [True, False])
def test_a_job_that_runs_or_is_unknown_is_waited_for(code: int, by_status: bool) -> None:
    """The code comes as HTTP status, or in the body under HTTP 200; both have been seen."""
    vendor = Vendor(refusal(code), status=code if by_status else 200)
    reply = SoccerClient(vendor.transport, "https://vendor.test").result("me@example.com", "u-1")
    assert isinstance(reply, NotReady)
    assert (reply.code, reply.message, reply.progress) == (code, MESSAGES[SoccerCode(code)], None)


def test_our_server_tells_how_far_it_is() -> None:
    job = {"id": "j", "state": "processing", "stage": "track", "frames_done": 12, "frames_total": 63}
    vendor = Vendor(refusal(534) | {"x_job": job}, status=534)
    reply = SoccerClient(vendor.transport, "https://vendor.test").result("me@example.com", "u-1")
    assert isinstance(reply, NotReady)
    assert reply.progress is not None
    assert (reply.progress.frames_done, reply.progress.frames_total) == (12, 63)


@pytest.mark.parametrize("code", sorted(FINAL_CODES))
@pytest.mark.parametrize("by_status", [True, False])
def test_a_job_that_failed_for_good_is_final(code: int, by_status: bool) -> None:
    vendor = Vendor(refusal(code), status=code if by_status else 200)
    with pytest.raises(RemoRefused) as caught:
        SoccerClient(vendor.transport, "https://vendor.test").result("me@example.com", "u-1")
    assert (caught.value.code, caught.value.message_key) == (code, f"error.remo.soccer.{code}")
    assert caught.value.retry_safe is False


def test_a_full_queue_is_told_apart_from_a_refusal() -> None:
    vendor = Vendor(refusal(559), status=503, headers={"Retry-After": "7"})
    with pytest.raises(ServiceStarting) as caught:
        SoccerClient(vendor.transport, "https://vendor.test").submit(CREDENTIALS, "upload-7", 170, "u-1")
    assert caught.value.retry_after_s == 7


@pytest.mark.parametrize("body", [{"hello": 1}, [], {"state": True, "message": "success"}])
def test_what_is_no_result_is_refused(body: Any) -> None:
    vendor = Vendor(body)
    with pytest.raises(UnparseableAnswer):
        SoccerClient(vendor.transport, "https://vendor.test").result("me@example.com", "u-1")


@pytest.mark.parametrize(
    ("path", "body", "parse"),
    [
        (soccer.SCORE_PATH, {"stepping_knee_x": {"impact": 8}, "total_score": 85}, soccer.parse_score),
        (soccer.ANGLE_PATH, {name: [[1, None, 3]] for name in soccer.LINE_NAMES}, soccer.parse_angle),
        (soccer.DRAW_PATH, {"base64_video": base64.b64encode(b"mp4").decode()}, soccer.parse_draw),
        (soccer.DRAW_PATH, {"base64_video": "damaged!"}, None),
    ],
)
def test_the_other_reads_come_as_they_are(path: str, body: dict[str, Any], parse: Any) -> None:
    """Odd ones too: the audits say what is wrong with them."""
    reply = SoccerClient(Vendor(body).transport, "https://vendor.test").read(path, "a", "u")
    assert isinstance(reply, Reply)
    assert reply.answer == body
    if parse is not None:
        assert parse(reply.answer)


@pytest.mark.parametrize("code", sorted(SoccerCode))
def test_each_code_has_its_sentence_in_both_languages(code: int) -> None:
    assert all(f"error.remo.soccer.{code}" in load_texts(language) for language in LANGUAGES)
