"""COCO-17 people with known places, and faults put into them on purpose."""

import numpy as np

from posedeck.pose.grades import load_profile
from posedeck.pose.pose import FloatArray, Pose
from posedeck.pose.skeleton import COCO_17
from posedeck.pose.uncertainty import DEFAULT_SIGMA_TORSO
from tests.support.people import level_front, truth_pose, upright_profile

PROFILE = load_profile("remo-2024")
NOISE_TORSO = np.array([DEFAULT_SIGMA_TORSO[name.split("_")[-1]] for name in COCO_17.names])
FALLOFF = 2.0 * np.array([COCO_17.oks_sigma[name] for name in COCO_17.names])


def as_coco(pose: Pose) -> Pose:
    """The COCO-17 keypoints of a pose of ours."""
    index = pose.skeleton.indices(COCO_17.names)
    return Pose(COCO_17, pose.xy_px[index], pose.score[index])


def front() -> Pose:
    """A level, symmetric front pose."""
    return as_coco(level_front())


def profile_view() -> Pose:
    """An upright profile facing image right."""
    return as_coco(upright_profile())


def group() -> list[Pose]:
    """The three people of the sample group, where they truly are; they stand shoulder to shoulder."""
    return [as_coco(truth_pose("group3", person)) for person in range(3)]


def shifted(pose: Pose, dx: float, dy: float = 0.0) -> Pose:
    """The whole pose elsewhere, in pixels."""
    return pose.with_xy(pose.xy_px + np.array([dx, dy]))


def noisy(pose: Pose, rng: np.random.Generator) -> Pose:
    """The pose as a single pass of a pose model sees it."""
    noise = rng.normal(size=(len(COCO_17), 2)) * NOISE_TORSO[:, None] * pose.torso_px
    return pose.with_xy(pose.xy_px + noise)


def exchanged(pose: Pose, *parts: str) -> Pose:
    """The pose with left and right of the named parts exchanged, of all parts without a name."""
    order = np.arange(len(COCO_17))
    names = [f"{side}_{part}" for part in parts for side in ("left", "right")] or list(COCO_17.names)
    index = COCO_17.indices(names)
    order[index] = COCO_17.mirror_order[index]
    return pose.with_xy(pose.xy_px[order])


def without(pose: Pose, *names: str) -> Pose:
    """The pose with the named keypoints missing."""
    return pose.with_points(dict.fromkeys(names, (float("nan"), float("nan"))))


def scored(pose: Pose, **scores: float) -> Pose:
    """The pose with other confidences for the named keypoints."""
    score = pose.score.copy()
    for name, value in scores.items():
        score[COCO_17.index[name]] = value
    return Pose(COCO_17, pose.xy_px, score)


def similarity(distance_px: FloatArray | float, joint: int, scale_px: float) -> FloatArray:
    """COCO's keypoint similarity, written down a second time."""
    return np.exp(-(np.asarray(distance_px) ** 2) / (2.0 * scale_px**2 * FALLOFF[joint] ** 2))
