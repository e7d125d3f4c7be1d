"""How fast the shanks turn: where in a clip the kick is, and what is too slow to be one.

In a kick the shank is thrown forward by thigh and knee together. Over a tenth of a second it turns by 80 to 90 degrees
in the rendered kick, whose foot (9.8 m/s) is slower than any published one (11.6 m/s, girls before puberty: Lyle et al.
2011, doi:10.1249/MSS.0b013e31821a4594). Walking turns it by about 30: gyroscopes on shanks read 300 degrees per second
at mid-swing (Aminian et al. 2002, J Biomech 35:689-699, figure 2). The strides of the rendered run-up reach 48. How
fast a foot is tells less: that of a stride is nearly as fast as that of a gentle kick.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from posedeck.pose.kick.motion import at, frame_s, torso_px, view_of
from posedeck.pose.pose import FloatArray
from posedeck.pose.track import PoseTrack

Side = Literal["left", "right"]

#: A turn is measured over this many seconds: at any frame rate the same, and keypoint jitter stays small against it.
SWING_S = 0.1
#: Degrees over ``SWING_S`` below which no leg kicks: half-way between the fastest stride and the slowest known kick.
LEAST_KICK_DEG = 65.0
#: What a clip that is not yet read with care must show at least: a slow walk.
LEAST_SWING_DEG = 30.0
# A keypoint that goes astray for one frame is no swing: each turn is the median of those about it.
_STEADY_S = 0.04


@dataclass(frozen=True)
class FastestSwing:
    """The leg whose shank turns fastest.

    Attributes:
        side: Which leg.
        frame: At the end of the fastest ``SWING_S``.
        turn_deg: By how much the shank turned within them.
    """

    side: Side
    frame: int
    turn_deg: float


def shank_turn_deg(track: PoseTrack, side: Side) -> FloatArray:
    """(t,) by how many degrees, 0..180, a shank turned within the last ``SWING_S``; NaN where that was not seen.

    From the side in the picture; otherwise between world landmarks, where there are any: there the swing goes towards
    the camera.
    """
    points = track.xy_px if track.xyz_m is None or view_of(track) == "side" else track.xyz_m
    ankle, knee = (points[:, track.skeleton.index[f"{side}_{part}"]] for part in ("ankle", "knee"))
    shank = ankle - knee
    earlier = at(track.times_s, shank, track.times_s - SWING_S)
    length = np.linalg.norm(shank, axis=1) * np.linalg.norm(earlier, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        turn = np.degrees(np.arccos(np.clip(np.sum(shank * earlier, axis=1) / length, -1.0, 1.0)))
    return _steady(track.times_s, turn)


def fastest_swing(track: PoseTrack) -> FastestSwing | None:
    """The fastest swing of the clip; None when no shank was seen for ``SWING_S``."""
    if len(track) < 3 or not torso_px(track) > 0:
        return None
    sides: tuple[Side, ...] = ("left", "right")
    turns = [(side, shank_turn_deg(track, side)) for side in sides]
    swings = [
        FastestSwing(side, int(np.nanargmax(turn)), float(np.nanmax(turn)))
        for side, turn in turns
        if np.isfinite(turn).any()
    ]
    return max(swings, key=lambda swing: swing.turn_deg, default=None)


def _steady(times_s: FloatArray, values: FloatArray) -> FloatArray:
    """The median of what was seen about each time; NaN where the value itself is."""
    steady = np.full(len(values), np.nan)
    reach = max(_STEADY_S, 1.01 * frame_s(times_s))
    for frame in np.flatnonzero(np.isfinite(values)):
        steady[frame] = np.nanmedian(values[np.abs(times_s - times_s[frame]) <= reach])
    return steady
