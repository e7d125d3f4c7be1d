"""Who of several people kicks."""

from collections.abc import Mapping

import numpy as np

from posedeck.pose.track import PoseTrack

#: A movement counts when it is as fast as the fastest two in a hundred; a single jump of a keypoint is not.
_FAST_SHARE = 98.0


def likely_kicker(tracks: Mapping[int, PoseTrack]) -> int:
    """The person who is large, seen long, and moves one foot fast against the other.

    Ranked by the product of torso length in pixels, number of frames seen, and fastest speed of one ankle against the
    other in torso lengths a second. It is a rule of thumb: spectators stand, a goalkeeper is further away.

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
    stride = track.point("right_ankle") - track.point("left_ankle")
    speed = np.hypot(*np.diff(stride, axis=0).T) / np.diff(track.times_s)
    speed = speed[np.isfinite(speed)]
    if not len(speed) or not torso_px > 0:
        return 0.0
    fast = float(np.percentile(speed, _FAST_SHARE)) / torso_px
    return torso_px * float(track.seen.sum()) * fast
