"""Legs: widened about their bones when they stand apart, about the middle of the body where they touch."""

from dataclasses import dataclass

import numpy as np

from posedeck.engine.reshape.bones import Bone, exits, smoothed
from posedeck.engine.reshape.figure import OTHER_SIDE, RADIUS, SIDES, Figure
from posedeck.engine.reshape.parts import Change, Part, directed, interpolated
from posedeck.engine.reshape.rasters import FloatArray, Raster, smoothstep
from posedeck.engine.reshape.torso import depth_blend

_STATIONS = np.linspace(0.0, 1.0, 15)
#: A ray that runs nearly as far as the other leg's bone without leaving the mask has found no gap.
_CLOSED = 1.9
#: Share of the gap that two fattening legs may use up, so that their inner contours never cross.
_USABLE_GAP = 0.42
_SLIMMING_REACH = 0.07
_UNSURE_BELOW = 0.25
#: Radii of the thigh at hip and knee, in torso lengths.
_THIGH_RADII = [0.22, 0.15]
_FOOT_EXPONENT = 0.05


@dataclass(frozen=True, eq=False)
class _Inside:
    """Along a leg bone (15,): distance to its inner and outer contour, and the gap to the other leg, 0 if closed."""

    inner: FloatArray
    outer: FloatArray
    gap: FloatArray
    closed: FloatArray


def leg_parts(figure: Figure, change: Change) -> list[Part]:
    """Displacements of both legs."""
    return [part for side in SIDES for part in _leg(figure, change, side)]


def _leg(figure: Figure, change: Change, side: str) -> list[Part]:
    parts = []
    ankle = np.zeros(2)
    for name, (knots, exponents) in _profiles(figure, change, side).items():
        bone = figure.bones[f"{side}_{name}"]
        outward = _outward(figure, bone, side)
        t, distance = bone.coordinates(figure.x, figure.y)
        distance = distance * np.float32(np.sign(outward @ bone.across))
        on_bone = np.clip(t, 0.0, 1.0)
        inside = _inside(figure, bone, figure.bones[f"{OTHER_SIDE[side]}_{name}"], outward)
        contact = smoothed(_contact(figure, change, inside, np.interp(_STATIONS, knots, exponents)), 2)
        inner, outer = smoothed(inside.inner, 2), smoothed(inside.outer, 2)
        inner_here = interpolated(on_bone, _STATIONS, inner)
        outer_here = interpolated(on_bone, _STATIONS, np.maximum(outer, RADIUS[name] * figure.torso * 0.6))
        growth = change.growths(interpolated(on_bone, knots, exponents))
        reach = np.clip(distance, -1.3 * inner_here, 1.35 * np.maximum(outer_here, 0.8 * inner_here))
        held = interpolated(on_bone, _STATIONS, contact) * inner_here
        parts.append(
            Part(
                directed(np.asarray(growth * (reach + held), np.float32), outward),
                _nearness(figure, bone, name, side, t, distance),
            )
        )
        ankle = change.growth(change.exponents.ankle) * contact[-1] * inner[-1] * outward
    foot = figure.bones[f"{side}_foot"]
    t, distance = foot.coordinates(figure.x, figure.y)
    riding = np.broadcast_to(ankle.astype(np.float32), (*t.shape, 2)).copy()
    parts.append(Part(riding, _nearness(figure, foot, "foot", side, t, distance)))
    return parts


def _profiles(figure: Figure, change: Change, side: str) -> dict[str, tuple[list[float], list[float]]]:
    p = change.exponents
    hip = change.gain("hip") * depth_blend(figure, p.hip, p.hip_depth)
    thigh_gain, calf_gain = change.gain(f"{side}_thigh"), change.gain(f"{side}_calf")
    thigh = thigh_gain * p.thigh
    return {
        "thigh": (
            [0.0, 0.12, 0.35, 0.75, 1.0],
            [hip, 0.5 * (hip + thigh), thigh, thigh_gain * p.lower_thigh, p.knee],
        ),
        "shin": (
            [0.0, 0.3, 0.75, 1.0],
            [p.knee, calf_gain * p.calf, 0.5 * calf_gain * (p.calf + p.ankle), p.ankle],
        ),
    }


def _outward(figure: Figure, bone: Bone, side: str) -> FloatArray:
    across = figure.trunk.across
    hip = figure.bones[f"{side}_thigh"].start
    sign = 1.0 if (hip - figure.trunk.end) @ across >= 0 else -1.0
    return bone.across * sign * (1.0 if bone.across @ across > 0 else -1.0)


def _inside(figure: Figure, bone: Bone, other: Bone, outward: FloatArray) -> _Inside:
    here, there = bone.at(_STATIONS), other.at(_STATIONS)
    half = 0.5 * np.abs((there - here) @ outward)
    reach = float(3.0 * half.max() + 2.0)
    inner = exits(figure.mask, here, -outward, reach)
    facing = exits(figure.mask, there, outward, reach)
    outer = exits(figure.mask, here, outward, 0.6 * figure.torso)
    closed = inner >= _CLOSED * half
    return _Inside(
        inner=np.where(closed, half, np.minimum(inner, half)),
        outer=np.minimum(outer, 0.5 * figure.torso),
        gap=np.where(closed, 0.0, np.maximum(2.0 * half - inner - facing, 0.0)),
        closed=closed.astype(np.float64),
    )


def _contact(figure: Figure, change: Change, inside: _Inside, exponents: FloatArray) -> FloatArray:
    """How firmly (15,) the inner contour is held: 1 not at all moved, 0 moved as the outer one."""
    growth = np.expm1(exponents * change.log_ratio)
    if change.log_ratio > 0:
        usable = _USABLE_GAP * inside.gap / np.maximum(growth * inside.inner, 1e-3)
        free = 1.0 - np.minimum(usable, 1.0)
    else:
        free = 1.0 - smoothstep(0.0, _SLIMMING_REACH * figure.torso, inside.gap).astype(np.float64)
    return np.where(inside.closed > 0, 1.0, free)


def _nearness(figure: Figure, bone: Bone, name: str, side: str, t: Raster, distance: Raster) -> Raster:
    radius = RADIUS[name] * figure.torso
    radii = interpolated(np.clip(t, 0.0, 1.0), [0.0, 1.0], [share * figure.torso for share in _THIGH_RADII])
    nearness = np.hypot(distance, 1.3 * bone.beyond(t)) / (radii if name == "thigh" else np.float32(radius))
    if name != "thigh" and figure.score[f"{side}_ankle"] < _UNSURE_BELOW:
        nearness = nearness + 1.0
    return np.asarray(nearness, np.float32)
