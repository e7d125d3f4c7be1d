"""Left taken for right: evidence per pair of joints and for the whole body."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posedeck.pose.agreement.similarity import distances_px, keypoint_similarity, reach_px
from posedeck.pose.pose import FloatArray, Pose
from posedeck.pose.skeleton import COCO_17

#: Exchanging left and right must shorten the distances by this share of the gap between the two joints.
INVERSION_MARGIN = 0.1
#: And bring both joints to at least this similarity (coco-analyze's threshold for the same joint).
INVERSION_SIMILARITY = 0.5
#: A joint is taken to sit on its twin's place when it fits there at least this share as well as the twin itself.
TWIN_SHARE = 0.85
#: An answer that has at least this share of its pairs apart sees left and right; one with fewer sees a profile.
MIN_SHARE_APART = 0.5
#: A body is inverted when at least this share of its decidable pairs is.
BODY_INVERTED_SHARE = 0.6
#: One pair alone, as in a side view with one arm raised, says nothing about the body.
MIN_DECIDABLE_PAIRS = 2

_MIRROR = COCO_17.mirror_order
_LEFT = np.array([name.startswith("left_") for name in COCO_17.names])


@dataclass(frozen=True, eq=False)
class PairEvidence:
    """Per keypoint of two located poses, whether left was taken for right.

    Attributes:
        inverted: (17,) whether the poses have the two joints of a pair exchanged.
        on_twin: (17,) how well, 0..1, one side's joint sits on the other side's opposite joint; 0 where that means
            nothing.
        decidable: (17,) whether both poses have both joints of the pair, and they lie far enough apart to be told from
            each other.
    """

    inverted: NDArray[np.bool_]
    on_twin: FloatArray
    decidable: NDArray[np.bool_]

    @classmethod
    def of(cls, left: Pose, right: Pose, area_px2: float) -> "PairEvidence":
        """The evidence in two located poses with s^2 ``area_px2``."""
        same = distances_px(left.xy_px, right.xy_px)
        cross = distances_px(left.xy_px[_MIRROR], right.xy_px)
        left_gap, right_gap = (distances_px(pose.xy_px, pose.xy_px[_MIRROR]) for pose in (left, right))
        reach = reach_px(area_px2)
        apart = _apart(left_gap, reach) | _apart(right_gap, reach)

        crossed = keypoint_similarity(cross, area_px2)
        both_cross = cross + cross[_MIRROR]
        nearer = both_cross + INVERSION_MARGIN * np.fmax(left_gap, right_gap) < same + same[_MIRROR]
        alike = np.minimum(crossed, crossed[_MIRROR]) >= INVERSION_SIMILARITY

        twin = np.nan_to_num(keypoint_similarity(same, area_px2)[_MIRROR])
        on_twin = np.fmax(
            np.where(_may_claim(right_gap, left_gap, reach), crossed, 0.0),
            np.where(_may_claim(left_gap, right_gap, reach), crossed[_MIRROR], 0.0),
        )
        # A twin that fits its own place clearly better has that place for itself; hips are that close to each other.
        on_twin = np.where(on_twin >= TWIN_SHARE * twin, on_twin, 0.0)
        return cls(apart & nearer & alike, on_twin, apart & np.isfinite(both_cross))

    @property
    def decidable_pairs(self) -> int:
        """How many left/right pairs can be judged."""
        return int((self.decidable & _LEFT).sum())

    @property
    def inverted_pairs(self) -> tuple[str, ...]:
        """The parts, such as ``"wrist"``, whose left and right are exchanged."""
        return tuple(COCO_17.names[i].removeprefix("left_") for i in np.flatnonzero(self.inverted & _LEFT))

    @property
    def body_inverted(self) -> bool:
        """Whether the whole body has left and right exchanged."""
        return is_inverted(len(self.inverted_pairs), self.decidable_pairs)


def is_inverted(inverted: int, decidable: int) -> bool:
    """Whether so many inverted among the decidable pairs mean that left and right are exchanged altogether."""
    return decidable >= MIN_DECIDABLE_PAIRS and inverted >= BODY_INVERTED_SHARE * decidable


def _may_claim(claimant: FloatArray, other: FloatArray, reach: FloatArray) -> NDArray[np.bool_]:
    """Where (17,) a pose's joint on the other pose's opposite joint shows that the pose took left for right.

    The other pose must have the two apart. If the pose itself has them in one place it must see most of its other pairs
    apart: a profile has all of them in one place by right.

    Args:
        claimant, other: Gap (17,) in pixels between each joint and its twin in the pose and in the other pose.
        reach: (17,) pixels within which the two cannot be told apart.
    """
    apart = _apart(claimant, reach)
    sees_sides = (apart & _LEFT).sum() >= MIN_SHARE_APART * (np.isfinite(claimant) & _LEFT).sum()
    allowed: NDArray[np.bool_] = _apart(other, reach) & (apart | sees_sides)
    return allowed


def _apart(gap: FloatArray, reach: FloatArray) -> NDArray[np.bool_]:
    # The nose is its own twin: it has no gap.
    apart: NDArray[np.bool_] = (gap > 0) & (gap >= reach)
    return apart
