"""People who do not kick, from models of motion: a walk, a leg that swings, somebody who stands."""

from collections.abc import Callable

import numpy as np

from posedeck.pose.kick.motion import KICK_SIGMA_TORSO, OTHER_KICK_SIGMA_TORSO
from posedeck.pose.pose import FloatArray
from posedeck.pose.skeleton import BLAZEPOSE_33
from posedeck.pose.track import PoseTrack

_TORSO_M, _THIGH_M, _SHANK_M = 0.50, 0.42, 0.42
_PX_PER_M = 140.0
#: Angles (t,) in degrees of hip (flexion against the upright) and knee (flexion) of the right leg, or of the left.
LegAngles = Callable[[FloatArray, bool], tuple[FloatArray, FloatArray]]
#: How the legs move, and how fast the person gets on in m/s.
Motion = tuple[LegAngles, float]


def walk(stride_s: float = 1.1, speed_m_s: float = 1.4) -> Motion:
    """Level walking. Hip and knee over the stride as in textbooks of gait: the hip swings between 30 degrees of flexion
    and 10 of extension, the knee bends by 16 after contact and by 62 in the swing, at 73 % of the stride.

    A stride of 1.1 s and 1.4 m/s are a comfortable walk, 0.85 s and 2.2 m/s as fast as people walk before they run.
    """

    def angles(when_s: FloatArray, right: bool) -> tuple[FloatArray, FloatArray]:
        share = (when_s / stride_s + (0.5 if right else 0.0)) % 1.0
        hip = 10.0 + 20.0 * np.cos(2 * np.pi * (share - 0.9))
        knee = 4.0 + 12.0 * _bump(share, 0.14, 0.07) + 58.0 * _bump(share, 0.73, 0.105)
        return hip, knee

    return angles, speed_m_s


def leg_swing(reach_deg: float = 45.0, period_s: float = 1.2) -> Motion:
    """One leg that swings to and fro as a pendulum, its knee giving way a little, while the other stands."""

    def angles(when_s: FloatArray, right: bool) -> tuple[FloatArray, FloatArray]:
        if not right:
            return np.zeros(len(when_s)), np.full(len(when_s), 5.0)
        turn = 2 * np.pi * when_s / period_s
        return reach_deg * np.sin(turn), 15.0 + 15.0 * np.cos(turn)

    return angles, 0.0


def standing() -> Motion:
    """Somebody who stands."""
    return lambda when_s, _: (np.zeros(len(when_s)), np.full(len(when_s), 3.0)), 0.0


def person(times_s: FloatArray, motion: Motion, rng: np.random.Generator) -> PoseTrack:
    """The person from the side, walking to image right, with the scatter of a pose model in a kick."""
    angles, speed_m_s = motion
    t, n = len(times_s), len(BLAZEPOSE_33)
    world = np.full((t, n, 3), np.nan)
    for side, depth_m in (("left", 0.1), ("right", -0.1)):
        hip, knee = (np.radians(each) for each in angles(times_s, side == "right"))
        places = {"hip": np.stack([speed_m_s * times_s, np.zeros(t), np.full(t, depth_m)], axis=1)}
        places["knee"] = places["hip"] + _THIGH_M * _direction(hip)
        places["ankle"] = places["knee"] + _SHANK_M * _direction(hip - knee)
        places["shoulder"] = places["hip"] - [0.0, _TORSO_M, 0.0]
        places["elbow"] = places["shoulder"] + [0.0, 0.28, 0.0]
        for part, place in places.items():
            world[:, BLAZEPOSE_33.index[f"{side}_{part}"]] = place
    picture = world[..., :2] * _PX_PER_M + [60.0, 220.0]
    for name, index in BLAZEPOSE_33.index.items():
        sigma_m = KICK_SIGMA_TORSO.get(name.split("_")[-1], OTHER_KICK_SIGMA_TORSO) * _TORSO_M
        picture[:, index] += rng.normal(0.0, sigma_m * _PX_PER_M, (t, 2))
    return PoseTrack(BLAZEPOSE_33, times_s, picture, np.ones((t, n)), None, world)


def _bump(share: FloatArray, middle: float, width: float) -> FloatArray:
    apart = (share - middle + 0.5) % 1.0 - 0.5
    return np.asarray(np.exp(-0.5 * (apart / width) ** 2))


def _direction(from_down: FloatArray) -> FloatArray:
    """Unit vectors (t, 3) at an angle in radians forward of straight down."""
    return np.stack([np.sin(from_down), np.cos(from_down), np.zeros(len(from_down))], axis=1)
