"""The limits on rendered people, found by the real models."""

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
import pytest

from posedeck.engine.people import PoseEngine
from posedeck.engine.reshape.anthropometry import Gender
from posedeck.engine.reshape.body import Body, ReshapeError, ReshapeFault, ReshapeWarning
from posedeck.engine.reshape.pipeline import reshape
from tests.support.people import SAMPLES
from tests.unit.engine.conftest import picture_of
from tests.unit.engine.reshape.test_pipeline import BOUND_SITES, MAX_WIDTH_ERROR, MIN_FACE_SSIM, MIN_ROUND_TRIP_DB

#: Kilograms of the rendered man, slim and heavy, at the same height (assets/samples/README.md).
SLIM_KG, HEAVY_KG = 62.1, 86.3
GENDERS = {"body_slim": Gender.MALE, "body_heavy": Gender.MALE, "front_apose": Gender.FEMALE}


Finder = Callable[[str], tuple[np.ndarray, Body]]


@pytest.fixture(scope="module")
def found(engine: PoseEngine) -> Finder:
    return cache(lambda name: engine.find_body(picture_of(name)))


def true_mask(name: str) -> np.ndarray:
    mask = cv2.imread(str(SAMPLES / f"{name}_mask.png"), cv2.IMREAD_GRAYSCALE)
    assert mask is not None
    return mask > 127


def overlap(first: np.ndarray, second: np.ndarray) -> float:
    return float((first & second).sum() / (first | second).sum())


@pytest.mark.parametrize("name", list(GENDERS))
def test_the_mask_follows_the_contour(found: Finder, name: str) -> None:
    _, body = found(name)
    assert overlap(body.mask > 0.5, true_mask(name)) > 0.95
    assert body.warnings == ()


@pytest.mark.parametrize(("name", "ratio"), [("body_slim", 1.4), ("body_heavy", 0.75), ("front_apose", 0.85)])
def test_the_limits_hold_on_rendered_people(found: Finder, name: str, ratio: float) -> None:
    pixels, body = found(name)
    reshaped = reshape(pixels, body, GENDERS[name], ratio)
    for width in reshaped.widths:
        if width.site in BOUND_SITES:
            assert width.achieved == pytest.approx(width.intended, rel=MAX_WIDTH_ERROR)
    assert reshaped.integrity.background_max == 0
    assert reshaped.integrity.face_ssim is not None
    assert reshaped.integrity.face_ssim >= MIN_FACE_SSIM


def test_slimmer_then_heavier_comes_back(found: Finder) -> None:
    pixels, body = found("body_heavy")
    slim = reshape(pixels, body, Gender.MALE, 0.8)
    back = reshape(slim.image, Body(body.pose, slim.new_mask), Gender.MALE, 1.25)
    error = np.mean((back.image.astype(float) - pixels) ** 2)
    assert 10.0 * np.log10(255.0**2 / error) >= MIN_ROUND_TRIP_DB


@pytest.mark.parametrize(
    ("name", "target", "ratio"),
    [("body_slim", "body_heavy", HEAVY_KG / SLIM_KG), ("body_heavy", "body_slim", 0.75)],
)
def test_the_silhouette_comes_nearer_to_the_rendered_one(found: Finder, name: str, target: str, ratio: float) -> None:
    pixels, body = found(name)
    reshaped = reshape(pixels, body, Gender.MALE, ratio)
    before, after = overlap(body.mask > 0.5, true_mask(target)), overlap(reshaped.new_mask > 0.5, true_mask(target))
    assert after > before + 0.02


def test_the_foremost_of_several_people_is_changed(engine: PoseEngine, found: Finder) -> None:
    pixels, body = found("group3")
    assert ReshapeWarning.SEVERAL_PEOPLE in body.warnings
    reshaped = reshape(pixels, body, Gender.MALE, 0.85)
    changed = (reshaped.image != pixels).any(axis=2)
    # Who is found alone, before and after, is the one who was changed: figures about others would mislead.
    for picture in (pixels, reshaped.image):
        alone = engine.estimate(picture, passes=1)
        assert alone is not None
        assert np.hypot(*(alone.pose.middle("left_hip", "right_hip") - body.pose.middle("left_hip", "right_hip"))) < 15
    _, columns = np.nonzero(changed)
    assert np.ptp(columns) < 0.4 * pixels.shape[1]


def test_the_side_view_is_told(found: Finder) -> None:
    assert ReshapeWarning.SIDE_VIEW in found("side_apose")[1].warnings


def test_nobody_is_an_error(engine: PoseEngine) -> None:
    with pytest.raises(ReshapeError) as caught:
        engine.find_body(np.full((480, 360, 3), 128, np.uint8))
    assert caught.value.fault is ReshapeFault.NO_PERSON


def test_a_bust_is_an_error(engine: PoseEngine) -> None:
    with pytest.raises(ReshapeError) as caught:
        engine.find_body(cv2.imdecode(np.frombuffer(picture_of("front_apose"), np.uint8), 1)[60:330, 200:560, ::-1])
    assert caught.value.fault is ReshapeFault.HIPS_HIDDEN


def test_lying_down_is_an_error(engine: PoseEngine) -> None:
    upright = cv2.imdecode(np.frombuffer(picture_of("front_apose"), np.uint8), 1)[..., ::-1]
    with pytest.raises(ReshapeError) as caught:
        engine.find_body(np.ascontiguousarray(np.rot90(upright)))
    assert caught.value.fault is ReshapeFault.NOT_UPRIGHT
