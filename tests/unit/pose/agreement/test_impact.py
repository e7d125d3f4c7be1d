"""What a disagreement changes: metrics, grades that flip, and the joint that is named as the cause."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from posedeck.pose.agreement.impact import MetricDifference, common_view, compare_metrics
from posedeck.pose.geometry import wrap_deg
from posedeck.pose.pose import Pose
from posedeck.pose.posture import METRIC_BY_KEY, METRICS, View
from posedeck.pose.skeleton import COCO_17
from tests.support.people import moved, truth_pose
from tests.unit.pose.agreement.builders import (
    PROFILE,
    as_coco,
    exchanged,
    front,
    group,
    noisy,
    profile_view,
    shifted,
    without,
)

KEYS = {view: [metric.key for metric in METRICS if metric.view is view] for view in View}
SAMPLES = ["front_apose", "side_apose", "body_slim", "body_heavy"]


def differences(left: Pose, right: Pose) -> dict[str, MetricDifference]:
    return {each.key: each for each in compare_metrics(left, right, PROFILE)}


@pytest.mark.parametrize("pose", [as_coco(truth_pose(name)) for name in SAMPLES], ids=SAMPLES)
def test_identical_answers_flip_no_grade(pose: Pose) -> None:
    """A pose against itself has the same values and grades, no flip, no cause, and nothing to attribute."""
    for each in compare_metrics(pose, pose, PROFILE):
        assert (each.left_deg, each.left_grade, each.flips, each.cause) == (
            each.right_deg,
            each.right_grade,
            False,
            None,
        )
        assert not any(each.attribution.values())


def test_values_and_grades_are_those_of_the_metric_and_the_profile() -> None:
    """Both sides are measured by the metric itself and graded by the given profile, in degrees."""
    left, right = as_coco(truth_pose("front_apose")), as_coco(truth_pose("body_slim"))
    for key, each in differences(left, right).items():
        assert (each.left_deg, each.right_deg) == tuple(METRIC_BY_KEY[key].measure(pose) for pose in (left, right))
        assert (each.left_grade, each.right_grade) == (
            PROFILE.grade(key, each.left_deg),
            PROFILE.grade(key, each.right_deg),
        )
        assert each.flips == (each.left_grade != each.right_grade)


@pytest.mark.parametrize(
    ("left", "right", "view"),
    [
        (front(), front(), View.FRONT),
        (profile_view(), profile_view(), View.SIDE),
        (front(), exchanged(front()), View.FRONT),
        (front(), without(front(), "left_hip"), View.FRONT),
        (front(), profile_view(), None),
        (without(front(), "left_hip"), without(front(), "left_hip"), None),
    ],
)
def test_only_the_view_of_the_photo_is_measured(left: Pose, right: Pose, view: View | None) -> None:
    """One side suffices to tell the view, a contradiction or no torso at all leaves it open and no metric is given."""
    assert common_view(left, right) is view
    assert list(differences(left, right)) == (KEYS[view] if view else [])


@pytest.mark.parametrize(
    ("joint", "shift", "flipped"),
    [
        ("left_shoulder", (0.0, -12.0), {"shoulder_tilt"}),
        ("right_hip", (0.0, 10.0), {"pelvis_tilt"}),
        ("left_knee", (60.0, 0.0), {"left_leg"}),
        ("right_knee", (0.0, 12.0), {"knee_tilt"}),
        ("left_ear", (0.0, -8.0), {"head_tilt"}),
    ],
)
def test_a_flip_names_the_joint_that_moved(joint: str, shift: tuple[float, float], flipped: set[str]) -> None:
    """One joint off flips the grades of its own metrics, and each flip names that joint."""
    found = differences(front(), moved(front(), **{joint: shift}))
    assert {key for key, each in found.items() if each.flips} == flipped
    assert {found[key].cause for key in flipped} == {joint}
    assert all(each.cause is None for key, each in found.items() if key not in flipped)


@pytest.mark.parametrize("view", list(View))
@pytest.mark.parametrize("seed", range(30))
def test_a_moved_joint_explains_the_change(view: View, seed: int) -> None:
    """Among joints with a tenth of a model's noise, one that is moved by 5 to 20 % of the torso gets at least 80 % of
    the change that its move makes to each metric, where that is more than 2.5 degrees."""
    rng = np.random.default_rng(seed)
    pose = front() if view is View.FRONT else profile_view()
    joint = str(rng.choice(sorted({name for key in KEYS[view] for name in METRIC_BY_KEY[key].keypoints})))
    turn, reach = rng.uniform(0, 2 * math.pi), rng.uniform(0.05, 0.2) * pose.torso_px
    shift = (float(reach * math.cos(turn)), float(reach * math.sin(turn)))
    seen = pose.with_xy(pose.xy_px + (noisy(pose, rng).xy_px - pose.xy_px) / 10.0)
    found = differences(pose, moved(seen, **{joint: shift}))
    alone = {
        key: wrap_deg(METRIC_BY_KEY[key].measure(moved(pose, **{joint: shift})) - METRIC_BY_KEY[key].measure(pose))
        for key in found
    }
    judged = [key for key, change in alone.items() if abs(change) > 2.5]
    for key in judged:
        assert found[key].attribution[joint] / alone[key] > 0.8, key


@given(joint=st.sampled_from(COCO_17.names), dx=st.floats(-60, 60), dy=st.floats(-60, 60), person=st.integers(0, 2))
def test_a_joint_moved_alone_gets_the_whole_change(joint: str, dx: float, dy: float, person: int) -> None:
    """When nothing else differs, the moved joint explains all of every metric's change and the others nothing."""
    pose = group()[person]
    for each in compare_metrics(pose, moved(pose, **{joint: (dx, dy)}), PROFILE):
        change = wrap_deg(each.right_deg - each.left_deg)
        assert {name: share for name, share in each.attribution.items() if abs(share) > 1e-9} == (
            {joint: pytest.approx(change)} if abs(change) > 1e-9 else {}
        )


@given(seed=st.integers(0, 10_000))
def test_exchanging_the_answers_turns_the_attribution_round(seed: int) -> None:
    """Who is left and who is right changes only signs, and never the flip or its cause."""
    rng = np.random.default_rng(seed)
    one, two = noisy(front(), rng), noisy(front(), rng)
    forth, back = differences(one, two), differences(two, one)
    for key, each in forth.items():
        assert (each.flips, each.cause) == (back[key].flips, back[key].cause)
        assert each.attribution == pytest.approx({name: -share for name, share in back[key].attribution.items()})


@given(seed=st.integers(0, 10_000))
def test_two_joints_share_a_line_between_them(seed: int) -> None:
    """The ends of one line together explain the whole difference of its tilt."""
    rng = np.random.default_rng(seed)
    each = differences(noisy(front(), rng), noisy(front(), rng))["knee_tilt"]
    assert sum(each.attribution.values()) == pytest.approx(each.right_deg - each.left_deg)


def test_a_missing_joint_leaves_the_metric_without_a_grade() -> None:
    """Without a knee there is no knee tilt on that side: NaN, no grade, no flip, no cause."""
    each = differences(front(), without(front(), "left_knee"))["knee_tilt"]
    assert (each.left_grade, each.right_grade, each.flips, each.cause, each.attribution) == (0, None, False, None, {})
    assert math.isnan(each.right_deg)


def test_a_far_ear_that_one_side_lacks_changes_nothing() -> None:
    """In a profile the hidden side may be absent; what is measured still is, as long as the facing can be told."""
    found = differences(profile_view(), without(profile_view(), "left_eye"))
    assert (found["side_head_tilt"].flips, found["side_head_tilt"].left_deg) == (
        False,
        found["side_head_tilt"].right_deg,
    )
    assert "left_eye" not in found["side_head_tilt"].attribution


def test_exchanged_sides_turn_the_line_round() -> None:
    """Shoulders the wrong way round read half a turn, which is shown as it is and flips the grade."""
    each = differences(moved(front(), left_shoulder=(0.0, -2.0)), exchanged(front(), "shoulder"))["shoulder_tilt"]
    assert (each.flips, abs(each.right_deg)) == (True, pytest.approx(180.0))


@given(dx=st.floats(-300, 300), dy=st.floats(-300, 300), scale=st.floats(0.2, 5.0))
def test_place_and_size_of_the_person_do_not_matter(dx: float, dy: float, scale: float) -> None:
    """Moving and scaling both answers together changes no angle and no attribution."""
    one, two = front(), moved(front(), left_shoulder=(3.0, -20.0), right_knee=(10.0, 4.0))
    there = [shifted(pose.with_xy(pose.xy_px * scale), dx, dy) for pose in (one, two)]
    assume(all(np.isfinite(pose.xy_px).all() for pose in there))
    plain, other = differences(one, two), differences(there[0], there[1])
    for key, each in plain.items():
        assert (other[key].left_deg, other[key].right_deg) == pytest.approx((each.left_deg, each.right_deg), abs=1e-6)
        assert other[key].attribution == pytest.approx(each.attribution, abs=1e-6)
        assert other[key].cause == each.cause
