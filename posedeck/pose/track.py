"""One person followed through a clip."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posedeck.pose.pose import FloatArray, Pose
from posedeck.pose.skeleton import Skeleton


@dataclass(frozen=True, eq=False)
class PoseTrack:
    """Keypoints of one person over the t frames of a clip, in the clip's upright pixels.

    A frame in which the person was not seen is NaN throughout, with score 0.

    Attributes:
        skeleton: Names and pairs of the n keypoints.
        times_s: (t,) presentation time of each frame in seconds, strictly increasing; frames need not be evenly spaced.
        xy_px: (t, n, 2) positions in pixels, x to the right, y down.
        score: (t, n) confidence in 0..1.
        sigma_px: (t, n) standard deviation of the position per axis in pixels, when it was estimated.
        xyz_m: (t, n, 3) world coordinates in metres, as in ``Pose``.

    Raises:
        ValueError: when shapes do not fit each other, or times do not increase.
    """

    skeleton: Skeleton
    times_s: FloatArray
    xy_px: FloatArray
    score: FloatArray
    sigma_px: FloatArray | None = None
    xyz_m: FloatArray | None = None

    def __post_init__(self) -> None:
        t, n = len(self.times_s), len(self.skeleton)
        expected = {"times_s": (t,), "xy_px": (t, n, 2), "score": (t, n), "sigma_px": (t, n), "xyz_m": (t, n, 3)}
        for name, shape in expected.items():
            array = getattr(self, name)
            if array is not None and array.shape != shape:
                raise ValueError(f"{name}: expected shape {shape} for {self.skeleton.name}, got {array.shape}")
        if not (np.diff(self.times_s) > 0).all():
            raise ValueError("the times of a track must increase")

    def __len__(self) -> int:
        return len(self.times_s)

    @property
    def seen(self) -> NDArray[np.bool_]:
        """(t,) whether the person was seen in each frame."""
        seen: NDArray[np.bool_] = np.any(np.isfinite(self.xy_px).all(axis=2), axis=1)
        return seen

    def pose(self, frame: int) -> Pose:
        """The pose of one frame."""
        return Pose(
            self.skeleton,
            self.xy_px[frame],
            self.score[frame],
            None if self.sigma_px is None else self.sigma_px[frame],
            None if self.xyz_m is None else self.xyz_m[frame],
        )

    def point(self, name: str) -> FloatArray:
        """(t, 2) positions of one keypoint in pixels."""
        positions: FloatArray = self.xy_px[:, self.skeleton.index[name]]
        return positions

    @property
    def torso_px(self) -> float:
        """Median distance in pixels between the middles of shoulders and hips; NaN when they are never seen."""
        length = np.array([self.pose(frame).torso_px for frame in range(len(self))])
        length = length[np.isfinite(length)]
        return float(np.median(length)) if len(length) else float("nan")
