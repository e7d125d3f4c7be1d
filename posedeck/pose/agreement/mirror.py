"""The left/right test without a second vendor: ask about the mirrored picture and compare the answer with the first."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from posedeck.pose.agreement.matching import match_people
from posedeck.pose.agreement.people import common_torso_px
from posedeck.pose.agreement.sides import MIN_DECIDABLE_PAIRS, PairEvidence, is_inverted
from posedeck.pose.agreement.similarity import common_area_px2, distances_px, located
from posedeck.pose.pose import Pose


@dataclass(frozen=True)
class MirrorTest:
    """What mirroring the picture did to the answer.

    Attributes:
        people: How many people both answers have.
        decidable_pairs: Over all of them, left/right pairs far enough apart to be judged.
        inverted_pairs: How many of those came back exchanged.
        exchanges_sides: Whether the source exchanges left and right under mirroring; None when too few pairs can tell.
        median_distance_torso: Median distance of the joints as a share of the torso; NaN without people. A source that
            knows left from right has about its own noise here.
    """

    people: int
    decidable_pairs: int
    inverted_pairs: int
    exchanges_sides: bool | None
    median_distance_torso: float


def unmirror(pose: Pose, width_px: int) -> Pose:
    """A pose of the mirrored picture as a pose of the picture itself: x turned back, left and right exchanged back.

    Args:
        pose: COCO-17 pose in pixels of the mirrored picture; absent points come back as NaN.
        width_px: Width of the picture.
    """
    order = pose.skeleton.mirror_order
    xy = located(pose).xy_px * (-1.0, 1.0) + (width_px - 1.0, 0.0)
    return Pose(pose.skeleton, xy[order], pose.score[order])


def mirror_test(people: Sequence[Pose], mirrored_people: Sequence[Pose], width_px: int) -> MirrorTest:
    """Whether a source that was also asked about the mirrored picture still knows left from right.

    Args:
        people: COCO-17 poses in pixels of the picture.
        mirrored_people: The same source's answer for the mirrored picture, in pixels of that.
        width_px: Width of both.
    """
    left = [located(pose) for pose in people]
    right = [unmirror(pose, width_px) for pose in mirrored_people]
    decidable, inverted, distances = 0, 0, [np.empty(0)]
    pairs = match_people(left, right).pairs
    for i, j in pairs:
        sides = PairEvidence.of(left[i], right[j], common_area_px2(left[i], right[j]))
        decidable += sides.decidable_pairs
        inverted += len(sides.inverted_pairs)
        distances.append(distances_px(left[i].xy_px, right[j].xy_px) / common_torso_px(left[i], right[j]))
    shares = np.concatenate(distances)
    known = shares[np.isfinite(shares)]
    return MirrorTest(
        people=len(pairs),
        decidable_pairs=decidable,
        inverted_pairs=inverted,
        exchanges_sides=is_inverted(inverted, decidable) if decidable >= MIN_DECIDABLE_PAIRS else None,
        median_distance_torso=float(np.median(known)) if len(known) else math.nan,
    )
