"""The one pose type: keypoints of one person in one picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posedeck.pose.skeleton import Skeleton

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pose:
    """Keypoints of one person.

    Coordinates are pixels of the upright picture, x to the right, y down. A missing keypoint is NaN, never (0, 0).

    Attributes:
        skeleton: Names and pairs of the n keypoints.
        xy_px: (n, 2) positions in pixels.
        score: (n,) confidence in 0..1 as the source gave it.
        sigma_px: (n,) standard deviation of the position per axis in pixels, when it was estimated.
        xyz_m: (n, 3) world coordinates in metres, origin between the hips, y down, z away from the camera.

    Raises:
        ValueError: when an array's shape does not fit the skeleton.
    """

    skeleton: Skeleton
    xy_px: FloatArray
    score: FloatArray
    sigma_px: FloatArray | None = None
    xyz_m: FloatArray | None = None

    def __post_init__(self) -> None:
        n = len(self.skeleton)
        expected = {"xy_px": (n, 2), "score": (n,), "sigma_px": (n,), "xyz_m": (n, 3)}
        for name, shape in expected.items():
            array = getattr(self, name)
            if array is not None and array.shape != shape:
                raise ValueError(f"{name}: expected shape {shape} for {self.skeleton.name}, got {array.shape}")

    def __getitem__(self, name: str) -> FloatArray:
        """Position (2,) of one keypoint in pixels."""
        point: FloatArray = self.xy_px[self.skeleton.index[name]]
        return point

    def middle(self, *names: str) -> FloatArray:
        """Mean position (2,) of the named keypoints in pixels."""
        mean: FloatArray = self.xy_px[self.skeleton.indices(names)].mean(axis=0)
        return mean

    def has(self, names: Sequence[str]) -> bool:
        """Whether all the named keypoints exist and are not missing."""
        if not all(name in self.skeleton.index for name in names):
            return False
        return bool(np.isfinite(self.xy_px[self.skeleton.indices(names)]).all())

    def with_xy(self, xy_px: FloatArray) -> "Pose":
        """The same pose with other positions (n, 2)."""
        return replace(self, xy_px=xy_px)

    def with_points(self, points_px: Mapping[str, tuple[float, float]]) -> "Pose":
        """The same pose with the named keypoints elsewhere. Raises KeyError for an unknown name."""
        xy = self.xy_px.copy()
        for name, point in points_px.items():
            xy[self.skeleton.index[name]] = point
        return self.with_xy(xy)

    @property
    def torso_px(self) -> float:
        """Distance in pixels between the middle of the shoulders and the middle of the hips."""
        trunk = self.middle("left_shoulder", "right_shoulder") - self.middle("left_hip", "right_hip")
        return float(np.hypot(*trunk))
