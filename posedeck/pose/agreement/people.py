"""Two answers about one picture compared: who is who, and how well each person agrees."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from posedeck.pose.agreement.impact import MetricDifference, compare_metrics
from posedeck.pose.agreement.joints import Bystanders, JointAgreement, compare_joints
from posedeck.pose.agreement.matching import match_people
from posedeck.pose.agreement.shape import AngleDifference, BoneRatio, compare_angles, compare_bones
from posedeck.pose.agreement.sides import PairEvidence
from posedeck.pose.agreement.similarity import common_area_px2, distances_px, located, oks
from posedeck.pose.grades import Profile
from posedeck.pose.pose import FloatArray, Pose

#: Shares of the torso within which PCK counts a joint as the same.
PCK_ALPHAS = (0.05, 0.1, 0.2)
#: The torso that distances and PCK are normalised by (FLIC's diagonal).
TORSO_DIAGONAL = ("left_shoulder", "right_hip")


@dataclass(frozen=True, eq=False)
class PersonAgreement:
    """One person in both answers.

    Attributes:
        left, right: Position of the person in each answer.
        oks: Object keypoint similarity in 0..1 over the joints that both have; NaN when they share none.
        scale_px: The s that it was taken with, in pixels: root of 0.53 x the geometric mean of both keypoint boxes.
        joints_used: How many joints both have.
        torso_px: The normaliser: distance from left shoulder to right hip in pixels, geometric mean of both sides (or
            of the one that has it); NaN when neither has, and then so is all that is divided by it.
        pck: Share of the joints used within alpha x torso, by alpha.
        joints, bones, angles, metrics: The details.
        sides_inverted: Whether the answers have the body's left and right exchanged.
    """

    left: int
    right: int
    oks: float
    scale_px: float
    joints_used: int
    torso_px: float
    pck: dict[float, float]
    joints: tuple[JointAgreement, ...]
    bones: tuple[BoneRatio, ...]
    angles: tuple[AngleDifference, ...]
    metrics: tuple[MetricDifference, ...]
    sides_inverted: bool


@dataclass(frozen=True, eq=False)
class Agreement:
    """Two answers about one picture.

    Attributes:
        pairs: People that both found, in the order of the left answer.
        only_left, only_right: Positions of people that only one answer has.
        greedy_pairs: How many pairs a greedy matching would have found; it differs in crowds.
    """

    pairs: tuple[PersonAgreement, ...]
    only_left: tuple[int, ...]
    only_right: tuple[int, ...]
    greedy_pairs: int


def compare_people(left: Sequence[Pose], right: Sequence[Pose], profile: Profile) -> Agreement:
    """How well two answers about the same picture agree.

    Args:
        left, right: COCO-17 poses in pixels of the picture, best first. Keypoints that are NaN, or at (0, 0) with
            score 0, count as absent.
        profile: Bands that the posture metrics are graded by.

    Raises:
        ValueError: when a pose is not a COCO-17 pose.
    """
    left, right = [located(pose) for pose in left], [located(pose) for pose in right]
    matching = match_people(left, right)
    matched_left, matched_right = {i for i, _ in matching.pairs}, {j for _, j in matching.pairs}
    return Agreement(
        pairs=tuple(_compare_person(left, right, i, j, profile) for i, j in matching.pairs),
        only_left=tuple(i for i in range(len(left)) if i not in matched_left),
        only_right=tuple(j for j in range(len(right)) if j not in matched_right),
        greedy_pairs=matching.greedy_pairs,
    )


def _compare_person(
    left_people: Sequence[Pose], right_people: Sequence[Pose], i: int, j: int, profile: Profile
) -> PersonAgreement:
    left, right = left_people[i], right_people[j]
    area_px2 = common_area_px2(left, right)
    torso_px = common_torso_px(left, right)
    others = Bystanders([*left_people[:i], *left_people[i + 1 :]], [*right_people[:j], *right_people[j + 1 :]])
    distance_px = distances_px(left.xy_px, right.xy_px)
    return PersonAgreement(
        left=i,
        right=j,
        oks=oks(left, right, area_px2),
        scale_px=math.sqrt(area_px2),
        joints_used=int(np.isfinite(distance_px).sum()),
        torso_px=torso_px,
        pck=_pck(distance_px, torso_px),
        joints=compare_joints(left, right, others, area_px2, torso_px),
        bones=compare_bones(left, right),
        angles=compare_angles(left, right),
        metrics=compare_metrics(left, right, profile),
        sides_inverted=PairEvidence.of(left, right, area_px2).body_inverted,
    )


def common_torso_px(left: Pose, right: Pose) -> float:
    """The normaliser of a pair of located poses, in pixels; see ``PersonAgreement.torso_px``."""
    start, end = TORSO_DIAGONAL
    lengths = [float(np.hypot(*(pose[start] - pose[end]))) for pose in (left, right)]
    known = [length for length in lengths if length > 0]
    return math.prod(known) ** (1.0 / len(known)) if known else math.nan


def _pck(distance_px: FloatArray, torso_px: float) -> dict[float, float]:
    shared = distance_px[np.isfinite(distance_px)]
    if not len(shared) or math.isnan(torso_px):
        return dict.fromkeys(PCK_ALPHAS, math.nan)
    return {alpha: float((shared <= alpha * torso_px).mean()) for alpha in PCK_ALPHAS}
