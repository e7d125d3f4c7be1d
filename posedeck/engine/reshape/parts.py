"""What the parts of the body have in common: a displacement each, and how near they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from posedeck.engine.reshape.anthropometry import Exponents
from posedeck.engine.reshape.rasters import FloatArray, Raster


@dataclass(frozen=True, eq=False)
class Part:
    """Where one part of the body wants the points around it to go.

    Attributes:
        shift: (h, w, 2) displacement in grid pixels.
        nearness: (h, w) distance from the part in multiples of its radius.
    """

    shift: Raster
    nearness: Raster


@dataclass(frozen=True)
class Change:
    """How much every site changes: width ratio = exp(gain * exponent * log_ratio).

    Attributes:
        log_ratio: Natural logarithm of the weight ratio.
        gains: Correction of a site's exponent by its name, 1 where there is none.
    """

    exponents: Exponents
    log_ratio: float
    gains: Mapping[str, float] = field(default_factory=dict)

    def gain(self, site: str) -> float:
        """Correction of a site."""
        return self.gains.get(site, 1.0)

    def growth(self, exponent: float) -> float:
        """Width ratio minus 1."""
        return float(np.expm1(exponent * self.log_ratio))

    def growths(self, exponents: Raster) -> Raster:
        """Width ratios minus 1, shaped like the exponents."""
        return np.asarray(np.expm1(exponents * self.log_ratio), np.float32)


def directed(length: Raster, direction: FloatArray) -> Raster:
    """Vectors (h, w, 2) of signed lengths (h, w) in one direction (2,)."""
    return length[..., None] * direction.astype(np.float32)


def interpolated(t: Raster, knots: FloatArray | list[float], values: FloatArray | list[float]) -> Raster:
    """Piecewise linear values at t, as float32."""
    return np.asarray(np.interp(t, knots, values), np.float32)
