"""Joint angles of a kick over the frames, never smoothed."""

import numpy as np

from posedeck.pose.kick.knee import knee_deg
from posedeck.pose.kick.motion import middle, unfolded_deg
from posedeck.pose.pose import FloatArray
from posedeck.pose.track import PoseTrack


def angle_curves(track: PoseTrack, facing: int) -> dict[str, FloatArray]:
    """Curves (t,) in degrees by name, of a right-footed kick; NaN where their keypoints were not seen.

    ``kicking_knee``, ``support_knee`` (included angle, 180 straight, see ``knee``), ``kicking_hip``, ``support_hip``
    (thigh against trunk in the picture, + flexed), ``trunk`` (lean, + forward), ``kicking_shank`` (against the trunk,
    + forward).
    """
    trunk = middle(track, "shoulder") - middle(track, "hip")
    lean = np.degrees(np.arctan2(facing * trunk[:, 0], -trunk[:, 1]))

    def to_trunk(start: str, end: str) -> FloatArray:
        segment = track.point(end) - track.point(start)
        return unfolded_deg(np.degrees(np.arctan2(facing * segment[:, 0], segment[:, 1])) + lean)

    return {
        "kicking_knee": knee_deg(track, "right"),
        "support_knee": knee_deg(track, "left"),
        "kicking_hip": to_trunk("right_hip", "right_knee"),
        "support_hip": to_trunk("left_hip", "left_knee"),
        "trunk": lean,
        "kicking_shank": to_trunk("right_knee", "right_ankle"),
    }
