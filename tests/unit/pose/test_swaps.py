import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline

from posedeck.pose.skeleton import BLAZEPOSE_33, COCO_17, Skeleton
from posedeck.pose.swaps import LEG, leg_swaps, repair_leg_swaps
from posedeck.pose.track import PoseTrack
from tests.support.people import SAMPLES


def true_kick(fps: float = 30.0, skeleton: Skeleton = BLAZEPOSE_33) -> PoseTrack:
    """The rendered kick's true joints, resampled; points without a truth are NaN."""
    frames = json.loads((SAMPLES / "soccer_kick.json").read_text())["frames"]
    xy = np.full((len(frames), len(skeleton), 2), np.nan)
    for row, frame in zip(xy, frames, strict=True):
        for name, point in frame["joints_2d"].items():
            if name in skeleton.index:
                row[skeleton.index[name]] = point
    known = np.isfinite(xy[0, :, 0])
    at = np.array([frame["t"] for frame in frames])
    times = np.arange(0.0, at[-1], 1.0 / fps)
    resampled = np.full((len(times), len(skeleton), 2), np.nan)
    resampled[:, known] = CubicSpline(at, xy[:, known])(times)
    score = np.broadcast_to(np.where(known, 0.9, 0.0), resampled.shape[:2]).copy()
    return PoseTrack(skeleton, times, resampled, score)


def with_swaps(track: PoseTrack, frames: np.ndarray) -> PoseTrack:
    xy, score = track.xy_px.copy(), track.score.copy()
    pairs = [[f"left_{part}", f"right_{part}"] for part in LEG if f"left_{part}" in track.skeleton.index]
    for pair in pairs:
        left, right = track.skeleton.indices(pair)
        for values in (xy, score):
            values[np.ix_(frames, [left, right])] = values[np.ix_(frames, [right, left])]
    return replace(track, xy_px=xy, score=score)


@pytest.mark.parametrize("fps", [24, 30, 60, 240])
def test_a_true_kick_has_no_swaps(fps: float) -> None:
    assert not leg_swaps(true_kick(fps)).any()


@pytest.mark.parametrize("skeleton", [BLAZEPOSE_33, COCO_17], ids=lambda skeleton: skeleton.name)
def test_the_swap_that_tracking_makes_after_impact_is_put_right(skeleton: Skeleton) -> None:
    truth = true_kick(skeleton=skeleton)
    broken = np.zeros(len(truth), bool)
    broken[31:44] = True

    found = leg_swaps(with_swaps(truth, broken))
    mended = repair_leg_swaps(with_swaps(truth, broken))

    np.testing.assert_array_equal(found, broken)
    np.testing.assert_array_equal(mended.xy_px, truth.xy_px)
    np.testing.assert_array_equal(mended.score, truth.score)


@settings(max_examples=40, deadline=None)
@given(
    fps=st.sampled_from([24.0, 30.0, 60.0, 120.0]),
    runs=st.lists(st.tuples(st.floats(0.0, 0.9), st.floats(0.0, 0.35)), max_size=3),
    seed=st.integers(0, 10_000),
)
def test_noisy_joints_come_back_with_their_labels(fps: float, runs: list[tuple[float, float]], seed: int) -> None:
    truth = true_kick(fps)
    noise = np.random.default_rng(seed).normal(0.0, 2.0, truth.xy_px.shape)  # about 3 % of the torso
    noisy = replace(truth, xy_px=truth.xy_px + noise)
    broken = np.zeros(len(truth), bool)
    for start, seconds in runs:
        first = int(start * len(truth))
        broken[first : first + max(1, int(seconds * fps))] = True
    if broken.mean() > 0.4:  # half the clip wrong is no longer an error among right frames
        return

    mended = repair_leg_swaps(with_swaps(noisy, broken))

    # Where the legs cover each other a label may be off by a frame without any harm.
    off = np.nanmean(np.hypot(*np.moveaxis(mended.xy_px - noisy.xy_px, 2, 0)), axis=1)
    assert off.max() < 8.0


def test_repairing_twice_is_repairing_once() -> None:
    broken = np.zeros(len(true_kick()), bool)
    broken[[5, 6, 20, 33, 34, 35]] = True
    once = repair_leg_swaps(with_swaps(true_kick(), broken))

    np.testing.assert_array_equal(repair_leg_swaps(once).xy_px, once.xy_px)


def test_frames_without_the_person_stay_empty_and_do_not_mislead() -> None:
    truth = true_kick()
    xy = truth.xy_px.copy()
    xy[[10, 11, 32]] = np.nan
    broken = np.zeros(len(truth), bool)
    broken[31:40] = True

    found = leg_swaps(with_swaps(replace(truth, xy_px=xy), broken))

    assert set(np.flatnonzero(found)) == set(range(31, 40)) - {32}


def test_sigma_and_world_coordinates_follow_their_points() -> None:
    truth = true_kick()
    t, n = truth.score.shape
    marked = replace(truth, sigma_px=np.tile(np.arange(n, dtype=float), (t, 1)), xyz_m=np.ones((t, n, 3)))
    broken = np.zeros(t, bool)
    broken[30:35] = True
    mended = repair_leg_swaps(with_swaps(marked, broken))

    assert mended.sigma_px is not None
    left, right = BLAZEPOSE_33.indices(["left_knee", "right_knee"])
    assert mended.sigma_px[32, left] == right
    assert mended.sigma_px[10, left] == left


@pytest.mark.parametrize("frames", [0, 1, 2])
def test_a_clip_too_short_to_judge_is_left_alone(frames: int) -> None:
    truth = true_kick()
    short = PoseTrack(truth.skeleton, truth.times_s[:frames], truth.xy_px[:frames], truth.score[:frames])

    assert not leg_swaps(short).any()
