"""What became of each joint: the same place, a little off, on the wrong side, on another person, or lost.

The taxonomy and its thresholds are those of coco-analyze (Ronchi and Perona, ICCV 2017), read both ways: neither side
is the truth, so a verdict does not change when the sides are exchanged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from posedeck.pose.agreement.sides import PairEvidence
from posedeck.pose.agreement.similarity import (
    distances_px,
    keypoint_similarity,
    located,
    person_area_px2,
    present,
)
from posedeck.pose.pose import FloatArray, Pose
from posedeck.pose.skeleton import COCO_17

#: At least as alike as this: the same place.
GOOD_SIMILARITY = 0.85
#: At least as alike as this: the same joint, a little off.
SAME_SIMILARITY = 0.5


class Verdict(StrEnum):
    """How the two places of one joint relate; ABSENT when one side has no such point."""

    GOOD = "good"
    JITTER = "jitter"
    INVERSION = "inversion"
    SWAP = "swap"
    MISS = "miss"
    ABSENT = "absent"


@dataclass(frozen=True, eq=False)
class JointAgreement:
    """One joint in both answers.

    Attributes:
        name: Keypoint name.
        left_xy, right_xy: Places (2,) in pixels, NaN when absent.
        distance_torso: Distance as a share of the torso.
        dx_torso, dy_torso: Right minus left as shares of the torso, x to the right, y down.
        similarity: Keypoint similarity in 0..1.
        verdict: How the places relate.
        left_score, right_score: Confidences as the sources gave them; not comparable between vendors.
        left_rank, right_rank: Rank of the confidence among the keypoints of its own pose, 1 is the surest, equals share
            a rank; 0 when absent.
    """

    name: str
    left_xy: FloatArray
    right_xy: FloatArray
    distance_torso: float
    dx_torso: float
    dy_torso: float
    similarity: float
    verdict: Verdict
    left_score: float
    right_score: float
    left_rank: int
    right_rank: int


@dataclass(frozen=True, eq=False)
class Bystanders:
    """The other people of both answers, as located poses: where a swapped joint may have gone."""

    left: Sequence[Pose]
    right: Sequence[Pose]


def compare_joints(
    left: Pose, right: Pose, others: Bystanders, area_px2: float, torso_px: float
) -> tuple[JointAgreement, ...]:
    """The 17 joints of two located poses of one person, in the order of the skeleton.

    Args:
        left, right: Located poses.
        others: Everybody else in the picture.
        area_px2: The pair's s^2 in square pixels.
        torso_px: The pair's torso in pixels.
    """
    similarity = keypoint_similarity(distances_px(left.xy_px, right.xy_px), area_px2)
    verdicts = _verdicts(similarity, PairEvidence.of(left, right, area_px2), _swap_similarity(left, right, others))
    shift = (right.xy_px - left.xy_px) / torso_px
    left_ranks, right_ranks = _ranks(left), _ranks(right)
    return tuple(
        JointAgreement(
            name=name,
            left_xy=left.xy_px[i],
            right_xy=right.xy_px[i],
            distance_torso=float(np.hypot(*shift[i])),
            dx_torso=float(shift[i, 0]),
            dy_torso=float(shift[i, 1]),
            similarity=float(similarity[i]),
            verdict=verdicts[i],
            left_score=float(left.score[i]),
            right_score=float(right.score[i]),
            left_rank=int(left_ranks[i]),
            right_rank=int(right_ranks[i]),
        )
        for i, name in enumerate(COCO_17.names)
    )


def _verdicts(own: FloatArray, sides: PairEvidence, swap: FloatArray) -> list[Verdict]:
    elsewhere = np.maximum(sides.on_twin, swap) >= SAME_SIMILARITY
    # The first condition that holds names the joint.
    named = (
        (np.isnan(own), Verdict.ABSENT),
        (own >= GOOD_SIMILARITY, Verdict.GOOD),
        (sides.inverted, Verdict.INVERSION),
        (own >= SAME_SIMILARITY, Verdict.JITTER),
        (elsewhere & (swap > sides.on_twin), Verdict.SWAP),
        (elsewhere, Verdict.INVERSION),
        (np.ones_like(elsewhere), Verdict.MISS),
    )
    return [next(verdict for holds, verdict in named if holds[joint]) for joint in range(len(own))]


def _swap_similarity(left: Pose, right: Pose, others: Bystanders) -> FloatArray:
    """How well each joint (17,) of either side sits on the same or the opposite joint of somebody else; 0 on nobody."""
    best = np.zeros(len(COCO_17))
    for pose, people in ((right, others.left), (left, others.right)):
        for other in people:
            area_px2 = person_area_px2(other)
            for target in (other.xy_px, other.xy_px[COCO_17.mirror_order]):
                best = np.fmax(best, keypoint_similarity(distances_px(pose.xy_px, target), area_px2))
    return best


def _ranks(pose: Pose) -> NDArray[np.intp]:
    here = present(pose)
    score = np.where(here & np.isfinite(pose.score), pose.score, -np.inf)
    rank = 1 + (score[None, :] > score[:, None]).sum(axis=1)
    return np.where(here, rank, 0)


def outlier(joint_name: str, left: Pose, right: Pose, consensus: Pose) -> Literal["left", "right", "both"] | None:
    """Which side does not have the joint where a third pose of the same person has it.

    A side is an outlier when its keypoint similarity to the consensus, at the consensus's own scale, is not good. A
    side without the point has no place that could be off.

    Args:
        joint_name: COCO-17 keypoint.
        left, right, consensus: COCO-17 poses of one person in pixels of the same picture.

    Returns:
        None when neither is an outlier or the consensus has no such point.

    Raises:
        KeyError: for an unknown joint.
    """
    index = COCO_17.index[joint_name]
    reference = located(consensus)
    area_px2 = person_area_px2(reference)
    off = [
        side
        for side, pose in (("left", left), ("right", right))
        if keypoint_similarity(distances_px(located(pose).xy_px, reference.xy_px), area_px2)[index] < GOOD_SIMILARITY
    ]
    match off:
        case ["left"]:
            return "left"
        case ["right"]:
            return "right"
        case ["left", "right"]:
            return "both"
    return None
