"""The audits of submit, score, angles and drawn clip: quiet on our own answers, each fault by its name."""

import base64
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from posedeck.contracts.finding import AuditReport
from posedeck.contracts.remo.audit_soccer_reads import audit_angle, audit_draw, audit_score, audit_submit
from posedeck.contracts.remo.soccer import SubmitSuccess, write_angle, write_result, write_score
from posedeck.contracts.remo.soccer_errors import SoccerCode, soccer_error_body
from posedeck.pose.kick.analysis import KickAnalysis, analyse
from tests.support.kick import SIZE_PX, ball_at, track_at, true_kick

SUBMIT = json.loads((Path(__file__).parent / "remo_soccer_submit.json").read_text("utf-8"))
MP4 = base64.b64encode(b"\0\0\0\x20ftypisom" + bytes(600)).decode()
LINES = {"KneeLine": [[1.0, 2.0, 3.0]], "Pelvis": [[0, None, 0]], "ShoulderLine": [[0, 0, -359.9]]}


@pytest.fixture(scope="module")
def analysis() -> KickAnalysis:
    times = true_kick().times_s
    return analyse(track_at(times), ball_at(times), 174.8, SIZE_PX)


def as_sent(value: object) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def names(report: AuditReport) -> set[str]:
    return {finding.name for finding in report.findings}


def test_our_own_answers_are_clean(analysis: KickAnalysis) -> None:
    submitted = SubmitSuccess(wait_time=9, file_exist=False, uuid="u", x_balance=96, x_job="j")
    result, score = as_sent(write_result(analysis)), as_sent(write_score(analysis))
    assert names(audit_submit(as_sent(submitted))) == set()
    assert names(audit_score(score, result)) == set()
    assert names(audit_angle(as_sent(write_angle(analysis)), len(analysis.times_s))) == set()
    assert names(audit_draw({"base64_video": MP4})) == set()


def test_the_documents_own_submit_is_clean() -> None:
    assert names(audit_submit(SUBMIT)) == set()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"wait_time": "11"}, "wrong_type"),
        ({"state": True}, "wrong_type"),
        ({"wait_time": -1}, "implausible_value"),
        ({"uuid": ""}, "empty_uuid"),
        ({"queue": 3}, "unexpected_field"),
    ],
)
def test_each_fault_of_a_submit_is_named(change: dict[str, Any], name: str) -> None:
    assert names(audit_submit(SUBMIT | change)) == {name}


def test_the_other_spelling_of_a_submit_is_told() -> None:
    body = {name: value for name, value in SUBMIT.items() if name not in ("wait_time", "credit")}
    assert names(audit_submit(body | {"waitTime": 11})) == {"other_spelling", "missing_field"}


def test_points_are_held_against_their_range_their_value_and_their_total(analysis: KickAnalysis) -> None:
    """The document's own example of a score has items of 50 where 10 is the most."""
    result, score = as_sent(write_result(analysis)), as_sent(write_score(analysis))
    score["kick_right_hip_x"]["impact"] = 0
    assert names(audit_score(score, result)) == {"points_mismatch", "total_mismatch"}
    score["stepping_knee_x"]["impact"] = 50
    score["total_score"] = 300
    score["upper_left_shoulder_y"]["before_impact"] = "10"
    assert names(audit_score(score)) == {"points_out_of_range", "wrong_type"}
    del score["stepping_knee_x"]
    assert "missing_field" in names(audit_score(score))


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"KneeLine": [[1.0, 2.0]]}, "angle_malformed"),
        ({"KneeLine": [[1.0, 2.0, "3"]]}, "angle_malformed"),
        ({"KneeLine": [[1.0, 2.0, 361.0]]}, "implausible_value"),
        ({"KneeLine": [[1.0, 2.0, 3.0]] * 2}, "frames_differ"),
        ({"KneeLine": "1"}, "wrong_type"),
        ({"Hands": []}, "unexpected_field"),
    ],
)
def test_each_fault_of_the_angles_is_named(change: dict[str, Any], name: str) -> None:
    assert names(audit_angle(LINES)) == set()
    assert names(audit_angle(LINES, 2)) == {"frames_differ"}
    assert names(audit_angle(LINES | change)) == {name}


@pytest.mark.parametrize(
    ("text", "name"),
    [("not base64!", "clip_not_base64"), (base64.b64encode(bytes(600)).decode(), "clip_not_mp4"), (7, "wrong_type")],
)
def test_a_drawn_clip_is_an_mp4_in_base64(text: Any, name: str) -> None:
    assert names(audit_draw({"base64_video": text})) == {name}


def test_refusals_are_held_to_the_table() -> None:
    for audit in (audit_submit, audit_score, audit_angle, audit_draw):
        assert names(audit(as_sent(soccer_error_body(SoccerCode.STILL_RUNNING)))) == set()
        assert names(audit({"state": False, "message": "no", "status": 777})) == {"unknown_code"}
        assert names(audit([])) == {"not_an_object"}
