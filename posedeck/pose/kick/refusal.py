"""What is no kick: walking, running, standing, a leg that swings slowly."""

import numpy as np

from posedeck.pose.kick.events import NoKickError, Swing, shank_to_trunk_deg
from posedeck.pose.kick.motion import View, at
from posedeck.pose.kick.swing import LEAST_KICK_DEG, SWING_S, shank_turn_deg
from posedeck.pose.track import PoseTrack

# From the backswing to the follow-through the shank of a hard kick turns by about 200 degrees against the trunk, that
# of a pass by 110 and more; in a step, 80 or less. Seen at an angle it turns by less, from in front it tells nothing.
_LEAST_SWEEP_DEG: dict[View, float] = {"side": 90.0, "oblique": 50.0, "front": -360.0}


def refuse_a_step(track: PoseTrack, swing: Swing, view: View) -> None:
    """Tell a kick from steps and slow swings, by how far and how fast the shank swings through.

    A ball that is seen to leave the foot proves a kick however slow; without one the shank must turn as fast as in
    kicks (``swing.LEAST_KICK_DEG``, with its sources).

    Args:
        track: The person, mirrored when left-footed.
        swing: Events of what may be a kick.
        view: From where the camera looks.

    Raises:
        NoKickError: when it is none.
    """
    shank = shank_to_trunk_deg(track, swing.facing)
    ends = np.array([swing.backswing.time_s, swing.follow_through.time_s])
    back, through = at(track.times_s, shank[:, None], ends)[:, 0]
    if through - back < _LEAST_SWEEP_DEG[view]:
        raise NoKickError("no leg swings through as in a kick")
    if swing.impact.by_ball:
        return
    contact = swing.impact.moment
    near = (track.times_s >= contact.earliest_s - SWING_S) & (track.times_s <= contact.latest_s + SWING_S)
    turn = shank_turn_deg(track, "right")[near]
    if not (turn >= LEAST_KICK_DEG).any():
        raise NoKickError("no leg swings as fast as in a kick, and no ball is seen to leave")
