"""Result pictures: skeleton, reference lines and values drawn on the photo."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from posedeck.pose.lines import MetricLine, metric_lines
from posedeck.pose.pose import FloatArray, Pose
from posedeck.pose.posture import View
from posedeck.server.readings import Reading

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]

JPEG_QUALITY = 88
#: All sizes are multiples of the picture's long side, so that a picture reads the same at any size.
_LINE = 0.0026
_JOINT = 0.0048
_DASH = 0.022
_TEXT = 0.0165
_MIN_TEXT_PX = 9

_HALO: Colour = (16, 20, 28)
_INK: Colour = (245, 247, 250)
_REFERENCE: Colour = (255, 255, 255)
#: The subject's left, right, and what belongs to neither.
_SIDES: dict[str, Colour] = {"left_": (86, 180, 233), "right_": (240, 160, 90), "": (210, 214, 220)}
_GRADES: dict[int, tuple[str, Colour]] = {
    0: ("normal", (78, 190, 120)),
    1: ("caution", (244, 190, 60)),
    2: ("danger", (240, 96, 88)),
}
_NO_GRADE: tuple[str, Colour] = ("", (190, 196, 204))
_NAMES = {
    "head_tilt": "Head",
    "shoulder_tilt": "Shoulders",
    "pelvis_tilt": "Pelvis",
    "knee_tilt": "Knees",
    "body_tilt": "Body axis",
    "left_leg": "Left leg",
    "right_leg": "Right leg",
    "turtle_neck": "Neck (approx.)",
    "round_shoulder": "Round shoulder",
    "side_body_tilt": "Body axis",
    "side_head_tilt": "Head",
}


def draw_result(picture: Picture, pose: Pose, view: View, readings: Mapping[str, Reading]) -> bytes:
    """JPEG of the photo with the result of its view drawn on it.

    Args:
        picture: RGB (h, w, 3); it is not changed.
        pose: Pose in pixels of ``picture``.
        view: Which metrics to draw.
        readings: Readings by metric key; those without a value are left out.
    """
    canvas = picture.copy()
    unit = float(max(canvas.shape[:2]))
    # Points far outside are pulled in: there is nothing to see of them, and OpenCV's fixed-point coordinates overflow.
    pose = pose.with_xy(np.clip(pose.xy_px, -unit, 2 * unit))
    shown = [line for line in metric_lines(pose, view) if readings[line.metric_key].value is not None]
    _draw_skeleton(canvas, pose, unit)
    for line in shown:
        _dashed(canvas, line.reference, unit)
        _line(canvas, line.points, _grade(readings[line.metric_key])[1], unit * _LINE * 1.3)
    labels = _place_labels(canvas, _columns(shown, pose, view, canvas.shape[1]), readings, unit)
    for label in labels:
        _line(canvas, [label.anchor, label.tail], label.colour, unit * _LINE / 2)
    image = Image.fromarray(canvas)
    for label in labels:
        label.draw(ImageDraw.Draw(image))
    output = io.BytesIO()
    image.save(output, "JPEG", quality=JPEG_QUALITY)
    return output.getvalue()


def _grade(reading: Reading) -> tuple[str, Colour]:
    return _NO_GRADE if reading.grade is None else _GRADES[abs(reading.grade)]


def _draw_skeleton(canvas: Picture, pose: Pose, unit: float) -> None:
    for start, end in pose.skeleton.edges:
        if pose.has((start, end)):
            side = next((s for s in ("left_", "right_") if start.startswith(s) and end.startswith(s)), "")
            _line(canvas, [pose[start], pose[end]], _SIDES[side], unit * _LINE)
    used = {name for edge in pose.skeleton.edges for name in edge if pose.has((name,))}
    for name in sorted(used):
        side = next((s for s in ("left_", "right_") if name.startswith(s)), "")
        _dot(canvas, pose[name], _SIDES[side], unit * _JOINT)


def _line(canvas: Picture, points: Iterable[FloatArray], colour: Colour, width: float) -> None:
    # A dark halo keeps a line visible on bright clothes as well as on dark ones.
    path = [_fixed(np.array(list(points)))]
    inner = max(1, round(width))
    cv2.polylines(canvas, path, False, _HALO, inner + max(2, round(width * 0.9)), cv2.LINE_AA, _SHIFT)
    cv2.polylines(canvas, path, False, colour, inner, cv2.LINE_AA, _SHIFT)


def _dashed(canvas: Picture, ends: FloatArray, unit: float) -> None:
    start, end = ends
    dashes = max(1, round(float(np.hypot(*(end - start))) / (unit * _DASH)))
    for dash in range(dashes):
        piece = [start + (end - start) * (dash + share) / dashes for share in (0.0, 0.6)]
        _line(canvas, piece, _REFERENCE, unit * _LINE * 0.4)


def _dot(canvas: Picture, centre: FloatArray, colour: Colour, radius: float) -> None:
    x, y = (int(value) for value in _fixed(centre))
    for size, paint in ((radius * 1.4, _HALO), (radius, colour)):
        cv2.circle(canvas, (x, y), round(size * 2**_SHIFT), paint, cv2.FILLED, cv2.LINE_AA, _SHIFT)


#: Fractional bits of coordinates that OpenCV draws with.
_SHIFT = 4


def _fixed(points: FloatArray) -> NDArray[np.int32]:
    fixed: NDArray[np.int32] = np.rint(points * 2**_SHIFT).astype(np.int32)
    return fixed


@dataclass(frozen=True, eq=False)
class _Label:
    """A name, a value and a grade in a dark box; (x, y) is its upper left corner."""

    text: str
    colour: Colour
    anchor: FloatArray
    font: ImageFont.FreeTypeFont
    x: float
    y: float
    width: float
    height: float
    on_right: bool

    @property
    def tail(self) -> FloatArray:
        """Where its leader line starts."""
        return np.array([self.x if self.on_right else self.x + self.width, self.y + self.height / 2])

    def draw(self, draw: ImageDraw.ImageDraw) -> None:
        box = (self.x, self.y, self.x + self.width, self.y + self.height)
        bar = self.height * 0.16
        draw.rounded_rectangle(box, radius=self.height * 0.22, fill=_HALO)
        draw.rectangle((self.x + bar, self.y + bar, self.x + 2 * bar, self.y + self.height - bar), fill=self.colour)
        draw.text((self.x + 4 * bar, self.y + self.height / 2), self.text, fill=_INK, font=self.font, anchor="lm")


def _columns(shown: list[MetricLine], pose: Pose, view: View, width: int) -> dict[bool, list[MetricLine]]:
    """Lines whose labels go to the right (True) and to the left edge, from the top down.

    In a front photo each goes to its nearer side; in a side photo all go where there is more room.
    """
    left_end, right_end = float(np.nanmin(pose.xy_px[:, 0])), float(np.nanmax(pose.xy_px[:, 0]))
    columns: dict[bool, list[MetricLine]] = {True: [], False: []}
    for line in sorted(shown, key=lambda line: float(line.anchor[1])):
        nearer = line.anchor[0] >= (left_end + right_end) / 2
        columns[bool(nearer if view is View.FRONT else width - right_end > left_end)].append(line)
    return columns


def _place_labels(
    canvas: Picture, columns: Mapping[bool, list[MetricLine]], readings: Mapping[str, Reading], unit: float
) -> list[_Label]:
    """Labels at the edges, each as near to its line's height as the others let it."""
    height, width = canvas.shape[:2]
    font = _font(max(_MIN_TEXT_PX, round(unit * _TEXT)))
    box_height = font.size * 1.7
    labels = []
    for on_right, column in columns.items():
        tops = _spread([line.anchor[1] - box_height / 2 for line in column], box_height * 1.15, height - box_height)
        for line, top in zip(column, tops, strict=True):
            grade, colour = _grade(readings[line.metric_key])
            text = f"{_NAMES[line.metric_key]}  {readings[line.metric_key].value:+.2f} deg  {grade}".rstrip()
            box_width = font.getlength(text) + box_height * 0.9
            x = width - box_width - box_height * 0.3 if on_right else box_height * 0.3
            labels.append(_Label(text, colour, line.anchor, font, x, top, box_width, box_height, on_right))
    return labels


def _spread(wanted: list[float], gap: float, last: float) -> list[float]:
    """Positions at least ``gap`` apart in the wanted order, pushed up again where they would pass ``last``."""
    placed: list[float] = []
    for position in wanted:
        lowest = placed[-1] + gap if placed else 0.0
        placed.append(max(position, lowest))
    limit = last
    for index in reversed(range(len(placed))):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - gap
    return placed


def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("this Pillow was built without FreeType")
    return font
