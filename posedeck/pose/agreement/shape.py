"""The body's shape in both answers: bone lengths and joint angles."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from posedeck.pose.geometry import from_vertical_deg, included_deg, line_deg, wrap_deg
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import COCO_17

_HEAD = {"nose", "left_eye", "right_eye", "left_ear", "right_ear"}
#: Arms, legs and the four sides of the trunk.
BONES = tuple((start, end) for start, end in COCO_17.edges if not {start, end} & _HEAD)


@dataclass(frozen=True)
class BoneRatio:
    """Length of one bone in both answers: natural logarithm of left over right; NaN when a point is absent."""

    start: str
    end: str
    log_ratio: float


@dataclass(frozen=True)
class AngleDifference:
    """One angle in both answers, in degrees, and right minus left in (-180, 180]; NaN when a point is absent."""

    name: str
    left_deg: float
    right_deg: float
    difference_deg: float


def _joint(first: str, vertex: str, second: str) -> Callable[[Pose], float]:
    return lambda pose: included_deg(pose[first], pose[vertex], pose[second])


def _trunk(pose: Pose) -> float:
    return from_vertical_deg(pose.middle("left_hip", "right_hip"), pose.middle("left_shoulder", "right_shoulder"))


def _neck(pose: Pose) -> float:
    shoulders = pose.middle("left_shoulder", "right_shoulder")
    trunk = line_deg(pose.middle("left_hip", "right_hip"), shoulders)
    return wrap_deg(line_deg(shoulders, pose.middle("left_ear", "right_ear")) - trunk)


#: Joints are the angle 0..180 between their bones (180 is straight, a hanging arm has 0 at the shoulder); the trunk is
#: taken against the upright and the neck (shoulders to ears) against the trunk, positive towards image left.
ANGLES: dict[str, Callable[[Pose], float]] = {
    **{
        f"{side}_{joint}": _joint(f"{side}_{first}", f"{side}_{joint}", f"{side}_{second}")
        for joint, first, second in (
            ("knee", "hip", "ankle"),
            ("hip", "shoulder", "knee"),
            ("elbow", "shoulder", "wrist"),
            ("shoulder", "hip", "elbow"),
        )
        for side in ("left", "right")
    },
    "trunk": _trunk,
    "neck": _neck,
}


def compare_bones(left: Pose, right: Pose) -> tuple[BoneRatio, ...]:
    """The twelve bones of two located poses."""
    return tuple(BoneRatio(start, end, _log_ratio(left, right, start, end)) for start, end in BONES)


def _log_ratio(left: Pose, right: Pose, start: str, end: str) -> float:
    first, second = (float(np.hypot(*(pose[start] - pose[end]))) for pose in (left, right))
    return math.log(first / second) if first > 0 and second > 0 else math.nan


def compare_angles(left: Pose, right: Pose) -> tuple[AngleDifference, ...]:
    """The ten angles of two located poses."""
    angles = {name: (measure(left), measure(right)) for name, measure in ANGLES.items()}
    return tuple(
        AngleDifference(name, first, second, wrap_deg(second - first)) for name, (first, second) in angles.items()
    )
