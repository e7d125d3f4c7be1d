"""A comparison of keypoints as JSON and CSV."""

import math
from datetime import datetime
from typing import Any

import msgspec
import numpy as np

from posedeck import __version__
from posedeck.pose.agreement import PersonAgreement
from posedeck.pose.pose import Pose
from posedeck.services.csv_table import csv_table
from posedeck.services.keypoint_comparison import KeypointComparison
from posedeck.services.keypoints import KeypointAnswer, Vendor, latency_s
from posedeck.services.sharing import shareable_answer
from posedeck.services.sources import Source, origin_of

FORMAT = "posedeck-keypoints"
FORMAT_VERSION = 1
_DIGITS = 4
_COLUMNS = (
    "person", "left_person", "right_person", "joint", "verdict", "outlier", "distance_torso", "dx_torso", "dy_torso",
    "similarity", "left_x_px", "left_y_px", "left_score", "left_rank", "right_x_px", "right_y_px", "right_score",
    "right_rank", "oks", "oks_scale_px", "torso_px", "left_source", "right_source", "least_score",
)  # fmt: skip


class SavedPose(msgspec.Struct, frozen=True):
    """Keypoints by name as x, y in pixels of the picture and score; null where a keypoint is missing."""

    keypoints: dict[str, tuple[float, float, float] | None]


class SavedSide(msgspec.Struct, frozen=True):
    """One answer, with what was sent for it and the body as it came."""

    vendor: Vendor
    source: Source
    label: str
    answered_at: datetime
    sent: dict[str, Any] | None
    latency_s: float | None
    people: list[SavedPose]
    body: Any


def export_json(comparison: KeypointComparison) -> bytes:
    """Both answers and everything that was computed from them; what could not be computed is null."""
    document = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "application": {"name": "PoseDeck", "version": __version__},
        "picture": _picture(comparison),
        "left": save_side(comparison.left),
        "right": save_side(comparison.right),
        "least_score": comparison.least_score,
        "profile": {"name": comparison.profile.name, "version": comparison.profile.version},
        "oks_scale": "s^2 = 0.53 x geometric mean of both keypoint boxes, in square pixels",
        "pck_normaliser": "torso: left shoulder to right hip, geometric mean of both sides, in pixels",
        "agreement": comparison.agreement,
        "outliers": [comparison.outliers(pair) for pair in comparison.agreement.pairs],
        "consensus": [_pose(pose) for pose in comparison.consensus],
    }
    return msgspec.json.format(msgspec.json.encode(document, enc_hook=_plain), indent=2)


def export_csv(comparison: KeypointComparison) -> bytes:
    """A row per joint of each person that both found."""
    pairs = enumerate(comparison.agreement.pairs, start=1)
    return csv_table(_COLUMNS, (row for number, pair in pairs for row in _rows(number, pair, comparison)))


def _picture(comparison: KeypointComparison) -> dict[str, Any] | None:
    photo = comparison.left.photo
    if not comparison.has_picture:
        return None
    return {"sha256": photo.sha256, "width": photo.width, "height": photo.height}


def save_side(answer: KeypointAnswer) -> SavedSide:
    """One answer as files hold it, its pictures collapsed."""
    fitted = answer.fitted
    sent = (
        None
        if fitted is None
        else {
            "width": fitted.photo.width,
            "height": fitted.photo.height,
            "bytes": len(fitted.photo.data),
            "scale": fitted.scale,
            "changes": list(fitted.changes),
        }
    )
    return SavedSide(
        vendor=answer.vendor,
        source=answer.source,
        label=answer.source.label_for(answer.vendor, origin_of(answer.exchange)),
        answered_at=answer.answered_at,
        sent=sent,
        latency_s=latency_s(answer),
        people=[_pose(pose) for pose in answer.people],
        body=shareable_answer(answer.body),
    )


def _pose(pose: Pose) -> SavedPose:
    points = zip(pose.skeleton.names, pose.xy_px, pose.score, strict=True)
    return SavedPose(
        {
            name: (_rounded(x), _rounded(y), _rounded(score)) if np.isfinite((x, y)).all() else None
            for name, (x, y), score in points
        }
    )


def _rows(number: int, pair: PersonAgreement, comparison: KeypointComparison) -> list[list[Any]]:
    outliers = comparison.outliers(pair)
    sources = [
        side.source.label_for(side.vendor, origin_of(side.exchange)) for side in (comparison.left, comparison.right)
    ]
    rows = []
    for joint in pair.joints:
        cells = [
            number, pair.left + 1, pair.right + 1, joint.name, joint.verdict.value, outliers.get(joint.name, ""),
            joint.distance_torso, joint.dx_torso, joint.dy_torso, joint.similarity,
            *joint.left_xy, joint.left_score, joint.left_rank, *joint.right_xy, joint.right_score, joint.right_rank,
            pair.oks, pair.scale_px, pair.torso_px, *sources, comparison.least_score,
        ]  # fmt: skip
        rows.append([_cell(cell) for cell in cells])
    return rows


def _cell(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    return _rounded(value) if math.isfinite(value) else ""


def _rounded(value: float) -> float:
    return round(float(value), _DIGITS)


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise TypeError(f"cannot be written as JSON: {type(value).__name__}")
