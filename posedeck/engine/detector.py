"""Single-shot detectors of the MediaPipe family: anchors, decoding and weighted non-maximum suppression."""

from dataclasses import dataclass

import numpy as np

from posedeck.engine.crops import FloatArray, Picture, Roi
from posedeck.engine.network import Network, sigmoid

# Both from the published graphs (pose_detection_cpu.pbtxt, face_detection.pbtxt).
MIN_SCORE = 0.5
MIN_OVERLAP = 0.3


@dataclass(frozen=True)
class DetectorLayout:
    """What a detector's tensors mean.

    Attributes:
        grids: (stride in pixels, anchors per cell), in tensor order.
        boxes: Name of the output with box and keypoints.
        logits: Name of the output with the scores.
    """

    grids: tuple[tuple[int, int], ...]
    boxes: str
    logits: str


POSE_LAYOUT = DetectorLayout(grids=((8, 2), (16, 2), (32, 6)), boxes="Identity", logits="Identity_1")
FACE_LAYOUT = DetectorLayout(grids=((8, 2), (16, 6)), boxes="regressors", logits="classificators")


@dataclass(frozen=True, eq=False)
class Detection:
    """One found object.

    Attributes:
        score: 0..1.
        centre: (2,) of its box in picture pixels.
        size: Longer side of its box in picture pixels.
        points: (k, 2) keypoints in picture pixels.
    """

    score: float
    centre: FloatArray
    size: float
    points: FloatArray


class Detector:
    """A loaded detector."""

    def __init__(self, network: Network, layout: DetectorLayout) -> None:
        self._network = network
        self._layout = layout
        self._anchors = anchor_centres(network.side, layout.grids)

    def __call__(self, picture: Picture, window: Roi) -> list[Detection]:
        """What is found in a window of the picture, best first."""
        side = self._network.side
        output = self._network(picture.crop(window, side), -1.0, 1.0)
        score = sigmoid(output[self._layout.logits][:, 0])
        likely = score >= MIN_SCORE
        values = output[self._layout.boxes][likely].astype(np.float64)
        anchors = self._anchors[likely] * side
        centre, extent = values[:, :2] + anchors, values[:, 2:4] / 2.0
        points = values[:, 4:].reshape(len(values), (values.shape[1] - 4) // 2, 2) + anchors[:, None]
        candidates = np.concatenate([(centre - extent)[:, None], (centre + extent)[:, None], points], axis=1)
        found = []
        for weight, (low, high, *keypoints) in weighted_suppression(score[likely].astype(np.float64), candidates):
            size = float((high - low).max()) * window.size / side
            in_picture = window.to_picture(np.array([(low + high) / 2.0, *keypoints]), side)
            found.append(Detection(weight, in_picture[0], size, in_picture[1:]))
        return found


def anchor_centres(side: int, grids: tuple[tuple[int, int], ...]) -> FloatArray:
    """Anchor centres (n, 2) as fractions of the input's side, row by row, in tensor order."""
    blocks = []
    for stride, per_cell in grids:
        cells = side // stride
        line = (np.arange(cells) + 0.5) / cells
        grid = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
        blocks.append(np.repeat(grid, per_cell, axis=0))
    return np.concatenate(blocks)


def weighted_suppression(score: FloatArray, points: FloatArray) -> list[tuple[float, FloatArray]]:
    """Groups of overlapping candidates, each averaged with its scores as weights, best first.

    Args:
        score: (n,) in 0..1.
        points: (n, 2 + k, 2): the box's two corners, then its keypoints.

    Returns:
        The group's best score and its mean points (2 + k, 2). This is MediaPipe's WEIGHTED mode
        (non_max_suppression_calculator.cc): positions come out steadier than the best candidate's alone.
    """
    groups = []
    rest = np.argsort(-score, kind="stable")
    while len(rest):
        best = rest[0]
        together = overlap(points[best, :2], points[rest, :2]) > MIN_OVERLAP
        together[0] = True
        group, rest = rest[together], rest[~together]
        groups.append((float(score[best]), np.average(points[group], axis=0, weights=score[group])))
    return groups


def overlap(box: FloatArray, boxes: FloatArray) -> FloatArray:
    """Intersection over union (n,) of a box (2, 2) with boxes (n, 2, 2) given by their corners."""
    inner = np.minimum(box[1], boxes[:, 1]) - np.maximum(box[0], boxes[:, 0])
    shared = np.clip(inner, 0.0, None).prod(axis=1)
    union = (box[1] - box[0]).prod() + (boxes[:, 1] - boxes[:, 0]).prod(axis=1) - shared
    share: FloatArray = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0.0)
    return share
