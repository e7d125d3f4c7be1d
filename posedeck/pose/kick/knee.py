"""The included angle of a knee: what the picture shows and what the world landmarks say, taken together.

A pose model tells a knee twice, and by two different outputs: where the joints are in the picture, and where they are
in space. Seen from the side both are readings of the same angle. On the rendered kick each is off by about 6 degrees
(root mean square; the picture reads legs too straight, mostly by placing the hip of the swinging leg too far forward),
and their errors do not go together (r between -0.2 and 0.2), so that their mean is off by 4 to 5. They weigh the same,
since neither is known to be the better one. Nothing is averaged over time: a filter would blunt a knee that extends by
750 degrees per second.

Of the leg behind the other one the space is mostly the model's habit (19 degrees off, against 11 in the picture), so
that leg is read in the picture alone. ``python -m benchmarks.kick_knee`` prints these figures.
"""

import numpy as np

from posedeck.pose.kick.motion import view_of
from posedeck.pose.kick.swing import Side
from posedeck.pose.pose import FloatArray
from posedeck.pose.track import PoseTrack

LEG = ("hip", "knee", "ankle")


def included_deg(start: FloatArray, vertex: FloatArray, end: FloatArray) -> FloatArray:
    """Angle (...) in degrees, 0..180, at a vertex between two points, all (..., 2) or (..., 3)."""
    first, second = start - vertex, end - vertex
    with np.errstate(divide="ignore", invalid="ignore"):
        cosine = np.sum(first * second, axis=-1) / (np.linalg.norm(first, axis=-1) * np.linalg.norm(second, axis=-1))
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def read_in_space(track: PoseTrack, side: Side) -> bool:
    """Whether a leg's world landmarks count: seen from the side, the leg that is nearer to the camera."""
    if track.xyz_m is None or view_of(track) != "side":
        return False
    behind = np.nanmedian(track.xyz_m[:, track.skeleton.index["left_hip"], 2]) > np.nanmedian(
        track.xyz_m[:, track.skeleton.index["right_hip"], 2]
    )
    return bool(behind) == (side == "right")


def knee_deg(track: PoseTrack, side: Side) -> FloatArray:
    """(t,) included angle of a knee, 180 straight; NaN where it was not seen."""
    indices = track.skeleton.indices([f"{side}_{part}" for part in LEG])
    picture = included_deg(*np.moveaxis(track.xy_px[:, indices], 1, 0))
    if track.xyz_m is None or not read_in_space(track, side):
        return picture
    space = included_deg(*np.moveaxis(track.xyz_m[:, indices], 1, 0))
    return (picture + space) / 2.0
