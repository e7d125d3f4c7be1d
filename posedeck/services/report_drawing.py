"""What the report draws: photos with their skeleton and lines, and bullet charts; all in the units of an SVG."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from posedeck.pose.grades import Bands
from posedeck.pose.lines import MetricLine, metric_lines
from posedeck.pose.pose import FloatArray, Pose
from posedeck.pose.posture import METRICS, View
from posedeck.pose.uncertainty import Estimate
from posedeck.services.photos import Photo
from posedeck.services.thumbnail import thumbnail_uri
from posedeck.services.wording import edge_text, level

#: Longest side of a photo in the report in pixels: sharp at 10 cm on paper.
PHOTO_SIDE = 900
#: Radius of the discs that carry a metric's number.
DISC = 21.0
CHART_WIDTH = 170.0

#: The chart shows this share of the span of the cut points beyond the outermost ones.
_MARGIN_TWO_SIDED = 0.25
_MARGIN_ONE_SIDED = 1.0
#: A value further out widens the chart by up to this share of it, then it is drawn as an arrow at the end. An interval
#: does not: a wide one would squeeze the bands that it is to be read against.
_MAX_WIDENING = 1.5

#: How a metric is numbered on the photos and in the table.
NUMBERS = {metric.key: number for number, metric in enumerate(METRICS, 1)}


@dataclass(frozen=True)
class Disc:
    """A metric's number on the photo: where it stands, and the level of its grade."""

    x: float
    y: float
    number: int
    level: int | None


@dataclass(frozen=True)
class PhotoDrawing:
    """A photo with what is drawn on it, in pixels of the small copy.

    Attributes:
        bones, measured, reference: Polylines as SVG ``points``.
        keypoints: x, y and whether it was moved by hand.
    """

    uri: str
    width: int
    height: int
    bones: list[str]
    measured: list[str]
    reference: list[str]
    keypoints: list[tuple[float, float, bool]]
    discs: list[Disc]


@dataclass(frozen=True)
class Zone:
    """A band of the chart."""

    x: float
    width: float
    level: int | None


@dataclass(frozen=True)
class ChartDrawing:
    """A bullet chart ``CHART_WIDTH`` wide.

    Attributes:
        ticks: x and label of the cut points.
        whisker: Ends of the 95 % interval, cut off at the ends of the chart.
        caps: The ends that lie inside the chart.
        beyond: ``"low"`` or ``"high"`` when the value lies outside the chart and ``at`` is its end, else None.
    """

    zones: list[Zone]
    ticks: list[tuple[float, str]]
    whisker: tuple[float, float]
    caps: list[float]
    at: float
    beyond: str | None


def draw_photo(
    photo: Photo, pose: Pose | None, view: View, levels: Mapping[str, int | None], corrected: Mapping[str, object]
) -> PhotoDrawing:
    """Draw a photo.

    Args:
        photo: The photo.
        pose: Keypoints in its pixels; None when the answer has none.
        view: Which photo it is.
        levels: Level of each metric that was measured; the others have no line.
        corrected: Keypoints that were moved by hand, by name.
    """
    scale = min(1.0, PHOTO_SIDE / max(photo.width, photo.height))
    width, height = round(photo.width * scale), round(photo.height * scale)
    if pose is None:
        return PhotoDrawing(thumbnail_uri(photo, PHOTO_SIDE), width, height, [], [], [], [], [])
    pose = pose.with_xy(pose.xy_px * scale)
    lines = [line for line in metric_lines(pose, view) if line.metric_key in levels]
    names = pose.skeleton.names
    return PhotoDrawing(
        uri=thumbnail_uri(photo, PHOTO_SIDE),
        width=width,
        height=height,
        bones=[_points(pose.xy_px[pose.skeleton.indices(edge)]) for edge in pose.skeleton.edges if pose.has(edge)],
        measured=[_points(line.points) for line in lines],
        reference=[_points(line.reference) for line in lines],
        keypoints=[
            (round(float(x), 1), round(float(y), 1), name in corrected)
            for name, (x, y) in zip(names, pose.xy_px, strict=True)
            if pose.has((name,))
        ],
        discs=_discs(lines, levels, width, height),
    )


def draw_chart(bands: Bands, estimate: Estimate) -> ChartDrawing:
    """Draw a value with its interval over the bands of its metric."""
    low, high = _domain(bands, estimate.value)

    def place(value: float) -> float:
        return round(CHART_WIDTH * (min(max(value, low), high) - low) / (high - low), 1)

    return ChartDrawing(
        zones=[
            Zone(place(start), round(place(end) - place(start), 1), level(grade))
            for (start, end), grade in zip(pairwise((low, *bands.edges, high)), bands.grades, strict=True)
        ],
        ticks=[(place(edge), edge_text(edge)) for edge in bands.edges],
        whisker=(place(estimate.interval_95[0]), place(estimate.interval_95[1])),
        caps=[place(end) for end in estimate.interval_95 if low <= end <= high],
        at=place(estimate.value),
        beyond="low" if estimate.value < low else "high" if estimate.value > high else None,
    )


def _domain(bands: Bands, value: float) -> tuple[float, float]:
    span = bands.edges[-1] - bands.edges[0] or abs(bands.edges[0]) or 1.0
    margin = span * (_MARGIN_TWO_SIDED if bands.grades[0] else _MARGIN_ONE_SIDED)
    low, high = bands.edges[0] - margin, bands.edges[-1] + margin
    room = (high - low) * _MAX_WIDENING
    clear = margin / 4
    return max(min(low, value - clear), low - room), min(max(high, value + clear), high + room)


def _points(polyline: FloatArray) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in polyline)


def _discs(lines: list[MetricLine], levels: Mapping[str, int | None], width: int, height: int) -> list[Disc]:
    discs: list[Disc] = []
    for line in sorted(lines, key=lambda line: float(line.anchor[1])):
        x = min(max(float(line.anchor[0]), DISC), width - DISC)
        y = min(max(float(line.anchor[1]), DISC), height - DISC)
        for other in discs:  # from top to bottom, so pushing down never meets one that was placed before
            if abs(x - other.x) < 2 * DISC and abs(y - other.y) < 2 * DISC:
                y = other.y + 2 * DISC + 2
        discs.append(Disc(round(x, 1), round(y, 1), NUMBERS[line.metric_key], levels[line.metric_key]))
    return discs
