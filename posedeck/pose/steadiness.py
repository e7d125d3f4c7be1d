"""How steadily a track's keypoints are told: drop-outs, and the trembling that no body makes."""

from dataclasses import dataclass

import numpy as np

from posedeck.pose.pose import FloatArray
from posedeck.pose.track import PoseTrack


@dataclass(frozen=True)
class DropOut:
    """A keypoint that is not told, or not surely, from frame ``start`` up to but not including ``stop``."""

    joint: str
    start: int
    stop: int

    @property
    def frames(self) -> int:
        """How many frames it lasts."""
        return self.stop - self.start


def drop_outs(track: PoseTrack, threshold: float) -> tuple[DropOut, ...]:
    """Every stretch in which a keypoint is missing or its score below the threshold, the longest first.

    Frames before the person is first seen and after they are last seen do not count; frames between do.

    Args:
        track: Any skeleton.
        threshold: Score in 0..1.
    """
    seen = np.flatnonzero(track.seen)
    if not len(seen):
        return ()
    first, end = int(seen[0]), int(seen[-1]) + 1
    told = np.isfinite(track.xy_px).all(axis=2) & (track.score >= threshold)
    found = [
        DropOut(name, int(start), int(stop))
        for joint, name in enumerate(track.skeleton.names)
        for start, stop in _stretches(~told[first:end, joint], first)
    ]
    return tuple(sorted(found, key=lambda each: (-each.frames, each.start)))


def _stretches(flags: np.ndarray, offset: int) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8))) + offset
    return list(zip(edges[::2], edges[1::2], strict=True))


def trembling(track: PoseTrack) -> FloatArray:
    """Trembling (n,) of each keypoint as a share of the torso: how far it lies, typically, from the middle of its
    neighbours in time.

    That is half the second difference of its position over three frames that all tell it: root mean square over the
    clip, divided by the track's median torso. A point at rest or at steady speed has 0; independent noise of s pixels
    on each axis has ``sqrt(3) * s`` over the torso. NaN for a keypoint that is never told three times in a row, and
    everywhere when the torso is not known. Frames are taken as evenly spaced.
    """
    torso = track.torso_px
    middle = (track.xy_px[2:] + track.xy_px[:-2]) / 2
    off_px = np.hypot(*np.moveaxis(track.xy_px[1:-1] - middle, 2, 0))
    known = np.isfinite(off_px)
    count = known.sum(axis=0)
    squares = np.where(known, off_px, 0.0) ** 2
    mean_square = np.divide(squares.sum(axis=0), count, out=np.full(len(count), np.nan), where=count > 0)
    share: FloatArray = np.sqrt(mean_square) / (torso if torso > 0 else np.nan)
    return share
