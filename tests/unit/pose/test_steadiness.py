import numpy as np
import pytest

from posedeck.pose.skeleton import COCO_17
from posedeck.pose.steadiness import DropOut, drop_outs, trembling
from posedeck.pose.track import PoseTrack

N = len(COCO_17)
TORSO_PX = 200.0


def walking(frames: int = 60, noise_px: float = 0.0, seed: int = 0) -> PoseTrack:
    """Everything moves to the right at steady speed; shoulders and hips lie a torso apart."""
    pose = np.zeros((N, 2))
    pose[COCO_17.indices(["left_hip", "right_hip"]), 1] = TORSO_PX
    shift = 4.0 * np.arange(frames)
    xy = pose[None] + np.stack([shift, np.zeros(frames)], axis=1)[:, None]
    xy += np.random.default_rng(seed).normal(0.0, noise_px, xy.shape) if noise_px else 0.0
    return PoseTrack(COCO_17, np.arange(frames) / 30, xy, np.full((frames, N), 0.9))


def test_steady_motion_does_not_tremble() -> None:
    np.testing.assert_allclose(trembling(walking()), 0.0, atol=1e-12)


@pytest.mark.parametrize("noise_px", [1.0, 5.0])
def test_independent_noise_trembles_by_its_known_share(noise_px: float) -> None:
    share = trembling(walking(frames=4000, noise_px=noise_px))

    np.testing.assert_allclose(share, np.sqrt(3) * noise_px / TORSO_PX, rtol=0.06)


def test_a_keypoint_that_is_never_told_has_no_trembling() -> None:
    track = walking(noise_px=1.0)
    nose = COCO_17.index["nose"]
    track.xy_px[::2, nose] = np.nan

    share = trembling(track)

    assert np.isnan(share[nose])
    assert np.isfinite(np.delete(share, nose)).all()


def test_drop_outs_are_stretches_of_low_score_or_missing_points_longest_first() -> None:
    track = walking(frames=30)
    knee, nose = COCO_17.index["left_knee"], COCO_17.index["nose"]
    track.score[5:9, knee] = 0.1
    track.xy_px[20:22, nose] = np.nan

    assert drop_outs(track, 0.3) == (DropOut("left_knee", 5, 9), DropOut("nose", 20, 22))
    assert drop_outs(track, 0.05) == (DropOut("nose", 20, 22),)


def test_frames_without_the_person_count_only_between_their_first_and_last() -> None:
    track = walking(frames=30)
    track.xy_px[[0, 1, 10, 28, 29]] = np.nan

    found = drop_outs(track, 0.3)

    assert {(each.start, each.stop) for each in found} == {(10, 11)}
    assert len(found) == N


def test_nobody_seen_has_no_drop_outs() -> None:
    track = walking(frames=5)
    track.xy_px[:] = np.nan

    assert drop_outs(track, 0.3) == ()
