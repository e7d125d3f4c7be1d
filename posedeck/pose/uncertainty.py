"""How sure a metric is: keypoint noise propagated to the angle, its 95 % interval and the probability of each grade.

The model is a normal distribution about the measured value. Its variance is that of the keypoints, propagated through
the metric's own derivative (first order; exact enough while a line is long against its keypoints' noise, which
``tests/unit/pose/test_uncertainty.py`` checks against Monte Carlo), plus the spread that a calibration leaves.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from posedeck.pose.geometry import wrap_deg
from posedeck.pose.grades import DECIMALS, Bands
from posedeck.pose.pose import FloatArray, Pose
from posedeck.pose.posture import Metric

#: Two-sided 95 % of a normal distribution.
Z_95 = NormalDist().inv_cdf(0.975)
#: Below this probability of the likeliest grade a result is borderline.
BORDERLINE_BELOW = 0.80
#: Rounding to whole pixels spreads a coordinate evenly over one pixel.
ROUNDING_SIGMA_PX = 1.0 / math.sqrt(12.0)

#: Standard deviation per axis, as a share of the torso, of keypoints whose source tells none: the spread of single
#: passes of a pose model over 36 rendered people (docs/accuracy.md); eyes and ears as pose models see them, without a
#: face model. Being a share of the torso it grows with the picture.
DEFAULT_SIGMA_TORSO = {
    "nose": 0.010,
    "eye": 0.012,
    "ear": 0.020,
    "shoulder": 0.007,
    "elbow": 0.012,
    "wrist": 0.010,
    "hip": 0.012,
    "knee": 0.011,
    "ankle": 0.010,
}
#: For keypoints not named above.
OTHER_SIGMA_TORSO = 0.014

# Small against any keypoint distance, large against the resolution of a double.
_STEP_PX = 1e-3


@dataclass(frozen=True)
class Estimate:
    """A metric's value with its uncertainty.

    Attributes:
        value: Degrees.
        sigma: Standard deviation in degrees.
    """

    value: float
    sigma: float

    @property
    def interval_95(self) -> tuple[float, float]:
        """Lower and upper end of the 95 % interval in degrees."""
        return self.value - Z_95 * self.sigma, self.value + Z_95 * self.sigma

    def shifted(self, value: float) -> "Estimate":
        """The same uncertainty about another value."""
        return Estimate(value, self.sigma)


def default_sigma_px(pose: Pose) -> FloatArray:
    """Standard deviation (n,) per axis in pixels for integer coordinates of a source that tells none."""
    shares = np.array([DEFAULT_SIGMA_TORSO.get(name.split("_")[-1], OTHER_SIGMA_TORSO) for name in pose.skeleton.names])
    sigma: FloatArray = np.hypot(shares * pose.torso_px, ROUNDING_SIGMA_PX)
    return sigma


def metric_gradient(metric: Metric, pose: Pose) -> FloatArray:
    """Derivative (n, 2) of the metric in degrees per pixel of each keypoint's x and y; zero where it has no part."""
    gradient = np.zeros_like(pose.xy_px)
    for keypoint in pose.skeleton.indices(metric.keypoints):
        for axis in range(2):
            ends = []
            for sign in (1.0, -1.0):
                xy = pose.xy_px.copy()
                xy[keypoint, axis] += sign * _STEP_PX
                ends.append(metric.measure(pose.with_xy(xy)))
            gradient[keypoint, axis] = wrap_deg(ends[0] - ends[1]) / (2.0 * _STEP_PX)
    return gradient


def keypoint_sigma_deg(metric: Metric, pose: Pose, sigma_px: ArrayLike) -> float:
    """Standard deviation of the metric in degrees from independent keypoint noise ``sigma_px`` (n,), per axis."""
    gradient = metric_gradient(metric, pose)
    sigma = np.where(gradient.any(axis=1), np.asarray(sigma_px, dtype=float), 0.0)
    return float(np.sqrt(np.sum((gradient * sigma[:, None]) ** 2)))


def grade_probabilities(estimate: Estimate, bands: Bands) -> dict[int, float]:
    """Probability of each grade of the bands; they sum to 1."""
    # A value is graded as printed, so a cut point acts half a printed step before itself.
    half_step = 0.5 * 10.0**-DECIMALS
    cuts = [
        edge - half_step if side == "above" else edge + half_step
        for edge, side in zip(bands.edges, bands.edge_belongs, strict=True)
    ]
    if estimate.sigma == 0:
        return {grade: float(grade == bands.grade(estimate.value)) for grade in bands.grades}
    normal = NormalDist(estimate.value, estimate.sigma)
    below = [0.0, *(normal.cdf(cut) for cut in cuts), 1.0]
    return {grade: below[band + 1] - below[band] for band, grade in enumerate(bands.grades)}


def is_borderline(probabilities: dict[int, float]) -> bool:
    """Whether no grade is likely enough to be called."""
    return max(probabilities.values()) < BORDERLINE_BELOW
