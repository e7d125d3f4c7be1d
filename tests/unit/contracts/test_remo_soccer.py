"""Remo's soccer contract: the documented answers are read in both layouts, and ours keep their form."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from posedeck.contracts.images import encode_base64_image
from posedeck.contracts.remo.soccer import (
    KEYS,
    ReadRequest,
    SoccerRequest,
    SubmitSuccess,
    is_result,
    parse_angle,
    parse_draw,
    parse_result,
    parse_score,
    parse_submit,
    read_height_cm,
    write_angle,
    write_result,
    write_score,
)
from posedeck.contracts.remo.soccer_errors import MESSAGES, SoccerCode, WireProgress, soccer_error_body
from posedeck.pose.kick.analysis import KickAnalysis, analyse
from tests.support.kick import SIZE_PX, ball_at, track_at, true_kick


def golden(name: str) -> dict[str, Any]:
    """Transcribed by hand from the vendor's documents; Python literals made JSON."""
    body: dict[str, Any] = json.loads((Path(__file__).parent / f"remo_soccer_{name}.json").read_text("utf-8"))
    return body


@pytest.fixture(scope="module")
def analysis() -> KickAnalysis:
    times = true_kick().times_s
    return analyse(track_at(times), ball_at(times), 174.8, SIZE_PX)


def on_the_wire(body: Any) -> dict[str, Any]:
    decoded: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(body))
    return decoded


def test_the_documented_submit_is_read() -> None:
    answer = parse_submit(golden("submit"))
    assert (answer.uuid, answer.wait_s) == ("c37d3ce2-e9d0-45de-9656-2a730204f8ca", 11)
    assert (answer.file_exist, answer.cost, answer.balance, answer.job) == (False, 4, None, None)


def test_a_submit_in_the_other_spelling_is_read() -> None:
    answer = parse_submit({"state": True, "waitTime": "13", "fileExist": "True", "uuid": "u", "credit": "4"})
    assert (answer.wait_s, answer.file_exist, answer.cost) == (13.0, True, 4)


def test_our_submit_has_the_documented_keys_first() -> None:
    body = on_the_wire(SubmitSuccess(wait_time=11, file_exist=False, uuid="u", x_balance=96, x_job="j"))
    assert set(golden("submit")) == {key for key in body if not key.startswith("x_")}
    assert (body["state"], body["credit"], body["x_balance"]) == (1, 4, 96)


def test_both_documented_layouts_hold_the_same_twelve_values() -> None:
    by_metric, by_phase = parse_result(golden("result_metric_first")), parse_result(golden("result_phase_first"))
    assert by_metric.values == by_phase.values
    assert by_metric.values["upper_pelvis_shoulder_y", "impact"] == 11.31
    assert by_metric.values["kick_right_hip_x", "impact"] == 185.95
    assert None not in by_metric.values.values()
    assert is_result(golden("result_metric_first"))
    assert is_result(golden("result_phase_first"))


def test_a_withheld_value_is_read_as_none_and_text_as_a_number() -> None:
    body = golden("result_metric_first") | {"stepping_knee_x": {"impact": None}, "kick_right_hip_x": {"impact": "170"}}
    answer = parse_result(body)
    assert answer.values["stepping_knee_x", "impact"] is None
    assert answer.values["kick_right_hip_x", "impact"] == 170.0


@pytest.mark.parametrize("body", [{}, {"state": 1}, {"x_kick": {}}])
def test_an_answer_without_values_is_refused(body: dict[str, Any]) -> None:
    assert not is_result(body)
    with pytest.raises(ValueError, match="nine metrics"):
        parse_result(body)


@pytest.mark.parametrize("value", [True, "fast", [1]])
def test_a_value_that_is_no_number_is_refused_by_its_name(value: object) -> None:
    with pytest.raises(ValueError, match="kick_right_hip_x"):
        parse_result({"kick_right_hip_x": {"impact": value}})


def test_our_result_has_the_documented_form_and_comes_back_whole(analysis: KickAnalysis) -> None:
    body = on_the_wire(write_result(analysis))
    documented = golden("result_metric_first")
    assert {k: set(v) for k, v in body.items() if not k.startswith("x_")} == {k: set(v) for k, v in documented.items()}
    answer = parse_result(body)
    assert answer.analysis == analysis
    assert body["x_kicking_side"] == "right"
    for value in analysis.values:
        key = (value.metric, value.phase)
        assert answer.validity[key].status == value.status
        if value.status == "withheld":
            assert answer.values[key] is None
            assert answer.validity[key].reason


def test_our_score_is_nested_like_the_result(analysis: KickAnalysis) -> None:
    body = on_the_wire(write_score(analysis))
    answer = parse_score(body)
    assert set(answer.points) == set(KEYS)
    known = [points for points in answer.points.values() if points is not None]
    assert body["x_scored"] == len(known)
    assert answer.total == pytest.approx(10 * sum(known) / len(known), abs=0.05)


def test_our_angles_have_one_row_of_three_a_frame(analysis: KickAnalysis) -> None:
    lines = parse_angle(on_the_wire(write_angle(analysis)))
    assert {name: len(rows) for name, rows in lines.items()} == {"KneeLine": 63, "Pelvis": 63, "ShoulderLine": 63}
    with pytest.raises(ValueError, match="Pelvis"):
        parse_angle({"KneeLine": [], "Pelvis": [[1.0]], "ShoulderLine": []})


def test_a_drawn_video_is_decoded_bare_or_as_a_data_uri() -> None:
    clip = b"\x00\x00\x00 ftypisom"
    for mime in (None, "video/mp4"):
        assert parse_draw({"base64_video": encode_base64_image(clip, mime)}) == clip
    with pytest.raises(ValueError, match="base64_video"):
        parse_draw({"base64_video": ""})


@pytest.mark.parametrize(
    ("height", "cm"), [("170", 170.0), (170, 170.0), ("79", None), ("230.5", None), ("tall", None)]
)
def test_height_comes_as_text_or_number_within_limits(height: str | float, cm: float | None) -> None:
    assert read_height_cm(height) == cm


def test_missing_fields_are_named_and_an_upload_stands_for_the_video() -> None:
    assert SoccerRequest(Email="a", UserKey="b", APIKey="c").missing() == ["height", "uuid", "base64_video"]
    whole = SoccerRequest(Email="a", UserKey="b", APIKey="c", height=170, uuid="u", x_upload="t")
    assert whole.missing() == []
    assert "a" not in repr(whole).replace("x_upload", "").replace("SoccerRequest(uuid='u')", "")
    assert ReadRequest(id="a").missing() == ["uuid"]


def test_every_code_has_a_message_and_a_running_job_tells_its_progress() -> None:
    for code in SoccerCode:
        body = on_the_wire(soccer_error_body(code, credit=7))
        assert body["message"] == MESSAGES[code]
        assert body["status"] == body["status_code"] == code
        assert (body["state"], body["credit"], body["credit_change"]) == (False, 7, 0)
        assert "x_job" not in body
    running = on_the_wire(soccer_error_body(SoccerCode.STILL_RUNNING, job=WireProgress("j", "waiting", position=2)))
    assert running["x_job"]["position"] == 2
