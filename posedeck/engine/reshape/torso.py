"""The torso: from the neck to below the hips, one profile of exponents along the spine."""

import numpy as np
from scipy.interpolate import PchipInterpolator

from posedeck.engine.reshape.figure import TRUNK_T, Figure
from posedeck.engine.reshape.parts import Change, Part, directed, interpolated
from posedeck.engine.reshape.rasters import FloatArray, Raster, smoothstep

#: Beyond the contour everything is carried along by what the contour moves, from this multiple of the half width on.
_CARRIED_FROM = 1.12
_PROFILE_T = np.linspace(-0.35, 1.3, 166)
#: Below the hips the torso's hold on arms ends.
_FADE = (1.25, 1.9)
#: From the side belly and seat take more than the back and the lap: share by which, where, and how wide, in torso t.
_BELLY, _SEAT = (0.7, 0.72, 0.28), (0.6, 1.05, 0.18)


class Torso:
    """The torso's displacement for one change of one figure."""

    def __init__(self, figure: Figure, change: Change) -> None:
        self._figure = figure
        self._change = change
        self._profile = _profile(figure, change)

    def part(self) -> Part:
        """Displacement over the whole grid."""
        figure = self._figure
        t, distance = figure.trunk.coordinates(figure.x, figure.y)
        inside_t = np.clip(t, TRUNK_T[0], TRUNK_T[-1])
        plus, minus = figure.trunk_halves
        half = np.where(distance >= 0, interpolated(inside_t, TRUNK_T, plus), interpolated(inside_t, TRUNK_T, minus))
        growth = self._change.growths(interpolated(t, _PROFILE_T, self._profile)) * self._towards_front(t, distance)
        reach = np.sign(distance) * np.minimum(np.abs(distance), half * np.float32(_CARRIED_FROM))
        beside = np.abs(distance) / half
        ends = np.where(t < 0, 1.0 + (-0.02 - t) / 0.12, 0.75 + (t - 1.02) / 0.22)
        nearness = np.where((t > -0.02) & (t < 1.02), beside, np.maximum(beside, ends))
        return Part(
            directed(np.asarray(growth * reach, np.float32), figure.trunk.across), np.asarray(nearness, np.float32)
        )

    def carries(self, point: FloatArray) -> tuple[FloatArray, float, float]:
        """What happens beside the torso at a point (2,).

        Returns:
            The displacement (2,) there, the distance from the contour in grid pixels (negative inside), and the torso's
            t.
        """
        trunk = self._figure.trunk
        plus, minus = self._figure.trunk_halves
        t, distance = trunk.point(point)
        half = float(np.interp(t, TRUNK_T, plus if distance >= 0 else minus))
        growth = self._change.growth(float(np.interp(t, _PROFILE_T, self._profile)))
        fade = 1.0 - float(smoothstep(*_FADE, t))
        shift = growth * np.sign(distance) * min(abs(distance), half) * fade * trunk.across
        return shift, abs(distance) - half, t

    def _towards_front(self, t: Raster, distance: Raster) -> Raster:
        sideways = 1.0 - self._figure.frontal
        if sideways <= 0.05 or self._figure.facing == 0.0:
            return np.ones_like(t)
        front = np.sign(distance) == -self._figure.facing  # ``across`` points to the image's left
        belly, seat = (share * np.exp(-(((t - at) / width) ** 2)) for share, at, width in (_BELLY, _SEAT))
        uneven = np.where(front, belly - seat, seat - belly)
        return np.asarray(np.clip(1.0 + sideways * uneven, 0.15, 1.9), np.float32)


def depth_blend(figure: Figure, breadth: float, depth: float) -> float:
    """Exponent of what is seen of a cross-section from the figure's angle."""
    return breadth * figure.frontal + depth * (1.0 - figure.frontal)


def _profile(figure: Figure, change: Change) -> FloatArray:
    p = change.exponents
    chest = change.gain("chest") * depth_blend(figure, p.chest, p.chest_depth)
    waist = change.gain("waist") * depth_blend(figure, p.waist, p.waist_depth)
    hip = change.gain("hip") * depth_blend(figure, p.hip, p.hip_depth)
    knots = {
        -0.35: p.neck,
        -0.12: 0.8 * p.neck + 0.2 * p.shoulder,
        0.0: p.shoulder,
        0.28: chest,
        0.52: 0.9 * waist,
        0.64: waist,
        0.78: 0.95 * waist,
        1.02: hip,
        1.3: hip,
    }
    profile: FloatArray = PchipInterpolator(list(knots), list(knots.values()))(_PROFILE_T)
    return profile
