"""Skeletons: which keypoints a pose has, which of them pair left with right, and how they join into bones.

Left and right are always the subject's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Skeleton:
    """A named, ordered set of keypoints.

    Attributes:
        name: Short identifier, for example ``"blazepose-33"``.
        names: Keypoint names in order; ``left_`` and ``right_`` prefixes mark pairs.
        edges: Bones as pairs of keypoint names.
        oks_sigma: Per-keypoint COCO falloff by name; keypoints without one are absent.
    """

    name: str
    names: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    oks_sigma: dict[str, float] = field(default_factory=dict, hash=False, compare=False)

    def __post_init__(self) -> None:
        if len(set(self.names)) != len(self.names):
            raise ValueError(f"skeleton {self.name}: keypoint names must be unique")
        for edge in self.edges:
            missing = [name for name in edge if name not in self.names]
            if missing:
                raise ValueError(f"skeleton {self.name}: edge {edge} names unknown keypoints {missing}")

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each keypoint by name."""
        return {name: position for position, name in enumerate(self.names)}

    @cached_property
    def mirror_order(self) -> NDArray[np.intp]:
        """Permutation (n,) that swaps every left keypoint with its right twin."""
        return np.array([self.index[_twin(name)] for name in self.names], dtype=np.intp)

    def indices(self, names: Sequence[str]) -> NDArray[np.intp]:
        """Positions (k,) of the given keypoint names. Raises KeyError for an unknown name."""
        return np.array([self.index[name] for name in names], dtype=np.intp)


def _twin(name: str) -> str:
    for left, right in (("left_", "right_"), ("right_", "left_")):
        if name.startswith(left):
            return right + name.removeprefix(left)
        if name.endswith("_" + left.rstrip("_")):
            return name.removesuffix(left.rstrip("_")) + right.rstrip("_")
    return name


# Falloff constants of the COCO keypoint evaluation (cocodataset.org, "keypoints-eval").
COCO_OKS_SIGMA = {
    "nose": 0.026,
    "left_eye": 0.025,
    "right_eye": 0.025,
    "left_ear": 0.035,
    "right_ear": 0.035,
    "left_shoulder": 0.079,
    "right_shoulder": 0.079,
    "left_elbow": 0.072,
    "right_elbow": 0.072,
    "left_wrist": 0.062,
    "right_wrist": 0.062,
    "left_hip": 0.107,
    "right_hip": 0.107,
    "left_knee": 0.087,
    "right_knee": 0.087,
    "left_ankle": 0.089,
    "right_ankle": 0.089,
}

_LIMB_EDGES = (
    ("left_shoulder", "right_shoulder"),
    ("left_shoulder", "left_elbow"),
    ("left_elbow", "left_wrist"),
    ("right_shoulder", "right_elbow"),
    ("right_elbow", "right_wrist"),
    ("left_shoulder", "left_hip"),
    ("right_shoulder", "right_hip"),
    ("left_hip", "right_hip"),
    ("left_hip", "left_knee"),
    ("left_knee", "left_ankle"),
    ("right_hip", "right_knee"),
    ("right_knee", "right_ankle"),
)
_HEAD_EDGES = (("nose", "left_eye"), ("left_eye", "left_ear"), ("nose", "right_eye"), ("right_eye", "right_ear"))

COCO_17 = Skeleton(
    name="coco-17",
    names=tuple(COCO_OKS_SIGMA),
    edges=_HEAD_EDGES + _LIMB_EDGES,
    oks_sigma=COCO_OKS_SIGMA,
)

BLAZEPOSE_33 = Skeleton(
    name="blazepose-33",
    names=(
        "nose",
        "left_eye_inner",
        "left_eye",
        "left_eye_outer",
        "right_eye_inner",
        "right_eye",
        "right_eye_outer",
        "left_ear",
        "right_ear",
        "mouth_left",
        "mouth_right",
        "left_shoulder",
        "right_shoulder",
        "left_elbow",
        "right_elbow",
        "left_wrist",
        "right_wrist",
        "left_pinky",
        "right_pinky",
        "left_index",
        "right_index",
        "left_thumb",
        "right_thumb",
        "left_hip",
        "right_hip",
        "left_knee",
        "right_knee",
        "left_ankle",
        "right_ankle",
        "left_heel",
        "right_heel",
        "left_foot_index",
        "right_foot_index",
    ),
    edges=(
        *_HEAD_EDGES,
        ("mouth_left", "mouth_right"),
        *_LIMB_EDGES,
        ("left_wrist", "left_index"),
        ("left_wrist", "left_pinky"),
        ("left_wrist", "left_thumb"),
        ("right_wrist", "right_index"),
        ("right_wrist", "right_pinky"),
        ("right_wrist", "right_thumb"),
        ("left_ankle", "left_heel"),
        ("left_heel", "left_foot_index"),
        ("left_ankle", "left_foot_index"),
        ("right_ankle", "right_heel"),
        ("right_heel", "right_foot_index"),
        ("right_ankle", "right_foot_index"),
    ),
    oks_sigma=COCO_OKS_SIGMA,
)
