"""The hull about the bones holds the body, and the figures of bones and face have known answers."""

import cv2
import numpy as np
import pytest

from posedeck.pose.body_region import LONG_BONES, body_region, bone_change, inner_face
from tests.support.people import SAMPLES, level_front, moved, truth_pose


@pytest.mark.parametrize("name", ["body_slim", "body_heavy", "front_apose"])
def test_the_hull_holds_the_body(name: str) -> None:
    """But for finger tips, whose joints the truth lacks, every pixel of the rendered silhouette is inside."""
    mask = cv2.imread(str(SAMPLES / f"{name}_mask.png"), cv2.IMREAD_GRAYSCALE) > 127
    region = body_region(truth_pose(name), mask.shape)
    assert (mask & ~region).sum() < 0.015 * mask.sum()
    assert region.mean() < 0.45


def test_a_smaller_scale_is_inside_a_larger_one() -> None:
    """The hull grows with its scale."""
    small, large = (body_region(level_front(), (1000, 800), scale=scale) for scale in (0.4, 1.0))
    assert small.sum() < large.sum()
    assert not (small & ~large).any()


def test_missing_bones_are_left_out() -> None:
    """Without legs in the picture there is no hull about them; without shoulders there is none at all."""
    pose = level_front()
    legless = pose.with_points({name: (np.nan, np.nan) for name in pose.skeleton.names if "knee" in name})
    assert body_region(pose, (1000, 800))[800, 455]
    assert not body_region(legless, (1000, 800))[760, 455]
    with pytest.raises(ValueError, match="shoulders"):
        body_region(pose.with_points({"left_shoulder": (np.nan, np.nan)}), (1000, 800))


def test_the_inner_face_is_eyes_to_mouth() -> None:
    """Eyes from 376 to 424 across, 150 to 190 down, and 15 % more on each side."""
    assert inner_face(level_front()) == (368, 144, 432, 196)
    assert inner_face(level_front().with_points({"nose": (np.nan, np.nan)})) is None


def test_bone_change_is_a_mean_of_shares() -> None:
    """One shin of 200 pixels that is 40 longer, of eight bones; widths do not count."""
    pose = level_front()
    longer = moved(pose, left_ankle=(5 * 0.2, 200 * 0.2))
    assert bone_change(pose, longer, LONG_BONES) == pytest.approx(0.2 / 8)
    assert bone_change(pose, moved(pose, left_eye=(9, 9)), LONG_BONES) == 0
    assert bone_change(pose, pose.with_xy(np.full_like(pose.xy_px, np.nan)), LONG_BONES) is None
