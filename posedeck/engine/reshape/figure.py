"""The body's geometry on a coarse grid: bones, view, and half widths; all that does not depend on the change."""

from functools import cached_property

import cv2
import numpy as np

from posedeck.engine.reshape.bones import Bone, exits, smoothed
from posedeck.engine.reshape.rasters import FloatArray, Raster, centres, resized
from posedeck.pose.pose import Pose

SIDES = ("left", "right")
OTHER_SIDE = {"left": "right", "right": "left"}

#: Radius of a limb's reach in torso lengths, for blending parts and for keeping arms out of torso widths.
RADIUS = {"upper_arm": 0.13, "forearm": 0.10, "hand": 0.10, "thigh": 0.20, "shin": 0.13, "foot": 0.12}
_ARM_LINE = 1.3
#: BlazePose's depth is noisy: turned by less than this still counts as straight on.
_DEAD_YAW = np.radians(12.0)
#: Where along the torso (0 shoulders, 1 hips) half widths are taken.
TRUNK_T = np.linspace(-0.05, 1.3, 55)
#: Half widths of a torso lie between these multiples of what the joints make likely.
TRUNK_LIMITS = (0.6, 1.45)
_TRUNK_REACH = 2.2


class Figure:
    """A body on a grid.

    Args:
        pose: In picture pixels.
        mask: (h, w) of the picture, 0..1.
        side: Longer side of the grid in pixels.

    Attributes:
        mask: (h, w) of the grid.
        scale: Grid pixels per picture pixel, (2,) in x and y.
        score: Visibility by point name.
        trunk: From mid-shoulder to mid-hip.
        torso: Its length in grid pixels.
    """

    def __init__(self, pose: Pose, mask: Raster, side: int) -> None:
        height, width = mask.shape
        shrink = side / max(height, width)
        columns, rows = max(1, round(width * shrink)), max(1, round(height * shrink))
        self.mask = resized(mask, columns, rows, cv2.INTER_AREA if shrink < 1.0 else cv2.INTER_LINEAR)
        self.scale = np.array([columns / width, rows / height])
        self._pose = pose
        self._xy = pose.xy_px * self.scale
        self.score = dict(zip(pose.skeleton.names, pose.score, strict=True))
        self.trunk = Bone(self.middle("left_shoulder", "right_shoulder"), self.middle("left_hip", "right_hip"))
        self.torso = self.trunk.length

    @cached_property
    def grid(self) -> tuple[Raster, Raster]:
        """x and y (h, w) of the pixel centres."""
        return centres(self.mask.shape[1], self.mask.shape[0])

    @property
    def x(self) -> Raster:
        """x of the pixel centres."""
        return self.grid[0]

    @property
    def y(self) -> Raster:
        """y of the pixel centres."""
        return self.grid[1]

    def point(self, name: str) -> FloatArray:
        """Position (2,) of a point in grid pixels."""
        here: FloatArray = self._xy[self._pose.skeleton.index[name]]
        return here

    def middle(self, *names: str) -> FloatArray:
        """Mean position (2,) of points in grid pixels."""
        mean: FloatArray = np.mean([self.point(name) for name in names], axis=0)
        return mean

    @cached_property
    def bones(self) -> dict[str, Bone]:
        """Limb bones by name, such as ``left_upper_arm``."""
        joints = {
            "upper_arm": ("shoulder", "elbow"),
            "forearm": ("elbow", "wrist"),
            "thigh": ("hip", "knee"),
            "shin": ("knee", "ankle"),
            "foot": ("ankle", "foot_index"),
        }
        bones = {}
        for side in SIDES:
            for name, (start, end) in joints.items():
                bones[f"{side}_{name}"] = Bone(self.point(f"{side}_{start}"), self.point(f"{side}_{end}"))
            wrist = self.point(f"{side}_wrist")
            # The knuckles end before the fingers do.
            tips = wrist + 1.6 * (self.middle(f"{side}_pinky", f"{side}_index") - wrist)
            bones[f"{side}_hand"] = Bone(wrist, tips)
        return bones

    @cached_property
    def frontal(self) -> float:
        """1 seen straight from the front or the back, 0 from the side: squared cosine of the yaw."""
        if self._pose.xyz_m is None:
            return 1.0
        turns = []
        for joint in ("shoulder", "hip"):
            left, right = self._pose.skeleton.indices((f"left_{joint}", f"right_{joint}"))
            across = self._pose.xyz_m[left] - self._pose.xyz_m[right]
            turns.append(np.arctan2(abs(across[2]), abs(across[0]) + 1e-6))
        yaw = max(0.0, float(np.mean(turns)) - _DEAD_YAW) * (np.pi / 2.0) / (np.pi / 2.0 - _DEAD_YAW)
        return float(np.cos(yaw) ** 2)

    @cached_property
    def facing(self) -> float:
        """Which way the face looks in the picture: 1 to the right, -1 to the left."""
        return float(np.sign(self.point("nose")[0] - self.middle("left_ear", "right_ear")[0]))

    @cached_property
    def arms(self) -> Raster:
        """1 where an arm lies by its joints, else 0 (h, w)."""
        covered = np.zeros(self.mask.shape, np.uint8)
        for side in SIDES:
            for name in ("upper_arm", "forearm", "hand"):
                bone = self.bones[f"{side}_{name}"]
                start = bone.at(0.25) if name == "upper_arm" else bone.start  # its root is the torso's
                width = max(1, round(RADIUS[name] * self.torso * _ARM_LINE))
                cv2.line(covered, _pixel(start), _pixel(bone.end), 1, width)
        return covered.astype(np.float32)

    @cached_property
    def free(self) -> Raster:
        """The mask without the arms: what ends a ray across the torso."""
        return np.asarray(np.minimum(self.mask, 1.0 - self.arms), np.float32)

    @cached_property
    def trunk_likely(self) -> FloatArray:
        """Half widths at ``TRUNK_T`` in grid pixels that the joints make likely."""
        shoulder = np.hypot(*(self.point("left_shoulder") - self.point("right_shoulder"))) / 2.0
        hip = np.hypot(*(self.point("left_hip") - self.point("right_hip"))) / 2.0
        torso = self.torso
        likely: FloatArray = np.interp(
            TRUNK_T,
            [0.0, 0.3, 0.6, 1.05],
            [
                max(1.15 * shoulder, 0.26 * torso),
                max(shoulder, 0.26 * torso),
                max(0.85 * shoulder, 1.45 * hip, 0.24 * torso),
                max(1.75 * hip, 0.27 * torso),
            ],
        )
        return likely

    @cached_property
    def trunk_reach(self) -> FloatArray:
        """Distances (2, n) in grid pixels at ``TRUNK_T`` from the spine to the contour or an arm: where ``across``
        points, and on the other side.
        """
        starts = self.trunk.at(TRUNK_T)
        across = self.trunk.across
        return np.stack([exits(self.free, starts, way, _TRUNK_REACH * self.torso) for way in (across, -across)])

    @cached_property
    def trunk_halves(self) -> FloatArray:
        """Half widths (2, n) in grid pixels: ``trunk_reach`` within what is likely, smoothed."""
        low, high = TRUNK_LIMITS
        bounded = np.clip(self.trunk_reach, low * self.trunk_likely, high * self.trunk_likely)
        return np.stack([smoothed(half, 4) for half in bounded])


def _pixel(point: FloatArray) -> tuple[int, int]:
    return int(np.floor(point[0])), int(np.floor(point[1]))
