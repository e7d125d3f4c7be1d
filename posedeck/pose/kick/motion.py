"""A track as continuous motion: positions between frames, gentle smoothing for finding events, a mirrored clip."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from posedeck.pose.pose import FloatArray
from posedeck.pose.track import PoseTrack

View = Literal["side", "oblique", "front"]

#: Scatter per axis, as a share of the torso, of a pose model's keypoints during a kick: single passes over the rendered
#: kick, whose true joints are known (docs/accuracy.md). More than standing still: limbs blur and hide each other.
KICK_SIGMA_TORSO = {"shoulder": 0.040, "elbow": 0.050, "hip": 0.045, "knee": 0.030, "ankle": 0.030}
#: For keypoints not named above.
OTHER_KICK_SIGMA_TORSO = 0.035
# Mean breadth of shoulder and hip lines in the picture over the torso: 0.58 square to the camera (Drillis & Contini
# proportions), falling with the sine of the angle from the side: 0.25 is 25 degrees, 0.48 is 56.
_SIDE_BELOW, _FRONT_ABOVE = 0.25, 0.48
#: Across a longer gap a keypoint's path is unknown.
MAX_GAP_S = 0.12
# Width of the kernel that quietens a signal before its extremum is looked for: about the spacing of 60 fps.
_KERNEL_S = 0.012


@dataclass(frozen=True, eq=False)
class BallTrack:
    """The ball over the t frames of a clip.

    Attributes:
        xy_px: (t, 2) centre in pixels, NaN where it was not found.
        radius_px: (t,) radius in pixels, NaN where it was not found.

    Raises:
        ValueError: when the shapes do not fit each other.
    """

    xy_px: FloatArray
    radius_px: FloatArray

    def __post_init__(self) -> None:
        if self.xy_px.shape != (len(self.radius_px), 2):
            raise ValueError(f"ball: {self.xy_px.shape} centres do not fit {self.radius_px.shape} radii")

    @property
    def found(self) -> NDArray[np.bool_]:
        """(t,) whether the ball was found in each frame."""
        found: NDArray[np.bool_] = np.isfinite(self.xy_px).all(axis=1) & np.isfinite(self.radius_px)
        return found


def no_ball(frames: int) -> BallTrack:
    """A clip in which the ball was never found."""
    return BallTrack(np.full((frames, 2), np.nan), np.full(frames, np.nan))


def mirrored(track: PoseTrack, ball: BallTrack, width_px: float) -> tuple[PoseTrack, BallTrack]:
    """The clip as a mirror shows it, left exchanged with right, so that a left-footed kick is a right-footed one."""
    order = track.skeleton.mirror_order
    xy = track.xy_px[:, order].copy()
    xy[..., 0] = width_px - xy[..., 0]
    xyz = None
    if track.xyz_m is not None:
        xyz = track.xyz_m[:, order].copy()
        xyz[..., 0] *= -1
    ball_xy = ball.xy_px.copy()
    ball_xy[:, 0] = width_px - ball_xy[:, 0]
    sigma = None if track.sigma_px is None else track.sigma_px[:, order]
    flipped = replace(track, xy_px=xy, score=track.score[:, order], sigma_px=sigma, xyz_m=xyz)
    return flipped, BallTrack(ball_xy, ball.radius_px)


def middle(track: PoseTrack, part: str) -> FloatArray:
    """(t, 2) middle of the left and right keypoint of a kind, in pixels."""
    mean: FloatArray = (track.point(f"left_{part}") + track.point(f"right_{part}")) / 2
    return mean


def torso_px(track: PoseTrack) -> float:
    """Median distance in pixels between the middles of shoulders and hips. NaN when they were never seen."""
    trunk = np.hypot(*(middle(track, "shoulder") - middle(track, "hip")).T)
    return float(np.median(trunk[np.isfinite(trunk)])) if np.isfinite(trunk).any() else float("nan")


def view_of(track: PoseTrack) -> View:
    """Side, oblique or front (or rear), from how broad the shoulders and hips are in the picture."""
    breadth = sum(np.abs(track.point(f"left_{p}")[:, 0] - track.point(f"right_{p}")[:, 0]) for p in ("shoulder", "hip"))
    share = float(np.nanmedian(breadth)) / 2 / torso_px(track)
    if share < _SIDE_BELOW:
        return "side"
    return "front" if share > _FRONT_ABOVE else "oblique"


def sigma_of(track: PoseTrack, name: str) -> FloatArray:
    """(t,) standard deviation per axis in pixels of one keypoint.

    The track's own where it is larger: the spread of repeated passes over one picture knows nothing of motion.
    """
    share = KICK_SIGMA_TORSO.get(name.split("_")[-1], OTHER_KICK_SIGMA_TORSO)
    usual = np.full(len(track), share * torso_px(track))
    return usual if track.sigma_px is None else np.fmax(usual, track.sigma_px[:, track.skeleton.index[name]])


def at(times_s: FloatArray, values: FloatArray, when_s: FloatArray) -> FloatArray:
    """Values (t, ...) interpolated linearly at ``when_s`` (d,) to (d, ...); NaN outside the clip and in long gaps."""
    flat = values.reshape(len(values), -1)
    found = np.isfinite(flat).all(axis=1)
    result = np.full((len(when_s), flat.shape[1]), np.nan)
    if found.any():
        known_s, known = times_s[found], flat[found]
        after = np.clip(np.searchsorted(known_s, when_s), 1, max(len(known_s) - 1, 1))
        if len(known_s) > 1:
            span = known_s[after] - known_s[after - 1]
            share = (when_s - known_s[after - 1]) / span
            blend = known[after - 1] + share[:, None] * (known[after] - known[after - 1])
            near = (span <= max(MAX_GAP_S, 1.5 * frame_s(times_s))) & (share >= -0.01) & (share <= 1.01)
            result[near] = blend[near]
    return result.reshape(len(when_s), *values.shape[1:])


def unfolded_deg(angle: FloatArray) -> FloatArray:
    """The same angles in [-225, 135): a shank swings from far behind the trunk to high in front without a jump."""
    unfolded: FloatArray = (angle + 225.0) % 360.0 - 225.0
    return unfolded


def frame_s(times_s: FloatArray) -> float:
    """Typical time between frames in seconds."""
    return float(np.median(np.diff(times_s)))


def quietened(times_s: FloatArray, values: FloatArray) -> FloatArray:
    """A signal (t,) averaged over about a 60th of a second, for finding events in it; never used for a value.

    A Gaussian kernel over time rather than over frames, so that uneven frames weigh as they should.
    """
    found = np.isfinite(values)
    weights = np.exp(-0.5 * ((times_s[:, None] - times_s[None, found]) / _KERNEL_S) ** 2)
    total = weights.sum(axis=1)
    smooth = np.full(len(values), np.nan)
    enough = (total > 1e-6) & found
    smooth[enough] = (weights[enough] @ values[found]) / total[enough]
    return smooth


def speeds(times_s: FloatArray, xy: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Speed between neighbouring frames in units per second, (t-1,), with the middle times (t-1,) in seconds."""
    return np.hypot(*np.diff(xy, axis=0).T) / np.diff(times_s), (times_s[1:] + times_s[:-1]) / 2
