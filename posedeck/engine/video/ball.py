"""The ball of a kick by classical means: what rests round beside the foot before contact and has left after it.

A resting ball is a circle in the still picture of the time before contact that is not there in the one of the time
after: circle Hough transform (Yuen et al. 1990) on the one, difference of both as the test. The camera must stand
still for that. In flight it is a round patch that moves away from where it rested. What is not found is said to be
not found: nothing is guessed between.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from posedeck.engine.video.decode import Frame
from posedeck.pose.kick.motion import BallTrack, at, frame_s, no_ball, torso_px
from posedeck.pose.kick.swing import SWING_S, fastest_swing
from posedeck.pose.pose import FloatArray
from posedeck.pose.track import PoseTrack

# Frames looked at, in seconds about the fastest swing of a shank.
_BEFORE_S, _AFTER_S = 0.8, 0.8
# The still pictures are medians over these times, in seconds about the fastest swing: the ball rests, then it is gone.
_RESTING_S, _GONE_S = (-0.7, -0.12), (0.25, 0.8)
_STILL_FRAMES = 15
# Frames are made so small that the trunk measures this many pixels: enough for a third of a pixel, cheap for 4K.
_TORSO_PX = 72.0
# A ball of 22 cm has 0.23 of a trunk of 48 cm as its radius; children are smaller and kick smaller balls.
_RADIUS_TORSO = (0.13, 0.40)
# It rests this near the foot that will kick it, in trunks.
_REACH_TORSO = 2.2
_CHANGED = 22
_LEAST_VANISHED = 0.45
# While a circle is fitted it is moved and resized by steps down to this, against a ring just outside of it (in radii).
_FINEST_PX, _NEAR_RING = 0.25, (1.03, 1.3)
_LEAST_MATCH = 0.55
# A kicked ball is not faster than this (trunks per second; about 40 m/s) and flies forward within this angle.
_MAX_TORSOS_S, _MAX_RISE_DEG = 85.0, 65.0

_Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class _Circle:
    x: float
    y: float
    radius: float


def _fastest_foot(track: PoseTrack) -> tuple[float, FloatArray, int] | None:
    """When a shank turned fastest, that leg's ankle, and the direction it swung in."""
    swing = fastest_swing(track)
    if swing is None:
        return None
    path, when = track.point(f"{swing.side}_ankle"), float(track.times_s[swing.frame])
    (earlier,) = at(track.times_s, path, np.array([when - SWING_S]))
    return when, path[swing.frame], 1 if path[swing.frame, 0] >= earlier[0] else -1


def frames_to_search(track: PoseTrack) -> range:
    """The frames that ``find_ball`` wants to see: those about the fastest swing of a leg; empty without one."""
    foot = _fastest_foot(track)
    if foot is None:
        return range(0)
    start, stop = np.searchsorted(track.times_s, [foot[0] - _BEFORE_S, foot[0] + _AFTER_S])
    return range(int(start), int(stop))


def find_ball(frames: Iterable[Frame], track: PoseTrack) -> BallTrack:
    """The ball over all frames of the track's clip; NaN in those that were not given or in which it was not found.

    Args:
        frames: Those of ``frames_to_search``, in order; some may be missing.
        track: The kicker, over the whole clip.
    """
    foot, torso = _fastest_foot(track), torso_px(track)
    ball = no_ball(len(track))
    if foot is None or not torso > 0:
        return ball
    when, place, facing = foot
    scale = min(1.0, _TORSO_PX / torso)
    small = [(frame.index, _small_grey(frame.pixels, scale)) for frame in frames]
    times = track.times_s - when
    rested = _still([grey for i, grey in small if _RESTING_S[0] <= times[i] <= _RESTING_S[1]])
    gone = _still([grey for i, grey in small if _GONE_S[0] <= times[i] <= _GONE_S[1]])
    if rested is None or gone is None:
        return ball
    circle = _resting(rested, gone, place * scale, torso * scale)
    if circle is None:
        return ball
    left_at = _follow_rest(small, rested, circle, ball, scale)
    # The last frame at rest may lie before contact when a leg hides the ball.
    last_s = times[left_at] if left_at is not None else -np.inf
    _follow_flight(small, track.times_s, gone, circle, ball, scale, torso * scale, facing, max(last_s, -0.12) + when)
    return ball


def _small_grey(pixels: NDArray[np.uint8], scale: float) -> _Grey:
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    if scale < 1.0:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(grey, dtype=np.uint8)


def _still(greys: list[_Grey]) -> _Grey | None:
    """Median of evenly chosen pictures: what does not move. None for fewer than three."""
    if len(greys) < 3:
        return None
    chosen = np.linspace(0, len(greys) - 1, min(len(greys), _STILL_FRAMES)).round().astype(int)
    return np.asarray(np.median(np.stack([greys[i] for i in chosen]), axis=0), dtype=np.uint8)


def _resting(rested: _Grey, gone: _Grey, foot: FloatArray, torso: float) -> _Circle | None:
    """The circle near the foot that vanished most clearly; None when none did."""
    reach = _REACH_TORSO * torso
    x0, y0 = (max(0, int(foot[axis] - reach)) for axis in range(2))
    x1, y1 = int(foot[0] + reach) + 1, int(foot[1] + reach) + 1
    near = np.asarray(cv2.GaussianBlur(rested, (0, 0), 1.0), dtype=np.uint8)[y0:y1, x0:x1]
    smallest, largest = (max(3, round(share * torso)) for share in _RADIUS_TORSO)
    if min(near.shape) < 2 * smallest:
        return None
    circles = cv2.HoughCircles(
        near, cv2.HOUGH_GRADIENT, 1, minDist=smallest, param1=90, param2=9, minRadius=smallest, maxRadius=largest
    )
    if circles is None:
        return None
    changed = cv2.absdiff(rested[y0:y1, x0:x1], gone[y0:y1, x0:x1]) > _CHANGED
    rated = [(_vanished(changed, _Circle(*map(float, c))), _Circle(*map(float, c))) for c in circles[0][:200]]
    score, best = max(rated, key=lambda pair: pair[0])
    if score < _LEAST_VANISHED:
        return None
    best = _sharpened(changed, best)
    return _Circle(best.x + x0, best.y + y0, best.radius)


def _vanished(changed: NDArray[np.bool_], circle: _Circle, ring: tuple[float, float] = (1.25, 1.7)) -> float:
    """Share of the circle that changed, less that of a ring about it (in radii)."""
    rows, columns = np.indices(changed.shape)
    away = np.hypot(columns - circle.x, rows - circle.y) / circle.radius
    inside, about = changed[away < 0.97], changed[(away > ring[0]) & (away < ring[1])]
    return float(inside.mean() - about.mean()) if inside.size and about.size else 0.0


def _sharpened(changed: NDArray[np.bool_], circle: _Circle) -> _Circle:
    """The circle moved and resized to where what vanished fills it and ends at it.

    The brightness across its edge does not tell: a ball's panels have edges of their own.
    """
    size = max(3, round(circle.radius * 0.5) | 1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    filled = cv2.morphologyEx(changed.astype(np.uint8), cv2.MORPH_CLOSE, disc) > 0
    best, step = circle, 2.0
    while step >= _FINEST_PX:
        candidates = [
            _Circle(best.x + dx, best.y + dy, best.radius + dr)
            for dx in (-step, 0.0, step)
            for dy in (-step, 0.0, step)
            for dr in (-step, 0.0, step)
            if best.radius + dr > 2.0
        ]
        better = max(candidates, key=lambda each: _vanished(filled, each, _NEAR_RING))
        if _vanished(filled, better, _NEAR_RING) > _vanished(filled, best, _NEAR_RING) + 1e-9:
            best = better
        else:
            step /= 2
    return best


def _follow_rest(
    small: list[tuple[int, _Grey]], rested: _Grey, circle: _Circle, ball: BallTrack, scale: float
) -> int | None:
    """Mark every frame in which the ball lies where it rested; gives the last of them."""
    x, y, half = round(circle.x), round(circle.y), round(circle.radius * 1.1)
    template = rested[max(y - half, 0) : y + half + 1, max(x - half, 0) : x + half + 1]
    margin = 2
    last = None
    for index, grey in small:
        field = grey[
            max(y - half - margin, 0) : y + half + margin + 1, max(x - half - margin, 0) : x + half + margin + 1
        ]
        if min(field.shape[0] - template.shape[0], field.shape[1] - template.shape[1]) < 0 or template.std() == 0:
            continue
        if float(cv2.matchTemplate(field, template, cv2.TM_CCOEFF_NORMED).max()) < _LEAST_MATCH:
            continue
        ball.xy_px[index] = np.array([circle.x + 0.5, circle.y + 0.5]) / scale - 0.5
        ball.radius_px[index] = circle.radius / scale
        last = index
    return last


def _follow_flight(
    small: list[tuple[int, _Grey]],
    times_s: FloatArray,
    gone: _Grey,
    circle: _Circle,
    ball: BallTrack,
    scale: float,
    torso: float,
    facing: int,
    after_s: float,
) -> None:
    """Mark the frames after ``after_s`` in which a round patch moves away from the resting place."""
    place, seen_s, step_s = np.array([circle.x, circle.y]), after_s, frame_s(times_s)
    velocity: FloatArray | None = None
    for index, grey in small:
        when = float(times_s[index])
        if when <= after_s:
            continue
        candidates = _round_patches(grey, gone, circle.radius)
        wait = when - seen_s
        best, least = None, np.inf
        for candidate in candidates:
            way = candidate - place
            length = float(np.hypot(*way))
            rise = np.degrees(np.arctan2(abs(way[1]), facing * way[0]))
            if not 0.4 * circle.radius < length < _MAX_TORSOS_S * torso * (wait + step_s / 2) or rise > _MAX_RISE_DEG:
                continue
            miss = 0.0 if velocity is None else float(np.hypot(*(way - velocity * wait)))
            if velocity is not None and miss > 0.4 * float(np.hypot(*velocity)) * wait + circle.radius:
                continue
            # Without a velocity yet, the patch furthest ahead is the ball: the foot is behind it.
            cost = miss if velocity is not None else -facing * way[0]
            if cost < least:
                best, least = candidate, cost
        if best is None:
            if velocity is not None and wait > 3 * step_s:
                return
            continue
        # Contact began somewhere within the last frame, so only the second patch tells a speed.
        velocity = None if seen_s == after_s else (best - place) / wait
        place, seen_s = best, when
        ball.xy_px[index] = (best + 0.5) / scale - 0.5
        ball.radius_px[index] = circle.radius / scale


def _round_patches(grey: _Grey, gone: _Grey, radius: float) -> list[FloatArray]:
    """Centres of round patches of about the ball's size that differ from the still picture."""
    changed = (cv2.absdiff(grey, gone) > _CHANGED).astype(np.uint8)
    size = max(3, round(radius * 0.5) | 1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    count, _, stats, _ = cv2.connectedComponentsWithStats(cv2.morphologyEx(changed, cv2.MORPH_CLOSE, disc))
    centres = []
    full = np.pi * radius**2
    for x, y, width, height, area in stats[1:count].tolist():
        long, short = max(width, height), min(width, height)
        # Motion blur makes the patch longer, never shorter than the ball.
        if (
            0.4 * full < area < 2.2 * full
            and long < 3.2 * radius
            and short > 1.2 * radius
            and area > 0.5 * long * short
        ):
            centres.append(np.array([x + (width - 1) / 2, y + (height - 1) / 2]))
    return centres
