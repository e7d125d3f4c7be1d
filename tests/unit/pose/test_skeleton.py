"""Skeletons pair left with right and name what they join."""

import numpy as np
import pytest

from posedeck.contracts.remo.coords import REMO_22
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import BLAZEPOSE_33, COCO_17, Skeleton

SKELETONS = [BLAZEPOSE_33, COCO_17, REMO_22]


@pytest.mark.parametrize(("skeleton", "size"), [(BLAZEPOSE_33, 33), (COCO_17, 17), (REMO_22, 22)])
def test_size(skeleton: Skeleton, size: int) -> None:
    """Each skeleton has as many keypoints as its name says."""
    assert size == len(skeleton)


@pytest.mark.parametrize("skeleton", SKELETONS, ids=lambda s: s.name)
def test_mirroring_twice_changes_nothing(skeleton: Skeleton) -> None:
    """Swapping left and right twice gives the first order back."""
    order = skeleton.mirror_order
    np.testing.assert_array_equal(np.arange(len(skeleton)), order[order])


@pytest.mark.parametrize("skeleton", SKELETONS, ids=lambda s: s.name)
def test_every_sided_keypoint_has_another_twin(skeleton: Skeleton) -> None:
    """A keypoint with left or right in its name swaps with the one of the other side."""
    for name, twin in zip(skeleton.names, skeleton.mirror_order, strict=True):
        sided = "left" in name.split("_") or "right" in name.split("_")
        assert sided == (skeleton.names[twin] != name)


def test_unknown_edge_is_refused() -> None:
    """A bone between keypoints that do not exist is a mistake in the skeleton."""
    with pytest.raises(ValueError, match="unknown keypoints"):
        Skeleton("broken", ("nose",), (("nose", "tail"),))


def test_wrong_shape_is_refused() -> None:
    """A pose says which shape it expected and which it got."""
    with pytest.raises(ValueError, match=r"xy_px: expected shape \(33, 2\).*got \(17, 2\)"):
        Pose(BLAZEPOSE_33, np.zeros((17, 2)), np.zeros(33))
