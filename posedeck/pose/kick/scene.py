"""What one camera leaves open about a kick, as draws: its focal length, its roll, the body's breadths in depth."""

from dataclasses import dataclass

import numpy as np

from posedeck.pose.kick.events import Swing
from posedeck.pose.kick.knee import read_in_space
from posedeck.pose.kick.motion import BallTrack, View, frame_s, middle, sigma_of, view_of
from posedeck.pose.pose import FloatArray
from posedeck.pose.track import PoseTrack

# Focal length over the long side of the picture: phones and camcorders lie between 0.75 (67 degrees wide) and 1.5.
_FOCAL, _FOCAL_SPREAD = 1.1, 0.25
_ROLL_SIGMA_DEG = 1.0
_LENGTH_SPREAD = 0.12
# By how much one point is further away than another is read from world landmarks averaged over this time to either
# side; what is left is this uncertain, in metres.
_DEPTH_WINDOW_S, _DEPTH_SIGMA_M = 0.05, 0.06
# Before it is looked at: the support-side arm is held out for balance while kicking (Shan & Westerhoff 2005, Sports
# Biomech 4:59-72), so its elbow is expected this far out of the shoulder, give or take, in metres.
_ARM_OUT_M, _ARM_OUT_SIGMA_M = 0.15, 0.08
#: Where a planted foot usually stands beside and behind the ball, in ball diameters of 22 cm: 32.7 (7.0) cm to the
#: side and 9.7-11.7 cm behind (Scurr & Hall 2009, J Sports Sci Med 8:230-234, table 2). Stands in for the direction
#: that the camera does not see.
_UNSEEN_ASIDE, _UNSEEN_BEHIND = (1.49, 0.35), (0.48, 0.30)


@dataclass(frozen=True, eq=False)
class Scene:
    """One set of d draws of what the camera does not tell. Index 0 is the best estimate.

    Attributes:
        facing: 1 when the kick goes to image right, -1 when left.
        view: From where the camera looks.
        focal_px: (d,) focal length in pixels.
        centre_px: (2,) principal point: the middle of the picture.
        roll_deg: (d,) camera roll.
        lengths_px: (d,) true lengths in pixels of ``shoulder`` and ``hip`` line and ``upper_arm``; NaN without depth.
        length_spread: By what share those lengths may be wrong.
        arm_out_px: (d,) how much further out than its shoulder the support-side elbow is, by world landmarks.
        arm_out_sigma_px: How uncertain that is.
        arm_ends_sigma_px: How uncertain the upper arm is in the picture, per axis.
        leg_in_space: Whether the world landmarks of the kicking leg count (see ``knee``).
        ball_px, ball_radius_px: (d, 2), (d,) the resting ball; NaN when it was not found.
        unseen_diameters: (d,) distance of support foot and ball along the line of sight, in ball diameters.
    """

    facing: int
    view: View
    focal_px: FloatArray
    centre_px: FloatArray
    roll_deg: FloatArray
    lengths_px: dict[str, FloatArray]
    length_spread: float
    arm_out_px: FloatArray
    arm_out_sigma_px: float
    arm_ends_sigma_px: float
    leg_in_space: bool
    ball_px: FloatArray
    ball_radius_px: FloatArray
    unseen_diameters: FloatArray


def _world(track: PoseTrack, name: str) -> FloatArray:
    if track.xyz_m is None:
        return np.full((len(track), 3), np.nan)
    points: FloatArray = track.xyz_m[:, track.skeleton.index[name]]
    return points


def _px_per_m(track: PoseTrack) -> float:
    """The picture's scale: how long the trunk is in the picture and in world metres."""
    if track.xyz_m is None:
        return float("nan")
    trunk_m = _world(track, "left_shoulder") + _world(track, "right_shoulder")
    trunk_m = (trunk_m - _world(track, "left_hip") - _world(track, "right_hip")) / 2
    trunk_px = np.hypot(*(middle(track, "shoulder") - middle(track, "hip")).T)
    return float(np.nanmedian(trunk_px / np.hypot(trunk_m[:, 0], trunk_m[:, 1])))


def _line_lengths_px(track: PoseTrack, px_per_m: float) -> dict[str, float]:
    """Median lengths of lines in space, in pixels."""
    if track.xyz_m is None:
        return dict.fromkeys(("shoulder", "hip", "upper_arm"), float("nan"))

    def length(a: str, b: str) -> float:
        return px_per_m * float(np.nanmedian(np.linalg.norm(_world(track, a) - _world(track, b), axis=1)))

    return {
        "shoulder": length("left_shoulder", "right_shoulder"),
        "hip": length("left_hip", "right_hip"),
        "upper_arm": length("left_shoulder", "left_elbow"),
    }


def resting_ball(ball: BallTrack, before: int) -> tuple[FloatArray, float]:
    """Centre (2,) and radius in pixels over the last frames before contact; NaN when the ball was not found."""
    known = np.flatnonzero(ball.found[: before + 1])[-5:]
    if len(known) == 0:
        return np.full(2, np.nan), float("nan")
    return np.median(ball.xy_px[known], axis=0), float(np.median(ball.radius_px[known]))


@dataclass(frozen=True, eq=False)
class Setting:
    """One kick as it is measured: the clip, its events and what holds for all of it.

    Attributes:
        track, ball: The person and the ball, mirrored when left-footed.
        swing: Events of the kick.
        size_px: Width and height of the picture.
        view: From where the camera looks.
        px_per_m: The picture's scale at the trunk; NaN without world landmarks.
        lengths_px: Median lengths of the lines in depth, see ``Scene``; NaN without world landmarks.
        leg_in_space: See ``Scene``.
    """

    track: PoseTrack
    ball: BallTrack
    swing: Swing
    size_px: tuple[int, int]
    view: View
    px_per_m: float
    lengths_px: dict[str, float]
    leg_in_space: bool


def setting_of(track: PoseTrack, ball: BallTrack, swing: Swing, size_px: tuple[int, int]) -> Setting:
    """The setting of a kick whose events are found."""
    scale = _px_per_m(track)
    lengths = _line_lengths_px(track, scale)
    return Setting(track, ball, swing, size_px, view_of(track), scale, lengths, read_in_space(track, "right"))


def draw_scene(setting: Setting, when_s: float, noise: FloatArray) -> Scene:
    """The scene at a time, one draw per row of ``noise`` (d, 10), standard normal; a row of zeros is the estimate."""
    track, facing = setting.track, setting.swing.facing
    focal = max(setting.size_px) * _FOCAL * np.exp(_FOCAL_SPREAD * noise[:, 0])
    lengths = {
        name: length * np.exp(_LENGTH_SPREAD * noise[:, 1 + i])
        for i, (name, length) in enumerate(setting.lengths_px.items())
    }
    arm = (_world(track, "left_elbow") - _world(track, "left_shoulder"))[:, 2] * facing
    near = (np.abs(track.times_s - when_s) <= max(_DEPTH_WINDOW_S, 1.01 * frame_s(track.times_s))) & np.isfinite(arm)
    weight = _ARM_OUT_SIGMA_M**2 / (_ARM_OUT_SIGMA_M**2 + _DEPTH_SIGMA_M**2)
    depth = weight * float(arm[near].mean()) + (1 - weight) * _ARM_OUT_M if near.any() else float("nan")
    sigma_m = float(np.sqrt(weight)) * _DEPTH_SIGMA_M
    rest, radius = resting_ball(setting.ball, setting.swing.impact.before)
    unseen, spread = _UNSEEN_BEHIND if setting.view == "front" else _UNSEEN_ASIDE
    return Scene(
        facing=facing,
        view=setting.view,
        focal_px=focal,
        centre_px=np.array(setting.size_px, dtype=float) / 2,
        roll_deg=_ROLL_SIGMA_DEG * noise[:, 4],
        lengths_px=lengths,
        length_spread=_LENGTH_SPREAD,
        arm_out_px=setting.px_per_m * (depth + sigma_m * noise[:, 5]),
        arm_out_sigma_px=setting.px_per_m * sigma_m,
        arm_ends_sigma_px=float(
            np.nanmedian(np.hypot(sigma_of(track, "left_shoulder"), sigma_of(track, "left_elbow")))
        ),
        leg_in_space=setting.leg_in_space,
        ball_px=rest + max(0.5, 0.04 * np.nan_to_num(radius)) * noise[:, 6:8],
        ball_radius_px=radius * np.exp(0.06 * noise[:, 8]),
        unseen_diameters=np.abs(unseen + spread * noise[:, 9]),
    )
