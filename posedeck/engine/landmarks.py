"""BlazePose's landmark model: 33 points, world coordinates and a mask of one person."""

from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from posedeck.engine.crops import FloatArray, Picture, Roi
from posedeck.engine.network import Network, Tensor, sigmoid
from posedeck.engine.pruning import keep_outputs
from posedeck.pose.skeleton import BLAZEPOSE_33

# From the published graphs (pose_detection_to_roi.pbtxt, tensors_to_pose_landmarks_and_segmentation.pbtxt).
ROI_SCALE = 1.25
HEATMAP_KERNEL = 7
HEATMAP_MIN_CONFIDENCE = 0.5
MIN_PRESENCE = 0.5

POINT_OUTPUTS = ("Identity", "Identity_1", "Identity_3", "Identity_4")
MASK_OUTPUT = "Identity_2"

POINTS = len(BLAZEPOSE_33)
# Behind the 33 points the model gives two more that frame the person: mid-hip and how far the body reaches from it.
FRAMING = slice(POINTS, POINTS + 2)


@dataclass(frozen=True, eq=False)
class Landmarks:
    """One pass of the landmark model.

    Attributes:
        roi: The region it looked at.
        framing: (2, 2) mid-hip and reach in picture pixels, which make the region for another look.
        xy_px: (33, 2) picture pixels, left and right the subject's.
        score: (33,) visibility in 0..1.
        xyz_m: (33, 3) world coordinates in metres, origin between the hips, upright in the picture's frame.
        presence: Whether there is a person at all, 0..1.
    """

    roi: Roi
    framing: FloatArray
    xy_px: FloatArray
    score: FloatArray
    xyz_m: FloatArray
    presence: float

    @property
    def confidence(self) -> float:
        """How sure the model is of this person, 0..1: presence times mean visibility."""
        return self.presence * float(self.score.mean())


@dataclass(frozen=True, eq=False)
class MaskedLandmarks(Landmarks):
    """Landmarks with the person's mask (256, 256) in the crop, 0..255."""

    mask: NDArray[np.uint8]


class LandmarkModel:
    """The loaded landmark model, whole and without its mask.

    A mirrored region's landmarks are turned back, left and right swapped.
    """

    def __init__(self, model: bytes, threads: int) -> None:
        self._whole = Network(model, threads)
        self._points = Network(keep_outputs(model, POINT_OUTPUTS), threads)

    def points(self, picture: Picture, roi: Roi) -> Landmarks:
        """Landmarks of the person in a region."""
        output = self._points(picture.crop(roi, self._points.side), 0.0, 1.0)
        return Landmarks(**_decode(output, roi, self._points.side))

    def points_and_mask(self, picture: Picture, roi: Roi) -> MaskedLandmarks:
        """Landmarks and mask of the person in a region, in half as much time again."""
        output = self._whole(picture.crop(roi, self._whole.side), 0.0, 1.0)
        mask = (sigmoid(output[MASK_OUTPUT][..., 0]) * 255.0).astype(np.uint8)
        return MaskedLandmarks(**_decode(output, roi, self._whole.side), mask=mask)


class _Decoded(TypedDict):
    roi: Roi
    framing: FloatArray
    xy_px: FloatArray
    score: FloatArray
    xyz_m: FloatArray
    presence: float


def _decode(output: dict[str, Tensor], roi: Roi, side: int) -> _Decoded:
    raw = output["Identity"].reshape(-1, 5).astype(np.float64)
    xy_px = roi.to_picture(refine_by_heatmap(raw[:, :2] / side, output["Identity_3"]) * side, side)
    order = BLAZEPOSE_33.mirror_order if roi.mirrored else np.arange(POINTS)
    return _Decoded(
        roi=roi,
        framing=xy_px[FRAMING],
        xy_px=xy_px[order],
        score=sigmoid(raw[order, 3]),
        xyz_m=_upright(output["Identity_4"].reshape(-1, 3).astype(np.float64), roi)[order],
        presence=float(output["Identity_1"][0]),
    )


def person_roi(framing: FloatArray) -> Roi:
    """The landmark model's region from mid-hip and reach (2, 2): centred, turned so that the person is upright."""
    hip, reach = framing
    along = reach - hip
    return Roi(
        centre=hip,
        size=float(2.0 * np.hypot(*along) * ROI_SCALE),
        turn=float(np.arctan2(along[0], -along[1])),
    )


def refine_by_heatmap(unit_xy: FloatArray, heatmap: Tensor) -> FloatArray:
    """Landmarks (n, 2) in 0..1 of the crop, moved to the centre of mass of their heatmap nearby.

    A point stays where the heatmap (h, w, channels of logits) is below half confidence all around, or when it lies
    outside (refine_landmarks_from_heatmap_calculator.cc).
    """
    height, width = heatmap.shape[:2]
    reach = np.arange(HEATMAP_KERNEL) - HEATMAP_KERNEL // 2
    cell = np.trunc(unit_xy * [width, height]).astype(int)
    column, row = cell[:, 0, None] + reach, cell[:, 1, None] + reach
    inside = ((row >= 0) & (row < height))[:, :, None] & ((column >= 0) & (column < width))[:, None, :]
    patch = heatmap[
        row.clip(0, height - 1)[:, :, None],
        column.clip(0, width - 1)[:, None, :],
        np.arange(len(unit_xy))[:, None, None],
    ]
    weight = sigmoid(patch).astype(np.float64) * inside
    total = weight.sum(axis=(1, 2))
    centre = np.stack(
        [np.einsum("nrc,nc->n", weight, column) / width, np.einsum("nrc,nr->n", weight, row) / height], axis=1
    )
    usable = weight.max(axis=(1, 2)) >= HEATMAP_MIN_CONFIDENCE
    usable &= ((cell >= 0) & (cell < [width, height])).all(axis=1)
    refined = unit_xy.copy()
    refined[usable] = centre[usable] / total[usable, None]
    return refined


def _upright(xyz: FloatArray, roi: Roi) -> FloatArray:
    turned = xyz.copy()
    if roi.mirrored:
        turned[:, 0] *= -1.0
    cosine, sine = np.cos(roi.turn), np.sin(roi.turn)
    turned[:, :2] = turned[:, :2] @ np.array([[cosine, sine], [-sine, cosine]])
    return turned
