from dataclasses import replace

import numpy as np
import pytest

from posedeck.pose.skeleton import COCO_17
from posedeck.pose.smoothing import OneEuro, smooth
from posedeck.pose.track import PoseTrack
from tests.support.people import level_front

TORSO_PX = 240.0


def standing(times_s: np.ndarray, noise: float = 0.0, seed: int = 0) -> PoseTrack:
    """The level person's COCO points, still but for white noise given in torso lengths."""
    person = level_front()
    xy = person.xy_px[person.skeleton.indices(COCO_17.names)]
    shaken = xy + np.random.default_rng(seed).normal(0.0, noise * TORSO_PX, (len(times_s), *xy.shape))
    return PoseTrack(COCO_17, times_s, shaken, np.ones(shaken.shape[:2]))


def at_rate(fps: float, frames: int) -> np.ndarray:
    return np.arange(frames) / fps


def test_the_filter_follows_the_published_recurrence() -> None:
    track = standing(at_rate(10.0, 3), noise=0.05)
    smoothed = smooth(track, OneEuro(min_cutoff_hz=1.0, beta=0.0, speed_cutoff_hz=1.0))

    alpha = 1.0 / (1.0 + 10.0 / (2.0 * np.pi))  # 1 / (1 + tau * rate), tau = 1 / (2 pi cut-off)
    second = alpha * track.xy_px[1] + (1.0 - alpha) * track.xy_px[0]
    third = alpha * track.xy_px[2] + (1.0 - alpha) * second
    np.testing.assert_allclose(smoothed.xy_px, [track.xy_px[0], second, third])


def test_a_still_person_stays_exactly_still() -> None:
    track = standing(at_rate(30.0, 20))

    np.testing.assert_allclose(smooth(track).xy_px, track.xy_px)


def test_noise_at_rest_is_at_least_a_third_less() -> None:
    track = standing(at_rate(30.0, 300), noise=0.04)
    before = track.xy_px[30:].std(axis=0).mean()

    assert smooth(track).xy_px[30:].std(axis=0).mean() < 0.65 * before


def test_a_fast_point_lags_by_no_more_than_a_tenth_of_the_torso() -> None:
    times = at_rate(30.0, 60)
    track = standing(times)
    moved = track.xy_px + np.stack([3.0 * TORSO_PX * times, 0.0 * times], axis=1)[:, None]

    lag = np.abs(smooth(replace(track, xy_px=moved)).xy_px - moved)[15:].max()

    assert 0.0 < lag < 0.1 * TORSO_PX


def test_uneven_times_smooth_as_even_ones_do() -> None:
    # The same movement seen at 60 frames per second, and with every other frame of the second half dropped.
    times = at_rate(60.0, 120)
    track = standing(times)
    moving = replace(track, xy_px=track.xy_px + 30.0 * np.sin(6.0 * times)[:, None, None])
    kept = np.r_[0:60, 60:120:2]
    uneven = PoseTrack(COCO_17, times[kept], moving.xy_px[kept], moving.score[kept])

    difference = smooth(uneven).xy_px - smooth(moving).xy_px[kept]

    assert np.abs(difference).max() < 4.0  # of an amplitude of 30 px


def test_nothing_is_smoothed_through_a_split() -> None:
    track = standing(at_rate(30.0, 40), noise=0.04)
    jumped = track.xy_px.copy()
    jumped[20:] += 300.0
    split = smooth(replace(track, xy_px=jumped), split_times_s=[track.times_s[20] - 0.01])
    after = PoseTrack(COCO_17, track.times_s[20:], jumped[20:], track.score[20:])

    np.testing.assert_array_equal(split.xy_px[20], jumped[20])
    np.testing.assert_allclose(split.xy_px[20:], smooth(after).xy_px, atol=0.5)  # its torso is not quite the same


def test_the_filter_starts_afresh_after_a_gap_and_invents_nothing_in_it() -> None:
    track = standing(at_rate(30.0, 20), noise=0.04)
    xy = track.xy_px.copy()
    xy[8:11] = np.nan
    xy[15, 3] = np.nan
    smoothed = smooth(replace(track, xy_px=xy)).xy_px

    np.testing.assert_array_equal(np.isnan(smoothed), np.isnan(xy))
    np.testing.assert_array_equal(smoothed[11], xy[11])
    np.testing.assert_array_equal(smoothed[16, 3], xy[16, 3])
    assert not np.array_equal(smoothed[16, 4], xy[16, 4])


@pytest.mark.parametrize("scale", [0.25, 3.0])
def test_the_size_of_the_picture_does_not_matter(scale: float) -> None:
    track = standing(at_rate(30.0, 20), noise=0.04)
    scaled = smooth(replace(track, xy_px=track.xy_px * scale))

    np.testing.assert_allclose(scaled.xy_px, smooth(track).xy_px * scale)


def test_world_coordinates_are_smoothed_as_well() -> None:
    times = at_rate(30.0, 60)
    track = standing(times)
    shaken = np.random.default_rng(0).normal(0.0, 0.02, (60, 17, 3))
    smoothed = smooth(replace(track, xyz_m=shaken)).xyz_m

    assert smoothed is not None
    assert smoothed[20:].std() < 0.65 * shaken[20:].std()


@pytest.mark.parametrize("frames", [0, 1])
def test_a_track_too_short_to_smooth_comes_back(frames: int) -> None:
    track = standing(at_rate(30.0, frames))

    assert len(smooth(track)) == frames
