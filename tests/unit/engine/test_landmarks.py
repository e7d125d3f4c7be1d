"""Decoding of the landmark model: the region it needs and the refinement by heatmaps."""

from pathlib import Path

import numpy as np
import pytest

from posedeck.engine.crops import Picture, Roi
from posedeck.engine.images import load_image
from posedeck.engine.landmarks import POINT_OUTPUTS, LandmarkModel, person_roi, refine_by_heatmap
from posedeck.engine.pruning import keep_outputs
from tests.unit.engine.conftest import picture_of

QUIET = -20.0
LOUD = 20.0


@pytest.mark.parametrize(
    ("reach", "expected_turn"),
    [((0.0, -100.0), 0.0), ((100.0, 0.0), np.pi / 2), ((-100.0, 0.0), -np.pi / 2)],
)
def test_the_region_stands_the_person_upright(reach: tuple[float, float], expected_turn: float) -> None:
    """From mid-hip to the reach point is the person's up; the region turns with it and holds 1.25 times twice that."""
    hip = np.array([300.0, 400.0])
    roi = person_roi(np.array([hip, hip + reach]))
    assert roi.centre.tolist() == hip.tolist()
    assert roi.size == pytest.approx(250.0)
    assert roi.turn == pytest.approx(expected_turn)
    top = roi.to_picture(np.array([[128.0, 0.0]]), 256)[0]
    assert top == pytest.approx(hip + np.array(reach) * 1.25)


def test_a_point_moves_to_the_centre_of_mass_nearby() -> None:
    """Two equally loud cells side by side pull the point between them."""
    heatmap = np.full((64, 64, 1), QUIET, np.float32)
    heatmap[20, [30, 31], 0] = LOUD
    refined = refine_by_heatmap(np.array([[29 / 64, 21 / 64]]), heatmap)
    assert refined[0] == pytest.approx([30.5 / 64, 20 / 64], abs=1e-4)


def test_far_peaks_do_not_pull() -> None:
    """A peak more than three cells away is not seen; without half confidence nearby a point stays."""
    heatmap = np.full((64, 64, 2), QUIET, np.float32)
    heatmap[20, 34, 0] = LOUD
    heatmap[20, 30, 1] = -0.1
    points = np.array([[30.2 / 64, 20.7 / 64], [30.2 / 64, 20.7 / 64]])
    assert refine_by_heatmap(points, heatmap).tolist() == points.tolist()


@pytest.mark.parametrize("point", [(-0.3, 0.5), (0.5, 1.2), (7.0, -9.0)])
def test_points_outside_the_crop_stay(point: tuple[float, float]) -> None:
    """The model may place a point outside of the crop, where there is no heatmap."""
    heatmap = np.full((64, 64, 1), LOUD, np.float32)
    assert refine_by_heatmap(np.array([point]), heatmap).tolist() == [list(point)]


def test_at_the_border_only_existing_cells_count() -> None:
    """In the corner of an evenly loud heatmap the mean is over the 4 x 4 cells that exist."""
    heatmap = np.full((64, 64, 1), LOUD, np.float32)
    refined = refine_by_heatmap(np.array([[0.0, 0.0]]), heatmap)
    assert refined[0] == pytest.approx([1.5 / 64, 1.5 / 64])


def test_the_pruned_model_gives_the_same_landmarks(model_dir: Path) -> None:
    """Leaving out the mask changes no other number."""
    model = LandmarkModel((model_dir / "pose_landmark_full.tflite").read_bytes(), threads=1)
    picture = Picture(load_image(picture_of("front_apose")))
    roi = Roi.whole(picture.width, picture.height)
    whole, pruned = model.points_and_mask(picture, roi), model.points(picture, roi)
    assert np.allclose(whole.xy_px, pruned.xy_px, atol=1e-3)
    assert np.allclose(whole.xyz_m, pruned.xyz_m, atol=1e-4)
    assert pruned.presence == pytest.approx(whole.presence, abs=1e-5)


def test_pruning_makes_the_model_smaller(model_dir: Path) -> None:
    """The operators that only the mask needs are gone."""
    model = (model_dir / "pose_landmark_full.tflite").read_bytes()
    assert len(keep_outputs(model, POINT_OUTPUTS)) < len(model)


def test_pruning_names_an_unknown_output(model_dir: Path) -> None:
    """Asking for an output that the model lacks says which."""
    model = (model_dir / "pose_landmark_full.tflite").read_bytes()
    with pytest.raises(ValueError, match="Identity_9"):
        keep_outputs(model, ("Identity", "Identity_9"))
