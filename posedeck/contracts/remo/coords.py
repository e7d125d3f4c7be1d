"""Remo's 22 coordinates: their order, and how they come from our 33 keypoints."""

import json

import msgspec
import numpy as np

from posedeck.pose.pose import FloatArray, Pose
from posedeck.pose.skeleton import Skeleton

REMO_22 = Skeleton(
    name="remo-22",
    names=(
        "head_top",
        "neck",
        "right_shoulder",
        "right_elbow",
        "right_wrist",
        "left_shoulder",
        "left_elbow",
        "left_wrist",
        "right_hip",
        "right_knee",
        "right_ankle",
        "left_hip",
        "left_knee",
        "left_ankle",
        "pelvis",
        "spine",
        "lips",
        "left_ear",
        "left_eye",
        "nose",
        "right_ear",
        "right_eye",
    ),
    edges=(
        ("head_top", "neck"),
        ("neck", "right_shoulder"),
        ("right_shoulder", "right_elbow"),
        ("right_elbow", "right_wrist"),
        ("neck", "left_shoulder"),
        ("left_shoulder", "left_elbow"),
        ("left_elbow", "left_wrist"),
        ("neck", "spine"),
        ("spine", "pelvis"),
        ("pelvis", "right_hip"),
        ("right_hip", "right_knee"),
        ("right_knee", "right_ankle"),
        ("pelvis", "left_hip"),
        ("left_hip", "left_knee"),
        ("left_knee", "left_ankle"),
        ("nose", "left_eye"),
        ("left_eye", "left_ear"),
        ("nose", "right_eye"),
        ("right_eye", "right_ear"),
    ),
)

#: Head top above the ears, as a share of the distance from the neck to the ears. A head is about 13 % of the height,
#: the ears near its middle; measured on the person mask of our rendered people it is 0.8 to 1.0.
_HEAD_TOP_OVER_EARS = 0.9


def to_remo_22(pose: Pose) -> Pose:
    """The 22 points of Remo's order from our 33 keypoints.

    Derived points: ``neck`` is the middle of the shoulders, ``pelvis`` the middle of the hips, ``spine`` the middle of
    both, ``lips`` the middle of the mouth corners, ``head_top`` lies on the line from the neck through the middle of
    the ears. The vendor calls its hip points ASIS; ours are hip joint centres.
    """
    neck = pose.middle("left_shoulder", "right_shoulder")
    pelvis = pose.middle("left_hip", "right_hip")
    ears = pose.middle("left_ear", "right_ear")
    derived = {
        "head_top": ears + _HEAD_TOP_OVER_EARS * (ears - neck),
        "neck": neck,
        "pelvis": pelvis,
        "spine": (neck + pelvis) / 2,
        "lips": pose.middle("mouth_left", "mouth_right"),
    }
    parts = {
        "head_top": ("left_ear", "right_ear"),
        "neck": ("left_shoulder", "right_shoulder"),
        "pelvis": ("left_hip", "right_hip"),
        "spine": ("left_shoulder", "right_shoulder", "left_hip", "right_hip"),
        "lips": ("mouth_left", "mouth_right"),
    }
    xy = [derived[name] if name in derived else pose[name] for name in REMO_22.names]
    score = [pose.score[pose.skeleton.indices(parts.get(name, (name,)))].mean() for name in REMO_22.names]
    return Pose(REMO_22, np.array(xy), np.array(score))


def print_coords(pose: Pose) -> str:
    """The JSON string of 22 integer ``[x, y]`` pairs that Remo answers; a missing point is ``[null, null]``."""
    pairs = [[None if value != value else round(value) for value in point] for point in pose.xy_px.tolist()]
    # With a space after each comma, as the vendor writes them.
    return json.dumps(pairs)


def read_coords(value: str | list[list[float | None]]) -> Pose:
    """The pose behind ``*_coords``, whether sent as a JSON string or as a list. Scores are NaN: Remo sends none.

    A missing point is null.

    Raises:
        ValueError: when it does not hold 22 pairs of numbers.
    """
    try:
        pairs = msgspec.json.decode(value, type=list[list[float | None]]) if isinstance(value, str) else value
        xy: FloatArray = np.array(pairs, dtype=np.float64)
    except (msgspec.MsgspecError, TypeError, ValueError) as error:
        raise ValueError("coordinates are not a list of pairs") from error
    if xy.shape != (len(REMO_22), 2):
        raise ValueError(f"expected {len(REMO_22)} pairs, got shape {xy.shape}")
    return Pose(REMO_22, xy, np.full(len(REMO_22), np.nan))
