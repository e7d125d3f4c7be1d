"""Perturbed inference: the same person seen through slightly different crops, and what the answers have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from posedeck.engine.crops import FloatArray, Roi

# Shifts and scales as the detector itself differs between good crops of a person: a few per cent of the crop.
SHIFT = 0.03
SCALES = (0.95, 1.05)


@dataclass(frozen=True, eq=False)
class View:
    """How a pass looks at a region: shifted by a fraction (2,) of its size, scaled, mirrored."""

    shift: FloatArray
    scale: float
    mirrored: bool

    def of(self, roi: Roi) -> Roi:
        """The region as this view sees it."""
        moved = roi.moved(self.shift, self.scale)
        return moved.mirror() if self.mirrored else moved


def views(passes: int) -> list[View]:
    """The views of a given number of passes, the plain one first.

    More than one pass come in plain and mirrored pairs, so that the network's preference for one side cancels. The
    first pair is unmoved; the others are moved evenly around it, alternately smaller and larger.

    Raises:
        ValueError: when the number is neither 1 nor even and positive.
    """
    if passes == 1:
        return [View(np.zeros(2), 1.0, mirrored=False)]
    if passes < 2 or passes % 2:
        raise ValueError(f"passes must be 1 or a positive even number, got {passes}")
    moved = passes // 2 - 1
    places = [(np.zeros(2), 1.0)]
    for number in range(moved):
        angle = 2.0 * np.pi * number / moved
        places.append((SHIFT * np.array([np.cos(angle), np.sin(angle)]), SCALES[number % len(SCALES)]))
    return [View(shift, scale, mirrored) for shift, scale in places for mirrored in (False, True)]


def spread(positions: Sequence[FloatArray]) -> FloatArray | None:
    """Standard deviation (n,) per axis, in pixels, of the mean of positions (n, 2) over passes.

    The spread of the passes (root mean square of x and y, ddof 1) over the square root of their number. None for a
    single pass, which says nothing about its spread.
    """
    if len(positions) < 2:
        return None
    deviation: FloatArray = np.sqrt(np.var(np.stack(positions), axis=0, ddof=1).mean(axis=1) / len(positions))
    return deviation
