"""The rendered kick's true joints: which foot, and when."""

from dataclasses import replace

import numpy as np
import pytest

from posedeck.pose.kick.analysis import KickAnalysis, analyse
from posedeck.pose.kick.events import NoKickError
from posedeck.pose.kick.motion import BallTrack, mirrored, no_ball
from posedeck.pose.track import PoseTrack
from tests.support.kick import SIZE_PX, ball_at, track_at, true_kick, truth

FRAME_S = 1 / 30


@pytest.fixture(scope="module")
def track() -> PoseTrack:
    return track_at(true_kick().times_s)


@pytest.fixture(scope="module")
def ball() -> BallTrack:
    return ball_at(true_kick().times_s)


@pytest.fixture(scope="module")
def analysis(track: PoseTrack, ball: BallTrack) -> KickAnalysis:
    return analyse(track, ball, 174.8, SIZE_PX)


@pytest.mark.parametrize(
    ("event", "name"),
    [
        ("plant", "plant"),
        ("backswing", "max_backswing"),
        ("impact", "impact"),
        ("follow_through", "max_follow_through"),
    ],
)
def test_events_are_within_two_frames_of_truth(analysis: KickAnalysis, event: str, name: str) -> None:
    found = next(e for e in analysis.events if e.name == event)
    assert found.time_s == pytest.approx(truth()["events"][name], abs=2 * FRAME_S)
    assert found.earliest_s <= found.time_s <= found.latest_s


def test_impact_is_the_interval_that_holds_contact(analysis: KickAnalysis) -> None:
    before, after = analysis.impact_frames
    assert analysis.impact_by_ball
    assert after - before == 1
    assert analysis.times_s[before] < truth()["events"]["impact"] <= analysis.times_s[after]


def test_without_a_ball_impact_is_wider_and_still_right(track: PoseTrack) -> None:
    analysis = analyse(track, None, None, SIZE_PX)
    impact = analysis.event("impact")
    assert not analysis.impact_by_ball
    assert impact.earliest_s <= truth()["events"]["impact"] <= impact.latest_s
    assert impact.latest_s - impact.earliest_s > FRAME_S


def test_the_knee_at_impact_is_the_true_one(analysis: KickAnalysis) -> None:
    kick = true_kick()
    hip, knee, ankle = (kick.joint(f"right_{part}", np.array(kick.impact_s)) for part in ("hip", "knee", "ankle"))
    thigh, shank = hip - knee, ankle - knee
    true = np.degrees(np.arccos(thigh @ shank / np.linalg.norm(thigh) / np.linalg.norm(shank)))
    curve = np.array(analysis.angles_deg["kicking_knee"], dtype=float)
    measured = np.interp(analysis.event("impact").time_s, analysis.times_s, curve)
    assert measured == pytest.approx(true, abs=8)


def test_a_left_footed_kick_is_measured_as_its_mirror_image(
    analysis: KickAnalysis, track: PoseTrack, ball: BallTrack
) -> None:
    left = analyse(*mirrored(track, ball, SIZE_PX[0]), 174.8, SIZE_PX)
    assert (analysis.side, left.side) == ("right", "left")
    assert left.values == analysis.values
    assert left.ball_px is not None
    assert analysis.ball_px is not None
    assert left.ball_px[0] == pytest.approx(SIZE_PX[0] - analysis.ball_px[0])


def test_uneven_frame_times_move_no_event() -> None:
    """Every third frame dropped: events stay where they are in time, whatever their frame number."""
    times = np.delete(true_kick().times_s, np.arange(1, 63, 3))
    analysis = analyse(track_at(times), ball_at(times), 174.8, SIZE_PX)
    impact = analysis.event("impact")
    assert impact.earliest_s <= truth()["events"]["impact"] <= impact.latest_s
    assert analysis.event("backswing").time_s == pytest.approx(truth()["events"]["max_backswing"], abs=2 * FRAME_S)


def test_a_ball_that_rolls_away_from_nobody_is_not_the_kicked_one(track: PoseTrack, ball: BallTrack) -> None:
    far = replace(ball, xy_px=ball.xy_px - np.array([0.0, 330.0]))
    assert not analyse(track, far, None, SIZE_PX).impact_by_ball


def test_a_walk_up_without_a_kick_is_refused(track: PoseTrack) -> None:
    standing = replace(track, xy_px=np.repeat(track.xy_px[:1], len(track), axis=0))
    with pytest.raises(NoKickError):
        analyse(standing, no_ball(len(track)), None, SIZE_PX)
    with pytest.raises(NoKickError):
        analyse(replace(track, xy_px=np.full_like(track.xy_px, np.nan)), None, None, SIZE_PX)


def test_the_run_up_alone_is_no_kick() -> None:
    """Two strides and the plant, cut before the leg swings through."""
    times = true_kick().times_s[:24]
    with pytest.raises(NoKickError):
        analyse(track_at(times), None, None, SIZE_PX)
    # A step forward, however fast: the same strides played at twice the speed.
    fast = replace(track_at(true_kick().times_s[:18]), times_s=times[:18] / 2)
    with pytest.raises(NoKickError):
        analyse(fast, None, None, SIZE_PX)


def test_a_ball_of_another_clip_is_refused(track: PoseTrack) -> None:
    with pytest.raises(ValueError, match="ball"):
        analyse(track, no_ball(5), None, SIZE_PX)
