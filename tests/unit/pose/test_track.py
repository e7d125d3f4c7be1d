import numpy as np
import pytest

from posedeck.pose.skeleton import BLAZEPOSE_33
from posedeck.pose.track import PoseTrack
from tests.support.people import level_front

N = len(BLAZEPOSE_33)


def track(frames: int = 4) -> PoseTrack:
    xy = np.arange(frames * N * 2, dtype=np.float64).reshape(frames, N, 2)
    return PoseTrack(BLAZEPOSE_33, np.arange(frames) / 30, xy, np.ones((frames, N)))


def test_a_frame_of_a_track_is_a_pose_of_that_frame() -> None:
    clip = track()

    np.testing.assert_array_equal(clip.pose(2).xy_px, clip.xy_px[2])
    assert clip.pose(2).xyz_m is None


def test_a_keypoint_has_a_position_in_every_frame() -> None:
    clip = track()

    np.testing.assert_array_equal(clip.point("left_knee"), [clip.pose(i)["left_knee"] for i in range(len(clip))])


def test_a_frame_without_the_person_is_not_seen() -> None:
    clip = track()
    clip.xy_px[1] = np.nan

    np.testing.assert_array_equal(clip.seen, [True, False, True, True])


def test_times_must_increase() -> None:
    with pytest.raises(ValueError, match="increase"):
        PoseTrack(BLAZEPOSE_33, np.array([0.0, 0.0]), np.zeros((2, N, 2)), np.ones((2, N)))


def test_shapes_must_fit_the_skeleton_and_the_times() -> None:
    with pytest.raises(ValueError, match="score"):
        PoseTrack(BLAZEPOSE_33, np.array([0.0, 1.0]), np.zeros((2, N, 2)), np.ones((3, N)))


def test_the_torso_is_that_of_the_middle_frame() -> None:
    person = level_front()
    sizes = np.array([1.0, 5.0, 1.2])
    clip = PoseTrack(BLAZEPOSE_33, np.arange(3.0), sizes[:, None, None] * person.xy_px, np.ones((3, N)))

    assert clip.torso_px == pytest.approx(1.2 * person.torso_px)


def test_nobody_has_no_torso() -> None:
    empty = PoseTrack(BLAZEPOSE_33, np.arange(3.0), np.full((3, N, 2), np.nan), np.zeros((3, N)))

    assert np.isnan(empty.torso_px)
