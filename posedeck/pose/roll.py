"""Camera roll against the body: what the frontal tilts share, and what is left of each.

A turned camera adds the same angle to every frontal tilt; so does a body that leans as a whole. One photo cannot tell
those two apart, but it can tell them from an asymmetry, which turns one line and not the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from posedeck.pose.posture import METRICS
from posedeck.pose.uncertainty import Estimate

TILT_KEYS = tuple(metric.key for metric in METRICS if metric.tilt)

#: Real bodies differ between lines by about this much (mission research: small asymmetries are the norm), so a line is
#: never trusted more than this however sharply its keypoints are seen.
BODY_SPREAD_DEG = 1.0
#: Huber's constant: 95 % efficiency for normal noise; beyond it a line counts by its sign only.
_HUBER = 1.345
_MAX_ROUNDS = 50
_TOLERANCE_DEG = 1e-9


@dataclass(frozen=True)
class CommonMode:
    """What the frontal tilts share.

    Attributes:
        estimate: The shared angle in degrees, positive when the subject's left side is higher, with its uncertainty.
        residuals: Per metric, degrees left when the shared angle is taken out.
    """

    estimate: Estimate
    residuals: dict[str, float]


def common_mode(tilts: Mapping[str, Estimate]) -> CommonMode:
    """Huber's M-estimate of location over the frontal tilts, weighted by their uncertainty.

    It is equivariant: adding an angle to all tilts adds it to the estimate and leaves the residuals alone.

    Args:
        tilts: Estimates by metric key; missing ones (NaN) are left out.

    Raises:
        ValueError: when fewer than three tilts are known; two cannot tell the odd one out.
    """
    known = {key: estimate for key, estimate in tilts.items() if np.isfinite(estimate.value)}
    if len(known) < 3:
        raise ValueError("the common mode needs at least three tilts")
    values = np.array([estimate.value for estimate in known.values()])
    spread = np.hypot([estimate.sigma for estimate in known.values()], BODY_SPREAD_DEG)
    centre = float(np.median(values))
    for _ in range(_MAX_ROUNDS):
        distance = np.abs(values - centre) / spread
        weight = np.minimum(1.0, _HUBER / np.maximum(distance, 1e-12)) / spread**2
        previous, centre = centre, float(np.sum(weight * values) / np.sum(weight))
        if abs(centre - previous) < _TOLERANCE_DEG:
            break
    # Spread of what the lines say, not only of their own noise: five lines that disagree make the roll uncertain.
    variance = float(np.sum((weight * (values - centre)) ** 2) + np.sum((weight * spread) ** 2)) / 2.0
    sigma = float(np.sqrt(variance) / np.sum(weight))
    return CommonMode(Estimate(centre, sigma), {key: estimate.value - centre for key, estimate in known.items()})
