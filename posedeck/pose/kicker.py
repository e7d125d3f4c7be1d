"""Who of several people kicks, if anybody does."""

from collections.abc import Mapping

import numpy as np

from posedeck.pose.pose import FloatArray
from posedeck.pose.track import PoseTrack

#: Movement is measured over this many seconds: at any frame rate the same, and keypoint jitter stays small against it.
_OVER_S = 0.1
#: A foot that kicks passes the other by at least so many torso lengths meanwhile. A gentle pass (5 m/s) is 1.0, the
#: rendered kick 1.9, a person who stands there 0.1.
LEAST_SWING = 0.6


def likely_kicker(tracks: Mapping[int, PoseTrack]) -> int:
    """The person who is large, seen long, and moves one foot fast past the other.

    Ranked by the product of torso length in pixels, number of frames seen, and ``foot_swing``. It is a rule of thumb:
    spectators stand, a goalkeeper is further away.

    Args:
        tracks: People by number, at least one; any skeleton with both ankles.

    Raises:
        ValueError: when there is nobody.
    """
    if not tracks:
        raise ValueError("there is nobody to choose from")
    return max(tracks, key=lambda who: _rank(tracks[who]))


def _rank(track: PoseTrack) -> float:
    torso_px = track.torso_px
    return torso_px * float(track.seen.sum()) * foot_swing(track) if torso_px > 0 else 0.0


def foot_swing(track: PoseTrack) -> float:
    """How far one ankle moves past the other within a tenth of a second at most, in torso lengths; 0 if never seen.

    The very largest is left out: one keypoint gone astray is no swing.
    """
    stride = track.point("right_ankle") - track.point("left_ankle")
    earlier = np.searchsorted(track.times_s, track.times_s - _OVER_S - 1e-6)
    late = np.flatnonzero(track.times_s - track.times_s[earlier] > 0.5 * _OVER_S) if len(track) else np.zeros(0, int)
    moved: FloatArray = np.hypot(*(stride[late] - stride[earlier[late]]).T)
    lasted = track.times_s[late] - track.times_s[earlier[late]]
    swing = np.sort((moved * _OVER_S / lasted)[np.isfinite(moved)])
    return float(swing[-2]) / track.torso_px if len(swing) > 1 and track.torso_px > 0 else 0.0
