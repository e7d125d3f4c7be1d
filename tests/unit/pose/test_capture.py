"""Photos are judged by their keypoints: facing, A-pose, tilt, framing."""

from dataclasses import replace

import numpy as np
import pytest

from posedeck.pose.capture import (
    CaptureFault,
    faces_front,
    faces_side,
    framing_faults,
    front_faults,
    photo_tilt_deg,
    side_faults,
    yaw_deg,
)
from posedeck.pose.geometry import rotate
from posedeck.pose.pose import Pose
from tests.support.people import level_front, moved, upright_profile


def turned(yaw: float) -> Pose:
    """A pose whose world shoulders and hips are turned about the upright by ``yaw`` degrees."""
    pose = level_front()
    world = np.zeros((33, 3))
    for joint, half in (("shoulder", 0.18), ("hip", 0.12)):
        for side, sign in (("left", 1), ("right", -1)):
            radians = np.radians(yaw)
            world[pose.skeleton.index[f"{side}_{joint}"]] = (
                sign * half * np.cos(radians), 0.0, sign * half * np.sin(radians),
            )  # fmt: skip
    return replace(pose, xyz_m=world)


@pytest.mark.parametrize("yaw", [-170, -90, -30, 0, 30, 90, 170])
def test_yaw_is_read_from_world_coordinates(yaw: float) -> None:
    """Yaw is 0 towards the camera and grows as the left side goes away from it."""
    assert yaw == pytest.approx(yaw_deg(turned(yaw)))


@pytest.mark.parametrize(
    ("yaw", "front", "side"), [(0, True, False), (30, True, False), (47, False, False), (90, False, True),
                               (-90, False, True), (180, False, False)]
)  # fmt: skip
def test_facing(yaw: float, front: bool, side: bool) -> None:
    """A back is neither front nor side, and neither is a half profile."""
    assert (front, side) == (faces_front(turned(yaw)), faces_side(turned(yaw)))


def test_facing_without_world_coordinates() -> None:
    """Shoulder width tells front from profile when there is nothing better."""
    assert faces_front(level_front())
    assert not faces_side(level_front())
    assert faces_side(upright_profile())
    assert not faces_front(upright_profile())


@pytest.mark.parametrize("roll", [-15.0, -5.0, 0.0, 5.0, 15.0])
def test_photo_tilt_is_the_roll(roll: float) -> None:
    """A turned photo of a level person tilts by that angle, and its arms stay an A-pose."""
    pose = level_front()
    pose = pose.with_xy(rotate(pose.xy_px, roll, (400.0, 500.0)))
    expected = [CaptureFault.TILTED] if abs(roll) > 10 else []
    assert roll == pytest.approx(photo_tilt_deg(pose), abs=1e-6)
    assert expected == front_faults(pose)


def test_one_raised_shoulder_is_not_a_tilted_photo() -> None:
    """The median of the tilts does not follow a single line."""
    pose = moved(level_front(), left_shoulder=(0.0, -60.0))
    assert CaptureFault.TILTED not in front_faults(pose)


@pytest.mark.parametrize("elbow", [(-63.0, 10.0), (60.0, -110.0)])
def test_arms_down_or_out_are_no_a_pose(elbow: tuple[float, float]) -> None:
    """Arms along the body and arms stretched out sideways are refused."""
    assert front_faults(moved(level_front(), left_elbow=elbow)) == [CaptureFault.NOT_A_POSE]


def test_a_front_view_is_no_side_photo() -> None:
    """A side photo must show a profile."""
    assert side_faults(level_front()) == [CaptureFault.WRONG_FACING]
    assert side_faults(upright_profile()) == []


def test_framing() -> None:
    """The whole body must be inside the picture and large enough in it."""
    pose = level_front()
    assert framing_faults(pose, 800, 1000) == []
    assert framing_faults(pose, 800, 850) == [CaptureFault.NOT_WHOLE_BODY]
    assert framing_faults(pose.with_xy(pose.xy_px / 4), 200, 250) == [CaptureFault.TOO_SMALL]
