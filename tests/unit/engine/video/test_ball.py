"""The ball of the rendered kick, whose true place is known, and clips in which there is none to find."""

from dataclasses import replace

import numpy as np
import pytest

from posedeck.engine.video.ball import find_ball, frames_to_search
from posedeck.engine.video.decode import Frame, read_frames
from posedeck.engine.video.probe import ClipLimits, probe
from posedeck.pose.kick.analysis import analyse
from posedeck.pose.track import PoseTrack
from tests.support.kick import BALL_RADIUS_PX, SAMPLES, SIZE_PX, track_at, true_kick, truth


@pytest.fixture(scope="module")
def track() -> PoseTrack:
    return track_at(true_kick().times_s)


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    clip = SAMPLES / "soccer_kick.mp4"
    return list(read_frames(clip, probe(clip, ClipLimits(max_bytes=10_000_000))))


def searched(frames: list[Frame], track: PoseTrack) -> list[Frame]:
    wanted = frames_to_search(track)
    return [frame for frame in frames if frame.index in wanted]


def test_the_rendered_ball_is_found_to_a_fraction_of_its_radius(frames: list[Frame], track: PoseTrack) -> None:
    """At rest within 0.1 of its radius, in flight within 0.4: blur makes it long."""
    ball = find_ball(searched(frames, track), track)

    true = np.array([frame["ball_2d"] for frame in truth()["frames"]])
    error = np.hypot(*(ball.xy_px - true).T) / BALL_RADIUS_PX
    assert ball.found[6:32].all()
    assert np.nanmax(error[:30]) < 0.1
    assert np.nanmax(error[30:]) < 0.4
    assert np.nanmedian(ball.radius_px) == pytest.approx(BALL_RADIUS_PX, rel=0.05)
    # It has left the picture.
    assert not ball.found[33:].any()


def test_contact_is_told_from_the_found_ball(frames: list[Frame], track: PoseTrack) -> None:
    analysis = analyse(track, find_ball(searched(frames, track), track), 174.8, SIZE_PX)
    assert analysis.impact_by_ball
    assert analysis.impact_frames == (29, 30)
    assert analysis.event("impact").time_s == pytest.approx(truth()["events"]["impact"], abs=0.015)


def test_a_large_picture_is_searched_small_and_answered_in_its_own_pixels(track: PoseTrack) -> None:
    big = replace(track, xy_px=track.xy_px * 2)
    clip = SAMPLES / "soccer_kick.mp4"
    facts = probe(clip, ClipLimits(max_bytes=10_000_000))
    wanted = frames_to_search(track)
    doubled = (
        replace(frame, pixels=frame.pixels.repeat(2, axis=0).repeat(2, axis=1))
        for frame in read_frames(clip, facts, wanted.start, wanted.stop)
    )
    ball = find_ball(doubled, big)
    np.testing.assert_allclose(ball.xy_px[20], 2 * np.array(truth()["frames"][20]["ball_2d"]), atol=7)


def test_without_a_ball_none_is_found(frames: list[Frame], track: PoseTrack) -> None:
    """The same clip with grass where the ball was: taken from the last frame, in which it is gone."""
    rows, columns = np.indices((SIZE_PX[1], SIZE_PX[0]))
    lawn = frames[-1].pixels
    painted = []
    for frame in frames:
        x, y = truth()["frames"][frame.index]["ball_2d"]
        near = np.hypot(columns - x, rows - y) < 1.6 * BALL_RADIUS_PX
        painted.append(replace(frame, pixels=np.where(near[..., None], lawn, frame.pixels)))

    assert not find_ball(searched(painted, track), track).found.any()


def test_a_camera_that_moves_finds_nothing_rather_than_something_wrong(frames: list[Frame], track: PoseTrack) -> None:
    moving = [replace(frame, pixels=np.roll(frame.pixels, 5 * frame.index, axis=1)) for frame in frames]
    xy = track.xy_px + np.array([5.0, 0.0]) * np.arange(len(track))[:, None, None]
    assert not find_ball(searched(moving, track), replace(track, xy_px=xy)).found.any()


def test_nobody_and_a_clip_cut_short_find_nothing(frames: list[Frame], track: PoseTrack) -> None:
    nobody = replace(track, xy_px=np.full_like(track.xy_px, np.nan))
    assert len(frames_to_search(nobody)) == 0
    assert not find_ball([], nobody).found.any()
    assert not find_ball(frames[6:9], track).found.any()
