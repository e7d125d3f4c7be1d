"""Kakao's contract: the published answer is read, ours has its form, nonsense is refused by name."""

import json
import math
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.contracts.kakao import (
    HTTP_STATUSES,
    MESSAGES,
    KakaoCode,
    error_of,
    parse_people,
    write_people,
)
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import COCO_17
from tests.support.people import level_front

#: Transcribed by hand from the vendor's published example.
GOLDEN = json.loads((Path(__file__).parent / "kakao_pose_success.json").read_text("utf-8"))
POINTS = len(COCO_17)


def golden(**changes: Any) -> list[dict[str, Any]]:
    """The published answer with changes to its person."""
    return [deepcopy(GOLDEN[0]) | changes]


def with_numbers(*changes: tuple[int, Any]) -> list[dict[str, Any]]:
    """The published answer with some of the 51 numbers changed."""
    numbers = list(GOLDEN[0]["keypoints"])
    for place, value in changes:
        numbers[place] = value
    return golden(keypoints=numbers)


def test_the_published_answer_is_read() -> None:
    """Positions, scores and names are those printed; left and right as in COCO's order."""
    (pose,) = parse_people(GOLDEN)

    assert pose.skeleton is COCO_17
    np.testing.assert_array_equal((372.2656, 194.35), pose["nose"])
    np.testing.assert_array_equal((358.2031, 148.35), pose["left_shoulder"])
    np.testing.assert_array_equal((354.2969, 145.2833), pose["right_shoulder"])
    np.testing.assert_array_equal((166.7969, 284.8167), pose["right_ankle"])
    assert pose.score[0] == 0.0062
    assert pose.score[-1] == 0.5167


def test_our_box_and_score_are_those_of_the_published_person() -> None:
    """Written from the published keypoints: box within the pixel that the vendor adds, score within 0.5 per cent."""
    (ours,) = write_people(parse_people(GOLDEN))

    # The vendor's extent is a pixel longer, and a pixel longer it is scaled by 1.2.
    np.testing.assert_allclose(GOLDEN[0]["bbox"], np.add(ours.bbox, (-0.1, -0.1, 1.2, 1.2)), atol=0.002)
    assert pytest.approx(GOLDEN[0]["score"], rel=0.005) == ours.score
    assert GOLDEN[0]["keypoints"] == ours.keypoints


def test_the_box_is_scaled_about_its_centre_and_stays_in_the_picture() -> None:
    """Known answer: a person 100 wide and 200 high at (5, 300); x is clamped, the width is not reduced."""
    xy = np.tile([[55.0, 400.0]], (POINTS, 1))
    xy[0], xy[1] = (5.0, 300.0), (105.0, 500.0)
    (person,) = write_people([Pose(COCO_17, xy, np.full(POINTS, 0.5))])

    assert person.bbox == [0.0, 280.0, 120.0, 240.0]
    assert (person.area, person.score, person.category_id) == (28_800.0, 0.5, 1)


def test_a_missing_keypoint_is_written_as_nought_and_read_as_missing() -> None:
    """There are always 17; the box takes no account of the missing one."""
    pose = parse_people(GOLDEN)[0].with_points({"left_wrist": (math.nan, math.nan)})
    (person,) = write_people([pose])
    (read,) = parse_people(msgspec.to_builtins([person]))

    assert person.keypoints[27:30] == [0.0, 0.0, 0.0]
    assert len(person.keypoints) == 51
    assert person.bbox[0] > 80
    assert np.isnan(read["left_wrist"]).all()
    assert read.score[COCO_17.index["left_wrist"]] == 0.0


def test_a_point_of_score_nought_elsewhere_is_kept() -> None:
    """Kakao guesses hidden joints so."""
    (pose,) = parse_people(with_numbers((2, 0)))
    np.testing.assert_array_equal((372.2656, 194.35), pose["nose"])


def test_our_own_pose_is_written_with_coco_points() -> None:
    """Of the 33 points the 17, and what is written is read again to four decimals."""
    (read,) = parse_people(msgspec.json.decode(msgspec.json.encode(write_people([level_front()]))))
    for name in COCO_17.names:
        np.testing.assert_allclose(level_front()[name], read[name], atol=5e-5)


def test_a_person_without_any_point_cannot_be_written() -> None:
    """There would be no box."""
    with pytest.raises(ValueError, match="without a keypoint"):
        write_people([Pose(COCO_17, np.full((POINTS, 2), np.nan), np.zeros(POINTS))])


def test_nobody_is_an_empty_array() -> None:
    """Both ways."""
    assert [] == parse_people([]) == write_people([])


@pytest.mark.parametrize(
    "body",
    [
        with_numbers((0, 372), (1, 194), (2, 1)),
        golden(object_id=0),
        golden(score=0, area=0, bbox=[0, 0, 0, 0]),
    ],
    ids=["whole numbers", "a job's object", "noughts"],
)
def test_variants_are_read(body: list[dict[str, Any]]) -> None:
    """Ints for floats, and the further field of a video job's objects."""
    assert len(parse_people(body)) == 1


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "array"),
        (None, "array"),
        ("[]", "array"),
        ([1], "object"),
        ([{}], "missing required field"),
        ({"code": -401, "msg": "Not authorized with provided app key"}, "-401 Not authorized"),
        (golden(keypoints=[1.0] * 48), "keypoints"),
        (golden(keypoints=[1.0] * 54), "keypoints"),
        (golden(keypoints=None), "keypoints"),
        (golden(bbox=[1, 2, 3]), "bbox"),
        (golden(category_id=2), "category_id"),
        (golden(score="high"), "score"),
        (with_numbers((0, "372")), "keypoints"),
        (with_numbers((0, None)), "keypoints"),
        (with_numbers((0, True)), "keypoints"),
        (with_numbers((0, math.nan)), "person 0: .* no pixel"),
        (with_numbers((1, math.inf)), "person 0: .* no pixel"),
        (with_numbers((1, -1e9)), "person 0: .* no pixel"),
        (with_numbers((2, 1.5)), "person 0: a score"),
        (with_numbers((2, -0.1)), "person 0: a score"),
        (with_numbers((2, math.nan)), "person 0: a score"),
    ],
)
def test_nonsense_is_refused_by_name(body: Any, told: str) -> None:
    """The error tells what and where."""
    with pytest.raises(ValueError, match=told):
        parse_people(body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    body=json_values
    | st.fixed_dictionaries({name: st.just(value) | json_values for name, value in GOLDEN[0].items()}).map(
        lambda p: [p]
    )
)
def test_whatever_is_read_is_a_person(body: Any) -> None:
    """Either ValueError or poses whose points are pixels or missing."""
    try:
        people = parse_people(body)
    except ValueError:
        return
    for pose in people:
        assert not np.isinf(pose.xy_px).any()
        assert ((pose.score >= 0) & (pose.score <= 1)).all()


@pytest.mark.parametrize(
    ("code", "number", "status"),
    [
        (KakaoCode.INTERNAL, -1, 500),
        (KakaoCode.BAD_PARAMETER, -2, 400),
        (KakaoCode.FEATURE_DISABLED, -3, 403),
        (KakaoCode.BLOCKED_ACCOUNT, -4, 403),
        (KakaoCode.NO_PERMISSION, -5, 403),
        (KakaoCode.NOT_ALLOWED, -6, 403),
        (KakaoCode.MAINTENANCE, -7, 400),
        (KakaoCode.BAD_HEADER, -8, 400),
        (KakaoCode.TERMINATED, -9, 400),
        (KakaoCode.QUOTA_EXCEEDED, -10, 429),
        (KakaoCode.PAID_LIMIT, -11, 400),
        (KakaoCode.SUSPENDED, -12, 403),
        (KakaoCode.UNAUTHORISED, -401, 401),
    ],
)
def test_the_error_table(code: KakaoCode, number: int, status: int) -> None:
    """Number and HTTP status of every code, and the form of its body."""
    assert (number, status) == (int(code), HTTP_STATUSES[code])
    assert {"code": number, "msg": f"{MESSAGES[code]}: why"} == msgspec.to_builtins(error_of(code, "why"))


def test_the_error_table_is_whole() -> None:
    """Every code has a status and a sentence."""
    assert set(KakaoCode) == set(HTTP_STATUSES) == set(MESSAGES)
    assert error_of(KakaoCode.UNAUTHORISED).msg == "Not authorized with provided app key"
