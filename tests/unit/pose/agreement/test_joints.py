"""Verdicts, distances and ranks of single joints, and which side is off."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.pose.agreement import JointAgreement, Verdict, compare_people, outlier
from posedeck.pose.agreement.similarity import common_area_px2
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import COCO_17
from tests.support.people import moved
from tests.unit.pose.agreement.builders import (
    FALLOFF,
    PROFILE,
    exchanged,
    front,
    group,
    profile_view,
    scored,
    similarity,
    without,
)

JOINTS = st.sampled_from(COCO_17.names)


def joints(left: Pose, right: Pose) -> dict[str, JointAgreement]:
    """The joints of two poses of one person by name."""
    (pair,) = compare_people([left], [right], PROFILE).pairs
    return {joint.name: joint for joint in pair.joints}


def verdicts(left: Pose, right: Pose) -> dict[str, Verdict]:
    return {name: joint.verdict for name, joint in joints(left, right).items()}


def at_similarity(pose: Pose, name: str, target: float) -> Pose:
    """The pose with one joint moved up until it is that much like before, at the pose's own scale."""
    distance = FALLOFF[COCO_17.index[name]] * math.sqrt(-2.0 * math.log(target) * common_area_px2(pose, pose))
    return moved(pose, **{name: (0.0, -distance)})


@pytest.mark.parametrize(
    ("target", "verdict"),
    [(0.99, Verdict.GOOD), (0.87, Verdict.GOOD), (0.83, Verdict.JITTER), (0.52, Verdict.JITTER), (0.4, Verdict.MISS)],
)
def test_the_thresholds_are_those_of_coco_analyze(target: float, verdict: Verdict) -> None:
    """From .85 a joint is good, from .5 jitter, below that and on nothing else a miss."""
    off = at_similarity(front(), "right_elbow", target)
    assert verdicts(front(), off) == dict.fromkeys(COCO_17.names, Verdict.GOOD) | {"right_elbow": verdict}


@pytest.mark.parametrize("part", ["eye", "ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle"])
def test_an_exchanged_pair_is_an_inversion(part: str) -> None:
    """Both joints of an exchanged pair are inversions, hips included, whose own similarity stays above .5."""
    found = verdicts(front(), exchanged(front(), part))
    assert {name for name, verdict in found.items() if verdict is Verdict.INVERSION} == {
        f"left_{part}",
        f"right_{part}",
    }


@pytest.mark.parametrize(
    "pose", [front(), without(front(), *COCO_17.names[:5], *COCO_17.names[11:])], ids=["whole", "arms"]
)
def test_one_joint_on_its_twin_is_an_inversion_of_that_joint(pose: Pose) -> None:
    """Two wrists in one place: the one that moved is inverted, the one that stayed is good."""
    doubled = pose.with_points({"left_wrist": tuple(pose["right_wrist"])})
    for pair in ((pose, doubled), (doubled, pose)):
        assert (verdicts(*pair)["left_wrist"], verdicts(*pair)["right_wrist"]) == (Verdict.INVERSION, Verdict.GOOD)


def test_a_profile_has_no_inversions() -> None:
    """Where left and right lie on each other nothing can be said about them."""
    profile = profile_view()
    wobbly = moved(profile, left_knee=(4.0, 0.0), right_knee=(-4.0, 0.0))
    assert Verdict.INVERSION not in verdicts(wobbly, exchanged(wobbly)).values()


def test_a_pair_too_close_to_tell_is_jitter() -> None:
    """Knees nearer than two COCO sigmas are not called exchanged, though exchanging them would fit better."""
    close = moved(front(), left_knee=(-27.0, 0.0), right_knee=(27.0, 0.0))
    found = verdicts(close, exchanged(close, "knee"))
    assert (found["left_knee"], found["right_knee"]) == (Verdict.JITTER, Verdict.JITTER)


def test_a_pair_between_both_places_is_jitter() -> None:
    """Ankles a little beyond the middle of both places fit the exchange hardly better, which is within the margin."""
    found = verdicts(front(), moved(front(), left_ankle=(-62.0, 0.0), right_ankle=(62.0, 0.0)))
    assert (found["left_ankle"], found["right_ankle"]) == (Verdict.JITTER, Verdict.JITTER)


def test_a_pair_lost_across_the_body_is_a_miss() -> None:
    """Wrists on the wrong side but on neither wrist's place are lost, not exchanged."""
    astray = moved(exchanged(front(), "wrist"), left_wrist=(0.0, 100.0), right_wrist=(0.0, 100.0))
    found = verdicts(front(), astray)
    assert (found["left_wrist"], found["right_wrist"]) == (Verdict.MISS, Verdict.MISS)


def test_a_joint_lost_in_a_profile_is_a_miss() -> None:
    """Where left and right lie on each other a lost knee is not taken for its twin, whichever side lost it."""
    lost = moved(profile_view(), left_knee=(-300.0, -100.0))
    for pair in ((profile_view(), lost), (lost, profile_view())):
        assert (verdicts(*pair)["left_knee"], verdicts(*pair)["right_knee"]) == (Verdict.MISS, Verdict.GOOD)


def test_a_lost_hip_is_a_miss() -> None:
    """Hips are so close that the lost one's old place is half alike with the other's; that hip has its place itself."""
    lost = moved(front(), left_hip=(200.0, -300.0))
    for pair in ((front(), lost), (lost, front())):
        assert (verdicts(*pair)["left_hip"], verdicts(*pair)["right_hip"]) == (Verdict.MISS, Verdict.GOOD)


def test_a_joint_on_somebody_else_is_a_swap() -> None:
    """A wrist that sits on the neighbour's wrist, or the neighbour's other wrist, is a swap."""
    people = group()
    for target in ("left_wrist", "right_wrist"):
        right = [people[0].with_points({"left_wrist": tuple(people[1][target])}), *people[1:]]
        for sides in ((people, right), (right, people)):
            wrist = compare_people(*sides, PROFILE).pairs[0].joints[COCO_17.index["left_wrist"]]
            assert wrist.verdict is Verdict.SWAP


def test_a_swap_onto_a_person_that_one_side_misses_is_seen() -> None:
    """The neighbour need not be matched: it is enough that one answer has them."""
    people = group()
    stolen = people[0].with_points({"left_wrist": tuple(people[1]["left_wrist"])})
    for sides in ((people, [stolen]), ([stolen], people)):
        (pair,) = compare_people(*sides, PROFILE).pairs
        assert pair.joints[COCO_17.index["left_wrist"]].verdict is Verdict.SWAP


@pytest.mark.parametrize("absent", [without(front(), "nose"), scored(moved(front(), nose=(-400, -170)), nose=0.0)])
def test_an_absent_joint_is_no_miss(absent: Pose) -> None:
    """A point that one side does not have is absent, with no distance, no similarity and no rank."""
    nose = joints(front(), absent)["nose"]
    assert (nose.verdict, nose.right_rank, nose.left_rank) == (Verdict.ABSENT, 0, 1)
    assert np.isnan([nose.distance_torso, nose.dx_torso, nose.dy_torso, nose.similarity, *nose.right_xy]).all()
    assert np.isfinite(nose.left_xy).all()


def test_differences_are_right_minus_left_over_the_torso() -> None:
    """A wrist 30 px to the right and 40 px down is 50 px off, over the diagonal of the torso."""
    torso = math.hypot(85 + 50, 500 - 260)
    wrist = joints(front(), moved(front(), left_wrist=(30.0, 40.0)))["left_wrist"]
    expected = (30 / torso, 40 / torso, 50 / torso)
    assert (wrist.dx_torso, wrist.dy_torso, wrist.distance_torso) == pytest.approx(expected)


def test_similarity_is_that_of_the_definition() -> None:
    """The similarity of a joint is COCO's at the pair's printed scale."""
    (pair,) = compare_people([front()], [moved(front(), right_knee=(25.0, 0.0))], PROFILE).pairs
    knee = COCO_17.index["right_knee"]
    assert pair.joints[knee].similarity == pytest.approx(float(similarity(25.0, knee, pair.scale_px)))


def test_confidences_are_ranked_within_their_own_pose() -> None:
    """The surest joint has rank 1, equals share a rank, an unknown score comes last, whatever the vendor's range is."""
    left = scored(front(), nose=2.0, left_eye=0.4, right_eye=0.4, left_ear=math.nan)
    found = joints(left, scored(front(), nose=0.0))
    assert [found[name].left_rank for name in ("nose", "left_knee", "left_eye", "right_eye", "left_ear")] == [
        1,
        2,
        15,
        15,
        17,
    ]
    assert (found["nose"].right_rank, found["nose"].right_score) == (17, 0.0)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [(0.95, 0.95, None), (0.5, 0.95, "left"), (0.95, 0.5, "right"), (0.5, 0.4, "both")],
)
def test_the_outlier_is_who_leaves_the_consensus(left: float, right: float, expected: str | None) -> None:
    """A side is an outlier when its similarity to the consensus is below .85."""
    consensus = front()
    found = outlier(
        "left_hip", at_similarity(consensus, "left_hip", left), at_similarity(consensus, "left_hip", right), consensus
    )
    assert found == expected


def test_who_has_no_point_is_no_outlier() -> None:
    """An absent point has no place that could be off, and without a consensus point nobody can be judged."""
    off = at_similarity(front(), "left_hip", 0.2)
    assert outlier("left_hip", without(front(), "left_hip"), off, front()) == "right"
    assert outlier("left_hip", off, off, without(front(), "left_hip")) is None


@given(name=JOINTS, dx=st.floats(-400, 400), dy=st.floats(-400, 400))
def test_a_verdict_does_not_depend_on_who_is_left(name: str, dx: float, dy: float) -> None:
    """Neither side is the truth: exchanging them changes no verdict and turns the differences round."""
    one, two = front(), moved(front(), **{name: (dx, dy)})
    forth, back = joints(one, two)[name], joints(two, one)[name]
    assert (forth.verdict, forth.similarity) == (back.verdict, back.similarity)
    assert (forth.dx_torso, forth.dy_torso) == pytest.approx((-back.dx_torso, -back.dy_torso))
