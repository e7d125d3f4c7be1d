"""Remo's contract: what the vendor's own document shows is read, in all its known variants."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.contracts.images import decode_base64_image, encode_base64_image
from posedeck.contracts.remo.coords import REMO_22, print_coords, read_coords, to_remo_22
from posedeck.contracts.remo.errors import MESSAGES, RemoCode, error_body
from posedeck.contracts.remo.skeleton import (
    FIELDS,
    SkeletonRequest,
    error_code,
    is_success,
    parse_answer,
    read_pose,
    write_pose,
)
from posedeck.pose.posture import METRICS, View
from tests.support.people import level_front

#: Transcribed by hand from the vendor's document (its Python literals made JSON, its pictures shortened).
GOLDEN = json.loads((Path(__file__).parent / "remo_skeleton_success.json").read_text("utf-8"))


def test_the_documented_answer_is_read() -> None:
    """All eleven values, grades, both sets of coordinates and the credits come out as printed."""
    answer = parse_answer(GOLDEN)

    assert answer.values["head_tilt"] == 1.393
    assert answer.values["right_leg"] == -4.368
    assert answer.values["turtle_neck"] == 29.711
    assert answer.grades["side_body_tilt"] == -1
    assert set(answer.values) == set(answer.grades) == {metric.key for metric in METRICS}
    assert (answer.credit, answer.credit_change) == (99, -1)
    np.testing.assert_array_equal(answer.coords[View.FRONT]["left_ear"], (472, 328))
    np.testing.assert_array_equal(answer.coords[View.SIDE]["nose"], (503, 293))
    assert answer.method is None
    assert answer.poses == {}


def test_the_misnamed_grade_is_accepted() -> None:
    """The live service has sent the side tilt's grade under another name."""
    body = {**GOLDEN, "bar_left_qang_grade": 1}
    del body["sar_tilt_grade"]
    assert parse_answer(body).grades["side_body_tilt"] == 1


def test_coordinates_may_come_as_a_list() -> None:
    """A list of pairs is as good as the documented JSON string."""
    body = {**GOLDEN, "far_coords": json.loads(GOLDEN["far_coords"])}
    expected = parse_answer(GOLDEN).coords[View.FRONT].xy_px
    np.testing.assert_array_equal(expected, parse_answer(body).coords[View.FRONT].xy_px)


def test_numbers_may_come_as_text() -> None:
    """A value sent as text is read; one that is no number is refused by its name."""
    assert parse_answer({**GOLDEN, "far_tilt_m_": "0.958"}).values["body_tilt"] == 0.958
    with pytest.raises(ValueError, match="far_tilt_m_"):
        parse_answer({**GOLDEN, "far_tilt_m_": "tilted"})


def test_a_picture_that_does_not_decode_hides_nothing() -> None:
    """The documented sample's pictures are cut off; its values are still read."""
    answer = parse_answer({**GOLDEN, "forigimg": "data:image/jpeg;base64,/9j/4A ... (cut)"})
    assert View.FRONT not in answer.images
    assert len(answer.values) == 11


def test_an_answer_without_values_is_refused() -> None:
    """A body that reports success and holds nothing is no success."""
    with pytest.raises(ValueError, match="none of the eleven"):
        parse_answer({"state": True})


@pytest.mark.parametrize("state", [True, 1, "1", "True"])
def test_success_in_all_spellings(state: object) -> None:
    """``state`` comes as a bool, a number or a text."""
    assert is_success({"state": state})


@pytest.mark.parametrize("state", [False, 0, "0", "False", None])
def test_failure_in_all_spellings(state: object) -> None:
    """Anything else is a failure."""
    assert not is_success({"state": state})


@pytest.mark.parametrize("name", ["status", "status_code", "statue_code"])
@pytest.mark.parametrize("value", [413, "413"])
def test_error_code_in_all_spellings(name: str, value: object) -> None:
    """The code comes under three names, one of them a typo."""
    assert error_code({"state": False, name: value}) == 413


def test_every_code_has_a_message_and_both_status_fields() -> None:
    """An error body repeats its code under both names and charges nothing."""
    for code in RemoCode:
        body = msgspec.to_builtins(error_body(code, credit=7))
        assert body["message"] == MESSAGES[code]
        assert body["status"] == body["status_code"] == code
        assert (body["state"], body["credit"], body["credit_change"]) == (False, 7, 0)


def test_coordinates_keep_their_order_and_rounding() -> None:
    """22 points in the documented order, rounded to whole pixels, read back from the JSON string."""
    pose = to_remo_22(level_front())
    printed = print_coords(pose)
    assert len(json.loads(printed)) == len(REMO_22) == 22
    np.testing.assert_allclose(pose.xy_px, read_coords(printed).xy_px, atol=0.5)
    np.testing.assert_allclose(pose["neck"], level_front().middle("left_shoulder", "right_shoulder"))
    assert pose["head_top"][1] < pose["left_eye"][1] < pose["neck"][1]


@pytest.mark.parametrize("coords", ["[[1, 2]]", "nonsense", [[1, 2, 3]] * 22, "[1, 2, 3]"])
def test_other_coordinates_are_refused(coords: object) -> None:
    """Anything but 22 pairs is refused."""
    with pytest.raises(ValueError, match="pair"):
        read_coords(coords)


def test_our_pose_survives_the_wire() -> None:
    """``x_pose`` carries positions to a thousandth of a pixel and missing points as null."""
    pose = level_front()
    xy = pose.xy_px.copy() + 0.12345
    xy[3] = np.nan
    back = read_pose(msgspec.convert(msgspec.to_builtins(write_pose(pose.with_xy(xy))), type(write_pose(pose))))
    np.testing.assert_allclose(xy, back.xy_px, atol=0.0005)


def test_wire_names_are_the_vendors() -> None:
    """Each metric has its own pair of field names, and all are in the documented answer."""
    names = [name for pair in FIELDS.values() for name in pair]
    assert len(set(names)) == 22
    assert set(names) <= set(GOLDEN)


def test_missing_fields_are_named() -> None:
    """White space is as good as nothing."""
    request = SkeletonRequest(Email="a@b", UserKey=" ", APIKey="k", forigimg="x")
    assert request.missing() == ["UserKey", "sorigimg"]


def test_a_request_does_not_print_its_secrets() -> None:
    """Credentials stay out of logs and tracebacks."""
    request = SkeletonRequest(Email="mail@example.org", UserKey="user-secret", APIKey="api-secret")
    assert "secret" not in repr(request)
    assert "mail" not in repr(request)


@given(st.binary(min_size=1, max_size=300), st.sampled_from([None, "image/jpeg", "image/png"]))
def test_pictures_survive_base64(data: bytes, mime: str | None) -> None:
    """Bytes come back from base64 with or without a data URI, line breaks included."""
    text = encode_base64_image(data, mime)
    assert decode_base64_image(text) == data
    assert decode_base64_image(text + "\n") == data


@pytest.mark.parametrize("text", ["", "data:image/jpeg;base64,", "not base64!", "/9j/4A ... (cut)"])
def test_no_base64_is_refused(text: str) -> None:
    """Text that is not base64, or holds nothing, is refused."""
    with pytest.raises(ValueError, match=r"not base64|no bytes"):
        decode_base64_image(text)
