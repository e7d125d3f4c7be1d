"""What is a kick and what is not, by how fast a shank turns."""

from dataclasses import replace

import numpy as np
import pytest

from posedeck.pose.kick.analysis import analyse
from posedeck.pose.kick.events import NoKickError
from posedeck.pose.kick.swing import LEAST_KICK_DEG, LEAST_SWING_DEG, fastest_swing
from posedeck.pose.track import PoseTrack
from tests.support.gait import Motion, leg_swing, person, standing, walk
from tests.support.kick import SIZE_PX, track_at, true_kick

FRAME_RATES = (24, 30, 60, 120, 240)
NO_KICKS: dict[str, Motion] = {
    "a walk": walk(),
    "a walk as fast as people walk": walk(0.85, 2.2),
    "a leg that swings": leg_swing(),
    "a leg that swings faster": leg_swing(60.0, 0.9),
    "standing": standing(),
}


def times(fps: float, end_s: float = 2.5) -> np.ndarray:
    return np.arange(0.0, end_s, 1 / fps)


@pytest.mark.parametrize("fps", FRAME_RATES)
@pytest.mark.parametrize("what", NO_KICKS)
def test_what_is_no_kick_is_refused_in_words(what: str, fps: float) -> None:
    track = person(times(fps), NO_KICKS[what], np.random.default_rng(int(fps)))

    with pytest.raises(NoKickError):
        analyse(track, None, None, SIZE_PX)


@pytest.mark.parametrize("fps", FRAME_RATES)
def test_a_kick_turns_the_shank_as_nothing_else_does_and_is_found_without_a_ball(fps: float) -> None:
    rng = np.random.default_rng(int(fps))
    track = track_at(times(fps, true_kick().times_s[-1]), rng)
    swing = fastest_swing(track)

    assert swing is not None
    assert (swing.side, swing.turn_deg > LEAST_KICK_DEG + 5.0) == ("right", True)
    assert track.times_s[swing.frame] == pytest.approx(true_kick().impact_s, abs=0.07)
    assert analyse(track, None, None, SIZE_PX).side == "right"


def test_a_walk_moves_the_shank_and_standing_does_not() -> None:
    """What the job asks for before it looks at anybody with care."""
    rng = np.random.default_rng(0)
    walking = fastest_swing(person(times(30), NO_KICKS["a walk"], rng))
    still = fastest_swing(person(times(30), NO_KICKS["standing"], rng))

    assert walking is not None
    assert still is not None
    assert still.turn_deg < LEAST_SWING_DEG <= walking.turn_deg < LEAST_KICK_DEG


def test_a_leg_gone_astray_for_a_frame_is_no_swing() -> None:
    track = person(times(30), NO_KICKS["standing"], np.random.default_rng(0))
    astray = track.xy_px.copy()
    astray[40, track.skeleton.index["left_ankle"]] -= [90.0, 60.0]
    swing = fastest_swing(replace(track, xy_px=astray))

    assert swing is not None
    assert swing.turn_deg < LEAST_SWING_DEG


def test_from_in_front_the_world_landmarks_tell_the_swing() -> None:
    track = track_at(true_kick().times_s)
    assert track.xyz_m is not None
    turned = track.xy_px.copy()
    turned[..., 0] = 384.0 - 157.0 * track.xyz_m[..., 2]
    swing = fastest_swing(replace(track, xy_px=turned))

    assert swing is not None
    assert (swing.side, swing.turn_deg > LEAST_KICK_DEG) == ("right", True)


def test_who_was_never_seen_does_not_swing() -> None:
    kick = track_at(true_kick().times_s)

    assert fastest_swing(replace(kick, xy_px=np.full_like(kick.xy_px, np.nan))) is None
    assert fastest_swing(PoseTrack(kick.skeleton, kick.times_s[:0], kick.xy_px[:0], kick.score[:0])) is None
