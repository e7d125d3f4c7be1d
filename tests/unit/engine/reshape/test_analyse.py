"""When a picture is refused, and what a result is warned of."""

from dataclasses import replace

import numpy as np
import pytest

from posedeck.engine.reshape.analyse import (
    MaskEvidence,
    figure_warnings,
    mask_fault,
    mask_warnings,
    pose_warnings,
    posture_fault,
)
from posedeck.engine.reshape.body import ReshapeFault, ReshapeWarning
from posedeck.pose.pose import Pose
from tests.support.mannequin import draw

DRAWN = draw(scale=0.3)
POSE, MASK = DRAWN.body.pose, DRAWN.body.mask
HEIGHT, WIDTH = MASK.shape


def unseen(*names: str) -> Pose:
    score = POSE.score.copy()
    score[POSE.skeleton.indices(names)] = 0.1
    return replace(POSE, score=score)


def turned(degrees: float) -> Pose:
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array([WIDTH, HEIGHT]) / 2.0
    return POSE.with_xy((POSE.xy_px - middle) @ turn.T + middle)


def moved(dy: float) -> Pose:
    return POSE.with_xy(POSE.xy_px + np.array([0.0, dy]))


def seen_from(degrees: float) -> Pose:
    """The pose of a body turned away from the camera about its own axis: only its world coordinates tell."""
    assert POSE.xyz_m is not None
    angle = np.radians(degrees)
    x, y, _ = POSE.xyz_m.T
    return replace(POSE, xyz_m=np.column_stack([x * np.cos(angle), y, x * np.sin(angle)]))


def with_hand_on_belly() -> Pose:
    return POSE.with_points({"left_wrist": tuple(POSE.middle("left_hip", "right_hip") - [0.0, 0.3 * POSE.torso_px])})


def sitting() -> Pose:
    hip = POSE["left_hip"]
    return POSE.with_points({"left_knee": (hip[0], hip[1] + 0.3 * POSE.torso_px)})


def test_a_standing_person_is_fine() -> None:
    assert posture_fault(POSE, HEIGHT) is None
    assert pose_warnings(POSE, WIDTH, HEIGHT) == []
    assert figure_warnings(POSE, MASK) == []


@pytest.mark.parametrize(
    ("pose", "height", "fault"),
    [
        (unseen("left_hip"), HEIGHT, ReshapeFault.HIPS_HIDDEN),
        (unseen("right_shoulder"), HEIGHT, ReshapeFault.HIPS_HIDDEN),
        (moved(0.6 * HEIGHT), HEIGHT, ReshapeFault.HIPS_HIDDEN),
        (turned(40.0), HEIGHT, ReshapeFault.NOT_UPRIGHT),
        (turned(-90.0), 2 * HEIGHT, ReshapeFault.NOT_UPRIGHT),
        (turned(180.0), 2 * HEIGHT, ReshapeFault.NOT_UPRIGHT),
        (POSE, 5 * HEIGHT, ReshapeFault.TOO_SMALL),
    ],
)
def test_postures_that_are_refused(pose: Pose, height: int, fault: ReshapeFault) -> None:
    assert posture_fault(pose, height) is fault


@pytest.mark.parametrize("degrees", [-30.0, 30.0])
def test_leaning_a_little_is_fine(degrees: float) -> None:
    assert posture_fault(turned(degrees), HEIGHT) is None


@pytest.mark.parametrize(
    ("pose", "warning"),
    [
        (moved(0.3 * HEIGHT), ReshapeWarning.LEGS_CUT_OFF),
        (unseen("left_ankle", "right_ankle"), ReshapeWarning.LEGS_CUT_OFF),
        (moved(-0.2 * HEIGHT), ReshapeWarning.HEAD_CUT_OFF),
        (sitting(), ReshapeWarning.SEATED),
    ],
)
def test_poses_that_are_warned_of(pose: Pose, warning: ReshapeWarning) -> None:
    assert pose_warnings(pose, WIDTH, HEIGHT) == [warning]


def test_one_hidden_leg_is_not_cut_off() -> None:
    assert pose_warnings(unseen("left_ankle", "left_knee"), WIDTH, HEIGHT) == []


@pytest.mark.parametrize(
    ("degrees", "warned"), [(0.0, False), (20.0, False), (50.0, False), (70.0, True), (-90.0, True)]
)
def test_the_side_view_is_told(degrees: float, warned: bool) -> None:
    assert (figure_warnings(seen_from(degrees), MASK) == [ReshapeWarning.SIDE_VIEW]) is warned


def test_arms_before_the_body_are_told() -> None:
    assert figure_warnings(with_hand_on_belly(), MASK) == [ReshapeWarning.ARMS_ON_BODY]


def test_a_wide_coat_is_told() -> None:
    coat = MASK.copy()
    top, bottom = (round(POSE[f"left_{joint}"][1]) for joint in ("shoulder", "knee"))
    middle, half = WIDTH // 2, round(0.75 * POSE.torso_px)
    coat[top:bottom, middle - half : middle + half] = 1.0
    wide_arms = draw(scale=0.3, arms_deg=60.0).body.pose
    assert figure_warnings(wide_arms, coat) == [ReshapeWarning.LOOSE_CLOTHING]


@pytest.mark.parametrize(
    ("evidence", "people", "warnings"),
    [
        (MaskEvidence(0.95, 0.0), 1, []),
        (MaskEvidence(0.95, 0.0), 2, [ReshapeWarning.SEVERAL_PEOPLE]),
        (MaskEvidence(0.95, 0.4), 1, [ReshapeWarning.SEVERAL_PEOPLE]),
        (MaskEvidence(0.8, 0.2), 1, [ReshapeWarning.MASK_UNCERTAIN]),
        (MaskEvidence(0.8, 0.4), 1, [ReshapeWarning.SEVERAL_PEOPLE, ReshapeWarning.MASK_UNCERTAIN]),
    ],
)
def test_what_masks_warn_of(evidence: MaskEvidence, people: int, warnings: list[ReshapeWarning]) -> None:
    assert mask_warnings(evidence, people) == warnings


@pytest.mark.parametrize(
    ("agreement", "people", "fault"),
    [
        (0.71, 1, None),
        (0.69, 1, ReshapeFault.MASK_UNRELIABLE),
        (0.69, 2, ReshapeFault.CROWDED),
    ],
)
def test_masks_that_do_not_agree_are_refused(agreement: float, people: int, fault: ReshapeFault | None) -> None:
    assert mask_fault(MaskEvidence(agreement, 0.0), people) is fault
