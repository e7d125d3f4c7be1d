"""What an answered picture changed is told from the two pictures alone."""

from collections.abc import Callable

import numpy as np
import pytest

from posedeck.pose.pose import Pose
from posedeck.services.shape_alignment import Fit, Picture, align
from posedeck.services.shape_integrity import ShapeIntegrity, measure_integrity
from tests.support.shapes import heavy, recompressed, scaled, single_layer, slim, slim_pose, wavy_wall

Change = Callable[[Picture], Picture]


def integrity(after: Picture, found_again: Pose | None = None) -> ShapeIntegrity:
    """Of an answer to the slim man's photo."""
    aligned = align(slim(), after)
    return measure_integrity(aligned.before, after, aligned.place(slim_pose()), found_again)


@pytest.mark.parametrize(
    "change",
    [
        lambda photo: photo,
        lambda photo: recompressed(photo, 40),
        lambda photo: scaled(photo, 384, 512),
        lambda photo: recompressed(scaled(photo, 512, 512), 80),
        lambda photo: scaled(photo, 512, 683)[85:597],
    ],
    ids=["itself", "recompressed", "half", "square", "cut"],
)
def test_a_pasted_photo_is_flagged_as_unchanged(change: Change) -> None:
    """The photo given back is no result, however it was compressed, scaled, stretched or cut."""
    found = integrity(change(slim()))
    assert found.unchanged
    assert not found.background_bent
    assert not found.background_recoloured


@pytest.mark.parametrize("change", [lambda p: p, lambda p: recompressed(scaled(p, 384, 512), 80)], ids=["png", "small"])
def test_a_changed_body_before_the_same_wall_is_clean(change: Change) -> None:
    """The rendered heavier man stands in the same room: only the body is told as changed."""
    found = integrity(change(heavy()))
    assert not found.unchanged
    assert not found.background_bent
    assert not found.background_recoloured
    assert found.background_moved is not None
    assert found.background_moved < 0.001


@pytest.mark.parametrize("amount", [-0.15, -0.1, 0.1, 0.15])
def test_a_background_warped_with_the_body_is_flagged(amount: float) -> None:
    """A single-layer warp changes the body and bends the room around it."""
    found = integrity(single_layer(slim(), amount))
    assert found.background_bent
    assert not found.unchanged


@pytest.mark.parametrize("pixels", [2.0, 6.0])
def test_a_warped_wall_alone_is_flagged(pixels: float) -> None:
    """Lines beside an unchanged person are bent: seen, and the figure grows with the bend."""
    found = integrity(wavy_wall(slim(), pixels))
    assert found.background_bent
    assert found.background_shift is not None
    assert found.background_shift > 0.0005 * pixels


def test_another_room_is_flagged() -> None:
    """A background in other colours is not the photo's."""
    after = slim().copy()
    after[:, :150] = 255 - after[:, :150]
    assert integrity(after).background_recoloured


def test_a_wall_without_edges_tells_nothing() -> None:
    """Before a blank wall nothing can be seen to bend, and that is said rather than called intact."""
    blank = np.full((1024, 768, 3), 128, dtype=np.uint8)
    found = measure_integrity(blank, blank, slim_pose(), None)
    assert found.background_moved is None
    assert not found.background_bent


def test_another_face_is_flagged() -> None:
    """The heavier render keeps the face; a face painted over does not."""
    kept = integrity(heavy())
    assert kept.face_ssim is not None
    after = slim().copy()
    after[140:205, 350:415] = after[140:205, 350:415][::-1]
    found = integrity(after)
    assert found.face_changed
    assert found.face_ssim is not None
    assert found.face_ssim < kept.face_ssim


def test_bones_are_compared_where_both_have_them() -> None:
    """A leg bone that is a fifth longer changes the mean of eight bones by a fortieth."""
    pose = slim_pose()
    assert integrity(slim(), pose).bone_change == pytest.approx(0.0)
    shin = pose["left_ankle"] - pose["left_knee"]
    x, y = pose["left_knee"] + 1.2 * shin
    found = integrity(slim(), pose.with_points({"left_ankle": (float(x), float(y))}))
    assert found.bone_change == pytest.approx(0.2 / 8)
    assert not found.bones_changed
    assert integrity(slim(), pose.with_xy(pose.xy_px * 1.1)).bones_changed
    assert integrity(slim()).bone_change is None


def test_pictures_of_different_size_are_not_compared() -> None:
    """They are aligned first."""
    with pytest.raises(ValueError, match="one size"):
        measure_integrity(slim(), scaled(slim(), 384, 512), slim_pose(), None)


@pytest.mark.parametrize(
    ("size", "fit"),
    [((384, 512), Fit.SCALED), ((768, 1024), Fit.SAME), ((500, 670), Fit.SCALED), ((512, 512), Fit.STRETCHED)],
)
def test_the_fit_is_named(size: tuple[int, int], fit: Fit) -> None:
    """How an answer relates to the photo is found from its size, and where that is not enough from its content."""
    assert align(slim(), scaled(slim(), *size)).fit is fit


def test_a_cut_and_a_padded_answer_are_recognised() -> None:
    """A square cut from the middle, and the whole photo between black bars; a point lands on its place."""
    small = scaled(slim(), 384, 512)
    cut = align(slim(), small[64:448])
    padded = align(slim(), np.pad(small, ((0, 0), (64, 64), (0, 0))))
    assert (cut.fit, padded.fit) == (Fit.CROPPED, Fit.PADDED)
    x, y = slim_pose()["nose"]
    np.testing.assert_allclose(cut.place(slim_pose())["nose"], ((x + 0.5) / 2 - 0.5, (y + 0.5) / 2 - 64.5))
    np.testing.assert_allclose(padded.place(slim_pose())["nose"], ((x + 0.5) / 2 + 63.5, (y + 0.5) / 2 - 0.5))
