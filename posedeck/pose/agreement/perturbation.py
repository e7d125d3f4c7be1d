"""How steady one source is: where a perturbed picture puts a place, how a pose comes back, and what remains alike.

A perturbation changes the picture in a way that must not change the answer: mapped back by the inverse transform, the
keypoints should lie where they lay before. What is left of a distance is the source's own doing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from posedeck.pose.agreement.matching import MIN_SHARED_FOR_OKS, match_people
from posedeck.pose.agreement.people import common_torso_px
from posedeck.pose.agreement.similarity import common_area_px2, distances_px, located, oks, present
from posedeck.pose.pose import FloatArray, Pose


class Kind(StrEnum):
    """What is done to the picture."""

    MIRROR = "mirror"
    """Left and right of the picture exchanged."""
    ROTATE = "rotate"
    """Turned clockwise by so many degrees around its middle, on a canvas that holds all of it."""
    CROP = "crop"
    """So large a share of the width and height cut off at each side."""
    JPEG = "jpeg"
    """Compressed at that JPEG quality."""
    DOWNSCALE = "downscale"
    """Made smaller, to that share of its width and height."""


@dataclass(frozen=True)
class Perturbation:
    """One change of the picture; the unit of the amount is the kind's."""

    kind: Kind
    amount: float


_AMOUNTS = {
    Kind.MIRROR: (1.0,),
    Kind.ROTATE: (-20.0, -10.0, -5.0, 5.0, 10.0, 20.0),
    Kind.CROP: (0.03, 0.06, 0.1, 0.15),
    Kind.JPEG: (75.0, 50.0, 30.0, 15.0),
    Kind.DOWNSCALE: (0.75, 0.5, 0.35, 0.25),
}


def perturbations(kinds: Sequence[Kind]) -> tuple[Perturbation, ...]:
    """The steps of the given kinds, in the order of ``Kind``."""
    return tuple(Perturbation(kind, amount) for kind in Kind if kind in kinds for amount in _AMOUNTS[kind])


@dataclass(frozen=True, eq=False)
class Placement:
    """Where a perturbation puts the picture.

    Attributes:
        width, height: Size of the perturbed picture in pixels.
        matrix: (2, 3) from pixels of the picture to pixels of the perturbed one; pixel centres are whole numbers.
        mirrored: Whether the picture shows left for right, so that the names are to be exchanged on the way back.
    """

    width: int
    height: int
    matrix: FloatArray
    mirrored: bool = False

    def back(self, pose: Pose) -> Pose:
        """A pose of the perturbed picture as a pose of the picture itself; absent points come back as NaN."""
        xy: FloatArray = (located(pose).xy_px - self.matrix[:, 2]) @ np.linalg.inv(self.matrix[:, :2]).T.astype(
            np.float64
        )
        if not self.mirrored:
            return Pose(pose.skeleton, xy, pose.score)
        order = pose.skeleton.mirror_order
        return Pose(pose.skeleton, xy[order], pose.score[order])

    def shows(self, xy_px: FloatArray) -> NDArray[np.bool_]:
        """Which places (n, 2) of the picture still lie in the perturbed one."""
        placed = xy_px @ self.matrix[:, :2].T + self.matrix[:, 2]
        edge = np.array([self.width, self.height]) - 0.5
        inside: NDArray[np.bool_] = np.all((placed >= -0.5) & (placed <= edge), axis=1)
        return inside


def place(perturbation: Perturbation, width: int, height: int) -> Placement:
    """Where a picture of that size in pixels comes to lie.

    Raises:
        ValueError: when nothing of it would be left.
    """
    amount = perturbation.amount
    match perturbation.kind:
        case Kind.MIRROR:
            return Placement(width, height, np.array([[-1.0, 0.0, width - 1.0], [0.0, 1.0, 0.0]]), mirrored=True)
        case Kind.ROTATE:
            return _rotated(math.radians(amount), width, height)
        case Kind.CROP:
            left, top = round(amount * width), round(amount * height)
            return _checked(width - 2 * left, height - 2 * top, np.array([[1.0, 0.0, -left], [0.0, 1.0, -top]]))
        case Kind.JPEG:
            return Placement(width, height, np.eye(2, 3))
    size = (round(amount * width), round(amount * height))
    scale = np.array(size) / (width, height)
    return _checked(*size, np.column_stack([np.diag(scale), 0.5 * scale - 0.5]))


def _rotated(angle: float, width: int, height: int) -> Placement:
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    size = np.ceil(np.abs(turn) @ (width, height) - 1e-6)
    middle = np.array([width - 1.0, height - 1.0]) / 2.0
    shift = (size - 1.0) / 2.0 - turn @ middle
    return Placement(int(size[0]), int(size[1]), np.column_stack([turn, shift]))


def _checked(width: int, height: int, matrix: FloatArray) -> Placement:
    if min(width, height) < 1:
        raise ValueError("nothing of the picture would be left")
    return Placement(width, height, matrix)


@dataclass(frozen=True)
class Stability:
    """What a perturbation left of an answer.

    Attributes:
        people: People of the unperturbed answer of whom enough can still be seen.
        matched: How many of them the perturbed answer has too.
        mean_distance_torso: Mean distance of their joints as a share of the torso; NaN when nobody is matched.
        oks: Their mean object keypoint similarity; NaN when nobody is matched.
    """

    people: int
    matched: int
    mean_distance_torso: float
    oks: float


def stability(before: Sequence[Pose], after: Sequence[Pose], placement: Placement) -> Stability:
    """How alike an answer and the same source's answer for a perturbed picture are.

    Joints that the perturbed picture no longer shows do not count: a crop is no fault of the source. A person counts
    while at least four joints are left.

    Args:
        before: COCO-17 poses in pixels of the picture.
        after: COCO-17 poses in pixels of the perturbed picture.
        placement: Where the perturbation put the picture.
    """
    wholes = [located(pose) for pose in before]
    visible = [pose.with_xy(np.where(placement.shows(pose.xy_px)[:, None], pose.xy_px, np.nan)) for pose in wholes]
    kept = [i for i, pose in enumerate(visible) if present(pose).sum() >= MIN_SHARED_FOR_OKS]
    back = [placement.back(pose) for pose in after]
    pairs = match_people([visible[i] for i in kept], back).pairs
    distances, likeness = [], []
    for row, j in pairs:
        left, right = visible[kept[row]], back[j]
        torso_px = common_torso_px(wholes[kept[row]], right)
        distances.append(distances_px(left.xy_px, right.xy_px) / torso_px)
        likeness.append(oks(left, right, common_area_px2(left, _where_both(right, left))))
    return Stability(len(kept), len(pairs), _mean(np.concatenate([np.empty(0), *distances])), _mean(np.array(likeness)))


def _where_both(pose: Pose, other: Pose) -> Pose:
    """The pose with the joints that the other lacks missing, so that both boxes hold the same joints."""
    return pose.with_xy(np.where(present(other)[:, None], pose.xy_px, np.nan))


def _mean(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else math.nan
