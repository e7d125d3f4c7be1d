"""NHN's contract: the published answer is read in all its variants, ours has its form, nonsense is refused by name."""

import json
import math
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.contracts.nhn import (
    GATEWAY_CODES,
    MESSAGES,
    NhnBody,
    NhnCode,
    http_status,
    is_success,
    parse_answer,
    refusal_header,
    write_answer,
)
from posedeck.pose.skeleton import COCO_17
from tests.support.people import level_front, moved

#: Transcribed by hand from the vendor's document, without its dots and trailing commas.
GOLDEN = json.loads((Path(__file__).parent / "nhn_pose_success.json").read_text("utf-8"))

Change = Callable[[dict[str, Any]], object]


def changed(change: Change) -> dict[str, Any]:
    """The published answer after a change."""
    body = deepcopy(GOLDEN)
    change(body)
    return body


def first(body: dict[str, Any]) -> dict[str, Any]:
    """The first person of an answer."""
    person: dict[str, Any] = body["result"]["keyPointList"][0]
    return person


def nose(body: dict[str, Any]) -> dict[str, Any]:
    """The nose of the first person."""
    point: dict[str, Any] = first(body)["inferKeypointList"][0]
    return point


def test_the_published_answer_is_read() -> None:
    """Both people, though the document writes them in two ways; points that it leaves out are missing."""
    answer = parse_answer(GOLDEN)

    assert answer.file_type == "png"
    left, right = answer.people
    np.testing.assert_array_equal((367.151489, 79.552887), left["nose"])
    np.testing.assert_array_equal((110.171448, 56.0753479), right["left_eye"])
    assert (left.score[0], right.score[1]) == (0.976, 0.983)
    assert left.skeleton is COCO_17
    assert np.isnan(left["right_eye"]).all()
    assert left.score[2] == 0.0
    assert answer.extra == [{}, {}]


@pytest.mark.parametrize(
    ("change", "file_type", "people"),
    [
        (lambda body: body["result"].update(fileType=".png"), "png", 2),
        (lambda body: body["result"].update(fileType=".jpg"), "jpg", 2),
        (lambda body: body["result"].update(fileType="JPG"), "jpg", 2),
        (lambda body: body["result"].update(fileType="jpeg"), "jpg", 2),
        (lambda body: body["header"].update(resultMessage="success"), "png", 2),
        (lambda body: body["header"].update(resultMessage="Success"), "png", 2),
        (lambda body: body["result"].update(numberOfPerson=2), "png", 2),
        (lambda body: first(body).update(personId=0), "png", 2),
        (lambda body: first(body).update(inferKeypoints=first(body).pop("inferKeypointList")), "png", 2),
        (lambda body: nose(body).update(part="BODY"), "png", 2),
        (lambda body: nose(body).update(x=367, y=79, score=1), "png", 2),
        (lambda body: body["result"].update(numberOfPerson=0, keyPointList=[]), "png", 0),
        (lambda body: body["result"].update(numberOfPerson=0, keyPointList=None), "png", 0),
        (lambda body: body["result"].update(numberOfPerson=0) or body["result"].pop("keyPointList"), "png", 0),
        (lambda body: body.update(x_more=1), "png", 2),
    ],
)
def test_variants_are_read(change: Change, file_type: str, people: int) -> None:
    """All that the document's own inconsistencies allow."""
    body = changed(change)
    answer = parse_answer(body)

    assert (file_type, people) == (answer.file_type, len(answer.people))
    assert is_success(body)


def test_points_beyond_the_body_are_kept_beside_it() -> None:
    """By name; a body point that COCO does not have is one of them."""
    hand = {"name": "left_thumb", "part": "hand", "x": 1.5, "y": 2.5, "score": 0.5}
    neck = {"name": "neck", "part": "body", "x": 3.0, "y": 4.0, "score": 0.25}
    answer = parse_answer(changed(lambda body: first(body)["inferKeypointList"].extend([hand, neck])))

    assert {"left_thumb": hand, "neck": neck} == msgspec.to_builtins(answer.extra[0])
    assert tuple(answer.people[0]["nose"]) == (367.151489, 79.552887)


def test_nought_with_score_nought_is_missing() -> None:
    """As a pose has it."""
    (pose, _) = parse_answer(changed(lambda body: nose(body).update(x=0, y=0, score=0))).people
    assert np.isnan(pose["nose"]).all()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda body: body.clear(), "header"),
        (lambda body: body.update(header=None), "header"),
        (lambda body: body["header"].pop("resultCode"), "resultCode"),
        (lambda body: body["header"].update(isSuccessful="true"), "isSuccessful"),
        (lambda body: body["header"].update(isSuccessful=False, resultCode=4000003), "refusal: 4000003"),
        (lambda body: body["header"].update(resultCode=-1), "refusal: -1"),
        (lambda body: body.pop("result"), "no result"),
        (lambda body: body["result"].pop("keyPointList"), "5 people and has no keyPointList"),
        (lambda body: body["result"].update(fileType="gif"), "fileType"),
        (lambda body: body["result"].update(numberOfPerson="5"), "numberOfPerson"),
        (lambda body: body["result"].update(keyPointList={}), "keyPointList"),
        (lambda body: first(body).pop("inferKeypointList"), "person 0 has no inferKeypointList"),
        (lambda body: first(body).update(inferKeypointList=[]), "person 0 has none"),
        (lambda body: first(body).update(personId=None), "personId"),
        (lambda body: nose(body).pop("x"), "`x`"),
        (lambda body: nose(body).update(x="367"), "x"),
        (lambda body: nose(body).update(x=math.nan), "person 0, nose: .* no pixel"),
        (lambda body: nose(body).update(y=1e300), "person 0, nose: .* no pixel"),
        (lambda body: nose(body).update(score=97.6), "person 0, nose: a score"),
        (lambda body: nose(body).update(name="left_eye"), "two points left_eye"),
    ],
)
def test_nonsense_is_refused_by_name(change: Change, told: str) -> None:
    """The error tells what and where."""
    with pytest.raises(ValueError, match=told):
        parse_answer(changed(change))


@pytest.mark.parametrize("body", [None, [], "SUCCESS", 0])
def test_what_is_no_object_is_refused(body: Any) -> None:
    """An array is Kakao's."""
    with pytest.raises(ValueError, match="not an answer of NHN"):
        parse_answer(body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    header=st.just(GOLDEN["header"]) | json_values,
    result=json_values
    | st.fixed_dictionaries({name: st.just(value) | json_values for name, value in GOLDEN["result"].items()}),
)
def test_whatever_is_read_are_people(header: Any, result: Any) -> None:
    """Either ValueError or poses whose points are pixels or missing; the test of success agrees."""
    body = {"header": header, "result": result}
    try:
        answer = parse_answer(body)
    except ValueError:
        return
    assert is_success(body)
    for pose in answer.people:
        assert not np.isinf(pose.xy_px).any()
        assert ((pose.score >= 0) & (pose.score <= 1)).all()


def test_our_answer_has_the_documents_fields() -> None:
    """Keys in the document's order, ids as text, and the list's first spelling."""
    body = msgspec.to_builtins(write_answer([level_front(), level_front()], "jpg"))
    published, ours = first(GOLDEN), first(body)

    assert list(GOLDEN) == list(body)
    assert GOLDEN["header"] == body["header"]
    assert list(GOLDEN["result"]) == list(body["result"])
    assert (body["result"]["fileType"], body["result"]["numberOfPerson"]) == ("jpg", 2)
    assert list(published) == list(ours)
    assert [person["personId"] for person in body["result"]["keyPointList"]] == ["0", "1"]
    assert list(published["inferKeypointList"][0]) == list(ours["inferKeypointList"][0])


def test_our_answer_names_what_was_measured() -> None:
    """COCO's 17 as body in their order, then feet, hands and face, each name once, left where the subject's left is."""
    (person,) = write_answer([level_front()], "png").result.key_point_list  # type: ignore[union-attr]
    points = person.infer_keypoint_list
    parts = {part: [point.name for point in points if point.part == part] for part in ("body", "foot", "hand", "face")}

    assert list(COCO_17.names) == parts["body"]
    assert {"left_heel", "right_heel", "left_big_toe", "right_big_toe"} == set(parts["foot"])
    assert {f"{side}_{finger}" for side in ("left", "right") for finger in ("thumb", "index", "pinky")} == set(
        parts["hand"]
    )
    assert len(parts["face"]) == 6
    assert 33 == len({point.name for point in points}) == len(points)
    by_name = {point.name: point for point in points}
    assert by_name["left_mouth_corner"].x > by_name["right_mouth_corner"].x
    assert tuple(level_front()["left_foot_index"]) == (by_name["left_big_toe"].x, by_name["left_big_toe"].y)


def test_a_missing_point_is_not_written() -> None:
    """Nothing is invented; read again it is missing."""
    pose = moved(level_front(), left_wrist=(math.nan, math.nan), left_heel=(math.nan, math.nan))
    body = msgspec.json.decode(msgspec.json.encode(write_answer([pose], "png")))
    answer = parse_answer(body)

    assert len(first(body)["inferKeypointList"]) == 31
    assert np.isnan(answer.people[0]["left_wrist"]).all()
    assert "left_heel" not in answer.extra[0]
    np.testing.assert_allclose(pose["right_wrist"], answer.people[0]["right_wrist"], atol=5e-5)


def test_nobody_is_a_success() -> None:
    """With an empty list."""
    body = msgspec.to_builtins(write_answer([], "png"))
    assert body["result"] == {"fileType": "png", "numberOfPerson": 0, "keyPointList": []}
    assert is_success(body)


#: The vendor's table (error-code), then the gateway's.
TABLE = [
    (0, "SUCCESS", 200),
    (-1, "FAIL", 200),
    (400, "BAD_REQUEST", 200),
    (401, "UNAUTHORIZED", 200),
    (403, "FORBIDDEN", 200),
    (404, "NOT_FOUND", 200),
    (405, "METHOD_NOT_ALLOWED", 405),
    (415, "UNSUPPORTED_MEDIA_TYPE", 200),
    (4000001, "INVALID_PARAMETER", 200),
    (4000002, "MAX_UPLOAD_SIZE_EXCEEDED", 200),
    (4000003, "INVALID_FILE_TYPE", 200),
    (4000004, "UPLOADED_FILE_IS_EMPTY", 200),
    (4010001, "INVALID_APPKEY_SECRETKEY", 200),
    (4010002, "INVALID_UUID", 200),
    (4010003, "NOT_ALLOWED_USER", 200),
    (4010004, "INVALID_PROJECT", 200),
    (4010005, "UNAUTHORIZED_ROLE", 200),
    (5000001, "INTERNAL_API_FAIL", 200),
    (5000002, "ERROR_PARSING_FAIL", 200),
    (5000003, "DATABASE_FAIL", 200),
    (5000004, "RESOURCE_DELETE_FAIL", 200),
    (5000005, "FILE_READ_FAIL", 200),
    (5003001, "POSE_ESTIMATION_API_FAIL", 200),
    (5003002, "POSE_ESTIMATION_API_RETURN_EMPTY", 200),
    (5003003, "POSE_ESTIMATION_RECOGNITION_FAIL", 200),
    (4041007, "GATEWAY_URL_NOT_FOUND", 404),
    (4131000, "GATEWAY_REQUEST_TOO_LARGE", 413),
    (4291000, "GATEWAY_TOO_MANY_REQUESTS", 429),
    (4291001, "GATEWAY_QUOTA_EXCEEDED", 429),
    (5020001, "GATEWAY_BAD_UPSTREAM", 502),
    (5030001, "GATEWAY_UPSTREAM_UNAVAILABLE", 503),
    (5040001, "GATEWAY_TIMEOUT", 504),
]


@pytest.mark.parametrize(("number", "key", "status"), TABLE)
def test_the_error_table(number: int, key: str, status: int) -> None:
    """Number, key and HTTP status of every code, and the form of its body: a header and no result."""
    code = NhnCode[key]
    body = msgspec.to_builtins(NhnBody(refusal_header(code, "why")))

    assert (number, status) == (int(code), http_status(code))
    message = f"{MESSAGES[code]} (why)"
    assert {"header": {"isSuccessful": False, "resultCode": number, "resultMessage": message}} == body
    assert not is_success(body)


def test_the_error_table_is_whole() -> None:
    """Every code has a sentence, and the gateway's are seven."""
    assert {number for number, _, _ in TABLE} == set(NhnCode) == set(MESSAGES)
    assert len(GATEWAY_CODES) == 7


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"header": None},
        {"header": {}},
        {"header": {"isSuccessful": True}},
        {"header": {"isSuccessful": True, "resultCode": False}},
        {"header": {"isSuccessful": 1, "resultCode": 0}},
        {"header": {"isSuccessful": False, "resultCode": 0}},
        {"header": {"isSuccessful": True, "resultCode": -1}},
    ],
)
def test_success_is_both_flag_and_code(body: dict[str, Any]) -> None:
    """Anything less is none."""
    assert not is_success(body)
