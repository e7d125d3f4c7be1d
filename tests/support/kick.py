"""The rendered kick's true joints, as they are and resampled to any frame rate with keypoint noise."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.interpolate import CubicSpline

from posedeck.pose.kick.motion import KICK_SIGMA_TORSO, OTHER_KICK_SIGMA_TORSO, BallTrack
from posedeck.pose.pose import FloatArray
from posedeck.pose.skeleton import BLAZEPOSE_33
from posedeck.pose.track import PoseTrack

SAMPLES = Path(__file__).parents[2] / "assets" / "samples"
SIZE_PX = (768, 432)
BALL_RADIUS_M = 0.11
#: The rendered camera's focal length over its distance, at the ball.
BALL_RADIUS_PX = 17.3
_NOISE_TIME_S = 0.05
# Depth error of the engine's world landmarks on the rendered kick: scatter and constant part, in metres.
_DEPTH_ERROR_M = {"hip": (0.01, 0.006), "shoulder": (0.04, 0.03), "elbow": (0.05, 0.03)}
_OTHER_DEPTH_ERROR_M = (0.06, 0.03)
# The same across the line of sight, for the joints of the legs: a knee's angle in space is 6 degrees off by it.
_PLANE_ERROR_M = {"knee": (0.015, 0.01), "ankle": (0.015, 0.01)}


@cache
def truth() -> dict[str, Any]:
    """The rendered kick's truth file."""
    loaded: dict[str, Any] = json.loads((SAMPLES / "soccer_kick.json").read_text("utf-8"))
    return loaded


@dataclass(frozen=True, eq=False)
class TrueKick:
    """Splines through the true joints.

    Attributes:
        names: Joint names.
        times_s: (63,) frame times of the rendered clip.
        xy_px, xyz_m: Splines of positions (k, 2) in pixels and (k, 3) in scene metres: x along the kick, y away from
            the camera, z up.
        impact_s: True time of contact.
    """

    names: tuple[str, ...]
    times_s: FloatArray
    xy_px: CubicSpline
    xyz_m: CubicSpline
    impact_s: float

    def joint(self, name: str, when_s: FloatArray) -> FloatArray:
        """True scene position (..., 3) of a joint in metres."""
        position: FloatArray = self.xyz_m(when_s)[..., self.names.index(name), :]
        return position


@cache
def true_kick() -> TrueKick:
    """The rendered kick."""
    frames = truth()["frames"]
    names = tuple(frames[0]["joints_2d"])
    times = np.array([frame["t"] for frame in frames])
    xy = np.array([[frame["joints_2d"][name] for name in names] for frame in frames])
    xyz = np.array([[frame["joints_3d_m"][name] for name in names] for frame in frames])
    impact = float(truth()["events"]["impact"])
    return TrueKick(names, times, CubicSpline(times, xy), CubicSpline(times, xyz), impact)


def track_at(times_s: FloatArray, rng: np.random.Generator | None = None) -> PoseTrack:
    """The true kick at these times; with ``rng``, seen with the noise of a pose model.

    The noise is what single passes of the engine scatter on the rendered clip (``motion.KICK_SIGMA_TORSO``), lasts
    about 0.05 s, and depth has its own, with a part that stays for the clip.
    """
    kick = true_kick()
    n, t = len(BLAZEPOSE_33), len(times_s)
    xy, xyz = np.full((t, n, 2), np.nan), np.full((t, n, 3), np.nan)
    true_xy, true_xyz = kick.xy_px(times_s), kick.xyz_m(times_s)
    pelvis = true_xyz[:, kick.names.index("pelvis")]
    torso = 70.0
    depth_errors: dict[str, FloatArray] = {}
    for k, name in enumerate(kick.names):
        if name not in BLAZEPOSE_33.index:
            continue
        place, deep = true_xy[:, k], true_xyz[:, k] - pelvis
        # Scene axes to those of a pose: x right, y down, z away.
        world = np.stack([deep[:, 0], -deep[:, 2], deep[:, 1]], axis=1)
        if rng is not None:
            kind = name.split("_")[-1]
            scatter, constant = _DEPTH_ERROR_M.get(kind, _OTHER_DEPTH_ERROR_M)
            share = KICK_SIGMA_TORSO.get(kind, OTHER_KICK_SIGMA_TORSO)
            place = place + share * torso * _lasting_noise(rng, times_s, 2)
            error = scatter * _lasting_noise(rng, times_s, 1)[:, 0] + constant * rng.normal()
            if kind == "elbow":
                # An elbow's error goes with its shoulder's (r = 0.8 on the rendered kick).
                error += depth_errors[name.replace("elbow", "shoulder")]
            depth_errors[name] = error
            world[:, 2] += error
            scatter, constant = _PLANE_ERROR_M.get(kind, (0.0, 0.0))
            world[:, :2] += scatter * _lasting_noise(rng, times_s, 2) + constant * rng.standard_normal(2)
        xy[:, BLAZEPOSE_33.index[name]] = place
        xyz[:, BLAZEPOSE_33.index[name]] = world
    return PoseTrack(BLAZEPOSE_33, times_s, xy, np.ones((t, n)), None, xyz)


def ball_at(times_s: FloatArray, rng: np.random.Generator | None = None) -> BallTrack:
    """The true ball at these times, resting until contact and missing once it has left the picture."""
    frames = truth()["frames"]
    flight = [frame for frame in frames if frame["t"] > true_kick().impact_s]
    leaving_s = np.array([true_kick().impact_s, *(frame["t"] for frame in flight)])
    path = np.array([frames[0]["ball_2d"], *(frame["ball_2d"] for frame in flight)])
    xy = np.stack([np.interp(times_s, leaving_s, path[:, axis]) for axis in range(2)], axis=1)
    radius = np.full(len(times_s), BALL_RADIUS_PX)
    if rng is not None:
        xy = xy + rng.normal(0.0, 0.5, xy.shape)
        radius = radius * np.exp(rng.normal(0.0, 0.05))
    out = xy[:, 0] > SIZE_PX[0] + BALL_RADIUS_PX
    xy[out], radius[out] = np.nan, np.nan
    return BallTrack(xy, radius)


def _lasting_noise(rng: np.random.Generator, times_s: FloatArray, width: int) -> FloatArray:
    """Unit noise (t, width) whose correlation falls to 1/e within ``_NOISE_TIME_S``."""
    keep = np.exp(-np.diff(times_s) / _NOISE_TIME_S)
    fresh = rng.standard_normal((len(times_s), width))
    noise = fresh.copy()
    for i, share in enumerate(keep, start=1):
        noise[i] = share * noise[i - 1] + np.sqrt(1.0 - share**2) * fresh[i]
    return noise


def true_knee_deg() -> float:
    """Included angle of the kicking knee at contact, in space."""
    kick = true_kick()
    hip, knee, ankle = (kick.joint(f"right_{part}", np.array(kick.impact_s)) for part in ("hip", "knee", "ankle"))
    thigh, shank = hip - knee, ankle - knee
    return float(np.degrees(np.arccos(thigh @ shank / np.linalg.norm(thigh) / np.linalg.norm(shank))))


def true_values() -> dict[tuple[str, str], float]:
    """What the metrics of ``posedeck.pose.kick.metrics`` are in space, from joints in metres a millisecond apart.

    The scene's x is the direction of the kick, so its x-z plane is sagittal and its y-z plane frontal.
    """
    kick = true_kick()
    impact = kick.impact_s
    when = np.arange(kick.times_s[0], kick.times_s[-1], 0.001)
    before = when[(when > impact - 0.6) & (when < impact)]
    after = when[(when > impact) & (when < impact + 0.7)]
    backswing = float(before[np.argmin(_shank_to_trunk(before))])
    follow = float(after[np.argmax(kick.joint("right_ankle", after)[:, 2])])
    ball = np.array(truth()["frames"][0]["ball_3d_m"])
    foot = np.linalg.norm(kick.joint("left_ankle", np.array(impact)) - ball) / (2 * BALL_RADIUS_M)
    hip = (_thigh_to_trunk(impact) - _thigh_to_trunk(impact - 0.1)) / 0.1
    return {
        ("stepping_foot_position", "before_impact"): float(foot),
        ("stepping_knee_x", "impact"): _down("left_hip", "left_knee", impact)
        - _down("left_knee", "left_ankle", impact),
        ("upper_pelvis_shoulder_y", "before_impact"): _bend(backswing),
        ("upper_pelvis_shoulder_y", "impact"): _bend(follow),
        ("upper_left_shoulder_y", "before_impact"): _abduction(backswing),
        ("upper_left_shoulder_y", "after_impact"): _abduction(follow),
        ("upper_pelvis_shoulder_x", "impact"): _lean(impact),
        ("kick_right_knee_pelvis_x", "before_impact"): float(_shank_to_trunk(np.array([backswing]))[0]),
        ("kick_right_knee_pelvis_x", "after_impact"): float(_shank_to_trunk(np.array([follow]))[0]),
        ("kick_right_hip_x", "impact"): hip,
    }


def _vector(start: str, end: str, when_s: float) -> FloatArray:
    kick = true_kick()
    return kick.joint(end, np.array(when_s)) - kick.joint(start, np.array(when_s))


def _trunk(when_s: float) -> FloatArray:
    trunk: FloatArray = (
        _vector("left_hip", "left_shoulder", when_s) + _vector("right_hip", "right_shoulder", when_s)
    ) / 2
    return trunk


def _down(start: str, end: str, when_s: float) -> float:
    x, _, z = _vector(start, end, when_s)
    return float(np.degrees(np.arctan2(x, -z)))


def _lean(when_s: float) -> float:
    x, _, z = _trunk(when_s)
    return float(np.degrees(np.arctan2(x, z)))


def _shank_to_trunk(when_s: FloatArray) -> FloatArray:
    return np.array([_down("right_knee", "right_ankle", t) + _lean(t) for t in when_s])


def _thigh_to_trunk(when_s: float) -> float:
    return _down("right_hip", "right_knee", when_s) + _lean(when_s)


def _tilt(part: str, when_s: float) -> float:
    line = _vector(f"right_{part}", f"left_{part}", when_s)
    return float(np.degrees(np.arcsin(line[2] / np.linalg.norm(line))))


def _bend(when_s: float) -> float:
    return _tilt("shoulder", when_s) - _tilt("hip", when_s)


def _abduction(when_s: float) -> float:
    arm, trunk = _vector("left_shoulder", "left_elbow", when_s), _trunk(when_s)
    trunk = trunk * [1, 0, 1]
    return float(np.degrees(np.arctan2(arm[1], -(arm @ trunk) / np.linalg.norm(trunk))))
