"""What following people through a clip gives, kept compactly: one row for each person and frame."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posedeck.engine.landmarks import Landmarks
from posedeck.pose.skeleton import BLAZEPOSE_33
from posedeck.pose.track import PoseTrack

Floats = NDArray[np.float32]

#: Somebody seen in fewer frames is taken for a mistake, unless the clip has no more.
MIN_FRAMES = 5


@dataclass(frozen=True, eq=False)
class Sightings:
    """People in a range of frames, in the order of the frames. Single precision keeps a thousandth of a pixel.

    Attributes:
        frame: (k,) index of the frame in the clip.
        person: (k,) who; stable over the clip.
        xy_px: (k, 33, 2) positions in pixels.
        score: (k, 33) visibility in 0..1.
        xyz_m: (k, 33, 3) world coordinates in metres.
        framing: (k, 2, 2) mid-hip and reach in pixels, which make the region for another look.
        sigma_px: (k, 33) deviation of the positions per axis in pixels; NaN where it was not estimated.
    """

    frame: NDArray[np.int32]
    person: NDArray[np.int32]
    xy_px: Floats
    score: Floats
    xyz_m: Floats
    framing: Floats
    sigma_px: Floats

    @classmethod
    def none(cls) -> "Sightings":
        """Nobody in no frame."""
        k = len(BLAZEPOSE_33)
        shapes = ((0, k, 2), (0, k), (0, k, 3), (0, 2, 2), (0, k))
        return cls(np.zeros(0, np.int32), np.zeros(0, np.int32), *(np.zeros(shape, np.float32) for shape in shapes))

    @classmethod
    def one(
        cls, frame: int, person: int, landmarks: Landmarks, sigma_px: NDArray[np.float64] | None = None
    ) -> "Sightings":
        """One person in one frame."""
        sigma = np.full(len(landmarks.score), np.nan) if sigma_px is None else sigma_px
        values = (landmarks.xy_px, landmarks.score, landmarks.xyz_m, landmarks.framing, sigma)
        return cls(
            np.array([frame], np.int32),
            np.array([person], np.int32),
            *(value[None].astype(np.float32) for value in values),
        )

    @classmethod
    def joined(cls, parts: Sequence["Sightings"]) -> "Sightings":
        """Those of consecutive ranges as one."""
        columns = zip(*(part._columns() for part in (cls.none(), *parts)), strict=True)
        return cls(*(np.concatenate(column) for column in columns))

    def only(self, rows: NDArray[np.bool_]) -> "Sightings":
        """Some of the rows (k,)."""
        return Sightings(*(column[rows] for column in self._columns()))

    def in_order(self) -> "Sightings":
        """The same in the order of the frames."""
        order = np.argsort(self.frame, kind="stable")
        return Sightings(*(column[order] for column in self._columns()))

    def tracks(self, times_s: NDArray[np.float64], min_frames: int = MIN_FRAMES) -> dict[int, PoseTrack]:
        """The people with their tracks through the whole clip, in the order in which they appear.

        Args:
            times_s: (t,) times of the clip's frames.
            min_frames: Who is seen in fewer frames is left out, if the clip has so many.
        """
        counts = {int(who): int((self.person == who).sum()) for who in dict.fromkeys(self.person.tolist())}
        needed = min(min_frames, len(times_s))
        return {who: self._track(who, times_s) for who, count in counts.items() if count >= needed}

    def _track(self, who: int, times_s: NDArray[np.float64]) -> PoseTrack:
        rows = self.person == who
        frames = self.frame[rows]

        def spread(values: Floats, empty: float) -> NDArray[np.float64]:
            whole = np.full((len(times_s), *values.shape[1:]), empty)
            whole[frames] = values[rows]
            return whole

        estimated = np.isfinite(self.sigma_px[rows]).any()
        return PoseTrack(
            skeleton=BLAZEPOSE_33,
            times_s=times_s,
            xy_px=spread(self.xy_px, np.nan),
            score=spread(self.score, 0.0),
            sigma_px=spread(self.sigma_px, np.nan) if estimated else None,
            xyz_m=spread(self.xyz_m, np.nan),
        )

    def to_bytes(self) -> bytes:
        """As bytes that ``from_bytes`` reads, under 1 kB a row."""
        output = io.BytesIO()
        np.savez_compressed(
            output,
            frame=self.frame,
            person=self.person,
            xy_px=self.xy_px,
            score=self.score,
            xyz_m=self.xyz_m,
            framing=self.framing,
            sigma_px=self.sigma_px,
        )
        return output.getvalue()

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Sightings":
        """Sightings from ``to_bytes``."""
        with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
            return cls(*(arrays[name] for name in _NAMES))

    def _columns(self) -> tuple[NDArray[Any], ...]:
        return tuple(getattr(self, name) for name in _NAMES)


_NAMES = ("frame", "person", "xy_px", "score", "xyz_m", "framing", "sigma_px")
