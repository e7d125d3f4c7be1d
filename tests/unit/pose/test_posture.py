"""The eleven posture metrics: signs, known answers and what does not move them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.pose.geometry import rotate
from posedeck.pose.posture import METRICS, Metric, View, facing_sign, measure_posture
from tests.support.people import level_front, mirrored, moved, truth_pose, upright_profile

FRONT_KEYS = [metric.key for metric in METRICS if metric.view is View.FRONT]
SIDE_KEYS = [metric.key for metric in METRICS if metric.view is View.SIDE]
TILT_KEYS = [metric.key for metric in METRICS if metric.tilt]


def test_there_are_seven_front_and_four_side_metrics() -> None:
    """The vendor's table has seven frontal values and four from the side."""
    assert (len(FRONT_KEYS), len(SIDE_KEYS)) == (7, 4)


@pytest.mark.parametrize("key", FRONT_KEYS)
def test_a_level_person_reads_zero(key: str) -> None:
    """A symmetric, level front pose has no tilt and straight legs."""
    assert measure_posture(level_front(), upright_profile())[key] == pytest.approx(0, abs=1.5 if "leg" in key else 1e-9)


@pytest.mark.parametrize("key", ["round_shoulder", "side_body_tilt", "side_head_tilt"])
def test_an_upright_profile_reads_zero(key: str) -> None:
    """A profile in plumb has no forward lean."""
    assert measure_posture(level_front(), upright_profile())[key] == pytest.approx(0)


@pytest.mark.parametrize(
    ("key", "points"),
    [
        ("head_tilt", ("left_ear", "left_eye")),
        ("shoulder_tilt", ("left_shoulder",)),
        ("pelvis_tilt", ("left_hip",)),
        ("knee_tilt", ("left_knee",)),
    ],
)
def test_left_side_higher_is_positive(key: str, points: tuple[str, ...]) -> None:
    """Raising the subject's left side makes a frontal tilt positive."""
    front = moved(level_front(), **dict.fromkeys(points, (0.0, -10.0)))
    assert measure_posture(front, upright_profile())[key] > 0


@pytest.mark.parametrize(("side", "outward"), [("left", 1), ("right", -1)])
def test_bow_legs_are_positive(side: str, outward: int) -> None:
    """A knee outside the hip-ankle line is an O leg (positive), inside an X leg (negative)."""
    bow = moved(level_front(), **{f"{side}_knee": (outward * 20.0, 0.0)})
    knock = moved(level_front(), **{f"{side}_knee": (-outward * 20.0, 0.0)})
    assert measure_posture(bow, upright_profile())[f"{side}_leg"] > 5
    assert measure_posture(knock, upright_profile())[f"{side}_leg"] < -5


@pytest.mark.parametrize(
    ("key", "shift"),
    [
        ("turtle_neck", {"left_ear": (20.0, 0.0), "right_ear": (20.0, 0.0)}),
        ("round_shoulder", {"left_shoulder": (20.0, 0.0), "right_shoulder": (20.0, 0.0)}),
        ("side_body_tilt", {"left_shoulder": (20.0, 0.0), "right_shoulder": (20.0, 0.0)}),
        ("side_head_tilt", {"left_eye": (0.0, 10.0), "right_eye": (0.0, 10.0)}),
    ],
)
def test_forward_is_positive(key: str, shift: dict[str, tuple[float, float]]) -> None:
    """Moving a part forward, or the eye down, raises the side value."""
    before = measure_posture(level_front(), upright_profile())[key]
    assert measure_posture(level_front(), moved(upright_profile(), **shift))[key] > before + 1


@given(st.floats(-9, 9))
def test_camera_roll_adds_to_the_tilts_and_leaves_the_legs(roll: float) -> None:
    """Turning the photo adds the same angle to all five frontal tilts and nothing to the legs."""
    level = measure_posture(level_front(), upright_profile())
    turned = level_front()
    turned = turned.with_xy(rotate(turned.xy_px, roll, (400.0, 500.0)))
    values = measure_posture(turned, upright_profile())
    for key in TILT_KEYS:
        assert roll == pytest.approx(values[key] - level[key], abs=1e-6)
    for key in ("left_leg", "right_leg"):
        assert level[key] == pytest.approx(values[key], abs=1e-6)


def test_a_profile_reads_the_same_from_either_side() -> None:
    """Facing image left or right gives the same side values."""
    right = truth_pose("side_apose")
    values, other = (measure_posture(level_front(), pose) for pose in (right, mirrored(right, 768)))
    for key in SIDE_KEYS:
        assert values[key] == pytest.approx(other[key])


def test_truth_of_the_sample_front_photo() -> None:
    """The sample's authored tilts are read back from its true joints."""
    values = measure_posture(truth_pose("front_apose"), truth_pose("side_apose"))
    assert values["shoulder_tilt"] == pytest.approx(5.0, abs=0.1)
    assert values["pelvis_tilt"] == pytest.approx(2.0, abs=0.1)


def test_truth_of_the_sample_side_photo() -> None:
    """The authored forward bend of the spine shows in the trunk and not in the whole body."""
    values = measure_posture(truth_pose("front_apose"), truth_pose("side_apose"))
    assert values["round_shoulder"] == pytest.approx(3.7, abs=0.1)
    assert values["side_body_tilt"] == pytest.approx(2.6, abs=0.1)


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: m.key)
def test_a_metric_needs_exactly_the_keypoints_it_names(metric: Metric) -> None:
    """Without a pair of its keypoints a metric has no value; without all others it is unchanged."""
    pose = level_front() if metric.view is View.FRONT else upright_profile()
    whole = metric.measure(pose)
    xy = np.full_like(pose.xy_px, np.nan)
    needed = pose.skeleton.indices(metric.keypoints)
    xy[needed] = pose.xy_px[needed]
    assert whole == pytest.approx(metric.measure(pose.with_xy(xy)))
    for index in needed:
        without = pose.xy_px.copy()
        without[[index, pose.skeleton.mirror_order[index]]] = np.nan
        assert math.isnan(metric.measure(pose.with_xy(without)))


def test_facing_is_unknown_from_the_front() -> None:
    """A nose between the ears does not say where a profile faces."""
    assert math.isnan(facing_sign(level_front()))
