"""The soccer routes through the server's own app: accepted once, charged once, read in every state."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from posedeck.contracts.own import DEMO_ACCOUNT, DEMO_CREDIT
from posedeck.contracts.remo import soccer
from posedeck.contracts.remo.soccer import parse_angle, parse_result, parse_score
from posedeck.jobs.job import Job
from posedeck.jobs.kind import Fault
from posedeck.jobs.queue import JobQueue
from posedeck.pose.kick.analysis import KickAnalysis, analyse, encode_analysis
from tests.support.kick import SAMPLES, SIZE_PX, ball_at, track_at, true_kick
from tests.unit.server.builders import Served, ready, sample_engine, serving, settings_in

EMAIL, USER_KEY, API_KEY = DEMO_ACCOUNT
CLIP = (SAMPLES / "soccer_kick.mp4").read_bytes()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all: its first submission takes some seconds."""
    with serving(settings_in(tmp_path_factory.mktemp("soccer")), ready(sample_engine())) as running:
        yield running


@pytest.fixture(scope="module")
def analysis() -> KickAnalysis:
    times = true_kick().times_s
    return analyse(track_at(times), ball_at(times), 174.8, SIZE_PX)


def queue_of(served: Served) -> JobQueue:
    return served.server._context.jobs


def ask(**changes: Any) -> dict[str, Any]:
    body = {
        "Email": EMAIL,
        "UserKey": USER_KEY,
        "APIKey": API_KEY,
        "base64_video": base64.b64encode(CLIP).decode(),
        "height": "174.8",
        "uuid": "kick",
    } | changes
    return {name: value for name, value in body.items() if value is not None}


def submit(served: Served, **changes: Any) -> Any:
    return served("POST", soccer.SUBMIT_PATH, json=ask(**changes))


def read(served: Served, uuid: str, path: str = soccer.RESULT_PATH) -> Any:
    return served("POST", path, json={"id": EMAIL, "uuid": uuid})


def job_of(served: Served, uuid: str) -> Job:
    job = queue_of(served).store.find("remo-soccer", EMAIL, uuid)
    assert job is not None
    return job


def balance(served: Served) -> int:
    return served.server._context.accounts.authenticate(*DEMO_ACCOUNT)


def test_a_submit_is_accepted_charged_once_and_known_again(served: Served) -> None:
    before = balance(served)

    first, again = (
        submit(served, uuid="once"),
        submit(served, uuid="once", base64_video=base64.b64encode(b"other").decode()),
    )

    assert first.status_code == 200
    body = first.json()
    assert (body["state"], body["file_exist"], body["uuid"], body["credit"]) == (1, False, "once", 4)
    assert body["x_balance"] == before - 4 == balance(served)
    assert soccer.MIN_WAIT_S <= body["wait_time"] <= soccer.MAX_WAIT_S
    assert (again.json()["file_exist"], again.json()["x_job"]) == (True, body["x_job"])
    job = job_of(served, "once")
    assert (job.frames_total, job.params, job.cost) == (63, {"height_cm": 174.8}, 4)
    assert queue_of(served).blobs.get(job.input_blob or "") == CLIP


def test_an_upload_stands_for_the_clip(served: Served, tmp_path: Path) -> None:
    path = tmp_path / "clip"
    path.write_bytes(CLIP)
    served.server._context.uploads.keep("an-upload", path)
    assert submit(served, uuid="by-upload", base64_video=None, x_upload="an-upload").status_code == 200
    assert queue_of(served).blobs.get(job_of(served, "by-upload").input_blob or "") == CLIP
    missing = submit(served, uuid="no-upload", base64_video=None, x_upload="another")
    assert (missing.status_code, "upload the clip again" in missing.json()["message"]) == (412, True)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"uuid": ""}, 411),
        ({"height": None}, 411),
        ({"base64_video": None}, 411),
        ({"base64_video": ""}, 411),
        ({"base64_video": 7}, 412),
        ({"height": [170]}, 400),
        ({"uuid": "u" * 201}, 400),
        ({"Email": "nobody@example.org"}, 420),
        ({"UserKey": "wrong"}, 420),
        ({"APIKey": "wrong"}, 421),
        ({"height": "79"}, 412),
        ({"height": "tall"}, 412),
        ({"base64_video": "not base64!"}, 412),
        ({"base64_video": base64.b64encode(b"no video").decode()}, 412),
    ],
)
def test_refusals_come_with_their_code_and_cost_nothing(served: Served, changes: dict[str, Any], code: int) -> None:
    before = balance(served)
    answer = submit(served, **({"uuid": "refused"} | changes))
    body = answer.json()
    assert (answer.status_code, body["status"], body["status_code"], body["state"]) == (code, code, code, False)
    assert body["credit_change"] == 0
    assert balance(served) == before
    assert queue_of(served).store.find("remo-soccer", EMAIL, "refused") is None


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"uuid": "\xff"}', b"[" * 5000])
def test_what_is_not_json_is_refused(served: Served, body: bytes) -> None:
    answer = served("POST", soccer.SUBMIT_PATH, content=body)
    assert (answer.status_code, answer.json()["status"]) == (400, 400)


def test_a_clip_outside_the_limits_says_which(served: Served) -> None:
    cut = submit(served, uuid="cut", base64_video=base64.b64encode(CLIP[: len(CLIP) // 2]).decode())
    assert cut.status_code == 412


def test_a_body_over_the_limit_is_refused_unread(served: Served) -> None:
    headers = {"Content-Length": str(soccer.MAX_BODY_BYTES + 1)}
    answer = served("POST", soccer.SUBMIT_PATH, content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["status"], answer.json()["state"]) == (413, 412, False)


def test_without_credit_nothing_is_accepted_and_a_known_job_still_is(served: Served) -> None:
    submit(served, uuid="known")
    accounts = served.server._context.accounts
    accounts.set_credit(EMAIL, 3)
    try:
        poor = submit(served, uuid="poor")
        assert (poor.status_code, poor.json()["credit"]) == (422, 3)
        assert submit(served, uuid="known").json()["file_exist"] is True
    finally:
        accounts.set_credit(EMAIL, DEMO_CREDIT)


def test_a_full_queue_refuses_and_says_when_to_come_back(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_of(served), "_limit", 0)
    before = balance(served)
    answer = submit(served, uuid="late")
    assert (answer.status_code, answer.json()["status"]) == (503, 559)
    assert int(answer.headers["retry-after"]) > 0
    assert balance(served) == before


def test_a_job_is_read_in_every_state(served: Served, analysis: KickAnalysis, tmp_path: Path) -> None:
    submit(served, uuid="read")
    store, blobs = queue_of(served).store, queue_of(served).blobs
    job = job_of(served, "read")

    waiting = read(served, "read")
    assert (waiting.status_code, waiting.json()["status"]) == (534, 534)
    assert (waiting.json()["x_job"]["id"], waiting.json()["x_job"]["state"]) == (job.id, "waiting")

    store.begin(job.id)
    store.report(job.id, "track", 12, 63)
    running = read(served, "read").json()["x_job"]
    assert (running["stage"], running["frames_done"], running["frames_total"]) == ("track", 12, 63)

    store.succeed(job.id, blobs.put(encode_analysis(analysis)), {"drawn.mp4": blobs.put(b"drawn")})
    result = read(served, "read")
    assert result.status_code == 200
    assert parse_result(result.json()).analysis == analysis
    assert parse_score(read(served, "read", soccer.SCORE_PATH).json()).total == analysis.total_score
    assert len(parse_angle(read(served, "read", soccer.ANGLE_PATH).json())["Pelvis"]) == 63
    drawn = read(served, "read", soccer.DRAW_PATH).json()
    assert base64.b64decode(drawn["base64_video"]) == b"drawn"
    by_path = served("POST", f"{soccer.RESULT_PATH}/{EMAIL}/read")
    assert by_path.json() == result.json()


@pytest.mark.parametrize(
    ("fault", "code"),
    [(Fault.NOBODY, 511), (Fault.TRACKED_TOO_SHORT, 512), (Fault.CRASHED, 520), ("no_kick", 520)],
)
def test_a_failed_job_is_final_refunded_and_may_be_sent_again(served: Served, fault: str, code: int) -> None:
    before, uuid = balance(served), f"failed-{fault}"
    submit(served, uuid=uuid)
    queue_of(served).store.fail(job_of(served, uuid).id, fault, "why it failed")
    answer = read(served, uuid)
    assert (answer.status_code, answer.json()["status"]) == (code, code)
    assert balance(served) == before
    again = submit(served, uuid=uuid)
    assert (again.json()["file_exist"], again.json()["credit"]) == (False, 4)
    assert read(served, uuid).status_code == 534


def test_an_unknown_uuid_and_another_account_see_nothing(served: Served) -> None:
    submit(served, uuid="mine")
    assert read(served, "nobody-knows").json()["status"] == 533
    other = served("POST", soccer.RESULT_PATH, json={"id": "other@example.org", "uuid": "mine"})
    assert other.status_code == 533


@pytest.mark.parametrize(("body", "code"), [({"id": EMAIL}, 411), ({"id": 3, "uuid": "u"}, 400), ([], 400)])
def test_a_read_without_its_fields_is_refused(served: Served, body: Any, code: int) -> None:
    answer = served("POST", soccer.SCORE_PATH, content=json.dumps(body).encode())
    assert (answer.status_code, answer.json()["status"]) == (code, code)


def test_the_misnamed_path_names_the_right_one(served: Served) -> None:
    answer = served("POST", soccer.MISNAMED_PATH, json=ask())
    assert (answer.status_code, soccer.SUBMIT_PATH in answer.json()["message"]) == (400, True)
