"""Head and neck: only the contour of cheeks and jaw moves; eyes, nose and mouth stay where they are."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from posedeck.engine.reshape.bones import Bone
from posedeck.engine.reshape.figure import Figure
from posedeck.engine.reshape.parts import Change, Part, directed
from posedeck.engine.reshape.rasters import Raster, smoothstep

#: Breadths of bone under-represent the soft tissue of a face. Looked at: 1 leaves the head small on a heavier body,
#: 3 looks swollen.
SOFT_TISSUE = 1.8
#: Half axes of the ellipse that is kept, in half widths and along the axis, and how softly it ends. With 0.62, 0.42,
#: 0.25 the inner face of the sample people fell to a similarity of 0.96 at a ratio of 0.75; so it stays above 0.99.
_INNER_FACE = (0.78, 0.46, 0.2)
#: A face seen this much from the side keeps its contour.
_MIN_FRONTAL = 0.2


@dataclass(frozen=True, eq=False)
class Face:
    """A face's geometry on the grid, from crown to below the chin.

    Attributes:
        axis: The bone.
        half: Half width at the cheekbones in grid pixels.
        eyes_t, chin_t: Where they are along the axis.
    """

    axis: Bone
    half: float
    eyes_t: float
    chin_t: float
    t: Raster
    distance: Raster

    @classmethod
    def of(cls, figure: Figure) -> "Face":
        """The face of a figure."""
        mouth = figure.middle("mouth_left", "mouth_right")
        eyes = figure.middle("left_eye", "right_eye")
        up = eyes - mouth
        axis = Bone(eyes + 1.6 * up, mouth - 1.15 * up)
        ears = np.hypot(*(figure.point("left_ear") - figure.point("right_ear")))
        t, distance = axis.coordinates(figure.x, figure.y)
        return cls(
            axis=axis,
            half=float(max(0.54 * ears, 0.9 * np.hypot(*up), 1e-3)),
            eyes_t=float(np.hypot(*(eyes - axis.start))) / axis.length,
            chin_t=float(np.hypot(*(mouth - 0.75 * up - axis.start))) / axis.length,
            t=t,
            distance=distance,
        )

    @cached_property
    def inner(self) -> Raster:
        """1 over eyes, nose and mouth, softly to 0 around them."""
        middle = (self.eyes_t + self.chin_t) / 2.0 - 0.05
        across, down, softness = _INNER_FACE
        radius = np.hypot(self.distance / (across * self.half), (self.t - middle) / down)
        return np.asarray(np.exp(-((np.maximum(radius - 1.0, 0.0) / softness) ** 2)), np.float32)

    @cached_property
    def nearness(self) -> Raster:
        """Distance from the axis in multiples of the head's radius."""
        return np.asarray(np.hypot(self.distance, self.axis.beyond(self.t)) / (1.15 * self.half), np.float32)


def head_parts(figure: Figure, change: Change, face: Face) -> list[Part]:
    """Displacements of the face's contour and of the neck."""
    return [_contour(figure, change, face), _neck(figure, change, face)]


def keep_features(shift: Raster, face: Face) -> Raster:
    """The displacement (h, w, 2) without any in the inner face and above the eyes."""
    kept = shift * (1.0 - face.inner)[..., None]
    above = (face.nearness < 1.6) & (face.t < face.eyes_t + 0.12)
    fading = smoothstep(face.eyes_t, face.eyes_t + 0.12, face.t)
    return np.asarray(np.where(above[..., None], kept * fading[..., None], kept), np.float32)


def _contour(figure: Figure, change: Change, face: Face) -> Part:
    p = change.exponents
    down = smoothstep(face.eyes_t, face.eyes_t + 0.22, face.t)
    exponent = p.cheek + (p.jaw - p.cheek) * smoothstep(face.eyes_t + 0.1, face.chin_t, face.t)
    beside = np.abs(face.distance) / np.float32(face.half)
    under_chin = smoothstep(face.chin_t - 0.02, face.chin_t + 0.1, face.t) * np.clip(beside, 0.0, 1.0)
    edge = np.maximum(smoothstep(0.55, 1.0, beside), under_chin)
    growth = change.growths(np.asarray(exponent * SOFT_TISSUE, np.float32))
    length = growth * face.half * edge * np.sign(face.distance) * down * float(figure.frontal > _MIN_FRONTAL)
    return Part(directed(np.asarray(length, np.float32), face.axis.across), face.nearness)


def _neck(figure: Figure, change: Change, face: Face) -> Part:
    mouth = figure.middle("mouth_left", "mouth_right")
    up = figure.middle("left_eye", "right_eye") - mouth
    bone = Bone(mouth - up, figure.trunk.at(0.02))
    half = 0.62 * face.half
    t, distance = bone.coordinates(figure.x, figure.y)
    growth = change.growth(change.exponents.neck)
    length = growth * np.clip(distance, -1.2 * half, 1.2 * half) * smoothstep(-0.15, 0.35, t)
    nearness = np.hypot(distance, bone.beyond(t)) / half * 0.95
    return Part(directed(np.asarray(length, np.float32), bone.across), np.asarray(nearness, np.float32))
