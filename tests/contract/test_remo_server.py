"""Our server's answers against the vendor's document and our own client's reading of them."""

import io
import json
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from posedeck.contracts.remo.audit import audit_answer
from posedeck.contracts.remo.coords import to_remo_22
from posedeck.contracts.remo.skeleton import COORDS, FIELDS, error_code, is_success, parse_answer
from posedeck.pose.calibration import load_calibration
from posedeck.pose.grades import load_profile
from posedeck.pose.posture import METRIC_BY_KEY, View, measure_posture
from tests.unit.server.builders import ready, request_body, sample_engine, serving, settings_in

#: The keys of the example in the vendor's document, in its order.
EXAMPLE_KEYS = [
    "state",
    "APIName",
    "credit_change",
    "credit",
    "uuid",
    "forigimg",
    "sorigimg",
    "far_coords",
    "sar_coords",
    "far_head_bal_m_",
    "far_pelvic_bal_m_",
    "far_shoulder_bal_m_",
    "far_left_qang_m_",
    "far_right_qang_m_",
    "far_knee_bal_m_",
    "far_tilt_m_",
    "turtle_neck_m_",
    "round_shoulder_m_",
    "sar_tilt_m_",
    "sar_head_tilt_m_",
    "far_head_bal_grade",
    "far_knee_bal_grade",
    "far_left_qang_grade",
    "far_pelvic_bal_grade",
    "far_right_qang_grade",
    "far_shoulder_bal_grade",
    "far_tilt_grade",
    "round_shoulder_grade",
    "sar_head_tilt_grade",
    "sar_tilt_grade",
    "turtle_neck_grade",
]
EXTRAS = ["x_raw", "x_pose", "x_method"]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Response, httpx.Response]]:
    """A success and a refusal of a server with a deterministic engine."""
    with serving(settings_in(tmp_path_factory.mktemp("data")), ready(sample_engine())) as served:
        yield served.analyse(request_body(uuid="job 7")), served.analyse(request_body(APIKey="wrong"))


@pytest.fixture(scope="module")
def success(answers: tuple[httpx.Response, httpx.Response]) -> dict[str, Any]:
    """The success body."""
    body: dict[str, Any] = answers[0].json()
    return body


def test_the_success_has_the_documents_keys_in_its_order(success: dict[str, Any]) -> None:
    """``status_code`` stands in the document's table only; our extras come last."""
    keys = [key for key in success if key not in (*EXTRAS, "status_code")]

    assert keys == EXAMPLE_KEYS
    assert list(success)[-3:] == EXTRAS
    assert tuple(success[key] for key in ("state", "status_code", "APIName", "uuid")) == (
        True,
        200,
        "Analysis_skeleton",
        "job 7",
    )


def test_the_refusal_has_the_documents_keys(answers: tuple[httpx.Response, httpx.Response]) -> None:
    """State, credit, message and the code under both names that the vendor uses."""
    refusal = answers[1].json()

    assert {"state", "credit", "credit_change", "message", "status", "status_code"} == set(refusal)
    assert (is_success(refusal), error_code(refusal)) == (False, 421)


def test_both_are_json(answers: tuple[httpx.Response, httpx.Response]) -> None:
    """Whatever the status."""
    assert {"application/json"} == {answer.headers["content-type"] for answer in answers}


def test_types(success: dict[str, Any]) -> None:
    """Degrees are floats of three decimals, grades ints in -2..2, coordinates JSON strings of 22 integer pairs."""
    for value_name, grade_name in FIELDS.values():
        assert isinstance(success[value_name], float)
        assert success[value_name] == round(success[value_name], 3)
        assert success[grade_name] in range(-2, 3)
    for name in COORDS.values():
        pairs = json.loads(success[name])
        assert [len(pair) for pair in pairs] == [2] * 22
        assert all(type(number) is int for pair in pairs for number in pair)


def test_the_pictures_are_data_uris_of_jpegs_in_the_photos_size(success: dict[str, Any]) -> None:
    """As the document's example has them."""
    for name in ("forigimg", "sorigimg"):
        assert success[name].startswith("data:image/jpeg;base64,")
    for picture in parse_answer(success).images.values():
        with Image.open(io.BytesIO(picture)) as image:
            assert (image.format, image.size) == ("JPEG", (768, 1024))


def test_every_value_and_grade_can_be_recomputed_from_the_answer(success: dict[str, Any]) -> None:
    """From ``x_pose``, the calibration and the profile that ``x_method`` names, to the last decimal."""
    answer = parse_answer(success)
    assert answer.method is not None
    assert answer.method.calibration == load_calibration().version
    profile = load_profile(answer.method.profile)
    recomputed = {
        key: round(degrees, 3)
        for key, degrees in measure_posture(answer.poses[View.FRONT], answer.poses[View.SIDE]).items()
    }

    assert recomputed == answer.raw_values
    assert {key: round(v, 3) for key, v in load_calibration().apply(recomputed).items()} == answer.values
    assert {key: profile.grade(key, value) for key, value in answer.values.items()} == answer.grades
    assert set(METRIC_BY_KEY) == set(answer.grades)


def test_the_audit_finds_nothing(success: dict[str, Any]) -> None:
    """Our own answer keeps the contract and agrees with itself."""
    assert audit_answer(success, previous_credit=success["credit"] + 1).findings == []


def test_the_coordinates_are_those_of_the_pose(success: dict[str, Any]) -> None:
    """The 22 points are the 33 in the vendor's order, rounded."""
    answer = parse_answer(success)
    for view in View:
        np.testing.assert_allclose(answer.coords[view].xy_px, to_remo_22(answer.poses[view]).xy_px, atol=0.5)


def test_an_audit_finds_nothing_wrong(answers: tuple[httpx.Response, httpx.Response]) -> None:
    """Neither in the success nor in the refusal."""
    success, refusal = (answer.json() for answer in answers)

    assert [finding for finding in audit_answer(success, 100).findings if finding.severity != "info"] == []
    assert [finding for finding in audit_answer(refusal).findings if finding.severity != "info"] == []


def test_the_first_balance_is_one_less(success: dict[str, Any]) -> None:
    """The credit of the document's example, which is the demo account's as well."""
    assert (success["credit_change"], success["credit"]) == (-1, 99)
