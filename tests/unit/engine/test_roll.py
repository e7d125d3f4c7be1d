"""A turned photo of the same person: the common tilt turns with it, what is the body's stays."""

import cv2
import numpy as np
import pytest

from posedeck.engine.images import load_image
from posedeck.engine.people import PoseEngine
from posedeck.pose.calibration import load_calibration
from posedeck.pose.posture import METRICS
from posedeck.pose.roll import TILT_KEYS, common_mode
from posedeck.pose.uncertainty import Estimate
from posedeck.server.inference import ANALYSIS_PASSES
from tests.unit.engine.conftest import picture_of

ANGLES = (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5)
TOLERANCE_DEG = 0.3


def turned(image: np.ndarray, angle: float) -> np.ndarray:
    """The picture as a camera rolled the other way would take it: its content turns counter-clockwise."""
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def split(engine: PoseEngine, image: np.ndarray) -> tuple[float, dict[str, float]]:
    """The common tilt of a photo and the calibrated residual of each line, in degrees."""
    person = engine.estimate(image, passes=ANALYSIS_PASSES)
    assert person is not None
    raw = {metric.key: metric.measure(person.pose) for metric in METRICS if metric.key in TILT_KEYS}
    centre = common_mode({key: Estimate(value, 0.0) for key, value in raw.items()}).estimate.value
    return centre, {key: value - centre for key, value in load_calibration().apply(raw).items()}


@pytest.mark.parametrize("name", ["front_apose", "body_slim"])
def test_roll_is_told_apart_from_the_body(engine: PoseEngine, name: str) -> None:
    """Turning a photo by -5 to 5 degrees moves the common tilt by that angle and no residual by more than 0.3."""
    image = load_image(picture_of(name))
    centre, residuals = split(engine, image)
    for angle in ANGLES:
        turned_centre, turned_residuals = split(engine, turned(image, angle))
        assert turned_centre - centre == pytest.approx(angle, abs=TOLERANCE_DEG)
        for key, residual in residuals.items():
            assert turned_residuals[key] == pytest.approx(residual, abs=TOLERANCE_DEG), (angle, key)
