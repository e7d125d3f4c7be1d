"""Result pictures: skeleton, reference lines and values drawn on the photo."""

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from posedeck.engine.skeleton_drawing import (
    HALO,
    INK,
    LINE,
    MIN_TEXT_PX,
    TEXT,
    Canvas,
    Colour,
    default_font,
    draw_line,
    draw_skeleton,
)
from posedeck.pose.lines import MetricLine, metric_lines
from posedeck.pose.pose import FloatArray, Pose
from posedeck.pose.posture import View
from posedeck.server.readings import Reading

JPEG_QUALITY = 88
#: A dash and its gap as a share of the picture's long side.
_DASH = 0.022

_REFERENCE: Colour = (255, 255, 255)
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


def draw_result(picture: Canvas, pose: Pose, view: View, readings: Mapping[str, Reading]) -> bytes:
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
    draw_skeleton(canvas, pose, unit)
    for line in shown:
        _dashed(canvas, line.reference, unit)
        draw_line(canvas, line.points, _grade(readings[line.metric_key])[1], unit * LINE * 1.3)
    labels = _place_labels(canvas, _columns(shown, pose, view, canvas.shape[1]), readings, unit)
    for label in labels:
        draw_line(canvas, [label.anchor, label.tail], label.colour, unit * LINE / 2)
    image = Image.fromarray(canvas)
    for label in labels:
        label.draw(ImageDraw.Draw(image))
    output = io.BytesIO()
    image.save(output, "JPEG", quality=JPEG_QUALITY)
    return output.getvalue()


def _grade(reading: Reading) -> tuple[str, Colour]:
    return _NO_GRADE if reading.grade is None else _GRADES[abs(reading.grade)]


def _dashed(canvas: Canvas, ends: FloatArray, unit: float) -> None:
    start, end = ends
    dashes = max(1, round(float(np.hypot(*(end - start))) / (unit * _DASH)))
    for dash in range(dashes):
        piece = [start + (end - start) * (dash + share) / dashes for share in (0.0, 0.6)]
        draw_line(canvas, piece, _REFERENCE, unit * LINE * 0.4)


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
        draw.rounded_rectangle(box, radius=self.height * 0.22, fill=HALO)
        draw.rectangle((self.x + bar, self.y + bar, self.x + 2 * bar, self.y + self.height - bar), fill=self.colour)
        draw.text((self.x + 4 * bar, self.y + self.height / 2), self.text, fill=INK, font=self.font, anchor="lm")


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
    canvas: Canvas, columns: Mapping[bool, list[MetricLine]], readings: Mapping[str, Reading], unit: float
) -> list[_Label]:
    """Labels at the edges, each as near to its line's height as the others let it."""
    height, width = canvas.shape[:2]
    font = default_font(max(MIN_TEXT_PX, round(unit * TEXT)))
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
