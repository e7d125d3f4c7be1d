"""The audit names every deviation of an answer from its document and from itself."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.__main__ import main
from posedeck.contracts.images import decode_base64_image, encode_base64_image
from posedeck.contracts.remo.audit import audit_answer
from posedeck.contracts.remo.errors import RemoCode, error_body
from tests.support.answers import clean_answer

HERE = Path(__file__).parent
GOLDEN = json.loads((HERE / "remo_skeleton_success.json").read_text("utf-8"))
CLEAN = clean_answer()

Mutation = Callable[[dict[str, Any]], None]


def names(body: Any, **known: int) -> set[str]:
    """Names of the findings of an answer."""
    return {finding.name for finding in audit_answer(body, **known).findings}


def put(field: str, value: Any) -> Mutation:
    """Replace a field."""
    return lambda body: body.__setitem__(field, value)


def swap(one: str, other: str) -> Mutation:
    """Exchange two fields."""

    def mutate(body: dict[str, Any]) -> None:
        body[one], body[other] = body[other], body[one]

    return mutate


def swap_coords(body: dict[str, Any]) -> None:
    """Exchange left and right in the coordinates, as a mirrored model would."""
    coords = json.loads(body["far_coords"])
    for right, left in ((2, 5), (3, 6), (4, 7), (8, 11), (9, 12), (10, 13)):
        coords[right], coords[left] = coords[left], coords[right]
    body["far_coords"] = json.dumps(coords)


def swap_pose_names(body: dict[str, Any]) -> None:
    """Exchange two sides in ``x_pose``."""
    xy = body["x_pose"]["front"]["xy_px"]
    xy[11], xy[12] = xy[12], xy[11]


def cut_picture(body: dict[str, Any]) -> None:
    """Lose the second half of a picture's bytes."""
    data = decode_base64_image(body["forigimg"])
    body["forigimg"] = encode_base64_image(data[: len(data) // 2], "image/jpeg")


MUTATIONS: list[tuple[str, Mutation, str]] = [
    ("grade one too high", lambda b: b.__setitem__("far_shoulder_bal_grade", b["far_shoulder_bal_grade"] - 1),
     "grade_mismatch"),
    ("grade of the wrong sign", lambda b: b.__setitem__("far_head_bal_grade", -b["far_head_bal_grade"]),
     "grade_mismatch"),
    ("grade outside its range", put("turtle_neck_grade", -1), "grade_out_of_range"),
    ("grade dropped", put("far_tilt_grade", None), "grade_without_value"),
    ("left and right leg swapped", swap("far_left_qang_m_", "far_right_qang_m_"), "values_swapped"),
    ("pelvis and knee swapped", swap("far_pelvic_bal_m_", "far_knee_bal_m_"), "values_swapped"),
    ("coordinates mirrored", swap_coords, "sides_swapped"),
    ("pose mirrored", swap_pose_names, "raw_mismatch"),
    ("field missing", lambda b: b.pop("far_tilt_m_"), "missing_field"),
    ("code missing", lambda b: b.pop("status_code"), "missing_field"),
    ("field of another API", put("bar_left_qang_grade", 1), "unexpected_field"),
    ("number as text", put("far_tilt_m_", "0.5"), "wrong_type"),
    ("state as number", put("state", 1), "wrong_type"),
    ("coordinates as list", lambda b: b.__setitem__("far_coords", json.loads(b["far_coords"])), "wrong_type"),
    ("one coordinate lost", lambda b: b.__setitem__("far_coords", json.dumps(json.loads(b["far_coords"])[1:])),
     "coords_unreadable"),
    ("one coordinate moved",
     lambda b: b.__setitem__("sar_coords", b["sar_coords"].replace("[400, 700]", "[460, 700]", 1)), "coords_mismatch"),
    ("two credits taken", put("credit_change", -2), "credit_change_wrong"),
    ("balance below zero", put("credit", -1), "credit_negative"),
    ("value off by a hundredth", lambda b: b.__setitem__("turtle_neck_m_", b["turtle_neck_m_"] + 0.01),
     "value_mismatch"),
    ("raw value off", lambda b: b["x_raw"].__setitem__("round_shoulder", b["x_raw"]["round_shoulder"] + 1),
     "raw_mismatch"),
    ("value of no posture", put("sar_tilt_m_", 200.0), "implausible_value"),
    ("picture cut off", cut_picture,
     "picture_undecodable"),
    ("picture not base64", put("sorigimg", "data:image/jpeg;base64,(cut)"), "picture_not_base64"),
    ("picture declared as another kind", lambda b: b.__setitem__("forigimg", b["forigimg"].replace("jpeg", "png", 1)),
     "picture_mime_wrong"),
    ("success that says it failed", put("status_code", 550), "status_not_200"),
]  # fmt: skip


def test_our_own_answer_is_clean() -> None:
    """An answer whose values follow from its pose, calibration and profile raises nothing."""
    assert audit_answer(CLEAN).findings == []


@pytest.mark.parametrize(("mutation", "name"), [m[1:] for m in MUTATIONS], ids=[m[0] for m in MUTATIONS])
def test_each_mutation_is_named(mutation: Mutation, name: str) -> None:
    """One fault in a clean answer is found under the name of that fault."""
    body = copy.deepcopy(CLEAN)
    mutation(body)
    assert json.dumps(body) != json.dumps(CLEAN)
    assert name in names(body)


def test_the_vendors_own_sample_raises_findings() -> None:
    """The documented example contradicts its own coordinates; pelvis and knee fit when they change places."""
    report = audit_answer(GOLDEN)
    assert {"missing_field", "values_swapped", "value_mismatch", "picture_undecodable"} <= names(GOLDEN)
    assert "grade_mismatch" not in names(GOLDEN)
    assert report.follows == ["remo-2024"]


def test_the_followed_profile_is_found() -> None:
    """Grades of the newer document are not called wrong, and the profile is named."""
    body = {**GOLDEN, "far_head_bal_grade": 0, "far_pelvic_bal_grade": 0, "sar_head_tilt_grade": 0}
    report = audit_answer(body)
    assert report.follows == ["remo-2025"]
    assert "grade_mismatch" not in names(body)


def test_balance_is_checked_when_the_one_before_is_known() -> None:
    """100 credits less one are 99."""
    assert names(CLEAN, previous_credit=100) == set()
    assert names(CLEAN, previous_credit=99) == {"credit_balance_wrong"}


@pytest.mark.parametrize("code", RemoCode)
def test_our_refusals_are_clean(code: RemoCode) -> None:
    """Every refusal of the table keeps its form."""
    assert names(msgspec.to_builtins(error_body(code, credit=3))) == set()


def test_a_refusal_with_an_unknown_code_is_named() -> None:
    """A code that is in no table is worth knowing."""
    assert names({"state": False, "credit": 1, "message": "?", "status": 777}) == {"unknown_code"}
    assert names({"state": False, "credit": 1, "message": "?"}) == {"missing_code"}


@pytest.mark.parametrize("body", [None, [], "text", 3])
def test_anything_else_is_no_answer(body: Any) -> None:
    """A body that is no object is one finding, not a crash."""
    assert names(body) == {"not_an_object"}


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(CLEAN)), JSON, max_size=6))
def test_no_body_breaks_the_audit(changes: dict[str, Any]) -> None:
    """Whatever stands in the fields of an answer, the audit ends with findings."""
    audit_answer({**CLEAN, **changes, "state": True})


def test_the_command_prints_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``python -m posedeck audit`` prints the findings as JSON and exits with 0 when the answer could be read."""
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps(GOLDEN))
    assert main(["audit", str(answer)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert {"name", "severity", "field", "message"} == set(printed["findings"][0])


def test_the_command_says_what_it_cannot_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is missing or no JSON exits with 2 and a sentence."""
    assert main(["audit", str(tmp_path / "none.json")]) == 2
    (tmp_path / "broken.json").write_text("{")
    assert main(["audit", str(tmp_path / "broken.json")]) == 2
    assert "cannot read" in capsys.readouterr().err
