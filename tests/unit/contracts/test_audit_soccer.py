"""The audit of kick answers: quiet on what the document shows, each fault by its name."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from posedeck.contracts.remo.audit_soccer import audit_kick
from posedeck.contracts.remo.soccer import write_result
from posedeck.contracts.remo.soccer_errors import SoccerCode, soccer_error_body
from posedeck.pose.kick.analysis import analyse
from tests.support.kick import SIZE_PX, ball_at, track_at, true_kick


def golden(name: str) -> dict[str, Any]:
    text = (Path(__file__).parent / f"remo_soccer_result_{name}.json").read_text("utf-8")
    body: dict[str, Any] = json.loads(text)
    return body


def names(body: Any) -> set[str]:
    return {finding.name for finding in audit_kick(body).findings}


@pytest.mark.parametrize("layout", ["metric_first", "phase_first"])
def test_both_documented_layouts_are_clean(layout: str) -> None:
    assert names(golden(layout)) == set()


def test_our_own_answers_are_clean() -> None:
    times = true_kick().times_s
    analysis = analyse(track_at(times), ball_at(times), 174.8, SIZE_PX)
    result = msgspec.json.decode(msgspec.json.encode(write_result(analysis)))
    assert names(result) == set()
    result["x_validity"]["stepping_knee_x"]["impact"]["high"] = -5
    result["x_validity"]["stepping_knee_global_y"]["impact"]["reason"] = None
    assert names(result) == {"interval_misses", "withheld_oddly"}


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"stepping_knee_x": {}}, "missing_field"),
        ({"stepping_knee_x": {"impact": None}}, "null_field"),
        ({"stepping_knee_x": {"impact": "61.98"}}, "wrong_type"),
        ({"stepping_knee_x": {"impact": True}}, "wrong_type"),
        ({"kick_right_hip_x": {"impact": 9000}}, "implausible_value"),
        ({"impact": {"stepping_knee_x": 60}}, "layouts_mixed"),
        ({"swing": 3}, "unexpected_field"),
    ],
)
def test_each_fault_is_named(change: dict[str, Any], name: str) -> None:
    assert name in names(golden("metric_first") | change)


def test_refusals_are_held_to_the_table() -> None:
    for code in SoccerCode:
        assert names(msgspec.to_builtins(soccer_error_body(code))) == set()
    assert names({"state": False, "message": "no", "status": 777}) == {"unknown_code"}
    assert names({"hello": 1}) == {"missing_code", "missing_field"}
    assert names([]) == {"not_an_object"}
