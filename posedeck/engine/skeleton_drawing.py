"""Skeletons and captions drawn on pictures; the same look in photos and in clips."""

from collections.abc import Iterable
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from posedeck.pose.pose import FloatArray, Pose

Canvas = NDArray[np.uint8]
Colour = tuple[int, int, int]

# All sizes are multiples of the picture's long side, so that a picture reads the same at any size.
LINE = 0.0026
JOINT = 0.0048
TEXT = 0.0165
MIN_TEXT_PX = 9

HALO: Colour = (16, 20, 28)
INK: Colour = (245, 247, 250)
#: The subject's left, right, and what belongs to neither.
SIDES: dict[str, Colour] = {"left_": (86, 180, 233), "right_": (240, 160, 90), "": (210, 214, 220)}

#: Fractional bits of coordinates that OpenCV draws with.
_SHIFT = 4


def draw_skeleton(canvas: Canvas, pose: Pose, unit: float) -> None:
    """Draw bones and joints onto an RGB canvas (h, w, 3), in place.

    Args:
        canvas: The picture.
        pose: Pose in pixels of the canvas; missing points and their bones are left out.
        unit: Long side of the picture in pixels.
    """
    # Points far outside are pulled in: there is nothing to see of them, and OpenCV's fixed-point coordinates overflow.
    pose = pose.with_xy(np.clip(pose.xy_px, -unit, 2 * unit))
    for start, end in pose.skeleton.edges:
        if pose.has((start, end)):
            draw_line(canvas, [pose[start], pose[end]], SIDES[_side(start, end)], unit * LINE)
    used = {name for edge in pose.skeleton.edges for name in edge if pose.has((name,))}
    for name in sorted(used):
        _draw_joint(canvas, pose[name], SIDES[_side(name, name)], unit * JOINT)


def draw_line(canvas: Canvas, points: Iterable[FloatArray], colour: Colour, width: float) -> None:
    """Draw a line with a dark halo, which keeps it visible on bright clothes as well as on dark ones."""
    path = [_fixed(np.array(list(points)))]
    inner = max(1, round(width))
    cv2.polylines(canvas, path, False, HALO, inner + max(2, round(width * 0.9)), cv2.LINE_AA, _SHIFT)
    cv2.polylines(canvas, path, False, colour, inner, cv2.LINE_AA, _SHIFT)


def default_font(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's own font at a size in pixels."""
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("this Pillow was built without FreeType")
    return font


def draw_caption(canvas: Canvas, lines: tuple[str, ...], unit: float, on_right: bool = False) -> None:
    """Draw lines of text in a dark box in the lower left or right corner of an RGB canvas, in place.

    Args:
        canvas: The picture; a box that does not fit is cut off at its edges.
        lines: What to write; nothing is drawn without lines.
        unit: Long side of the picture in pixels.
        on_right: Whether it goes to the right corner.
    """
    if not lines:
        return
    box = _caption(lines, max(MIN_TEXT_PX, round(unit * TEXT)))
    gap = round(unit * TEXT / 2)
    height, width = min(box.shape[0], canvas.shape[0] - gap), min(box.shape[1], canvas.shape[1] - gap)
    left = canvas.shape[1] - gap - width if on_right else gap
    bottom = canvas.shape[0] - gap
    if height > 0 and width > 0:
        canvas[bottom - height : bottom, left : left + width] = box[:height, :width]


@lru_cache(maxsize=64)
def _caption(lines: tuple[str, ...], size: int) -> Canvas:
    font = default_font(size)
    pad = size // 2
    width = round(max(font.getlength(line) for line in lines)) + 2 * pad
    image = Image.new("RGB", (width, round(len(lines) * size * 1.35) + pad), HALO)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((pad, pad / 2 + number * size * 1.35), line, fill=INK, font=font)
    return np.asarray(image)


def _side(start: str, end: str) -> str:
    return next((side for side in ("left_", "right_") if start.startswith(side) and end.startswith(side)), "")


def _draw_joint(canvas: Canvas, centre: FloatArray, colour: Colour, radius: float) -> None:
    x, y = (int(value) for value in _fixed(centre))
    for size, paint in ((radius * 1.4, HALO), (radius, colour)):
        cv2.circle(canvas, (x, y), round(size * 2**_SHIFT), paint, cv2.FILLED, cv2.LINE_AA, _SHIFT)


def _fixed(points: FloatArray) -> NDArray[np.int32]:
    fixed: NDArray[np.int32] = np.rint(points * 2**_SHIFT).astype(np.int32)
    return fixed
