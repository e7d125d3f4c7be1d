"""Several looks at the same picture find the same person again: windows to look through, and removing the repeats."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np

from posedeck.engine.crops import FloatArray, Roi
from posedeck.engine.detector import Detection
from posedeck.engine.landmarks import Landmarks, person_roi
from posedeck.pose.skeleton import BLAZEPOSE_33, COCO_17, COCO_OKS_SIGMA

# Sides of the windows as fractions of the picture's long side, and how far they move in fractions of their own side.
# Half steps took a third more windows and found nobody more among 15 people in group pictures and 45 shrunk copies.
WINDOW_SIZES = (0.6, 0.4)
WINDOW_STEP = 0.75

# Two regions are the same person when their centres are nearer than this share of the smaller one's size and the sizes
# differ by less than the ratio. Two people who overlap in a picture are rarely that close.
SAME_ROI_DISTANCE = 0.18
SAME_ROI_RATIO = 2.0
MIN_ROI_PX = 24.0

# Two poses with a higher object keypoint similarity are the same person.
SAME_POSE_OKS = 0.3

# A window that cuts a body in two makes the detector see a second, ghostly person in its lower half. Its landmarks have
# the head elsewhere than the detector (by more than this share of the region), or they lie within a person of the same
# size who is much surer. Together this took 6 ghosts in 40 pictures of one person down to 1 and lost nobody in groups.
MAX_HEAD_DISTANCE = 0.2
GHOST_INSIDE = 0.8
GHOST_CONFIDENCE = 0.85
GHOST_RATIO = 1.5

# COCO's object scale is the root of the segment area; a standing body fills about 0.6 of its keypoints' box.
AREA_OF_BOX = 0.6

Seen = TypeVar("Seen", bound=Landmarks)

_HEAD = slice(0, 11)
_COCO = BLAZEPOSE_33.indices(COCO_17.names)
_FALLOFF = np.array(list(COCO_OKS_SIGMA.values()))


def windows(width: int, height: int, step: float = WINDOW_STEP) -> Iterator[Roi]:
    """Overlapping square windows over a picture, larger ones first; the whole picture is not among them."""
    for share in WINDOW_SIZES:
        side = share * max(width, height)
        for y in _centres(height, side, step):
            for x in _centres(width, side, step):
                yield Roi(np.array([x, y]), side)


def _centres(length: float, side: float, step: float) -> list[float]:
    if side >= length:
        return [length / 2.0]
    steps = int(np.ceil((length - side) / (side * step)))
    return [float(value) for value in np.linspace(side / 2.0, length - side / 2.0, steps + 1)]


def distinct_detections(detections: Sequence[Detection]) -> list[Detection]:
    """One detection per person out of those from many windows, best first."""
    kept: list[tuple[Detection, Roi]] = []
    for detection in sorted(detections, key=lambda each: -each.score):
        roi = person_roi(detection.points[:2])
        if roi.size >= MIN_ROI_PX and not any(same_roi(roi, other) for _, other in kept):
            kept.append((detection, roi))
    return [detection for detection, _ in kept]


def same_roi(a: Roi, b: Roi) -> bool:
    """Whether two regions frame the same person."""
    return _ratio(a, b) < SAME_ROI_RATIO and float(np.hypot(*(a.centre - b.centre))) < SAME_ROI_DISTANCE * min(
        a.size, b.size
    )


def _ratio(a: Roi, b: Roi) -> float:
    return max(a.size, b.size) / min(a.size, b.size)


def heads_agree(detection: Detection, person: Landmarks) -> bool:
    """Whether the landmarks have the head where the detector saw it; its box frames the head."""
    apart = person.xy_px[_HEAD].mean(axis=0) - detection.centre
    return float(np.hypot(*apart)) < MAX_HEAD_DISTANCE * person.roi.size


def distinct_people(people: Sequence[Seen]) -> list[Seen]:
    """Each person once, best first."""
    kept: list[Seen] = []
    for person in sorted(people, key=lambda each: -each.confidence):
        if not any(similarity(person, other) >= SAME_POSE_OKS or _is_ghost(person, other) for other in kept):
            kept.append(person)
    return kept


def _is_ghost(person: Landmarks, other: Landmarks) -> bool:
    low, high = other.xy_px.min(axis=0), other.xy_px.max(axis=0)
    inside = ((person.xy_px >= low) & (person.xy_px <= high)).all(axis=1).mean()
    unsure = person.confidence < GHOST_CONFIDENCE * other.confidence
    return bool(inside >= GHOST_INSIDE and unsure and _ratio(person.roi, other.roi) < GHOST_RATIO)


def similarity(a: Landmarks, b: Landmarks) -> float:
    """Object keypoint similarity 0..1 of two readings."""
    return pose_similarity(a.xy_px, b.xy_px)


def pose_similarity(a: FloatArray, b: FloatArray) -> float:
    """Object keypoint similarity 0..1 of two (33, 2) poses over COCO's points (cocodataset.org, "keypoints-eval")."""
    first, second = a[_COCO], b[_COCO]
    area = max(AREA_OF_BOX * min(float(np.ptp(points, axis=0).prod()) for points in (first, second)), 1.0)
    squared = ((first - second) ** 2).sum(axis=1)
    return float(np.exp(-squared / (2.0 * area * (2.0 * _FALLOFF) ** 2)).mean())
