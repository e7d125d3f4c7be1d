"""Who of several people kicks, if anybody does."""

from collections.abc import Mapping

from posedeck.pose.kick.swing import fastest_swing
from posedeck.pose.track import PoseTrack


def likely_kicker(tracks: Mapping[int, PoseTrack]) -> int:
    """The person who is large, seen long, and swings a shank fast.

    Ranked by the product of torso length in pixels, number of frames seen, and the turn of the fastest shank. It is a
    rule of thumb: spectators stand, a goalkeeper is further away.

    Args:
        tracks: People by number, at least one; any skeleton with knees and ankles.

    Raises:
        ValueError: when there is nobody.
    """
    if not tracks:
        raise ValueError("there is nobody to choose from")
    return max(tracks, key=lambda who: _rank(tracks[who]))


def _rank(track: PoseTrack) -> float:
    swing = fastest_swing(track)
    return 0.0 if swing is None else track.torso_px * float(track.seen.sum()) * swing.turn_deg
