"""Who is who: the people of one answer matched with those of the other."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from posedeck.pose.agreement.similarity import common_area_px2, keypoint_box, oks, present
from posedeck.pose.pose import FloatArray, Pose

#: Less alike than this is not the same person (coco-analyze's threshold for localisation errors).
MATCH_GATE = 0.1
#: With left and right exchanged a neighbour can look a little alike too, so only an evident likeness counts.
EXCHANGED_GATE = 0.5
#: With fewer shared keypoints than this OKS says little, and the keypoint boxes are compared instead.
MIN_SHARED_FOR_OKS = 4


@dataclass(frozen=True)
class Matching:
    """Which people belong together.

    Attributes:
        pairs: Positions (left, right) of the same person, in the order of the left side.
        greedy_pairs: How many pairs COCO's greedy matching finds: each left person in turn takes the best one left.
    """

    pairs: tuple[tuple[int, int], ...]
    greedy_pairs: int


def match_people(left: Sequence[Pose], right: Sequence[Pose]) -> Matching:
    """The matching with the highest total likeness (Hungarian method), no pair below ``MATCH_GATE``.

    Likeness is OKS, or OKS with left and right exchanged where that is evidently higher.

    Args:
        left, right: Located poses, best first.
    """
    likeness = np.array([[_likeness(a, b) for b in right] for a in left]).reshape(len(left), len(right))
    # A pair below the gate is worth nothing, so that it cannot push a true pair aside.
    likeness[likeness < MATCH_GATE] = 0.0
    rows, columns = linear_sum_assignment(1.0 - likeness)
    pairs = tuple((int(row), int(column)) for row, column in zip(rows, columns, strict=True) if likeness[row, column])
    return Matching(pairs, _greedy_count(likeness))


def _greedy_count(likeness: FloatArray) -> int:
    free = likeness.copy()
    count = 0
    for row in range(len(free)):
        if free.shape[1] and free[row].max() > 0:
            free[:, free[row].argmax()] = 0.0
            count += 1
    return count


def _likeness(left: Pose, right: Pose) -> float:
    shared = int((present(left) & present(right)).sum())
    if shared >= MIN_SHARED_FOR_OKS:
        area_px2 = common_area_px2(left, right)
        exchanged = right.with_xy(right.xy_px[right.skeleton.mirror_order])
        plain, crossed = oks(left, right, area_px2), oks(left, exchanged, area_px2)
        # An answer that takes left for right all over still shows the same person; only so can that be told at all.
        return max(plain, crossed) if crossed >= EXCHANGED_GATE else plain
    return _box_iou(keypoint_box(left), keypoint_box(right))


def _box_iou(a: FloatArray, b: FloatArray) -> float:
    overlap = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    common = float(np.prod(overlap.clip(min=0.0)))
    union = float(np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2])) - common
    return common / union if union > 0 and not math.isnan(common) else 0.0
