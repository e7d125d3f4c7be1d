"""Who is who: Hungarian matching, its gate, and what a greedy matching would have done."""

import numpy as np
import pytest

from posedeck.pose.agreement import compare_people, oks
from posedeck.pose.agreement.matching import MATCH_GATE, Matching, match_people
from posedeck.pose.agreement.similarity import common_area_px2
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import COCO_17
from tests.unit.pose.agreement.builders import PROFILE, exchanged, front, group, noisy, shifted, without


def likeness(a: Pose, b: Pose) -> float:
    return oks(a, b, common_area_px2(a, b))


def shift_of(target: float) -> float:
    """How far a front pose has to move sideways to be that much like itself."""
    return float(min(np.arange(0, 400, 0.5), key=lambda dx: abs(likeness(front(), shifted(front(), dx)) - target)))


def test_people_are_found_in_any_order() -> None:
    """Three neighbours in another order, seen with noise, are matched with themselves."""
    rng = np.random.default_rng(3)
    other = [noisy(group()[person], rng) for person in (2, 0, 1)]
    assert match_people(group(), other).pairs == ((0, 1), (1, 2), (2, 0))


def test_a_greedy_matching_can_lose_a_pair() -> None:
    """When the first takes what only the second could have had, the Hungarian method still finds both pairs."""
    near, far = shift_of(0.5), shift_of(0.35)
    left = [front(), shifted(front(), near + far)]
    right = [shifted(front(), near), shifted(front(), -far)]
    assert match_people(left, right) == Matching(pairs=((0, 1), (1, 0)), greedy_pairs=1)


def test_pairs_below_the_gate_cannot_push_a_true_pair_aside() -> None:
    """One pair just above the gate beats two pairs just below it, whose sum would be higher."""
    true, false = shift_of(0.13), shift_of(0.08)
    left = [front(), shifted(front(), true + false)]
    right = [shifted(front(), true), shifted(front(), -false)]
    assert likeness(left[0], right[1]) + likeness(left[1], right[0]) > likeness(left[0], right[0]) > MATCH_GATE
    assert match_people(left, right).pairs == ((0, 0),)


def test_strangers_are_left_over() -> None:
    """People who are nowhere in the other answer are named as only there, on both sides."""
    people = group()
    agreement = compare_people(people[:2], [shifted(front(), 5000), people[1]], PROFILE)
    assert [(pair.left, pair.right) for pair in agreement.pairs] == [(1, 1)]
    assert (agreement.only_left, agreement.only_right) == ((0,), (0,))


@pytest.mark.parametrize(("left", "right"), [(0, 0), (0, 3), (3, 0)])
def test_nobody_is_matched_with_nobody(left: int, right: int) -> None:
    """An answer without people leaves all of the other side over."""
    agreement = compare_people(group()[:left], group()[:right], PROFILE)
    assert (agreement.pairs, agreement.greedy_pairs) == ((), 0)
    assert (agreement.only_left, agreement.only_right) == (tuple(range(left)), tuple(range(right)))


def test_few_shared_joints_fall_back_to_the_boxes() -> None:
    """With fewer than four shared joints the keypoint boxes decide: here OKS alone would see a perfect pair."""
    head = front()
    parts = {"left": COCO_17.names[3:], "right": ("left_eye", "right_eye")}
    same_box = without(head, *parts["right"])
    tiny_box = without(head, *parts["left"])
    assert likeness(tiny_box, same_box) == 1.0
    assert match_people([tiny_box], [same_box]).pairs == ()
    assert match_people([tiny_box], [tiny_box]).pairs == ((0, 0),)


def test_a_pose_without_points_is_nobody() -> None:
    """A pose whose keypoints are all absent matches no one, not even its like."""
    empty = without(front(), *COCO_17.names)
    agreement = compare_people([empty], [empty], PROFILE)
    assert (agreement.pairs, agreement.only_left, agreement.only_right) == ((), (0,), (0,))


def test_a_person_with_all_sides_exchanged_is_still_the_same_person() -> None:
    """Left taken for right all over can leave OKS below the gate; the person must still be matched to be judged."""
    wide = without(front(), "nose", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle")
    assert likeness(wide, exchanged(wide)) < MATCH_GATE
    (pair,) = compare_people([wide], [exchanged(wide)], PROFILE).pairs
    assert pair.sides_inverted
    assert pair.oks < MATCH_GATE
