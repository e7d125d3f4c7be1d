"""How fast the kicking foot was, in metres per second, from the body height that the caller names."""

import numpy as np

from posedeck.pose.kick.events import Impact
from posedeck.pose.kick.motion import frame_s, middle, sigma_of, speeds, view_of
from posedeck.pose.kick.validity import Judged
from posedeck.pose.pose import FloatArray
from posedeck.pose.track import PoseTrack
from posedeck.pose.uncertainty import Z_95

#: At 30 fps a foot of 18 m/s crosses 0.6 m between two frames; from 60 fps on a single figure means something.
REPORTED_FROM_FPS = 60.0
#: Below this a peak passes unseen between frames.
RANGE_FROM_FPS = 24.0
# Ankle to knee to hip to shoulder over body height (Drillis & Contini 1966 as given by Winter, Biomechanics and Motor
# Control of Human Movement: shank 0.246, thigh 0.245, hip to shoulder 0.288), and how far people differ from it.
_CHAIN_OF_HEIGHT, _CHAIN_SPREAD = 0.779, 0.05
# A segment is seen in its full length when it lies in the picture plane, as it nearly does once in a kick.
_FULL_LENGTH_QUANTILE = 0.9
# The mean over a frame is below the peak in it; beyond the neighbours' own difference a peak is not higher than this.
_RATE_ROUNDING = 0.02


def px_per_m(track: PoseTrack, height_cm: float) -> float:
    """Pixels per metre at the person, from a body height in cm and the lengths of trunk, thighs and shanks."""

    def length(start: FloatArray, end: FloatArray) -> float:
        return float(np.nanquantile(np.hypot(*(end - start).T), _FULL_LENGTH_QUANTILE))

    chain = length(middle(track, "hip"), middle(track, "shoulder"))
    for upper, lower in (("hip", "knee"), ("knee", "ankle")):
        sides = [length(track.point(f"{side}_{upper}"), track.point(f"{side}_{lower}")) for side in ("left", "right")]
        chain += sum(sides) / 2
    return chain / (_CHAIN_OF_HEIGHT * height_cm / 100.0)


def foot_speed_m_s(track: PoseTrack, height_cm: float) -> tuple[FloatArray, FloatArray]:
    """Speed (t-1,) of the right ankle between neighbouring frames in m/s and its middle times; never smoothed."""
    speed, times = speeds(track.times_s, track.point("right_ankle"))
    return speed / px_per_m(track, height_cm), times


def peak_foot_speed(track: PoseTrack, impact: Impact, height_cm: float | None) -> Judged:
    """Fastest ankle speed before contact: a figure from 60 fps on, an interval below, withheld when it cannot be told.

    Args:
        track: The person, already mirrored when left-footed.
        impact: Only frames up to the last before it are used.
        height_cm: Body height; without it there is no scale.
    """
    fps = 1.0 / frame_s(track.times_s)
    if height_cm is None:
        return Judged("withheld", "scale", None, None, None)
    if view_of(track) != "side":
        return Judged("withheld", "view", None, None, None)
    if fps < RANGE_FROM_FPS * 0.97:
        return Judged("withheld", "frame_rate", None, None, None)
    speed, _ = foot_speed_m_s(track, height_cm)
    before = speed[: impact.before]
    if not np.isfinite(before[-4:]).any():
        return Judged("withheld", "not_seen", None, None, None)
    top = int(np.nanargmax(before))
    peak = float(before[top])
    steps = np.diff(track.times_s)
    sigma_px = float(sigma_of(track, "right_ankle")[top])
    noise = float(np.sqrt(2.0) * sigma_px / steps[top]) / px_per_m(track, height_cm)
    spread = Z_95 * float(np.hypot(noise, _CHAIN_SPREAD * peak))
    beside = before[max(top - 1, 0) : top]
    missed = float(peak - beside[0]) if len(beside) and np.isfinite(beside[0]) else 0.0
    low, high = max(peak - spread - noise, 0.0), peak + spread + max(missed, 0.0) + _RATE_ROUNDING * peak
    if fps < REPORTED_FROM_FPS * 0.97:
        return Judged("range", "frame_rate", None, low, high)
    return Judged("reported", None, peak, low, high)
