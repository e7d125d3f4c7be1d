"""When things happen in a kick: which foot kicks, plant, backswing, impact, follow-through.

Phases after Kellis & Katis 2007 (J Sports Sci Med 6:154-165): approach, plant of the support foot, backswing, impact,
follow-through. An event lies between frames; contact (9 to 14 ms in the studies that review cites) is shorter than
the time between two frames of an ordinary camera, so impact is an interval, never a frame.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from posedeck.pose.kick.motion import BallTrack, at, frame_s, middle, quietened, speeds, torso_px, unfolded_deg
from posedeck.pose.kick.swing import Side, fastest_swing, shank_turn_deg
from posedeck.pose.pose import FloatArray
from posedeck.pose.track import PoseTrack

#: The ball has left when its centre is this many radii from where it rested.
MOVED_RADII = 0.4
# A planted foot stays within this share of the torso until impact; it has left when it was further away for this long.
_PLANTED_TORSO = 0.22
_AWAY_S = 0.03
# The foot reaches its peak speed at or just before contact (Kellis & Katis 2007); without a ball, contact is looked
# for from the peak on for this long.
_AFTER_PEAK_S = 0.045
# The peak lies at most this long before the end of the shank's fastest tenth of a second.
_BEFORE_SWING_S = 0.12
# How well an extremum of a noisy signal is placed, beside half a frame.
_EXTREMUM_S = 0.012
# A backswing is not longer than this before impact, a follow-through after it.
_SWING_S = 0.6
_FOLLOW_S = 0.7


@dataclass(frozen=True)
class Moment:
    """An event: the best estimate of its time, the earliest and the latest it can have been, in seconds."""

    time_s: float
    earliest_s: float
    latest_s: float


@dataclass(frozen=True)
class Impact:
    """Contact, between the last frame before it and the first after it.

    Attributes:
        before, after: Frame numbers.
        moment: The estimated time within them; narrower than the interval when the leaving ball tells.
        by_ball: Whether the ball told the interval; else the foot's speed did, and it is wider.
    """

    before: int
    after: int
    moment: Moment
    by_ball: bool


@dataclass(frozen=True)
class Swing:
    """The events of a right-footed kick (a left-footed one is mirrored first)."""

    plant: Moment
    backswing: Moment
    impact: Impact
    follow_through: Moment
    facing: Literal[-1, 1]


class NoKickError(ValueError):
    """The clip shows no kick that can be told apart from the rest of the motion."""


def kicking_side(track: PoseTrack, ball: BallTrack) -> Side:
    """The foot that swings while the other stands when the ball leaves; without a ball, that of the fastest shank.

    Raises:
        NoKickError: when the legs are not seen long enough.
    """
    leaving = ball_leaves(track.times_s, ball)
    if leaving is not None:
        left, times = speeds(track.times_s, track.point("left_ankle"))
        right, _ = speeds(track.times_s, track.point("right_ankle"))
        lead = quietened(times, right - left)
        near = (times >= track.times_s[leaving[0]] - 0.1) & (times <= track.times_s[leaving[1]]) & np.isfinite(lead)
        if near.any():
            lead = lead[near]
            return "right" if lead[np.argmax(np.abs(lead))] > 0 else "left"
    swing = fastest_swing(track)
    if swing is None:
        raise NoKickError("the legs are not seen in neighbouring frames")
    return swing.side


def ball_leaves(times_s: FloatArray, ball: BallTrack) -> tuple[int, int] | None:
    """Last frame in which the ball rests and first in which it has left; None when the ball tells no such thing."""
    found = np.flatnonzero(ball.found)
    if len(found) < 4:
        return None
    radius = float(np.median(ball.radius_px[found]))
    for position in range(3, len(found)):
        frame = found[position]
        recent = found[:position][times_s[found[:position]] >= times_s[frame] - 0.4]
        if len(recent) < 3:
            continue
        rest = np.median(ball.xy_px[recent], axis=0)
        gone = np.hypot(*(ball.xy_px[found[position:]] - rest).T)[:4] / radius
        if gone[0] > MOVED_RADII and (len(gone) == 1 or gone[1:].min() > gone[0]):
            return int(found[position - 1]), int(frame)
    return None


def _impact_by_ball(track: PoseTrack, ball: BallTrack) -> Impact | None:
    leaving = ball_leaves(track.times_s, ball)
    if leaving is None:
        return None
    before, after = leaving
    start, end = float(track.times_s[before]), float(track.times_s[after])
    foot = np.nanmin(
        [
            np.hypot(*(track.point(name)[before : after + 1] - ball.xy_px[before]).T).min()
            for name in ("left_ankle", "right_ankle")
        ]
    )
    radius = float(np.median(ball.radius_px[ball.found]))
    if not foot < max(6 * radius, torso_px(track)):
        return None
    flight = np.flatnonzero(ball.found[after : after + 4]) + after
    if len(flight) < 2:
        return Impact(before, after, Moment((start + end) / 2, start, end), by_ball=True)
    # The ball leaves at nearly constant speed: where its path meets the resting place is the end of contact.
    way = np.hypot(*(ball.xy_px[flight] - ball.xy_px[before]).T)
    speed, offset = np.polyfit(track.times_s[flight], way, 1)
    time = float(np.clip(-offset / speed, start, end)) if speed > 0 else (start + end) / 2
    spread = max(0.15 * radius / speed * 2, 0.006, 0.1 * (end - start)) if speed > 0 else end - start
    return Impact(before, after, Moment(time, max(start, time - spread), min(end, time + spread)), by_ball=True)


def _impact_by_foot(track: PoseTrack) -> Impact:
    foot, times = speeds(track.times_s, track.point("right_ankle"))
    other, _ = speeds(track.times_s, track.point("left_ankle"))
    turn = shank_turn_deg(track, "right")
    if not np.isfinite(turn).any():
        raise NoKickError("the kicking leg is not seen in neighbouring frames")
    # A stride of the run-up can move the foot as fast; the shank turns fastest in the kick.
    swing_s = float(track.times_s[np.nanargmax(turn)])
    lead = quietened(times, foot - other)
    lead[(times < swing_s - _BEFORE_SWING_S) | (times > swing_s + _AFTER_PEAK_S)] = np.nan
    if not np.isfinite(lead).any():
        raise NoKickError("the kicking foot is not seen in neighbouring frames")
    peak = float(times[np.nanargmax(lead)])
    half = frame_s(track.times_s) / 2
    start, end = peak - half, peak + half + _AFTER_PEAK_S
    before = int(np.searchsorted(track.times_s, start, side="right")) - 1
    after = int(np.searchsorted(track.times_s, end))
    before, after = max(before, 0), min(after, len(track) - 1)
    return Impact(before, after, Moment(peak + _AFTER_PEAK_S / 2, start, end), by_ball=False)


def shank_to_trunk_deg(track: PoseTrack, facing: int) -> FloatArray:
    """(t,) angle of the kicking shank against the trunk in the picture plane, + forward."""
    shank = track.point("right_ankle") - track.point("right_knee")
    trunk = middle(track, "shoulder") - middle(track, "hip")
    forward = np.degrees(np.arctan2(facing * shank[:, 0], shank[:, 1]))
    lean = np.degrees(np.arctan2(facing * trunk[:, 0], -trunk[:, 1]))
    return unfolded_deg(forward + lean)


def _extremum(times_s: FloatArray, signal: FloatArray, start_s: float, end_s: float, what: str) -> Moment:
    """Time of the largest value between two times, from a parabola through the samples about it."""
    smooth = quietened(times_s, signal)
    inside = np.flatnonzero((times_s >= start_s) & (times_s <= end_s) & np.isfinite(smooth))
    if len(inside) < 3:
        raise NoKickError(f"the {what} is not in the clip")
    top = int(inside[np.argmax(smooth[inside])])
    half = frame_s(times_s)
    about = inside[np.abs(times_s[inside] - times_s[top]) <= max(1.5 * half, 0.04)]
    time = float(times_s[top])
    if len(about) >= 3 and top not in (inside[0], inside[-1]):
        curve, slope, _ = np.polyfit(times_s[about] - time, smooth[about], 2)
        if curve < 0:
            time += float(np.clip(-slope / (2 * curve), -half, half))
    reach = half / 2 + _EXTREMUM_S
    return Moment(time, time - reach, time + reach)


def _plant(track: PoseTrack, impact: Impact) -> Moment:
    """The support foot's contact: the first frame from which it stays where it stands at impact."""
    foot = track.point("left_ankle")
    times, when = track.times_s, impact.moment.time_s
    standing = (times >= when - 0.12) & (times <= when) & np.isfinite(foot).all(axis=1)
    if not standing.any():
        raise NoKickError("the support foot is not seen before impact")
    place = np.median(foot[standing], axis=0)
    steady = np.stack([quietened(times, foot[:, axis]) for axis in range(2)], axis=1)
    away = np.hypot(*(steady - place).T) > _PLANTED_TORSO * torso_px(track)
    # One frame in which the foot seems elsewhere is noise: it has left only when it is still away a moment before.
    away &= np.hypot(*(at(times, steady, times - _AWAY_S) - place).T) > _PLANTED_TORSO * torso_px(track)
    earlier = np.flatnonzero(away & (times < when))
    last = int(earlier[-1]) if len(earlier) else 0
    first = min(last + 1, len(track) - 1)
    start, end = float(times[last]), float(times[first])
    return Moment(end if len(earlier) else start, start, end + frame_s(times))


def find_swing(track: PoseTrack, ball: BallTrack) -> Swing:
    """Events of a right-footed kick.

    Backswing is the moment in which the shank points furthest back against the trunk, follow-through the one in which
    the kicking ankle is highest after impact.

    Raises:
        NoKickError: when an event lies outside the clip or its keypoints were not seen.
    """
    impact = _impact_by_ball(track, ball) or _impact_by_foot(track)
    when = impact.moment.time_s
    ankle = at(track.times_s, track.point("right_ankle"), np.array([when - 0.1, when]))
    if not np.isfinite(ankle).all():
        raise NoKickError("the kicking foot is not seen before impact")
    facing: Literal[-1, 1] = 1 if ankle[1, 0] >= ankle[0, 0] else -1
    swing = shank_to_trunk_deg(track, facing)
    backswing = _extremum(track.times_s, -swing, when - _SWING_S, when - 0.02, "backswing")
    height = -track.point("right_ankle")[:, 1]
    follow = _extremum(track.times_s, height, when + 0.03, when + _FOLLOW_S, "follow-through")
    return Swing(_plant(track, impact), backswing, impact, follow, facing)
