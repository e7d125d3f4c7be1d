"""Directions of the knee, hip and shoulder lines in space, from world landmarks."""

from typing import Final

import numpy as np

from posedeck.pose.pose import FloatArray
from posedeck.pose.track import PoseTrack

#: The vendor's names of the lines and the keypoints they join.
LINES: Final = {"KneeLine": "knee", "Pelvis": "hip", "ShoulderLine": "shoulder"}


def line_angles_deg(track: PoseTrack, part: str) -> FloatArray:
    """(t, 3) angles of the line from the right to the left keypoint of a part, about three axes, in -180..180.

    World axes as in ``Pose``: x to image right, y down, z away from the camera. The columns are the turns of the line
    about x (seen along the picture's horizontal: from z towards up), about the vertical (seen from above: from x
    towards the camera) and about the line of sight (in the picture: from x towards up). A turn is ill-defined while the
    line is nearly parallel to its axis. NaN without world landmarks.
    """
    if track.xyz_m is None:
        return np.full((len(track), 3), np.nan)
    left = track.xyz_m[:, track.skeleton.index[f"left_{part}"]]
    right = track.xyz_m[:, track.skeleton.index[f"right_{part}"]]
    x, y, z = (left - right).T
    angles: FloatArray = np.degrees(np.stack([np.arctan2(-y, z), np.arctan2(-z, x), np.arctan2(-y, x)], axis=1))
    return angles
