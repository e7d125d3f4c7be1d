"""Two answers as a whole: what identical answers give, what is printed, and what does not change it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.pose.agreement import Agreement, PersonAgreement, Verdict, compare_people
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import BLAZEPOSE_33, COCO_17
from tests.support.people import level_front, moved
from tests.unit.pose.agreement.builders import PROFILE, front, group, noisy, scored, shifted, without


def compare(left: Pose, right: Pose) -> PersonAgreement:
    (pair,) = compare_people([left], [right], PROFILE).pairs
    return pair


def numbers(agreement: Agreement) -> list[float]:
    """Every number of an agreement that place and size of the people must not change."""
    found: list[float] = []
    for pair in agreement.pairs:
        found += [pair.oks, *pair.pck.values()]
        found += [value for joint in pair.joints for value in (joint.dx_torso, joint.dy_torso, joint.similarity)]
        found += [bone.log_ratio for bone in pair.bones]
        found += [angle.difference_deg for angle in pair.angles]
    return found


def words(agreement: Agreement) -> list[object]:
    """Everything else that they must not change."""
    return [
        [(pair.left, pair.right, pair.joints_used, pair.sides_inverted) for pair in agreement.pairs],
        [joint.verdict for pair in agreement.pairs for joint in pair.joints],
        agreement.only_left,
        agreement.only_right,
        agreement.greedy_pairs,
    ]


def test_identical_answers_agree_in_everything() -> None:
    """Everybody is found, OKS is exactly 1, every joint good, no distance, no grade flips."""
    agreement = compare_people(group(), group(), PROFILE)
    assert [(pair.left, pair.right, pair.oks) for pair in agreement.pairs] == [(i, i, 1.0) for i in range(3)]
    for pair in agreement.pairs:
        assert pair.joints_used == 17
        assert set(pair.pck.values()) == {1.0}
        assert {joint.verdict for joint in pair.joints} == {Verdict.GOOD}
        assert {joint.distance_torso for joint in pair.joints} == {0.0}
        assert len(pair.metrics) == 7
        assert not any(metric.flips for metric in pair.metrics)


def test_scale_and_torso_are_printed() -> None:
    """The scale is the root of 0.53 x the box, the torso the diagonal from left shoulder to right hip."""
    pair = compare(front(), front())
    assert pair.scale_px == pytest.approx(math.sqrt(0.53 * 420 * 750))
    assert pair.torso_px == pytest.approx(math.hypot(135, 240))


def test_torso_is_shared_by_both_sides() -> None:
    """It is the geometric mean of both sides, or that of the side that has it."""
    larger = front().with_xy(front().xy_px * 1.21)
    assert compare(front(), larger).torso_px == pytest.approx(1.1 * math.hypot(135, 240))
    assert compare(front(), without(larger, "right_hip")).torso_px == pytest.approx(math.hypot(135, 240))


def test_without_a_torso_nothing_is_divided_by_it() -> None:
    """When no side has the torso, distances and PCK are unknown while OKS and verdicts stand."""
    bust = without(front(), "right_hip")
    pair = compare(bust, bust)
    assert (pair.oks, pair.joints_used) == (1.0, 16)
    assert np.isnan([pair.torso_px, *pair.pck.values(), *(joint.distance_torso for joint in pair.joints)]).all()
    assert pair.joints[COCO_17.index["nose"]].verdict is Verdict.GOOD


def test_pck_counts_the_joints_within_its_share_of_the_torso() -> None:
    """Joints off by 4, 8 and 30 % of the torso count or not by alpha, and absent ones are in no share."""
    torso = math.hypot(135, 240)
    right = moved(front(), nose=(0, 0.04 * torso), left_wrist=(0.08 * torso, 0), left_ankle=(0, -0.3 * torso))
    assert compare(front(), right).pck == pytest.approx({0.05: 15 / 17, 0.1: 16 / 17, 0.2: 16 / 17})
    assert compare(front(), without(right, "left_ankle")).pck == pytest.approx({0.05: 15 / 16, 0.1: 1.0, 0.2: 1.0})


def test_a_placeholder_is_nowhere_a_location() -> None:
    """(0, 0) with score 0 gives the same agreement as a missing point, box, matching and metrics included."""
    placeholder = scored(front().with_points({"left_ankle": (0.0, 0.0)}), left_ankle=0.0)
    one, two = (compare_people([front()], [right], PROFILE) for right in (placeholder, without(front(), "left_ankle")))
    assert words(one) == words(two)
    np.testing.assert_array_equal(numbers(one), numbers(two))
    assert one.pairs[0].scale_px == two.pairs[0].scale_px


def test_another_skeleton_is_refused() -> None:
    """Only COCO-17 poses can be compared."""
    with pytest.raises(ValueError, match=BLAZEPOSE_33.name):
        compare_people([front()], [level_front()], PROFILE)


@given(
    seed=st.integers(0, 10_000),
    dx=st.floats(-2000, 2000),
    dy=st.floats(-2000, 2000),
    scale=st.floats(0.25, 8.0),
    spread=st.floats(1.0, 8.0),
)
def test_place_and_size_of_the_picture_do_not_matter(
    seed: int, dx: float, dy: float, scale: float, spread: float
) -> None:
    """Moving and scaling both answers together changes no match, verdict, OKS, PCK, ratio or angle."""
    rng = np.random.default_rng(seed)
    left = group()
    right = [pose.with_xy(pose.xy_px + spread * (noisy(pose, rng).xy_px - pose.xy_px)) for pose in left]
    here = compare_people(left, right, PROFILE)
    there = compare_people(
        *([shifted(pose.with_xy(pose.xy_px * scale), dx, dy) for pose in side] for side in (left, right)), PROFILE
    )
    assert words(there) == words(here)
    assert numbers(there) == pytest.approx(numbers(here), abs=1e-6)
    assert [pair.scale_px for pair in there.pairs] == pytest.approx([scale * pair.scale_px for pair in here.pairs])


@given(seed=st.integers(0, 10_000), spread=st.floats(1.0, 8.0))
def test_exchanging_the_answers_only_changes_signs(seed: int, spread: float) -> None:
    """Neither answer is the truth: OKS, scale, torso, PCK and verdicts are the same from either side."""
    rng = np.random.default_rng(seed)
    one = front()
    two = one.with_xy(one.xy_px + spread * (noisy(one, rng).xy_px - one.xy_px))
    forth, back = compare(one, two), compare(two, one)
    assert (forth.oks, forth.scale_px, forth.pck, forth.sides_inverted) == (
        back.oks,
        back.scale_px,
        back.pck,
        back.sides_inverted,
    )
    assert forth.torso_px == pytest.approx(back.torso_px)
    assert [joint.verdict for joint in forth.joints] == [joint.verdict for joint in back.joints]
    assert [bone.log_ratio for bone in forth.bones] == pytest.approx([-bone.log_ratio for bone in back.bones])
    assert [angle.difference_deg for angle in forth.angles] == pytest.approx(
        [-angle.difference_deg for angle in back.angles]
    )
