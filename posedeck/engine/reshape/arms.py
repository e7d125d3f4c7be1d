"""Arms: carried by the torso where they hang beside it, and widened about their bones."""

import numpy as np

from posedeck.engine.reshape.anthropometry import Exponents
from posedeck.engine.reshape.figure import RADIUS, SIDES, Figure
from posedeck.engine.reshape.parts import Change, Part, directed, interpolated
from posedeck.engine.reshape.rasters import FloatArray, smoothstep
from posedeck.engine.reshape.torso import Torso

#: Points along shoulder, elbow, wrist and finger tips at which the arm's own displacement is taken.
_STATIONS = {"upper_arm": (0.0, 0.33, 0.66), "forearm": (0.0, 0.33, 0.66), "hand": (0.0, 0.5, 1.0)}
_SPANS = {"upper_arm": slice(0, 4), "forearm": slice(3, 7), "hand": slice(6, 9)}
#: How near, in torso lengths, an arm must be to the flank to follow it: fattening pushes farther than slimming pulls.
_REACH_SLIMMING, _REACH_FATTENING = 0.12, 0.22
_HALF_ARM = 0.55
_CORE = 1.6
_UNSURE_BELOW, _UNSURE_PENALTY = 0.3, 1.5


def arm_parts(figure: Figure, change: Change, torso: Torso) -> list[Part]:
    """Displacements of both arms."""
    return [part for side in SIDES for part in _arm(figure, change, torso, side)]


def _arm(figure: Figure, change: Change, torso: Torso, side: str) -> list[Part]:
    carried = _carried(figure, change, torso, side)
    unsure = figure.score[f"{side}_elbow"] < _UNSURE_BELOW
    parts = []
    for name, (knots, exponents) in _profiles(change, side).items():
        bone = figure.bones[f"{side}_{name}"]
        radius = RADIUS[name] * figure.torso
        t, distance = bone.coordinates(figure.x, figure.y)
        on_bone = np.clip(t, 0.0, 1.0)
        stations = carried[_SPANS[name]]
        share = np.linspace(0.0, 1.0, len(stations))
        shift = np.stack([interpolated(on_bone, share, stations[:, axis]) for axis in (0, 1)], axis=-1)
        growth = change.growths(interpolated(on_bone, knots, exponents))
        shift += directed(growth * np.clip(distance, -_CORE * radius, _CORE * radius), bone.across)
        nearness = np.asarray(np.hypot(distance, bone.beyond(t)) / radius, np.float32)
        if name == "hand":
            nearness *= np.float32(0.8)
        elif unsure and name == "forearm":
            nearness += np.float32(_UNSURE_PENALTY)
        parts.append(Part(shift, nearness))
    return parts


def _profiles(change: Change, side: str) -> dict[str, tuple[list[float], list[float]]]:
    p = change.exponents
    upper_gain, fore_gain = change.gain(f"{side}_upper_arm"), change.gain(f"{side}_forearm")
    upper = upper_gain * p.upper_arm
    elbow = 0.5 * (upper_gain + fore_gain) * p.forearm * 1.1
    fore = fore_gain * forearm_peak(p)
    return {
        # A soft start at the shoulder: widening at once makes puffed sleeves.
        "upper_arm": ([0.0, 0.22, 0.45, 0.65, 1.0], [p.shoulder, 0.5 * (p.shoulder + upper), upper, upper, elbow]),
        "forearm": ([0.0, 0.3, 1.0], [elbow, fore, p.wrist]),
        # Fingers are not much thicker than bones.
        "hand": ([0.0, 1.0], [p.wrist, 0.3 * p.hand]),
    }


def forearm_peak(exponents: Exponents) -> float:
    """Exponent at the forearm's thickest place: a little above that of its whole girth's mean."""
    return 1.15 * exponents.forearm


def _carried(figure: Figure, change: Change, torso: Torso, side: str) -> FloatArray:
    """Displacement (9, 2) of the arm's stations, from shoulder to finger tips."""
    across = figure.trunk.across
    shoulder = figure.bones[f"{side}_upper_arm"].start
    own = change.growth(change.exponents.shoulder) * float((shoulder - figure.trunk.start) @ across) * across
    reach = (_REACH_FATTENING if change.log_ratio > 0 else _REACH_SLIMMING) * figure.torso
    shifts = []
    for name, stations in _STATIONS.items():
        for t in stations:
            shift, gap, torso_t = torso.carries(figure.bones[f"{side}_{name}"].at(t))
            gap = max(gap - _HALF_ARM * RADIUS["upper_arm"] * figure.torso, 0.0)
            contact = 1.0 - float(smoothstep(0.0, reach, gap))
            if torso_t < 0 or (name == "upper_arm" and t == 0.0):
                contact = 0.0
            shifts.append(contact * shift + (1.0 - contact) * own)
    carried = np.array(shifts)
    for _ in range(2):
        carried[1:-1] = 0.25 * carried[:-2] + 0.5 * carried[1:-1] + 0.25 * carried[2:]
    return carried
