"""What is different between two answered pictures of a future shape."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from posedeck.contracts.remo.future_shape import BodyPart
from posedeck.services.future_shape import ShapeResult
from posedeck.services.shape_alignment import Picture

#: A difference of 32 grey levels is shown as white: less is seen by nobody without it.
_GAIN = 8.0


@dataclass(frozen=True)
class WidthDelta:
    """The achieved width factor of a part in both pictures; None where it is not told."""

    part: BodyPart
    before: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        """Second ÷ first."""
        return None if self.before is None or self.after is None else self.after / self.before


@dataclass(frozen=True, eq=False)
class PicturesDiff:
    """Two answered pictures.

    Attributes:
        picture: (height, width, 3) RGB: black where they are alike, brighter the more they differ.
        mean_levels: Mean difference in grey levels 0..255.
        resized: Whether the second had another size and was brought to that of the first.
    """

    picture: Picture
    mean_levels: float
    resized: bool


def pictures_diff(before: Picture, after: Picture) -> PicturesDiff:
    """The difference of two (height, width, 3) RGB pictures, in the size of the first."""
    height, width = before.shape[:2]
    resized = after.shape[:2] != before.shape[:2]
    if resized:
        after = np.asarray(Image.fromarray(after).resize((width, height), Image.Resampling.LANCZOS))
    levels = np.abs(before.astype(np.int16) - after.astype(np.int16)).mean(axis=2)
    shown = np.clip(_GAIN * levels, 0, 255).astype(np.uint8)
    return PicturesDiff(np.repeat(shown[:, :, None], 3, axis=2), float(levels.mean()), resized)


def width_deltas(before: ShapeResult, after: ShapeResult) -> list[WidthDelta]:
    """The parts that at least one of them tells of."""
    deltas = []
    for part in BodyPart:
        widths = [result.widths.get(part) for result in (before, after)]
        one, other = (None if width is None else width.achieved for width in widths)
        if one is not None or other is not None:
            deltas.append(WidthDelta(part, one, other))
    return deltas
