"""Calibration of our own engine's values against people whose true joints are known.

The pose model under-reads an asymmetry but reads camera roll as it is. So what is calibrated is a tilt's deviation from
the common mode, never its angle in the picture: roll is taken out first and added back untouched. A vendor's values are
never calibrated.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

from posedeck.pose.roll import TILT_KEYS, common_mode
from posedeck.pose.uncertainty import Estimate


class MetricCalibration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Calibration of one metric.

    Attributes:
        residual_deg: Root mean square error in degrees that is left, cross-validated; the note says when it is assumed.
        raw_residual_deg: The same without calibration, when that differs.
        slope: True degrees per read degree of deviation from the common mode.
        offset_deg: Added to the value.
        note: Where the numbers come from.
    """

    residual_deg: float
    raw_residual_deg: float | None = None
    slope: float = 1.0
    offset_deg: float = 0.0
    note: str = ""


class Calibration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named set of calibrations by metric key, with its origin."""

    version: str
    origin: str
    metrics: dict[str, MetricCalibration]

    def apply(self, raw: Mapping[str, float]) -> dict[str, float]:
        """Calibrated values in degrees by metric key; NaN stays NaN.

        Args:
            raw: Values as measured. Tilts are calibrated about their common mode, which needs three of them; with fewer
                they stay as they are.
        """
        tilts = {key: Estimate(raw[key], 0.0) for key in TILT_KEYS if raw.get(key, float("nan")) == raw.get(key)}
        centre = common_mode(tilts).estimate.value if len(tilts) >= 3 else None
        values = {}
        for key, value in raw.items():
            metric = self.metrics[key]
            if key in TILT_KEYS and centre is not None:
                value = centre + metric.slope * (value - centre)
            values[key] = value + metric.offset_deg
        return values


@cache
def load_calibration() -> Calibration:
    """The calibration that ships with PoseDeck."""
    text = files("posedeck.pose").joinpath("calibration.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=Calibration)
