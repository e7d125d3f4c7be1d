"""Who is who from frame to frame."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from posedeck.engine.crops import FloatArray
from posedeck.engine.landmarks import Landmarks
from posedeck.engine.suppression import pose_similarity

#: Less alike than this is not the same person.
GATE = 0.15


@dataclass(frozen=True, eq=False)
class Known:
    """Somebody who was seen before.

    Attributes:
        xy_px: (33, 2) where, in pixels.
        size_px: Side of the region around.
        lost: Whether the frame before had nobody of this identity.
    """

    xy_px: FloatArray
    size_px: float
    lost: bool


def assign(known: Sequence[Known], readings: Sequence[Landmarks]) -> dict[int, int]:
    """Which reading is which known person: positions of both, by the highest total likeness (Hungarian method).

    Likeness is the object keypoint similarity or the overlap of the keypoints' boxes, whichever is higher: the first
    tells people apart who stand close, the second holds through fast movements. Somebody who was lost may also have
    walked on: within a body's length half a likeness, falling with the distance, is granted.
    """
    if not known or not readings:
        return {}
    likeness = np.array([[_likeness(person, reading) for reading in readings] for person in known])
    # A pair below the gate is worth nothing, so that it cannot push a true pair aside.
    likeness[likeness < GATE] = 0.0
    rows, columns = linear_sum_assignment(-likeness)
    return {int(row): int(column) for row, column in zip(rows, columns, strict=True) if likeness[row, column] > 0.0}


def _likeness(person: Known, reading: Landmarks) -> float:
    likeness = max(pose_similarity(person.xy_px, reading.xy_px), _box_overlap(person.xy_px, reading.xy_px))
    if person.lost:
        away = float(np.hypot(*(person.xy_px.mean(axis=0) - reading.xy_px.mean(axis=0))))
        likeness = max(likeness, 0.5 * (1.0 - away / person.size_px))
    return likeness


def _box_overlap(a: FloatArray, b: FloatArray) -> float:
    low, high = np.maximum(a.min(axis=0), b.min(axis=0)), np.minimum(a.max(axis=0), b.max(axis=0))
    common = float((high - low).clip(min=0.0).prod())
    union = float(np.ptp(a, axis=0).prod() + np.ptp(b, axis=0).prod()) - common
    return common / union if union > 0.0 else 0.0
