"""Where every point of a body goes: parts blended, gains corrected in a closed loop, folds smoothed out."""

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from posedeck.engine.reshape.anthropometry import Exponents
from posedeck.engine.reshape.arms import arm_parts
from posedeck.engine.reshape.figure import OTHER_SIDE, SIDES, Figure
from posedeck.engine.reshape.head import Face, head_parts, keep_features
from posedeck.engine.reshape.legs import leg_parts
from posedeck.engine.reshape.parts import Change, Part
from posedeck.engine.reshape.rasters import Raster, blurred
from posedeck.engine.reshape.sites import PAIRED_SITES, field_ratio, sites
from posedeck.engine.reshape.torso import Torso
from posedeck.pose.pose import Pose

#: Blur of the blended displacement in torso lengths.
_SMOOTHING = 0.022
_GRID_SIDE = 448
#: Rounds of gain correction, on a grid of half the side.
_ROUNDS = 2
_GAIN_STEP = (0.6, 1.8)
_GAIN_LIMITS = {"chest": (0.8, 1.2)}
_OTHER_GAIN_LIMITS = (0.7, 1.5)
#: A limb that cannot be measured on either side gets what the others need on average.
_USUAL_LIMB_GAIN = 1.1

#: The displacement must keep this much area everywhere in the body.
MIN_DETERMINANT = 0.2
_SMOOTHING_TRIES, _SHRINKING_TRIES = 6, 16
_SHRINK = 0.9


@dataclass(frozen=True)
class Extent:
    """Which parts of the body take part."""

    head: bool = True
    legs: bool = True


@dataclass(frozen=True, eq=False)
class Field:
    """A displacement on a figure's grid.

    Attributes:
        figure: Whose grid.
        shift: (h, w, 2) in grid pixels: the point x of the body goes to x + shift(x).
        min_determinant: Smallest determinant of the Jacobian in the body; below 0 it would fold.
        amplitude: Share of the wanted displacement that could be kept, 0..1.
    """

    figure: Figure
    shift: Raster
    min_determinant: float
    amplitude: float


def make_field(pose: Pose, mask: Raster, exponents: Exponents, log_ratio: float, extent: Extent) -> Field:
    """The displacement for a change of weight.

    Args:
        pose: In pixels of the mask.
        mask: (h, w), 0..1.
        exponents: By gender.
        log_ratio: Natural logarithm of the weight ratio.
        extent: What takes part.
    """
    figure, half = Figure(pose, mask, _GRID_SIDE), Figure(pose, mask, _GRID_SIDE // 2)
    gains: dict[str, float] = {}
    for _ in range(_ROUNDS):
        change = Change(exponents, log_ratio, gains)
        gains = _corrected(half, change, _blend(half, change, extent))
    shift = _blend(figure, Change(exponents, log_ratio, gains), extent)
    return without_folds(figure, shift)


def _blend(figure: Figure, change: Change, extent: Extent) -> Raster:
    torso = Torso(figure, change)
    parts = [torso.part(), *arm_parts(figure, change, torso)]
    legs = leg_parts(figure, change)
    parts += legs if extent.legs else [Part(np.zeros_like(leg.shift), leg.nearness) for leg in legs]
    face = Face.of(figure) if extent.head else None
    if face is not None:
        parts += head_parts(figure, change, face)
    total = np.zeros((*figure.mask.shape, 2), np.float32)
    weights = np.zeros(figure.mask.shape, np.float32)
    for part in parts:
        weight = 1.0 / (0.02 + np.clip(part.nearness, 0.0, 6.0) ** 5)
        total += weight[..., None] * part.shift
        weights += weight
    shift = blurred(np.asarray(total / weights[..., None], np.float32), max(1.0, _SMOOTHING * figure.torso))
    if face is not None:
        shift = keep_features(shift, face)
    return blurred(shift, 0.8)


def _corrected(figure: Figure, change: Change, shift: Raster) -> dict[str, float]:
    gains: dict[str, float] = {}
    for site in sites(figure, change.exponents):
        ratio = field_ratio(site, figure, shift)
        wanted = site.exponent * change.log_ratio
        if ratio is None or abs(wanted) < 1e-4:
            continue
        got = float(np.log(max(ratio, 1e-3)))
        if got / wanted < 0.2:
            got = 0.2 * wanted
        low, high = _GAIN_LIMITS.get(site.name, _OTHER_GAIN_LIMITS)
        gains[site.name] = float(np.clip(change.gain(site.name) * np.clip(wanted / got, *_GAIN_STEP), low, high))
    return gains | _inherited(gains)


def _inherited(gains: Mapping[str, float]) -> dict[str, float]:
    missing = {}
    for name in PAIRED_SITES:
        for side in SIDES:
            if f"{side}_{name}" not in gains:
                missing[f"{side}_{name}"] = gains.get(f"{OTHER_SIDE[side]}_{name}", _USUAL_LIMB_GAIN)
    return missing


def without_folds(figure: Figure, shift: Raster) -> Field:
    """The field of a displacement whose determinant stays above ``MIN_DETERMINANT`` in the body.

    Where it does not, the displacement is smoothed around; if that is not enough, all of it is made smaller.
    """
    body = cv2.erode((figure.mask > 0.5).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    # Only around the fold at first: smoothing everything would take the effect away everywhere.
    for attempt in range(_SMOOTHING_TRIES):
        determinant = np.where(body, determinants(shift), 1.0)
        if determinant.min() > MIN_DETERMINANT:
            return Field(figure, shift, float(determinant.min()), 1.0)
        near = cv2.dilate((determinant < MIN_DETERMINANT + 0.15).astype(np.float32), np.ones((9, 9), np.uint8))
        share = blurred(np.asarray(near, np.float32), 4.0)[..., None]
        shift = shift * (1.0 - share) + blurred(shift, 3.0 + attempt) * share
    amplitude = 1.0
    for _ in range(_SHRINKING_TRIES):
        determinant = np.where(body, determinants(shift * np.float32(amplitude)), 1.0)
        if determinant.min() > MIN_DETERMINANT:
            break
        amplitude *= _SHRINK
    return Field(figure, shift * np.float32(amplitude), float(determinant.min()), amplitude)


def determinants(shift: Raster) -> Raster:
    """Determinant (h, w) of the Jacobian of x + shift(x)."""
    along_x = np.gradient(shift, axis=1)
    along_y = np.gradient(shift, axis=0)
    area = (1.0 + along_x[..., 0]) * (1.0 + along_y[..., 1]) - along_y[..., 0] * along_x[..., 1]
    return np.asarray(area, np.float32)
