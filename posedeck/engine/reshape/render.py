"""The layered picture: the body warped with a thin rim of its surroundings, laid over the photo as it was."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from posedeck.engine.reshape.field import Field
from posedeck.engine.reshape.fill import filled
from posedeck.engine.reshape.rasters import (
    Raster,
    Rgb,
    blurred,
    centres,
    disc,
    distance_to,
    looked_up,
    resized,
    smoothstep,
)

_INVERSION_ROUNDS = 14
#: Width of the rim that goes with the body: this share of the height, and at least so many pixels.
_RIM_SHARE, _MIN_RIM_PX = 0.0035, 2.5
#: What is farther from the body's old and new place than so many rims is never touched.
_TOUCHED = 2.4
#: Less of a mask than this is no body any more.
SILHOUETTE = 0.04
#: Pixels that move less than the first stay as they are, those that move more than the second are replaced.
_STILL_PX, _MOVED_PX = 0.25, 1.2


@dataclass(frozen=True, eq=False)
class Rendered:
    """A drawn change.

    Attributes:
        image: RGB (h, w, 3).
        mask: (h, w) the body's mask after the change, 0..1.
    """

    image: Rgb
    mask: Raster


def inverted(shift: Raster) -> Raster:
    """The backward displacement (h, w, 2) of a forward one, by fixed-point iteration: back(y) = -shift(y + back(y))."""
    x, y = centres(shift.shape[1], shift.shape[0])
    back = -shift
    for _ in range(_INVERSION_ROUNDS):
        back = -looked_up(shift, x + back[..., 0], y + back[..., 1])
    return back


def render(picture: Rgb, mask: Raster, field: Field) -> Rendered:
    """The picture with the field's displacement.

    Args:
        picture: RGB (h, w, 3); it is not changed.
        mask: (h, w) 0..1.
        field: On a grid over the whole picture.
    """
    height, width = mask.shape
    back = resized(inverted(field.shift), width, height, cv2.INTER_CUBIC)
    back /= field.figure.scale.astype(np.float32)
    x, y = centres(width, height)
    from_x, from_y = np.asarray(x + back[..., 0], np.float32), np.asarray(y + back[..., 1], np.float32)
    rim = max(_MIN_RIM_PX, _RIM_SHARE * height)
    body = _without_narrow_gaps(mask, rim)
    outside = distance_to(body)
    carried = blurred(1.0 - smoothstep(0.5 * rim, 2.2 * rim, outside), 0.3 * rim)

    cover = looked_up(carried, from_x, from_y)
    warped = cv2.remap(picture, from_x - 0.5, from_y - 0.5, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    moved = smoothstep(
        _STILL_PX, _MOVED_PX, cv2.dilate(np.hypot(back[..., 0], back[..., 1]), np.ones((7, 7), np.uint8))
    )
    unknown = _unknown(mask, body, round(_TOUCHED * rim))
    background = filled(picture, unknown, unknown & (cover < 0.995) & (moved > 0))
    drawn = warped.astype(np.float32) * cover[..., None] + background * (1.0 - cover[..., None])

    # Outside of the body's old and new place nothing may change.
    new_mask = looked_up(mask, from_x, from_y, outside=cv2.BORDER_CONSTANT)
    near = distance_to((mask > SILHOUETTE) | (new_mask > SILHOUETTE)) < _TOUCHED * rim
    touched = ((unknown | (cover > 0.004)) & near).astype(np.float32)
    share = (moved * blurred(touched, 1.0) * touched)[..., None]
    mixed = picture * (1.0 - share) + drawn * share
    image = np.where(share > 0, np.clip(mixed + 0.5, 0.0, 255.0), picture).astype(np.uint8)
    return Rendered(image, new_mask)


def _without_narrow_gaps(mask: Raster, rim: float) -> NDArray[np.bool_]:
    # Slits between arm and flank or between the legs move with the body: going on in one piece beats filling there.
    hard = (mask > 0.5).astype(np.uint8)
    return np.asarray(cv2.morphologyEx(hard, cv2.MORPH_CLOSE, disc(max(2, round(1.9 * rim)))) > 0)


def _unknown(mask: Raster, body: NDArray[np.bool_], rim: int) -> NDArray[np.bool_]:
    """The body and what is so near that its edge may be in it; less in narrow gaps, which would be lost whole."""
    distance = distance_to((mask > 0.5) | body)
    half_gap = np.asarray(cv2.dilate(distance, disc(rim)), np.float32)
    return np.asarray(distance < np.minimum(rim, np.maximum(0.75 * half_gap, _MIN_RIM_PX)))
