"""Where widths are measured, what they are meant to become, and what they have become."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posedeck.engine.reshape.anthropometry import Exponents
from posedeck.engine.reshape.arms import forearm_peak
from posedeck.engine.reshape.bones import Bone, exits
from posedeck.engine.reshape.figure import SIDES, Figure
from posedeck.engine.reshape.rasters import FloatArray, Raster, at_points
from posedeck.engine.reshape.torso import depth_blend

#: Bone coordinates of the three lines of a site, and the half width in torso lengths beyond which a line has run into
#: something else (an arm, the other leg).
_TRUNK_SITES = {
    "chest": ((0.24, 0.28, 0.32), 0.62),
    "waist": ((0.58, 0.64, 0.70), 0.55),
    "hip": ((0.98, 1.02, 1.06), 0.60),
}
_LIMB_SITES = {
    "thigh": ("thigh", (0.40, 0.45, 0.50), 0.34),
    "calf": ("shin", (0.26, 0.30, 0.34), 0.24),
    "upper_arm": ("upper_arm", (0.50, 0.58, 0.66), 0.24),
    "forearm": ("forearm", (0.25, 0.30, 0.35), 0.22),
}
#: A hand may hang beside a leg.
_LEG_SITES = ("thigh", "calf")
_MIN_WIDTH, _REACH = 0.05, 1.2
_MIN_LINES = 2

SITES = (*_TRUNK_SITES, *(f"{side}_{name}" for name in _LIMB_SITES for side in SIDES))
#: Sites with a twin on the other side, without the side.
PAIRED_SITES = tuple(_LIMB_SITES)


@dataclass(frozen=True, eq=False)
class Site:
    """One place of measurement.

    Attributes:
        points: (3, 2) on the bone, in grid pixels.
        across: (2,) direction of the lines.
        exponent: Of the width there.
        reach: Half width in grid pixels beyond which a line is not believed.
        free: Whether the lines stop at arms.
    """

    name: str
    points: FloatArray
    across: FloatArray
    exponent: float
    reach: float
    free: bool


@dataclass(frozen=True, eq=False)
class Lines:
    """Half widths (3,) of a site in grid pixels on both sides of the bone, and which lines are believed."""

    plus: FloatArray
    minus: FloatArray
    believed: NDArray[np.bool_]

    @property
    def width(self) -> FloatArray:
        """Widths (3,)."""
        return self.plus + self.minus


def sites(figure: Figure, exponents: Exponents) -> list[Site]:
    """All sites of a figure."""
    p = exponents
    trunk = {
        "chest": depth_blend(figure, p.chest, p.chest_depth),
        "waist": depth_blend(figure, p.waist, p.waist_depth),
        "hip": depth_blend(figure, p.hip, p.hip_depth),
    }
    limbs = {
        "thigh": float(np.interp(0.45, [0.35, 0.75], [p.thigh, p.lower_thigh])),
        "calf": p.calf,
        "upper_arm": p.upper_arm,
        "forearm": forearm_peak(p),
    }
    found = [
        _site(figure, name, figure.trunk, t, trunk[name], limit, free=True) for name, (t, limit) in _TRUNK_SITES.items()
    ]
    for name, (bone, t, limit) in _LIMB_SITES.items():
        found += [
            _site(
                figure, f"{side}_{name}", figure.bones[f"{side}_{bone}"], t, limbs[name], limit, free=name in _LEG_SITES
            )
            for side in SIDES
        ]
    return found


def _site(
    figure: Figure, name: str, bone: Bone, t: Sequence[float], exponent: float, limit: float, *, free: bool
) -> Site:
    return Site(name, bone.at(np.array(t)), bone.across, exponent, limit * figure.torso, free)


def measure(site: Site, level: Raster, torso: float, points: FloatArray | None = None) -> Lines:
    """The site's lines through its own or other points (3, 2), to where ``level`` (h, w) falls below one half."""
    starts = site.points if points is None else points
    plus = exits(level, starts, site.across, _REACH * torso)
    minus = exits(level, starts, -site.across, _REACH * torso)
    believed = (plus < site.reach) & (minus < site.reach) & (plus + minus > _MIN_WIDTH * torso)
    return Lines(plus, minus, believed)


def level_of(site: Site, figure: Figure) -> Raster:
    """What the site's lines are measured in before the change."""
    return figure.free if site.free else figure.mask


def field_ratio(site: Site, figure: Figure, shift: Raster) -> float | None:
    """Width ratio that a displacement (h, w, 2) gives the site's contour points; None when too few are believed."""
    lines = measure(site, level_of(site, figure), figure.torso)
    if lines.believed.sum() < _MIN_LINES:
        return None
    plus = site.points + lines.plus[:, None] * site.across
    minus = site.points - lines.minus[:, None] * site.across
    moved = (at_points(shift, plus) - at_points(shift, minus)) @ site.across
    width, moved = lines.width[lines.believed], moved[lines.believed]
    return float(np.median((width + moved) / width))


def drawn_ratio(site: Site, figure: Figure, mask: Raster, moved: FloatArray) -> float | None:
    """Width ratio between the mask (h, w) after the change, through the moved points (3, 2), and the figure before it.

    None when fewer than two of the lines end at the body's contour: those that run into an arm measure no torso.
    """
    before = measure(site, level_of(site, figure), figure.torso)
    contour = measure(site, figure.mask, figure.torso)
    after = measure(site, mask, figure.torso, moved)
    believed = before.believed & (contour.width - before.width < 1.0) & (after.width < 2.0 * site.reach)
    if believed.sum() < _MIN_LINES:
        return None
    return float(np.median(after.width[believed] / before.width[believed]))
