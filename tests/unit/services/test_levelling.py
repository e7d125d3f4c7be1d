"""Levelling a photo."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from posedeck.services.levelling import level_photo
from posedeck.services.photos import prepare_photo


def tilted_line(tilt_deg: float) -> bytes:
    """A photo with a black line that is higher on the right by the angle."""
    picture = Image.new("RGB", (600, 800), "white")
    dy = 200 * np.tan(np.radians(tilt_deg))
    ImageDraw.Draw(picture).line([(100, 400 + dy), (500, 400 - dy)], "black", 6)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("tilt", [-5.0, 0.0, 3.0])
def test_the_shared_tilt_is_gone(tilt: float) -> None:
    """A line with the tilt is level afterwards, and no empty corner is left."""
    with Image.open(io.BytesIO(level_photo(prepare_photo(tilted_line(tilt)), tilt))) as picture:
        grey = np.asarray(picture.convert("L"))
    ys, xs = np.nonzero(grey < 128)
    vx, vy, *_ = cv2.fitLine(np.column_stack([xs, ys]).astype(np.float32), cv2.DIST_L2, 0, 0.01, 0.01).ravel()
    assert np.degrees(np.arctan(vy / vx)) == pytest.approx(0.0, abs=0.2)
    corners = grey[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert (corners > 200).all()
