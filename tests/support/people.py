"""Builders of poses with a known answer."""

import json
from pathlib import Path

import numpy as np

from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import BLAZEPOSE_33

SAMPLES = Path(__file__).resolve().parents[2] / "assets" / "samples"

#: A level, symmetric person from the front, in pixels; the subject's left is on the image's right.
_LEVEL_FRONT = {
    "nose": (400, 170),
    "eye_inner": (8, 150),
    "eye": (16, 150),
    "eye_outer": (24, 150),
    "ear": (45, 155),
    "shoulder": (85, 260),
    "elbow": (150, 370),
    "wrist": (210, 470),
    "pinky": (225, 500),
    "index": (220, 505),
    "thumb": (205, 500),
    "hip": (50, 500),
    "knee": (55, 700),
    "ankle": (60, 900),
    "heel": (58, 920),
    "foot_index": (66, 950),
}
_MOUTH = (12, 190)
_CENTRE_X = 400.0

#: An upright person in profile facing image right; left and right lie on top of each other.
_PROFILE = {
    "nose": (470, 170),
    "eye_inner": (455, 150),
    "eye": (452, 150),
    "eye_outer": (448, 150),
    "ear": (410, 150),
    "shoulder": (400, 260),
    "elbow": (402, 370),
    "wrist": (410, 470),
    "pinky": (415, 500),
    "index": (420, 505),
    "thumb": (420, 495),
    "hip": (400, 500),
    "knee": (400, 700),
    "ankle": (400, 900),
    "heel": (385, 920),
    "foot_index": (450, 950),
}


def level_front() -> Pose:
    """A level, symmetric front pose: every tilt and leg value is 0."""
    points = {"nose": _LEVEL_FRONT["nose"]}
    for side, sign in (("left", 1), ("right", -1)):
        points[f"mouth_{side}"] = (_CENTRE_X + sign * _MOUTH[0], _MOUTH[1])
        for part, (dx, y) in _LEVEL_FRONT.items():
            if part != "nose":
                points[f"{side}_{part}"] = (_CENTRE_X + sign * dx, y)
    # Hip, knee and ankle on one straight line, so that the legs read 0.
    return _pose(points)


def upright_profile() -> Pose:
    """A profile facing image right with ear, shoulder, hip and ankle in line: body, shoulder and head tilt are 0."""
    points = {"nose": _PROFILE["nose"]}
    for side in ("left", "right"):
        points[f"mouth_{side}"] = (462.0, 190.0)
        for part, point in _PROFILE.items():
            if part != "nose":
                points[f"{side}_{part}"] = point
    return _pose(points)


def truth_pose(name: str, person: int = 0) -> Pose:
    """The true joints of a sample person as one of our poses; keypoints without a truth are NaN."""
    joints = json.loads((SAMPLES / f"{name}.json").read_text())["people"][person]["joints_2d"]
    xy = np.full((len(BLAZEPOSE_33), 2), np.nan)
    for joint, point in joints.items():
        if joint in BLAZEPOSE_33.index:
            xy[BLAZEPOSE_33.index[joint]] = point
    return Pose(BLAZEPOSE_33, xy, np.where(np.isfinite(xy[:, 0]), 1.0, 0.0))


def moved(pose: Pose, **points: tuple[float, float]) -> Pose:
    """The pose with some keypoints shifted by (dx, dy) pixels."""
    xy = pose.xy_px.copy()
    for name, shift in points.items():
        xy[pose.skeleton.index[name]] += shift
    return pose.with_xy(xy)


def mirrored(pose: Pose, width: float) -> Pose:
    """The pose as it is in the mirrored picture of that width, left and right swapped back."""
    xy = pose.xy_px.copy()
    xy[:, 0] = width - 1 - xy[:, 0]
    return pose.with_xy(xy[pose.skeleton.mirror_order])


def _pose(points: dict[str, tuple[float, float]]) -> Pose:
    xy = np.array([points[name] for name in BLAZEPOSE_33.names], dtype=np.float64)
    return Pose(BLAZEPOSE_33, xy, np.ones(len(BLAZEPOSE_33)))
