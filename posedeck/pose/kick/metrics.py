"""The nine documented metrics of a kick, for a right-footed kick (a left-footed one is mirrored first).

The vendor describes each metric in a sentence and publishes no axes. The sentences fit one reading, used here: ``x``
is flexion in the sagittal plane, ``y`` is inclination in the frontal plane, and "knee" names the shank below it (a knee
that reads -90 degrees at the backswing and +80 at the finish is a shank seen from the pelvis, not a knee joint).
Sagittal means the vertical plane of the kick, frontal the vertical plane square to it. "Left" is the support side.

Frontal inclinations of the shoulder line, the hip line and the arm can be told from the side too: a line that points
along the line of sight shows its tilt fully, ``sin(tilt) = height difference / true length``. A shank stands
upright, so its lean towards the camera is the small difference of two long lengths and is withheld from the side.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from posedeck.pose.kick.knee import LEG, included_deg
from posedeck.pose.kick.motion import View, unfolded_deg
from posedeck.pose.kick.scene import Scene
from posedeck.pose.pose import FloatArray

#: Positions (d, 2) in pixels by keypoint, and (d, 3) in metres under its name with ``WORLD`` behind.
Points = Mapping[str, FloatArray]
WORLD = "_m"
EventName = Literal["plant", "backswing", "impact", "follow_through"]
Unit = Literal["deg", "deg_s", "ball_diameters"]

#: The hip's velocity is the mean over this time before contact: a momentary one is beyond ordinary frame rates.
HIP_WINDOW_S = 0.10

_LEGS = ("left_hip", "left_knee", "left_ankle", "right_hip", "right_knee", "right_ankle")
_KICKING_LEG = tuple(f"right_{part}" for part in LEG)
_TRUNK = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")


def _middle(points: Points, part: str) -> FloatArray:
    return (points[f"left_{part}"] + points[f"right_{part}"]) / 2


def _wrap(angle: FloatArray) -> FloatArray:
    wrapped: FloatArray = (angle + 180.0) % 360.0 - 180.0
    return wrapped


def _from_down_deg(scene: Scene, vector: FloatArray) -> FloatArray:
    """Angle of a vector (d, 2) against straight down in the sagittal plane, + forward."""
    return np.asarray(np.degrees(np.arctan2(scene.facing * vector[..., 0], vector[..., 1])))


def _trunk_lean_deg(scene: Scene, points: Points) -> FloatArray:
    trunk = _middle(points, "shoulder") - _middle(points, "hip")
    return np.degrees(np.arctan2(scene.facing * trunk[..., 0], -trunk[..., 1]))


def _line_tilt_deg(scene: Scene, points: Points, part: str) -> FloatArray:
    """Frontal tilt of the left-right line of a part, + with the left end higher."""
    left, right = points[f"left_{part}"], points[f"right_{part}"]
    rise = right[..., 1] - left[..., 1]
    if scene.view == "front":
        return np.asarray(np.degrees(np.arctan2(rise, np.abs(left[..., 0] - right[..., 0]))))
    # Of two points at one height the further one is drawn nearer to the picture's middle.
    height = scene.centre_px[1] - (left[..., 1] + right[..., 1]) / 2
    seen = np.degrees(np.arcsin(np.clip(rise / scene.lengths_px[part], -1.0, 1.0)))
    return np.asarray(seen + scene.facing * np.degrees(np.arctan(height / scene.focal_px)))


def foot_position(scene: Scene, moments: Sequence[Points]) -> FloatArray:
    """Distance from support ankle to ball centre over the ball's diameter, in the last frame before contact.

    Ideal 1.5 (vendor). The part along the line of sight is not seen; published foot placements stand in for it and
    widen the interval, so that the value is withheld where that part would decide it.
    """
    away = np.hypot(*np.moveaxis(moments[0]["left_ankle"] - scene.ball_px, -1, 0))
    return np.asarray(np.hypot(away / (2.0 * scene.ball_radius_px), scene.unseen_diameters))


def _shank_lean_deg(scene: Scene, shank: FloatArray, outward: int) -> FloatArray:
    side = scene.facing if scene.view == "side" else 1
    return np.degrees(np.arctan2(outward * side * shank[..., 0], shank[..., 1])) + scene.roll_deg


def support_shank_lean(scene: Scene, moments: Sequence[Points]) -> FloatArray:
    """Frontal lean of the support shank against the upright at impact, + with the ankle outwards of the knee.

    The vendor asks for 45 degrees to the ground. Needs a camera in front or behind.
    """
    return _shank_lean_deg(scene, moments[0]["left_ankle"] - moments[0]["left_knee"], 1)


def kicking_shank_lean(scene: Scene, moments: Sequence[Points]) -> FloatArray:
    """Frontal lean of the kicking shank against the upright at impact, + with the ankle outwards of the knee.

    The vendor asks for 45 degrees to the ground. Needs a camera in front or behind.
    """
    return _shank_lean_deg(scene, moments[0]["right_ankle"] - moments[0]["right_knee"], -1)


def support_knee_flexion(scene: Scene, moments: Sequence[Points]) -> FloatArray:
    """Flexion of the support knee in the sagittal plane at impact: 0 when straight, + when bent.

    Included angles of 135 to 141 degrees are published, a flexion of 39 to 45 (Scurr & Hall 2009, table 2).
    """
    p = moments[0]
    thigh = _from_down_deg(scene, p["left_knee"] - p["left_hip"])
    shank = _from_down_deg(scene, p["left_ankle"] - p["left_knee"])
    return _wrap(thigh - shank)


def lateral_bend(scene: Scene, moments: Sequence[Points]) -> FloatArray:
    """Frontal tilt of the shoulder line against the hip line, + with the support-side shoulder higher.

    The vendor asks for more than 0 at the backswing and less than 0 after impact.
    """
    return _line_tilt_deg(scene, moments[0], "shoulder") - _line_tilt_deg(scene, moments[0], "hip")


def _arm_in_depth_px(scene: Scene, arm: FloatArray) -> FloatArray:
    """How far (d,) the upper arm (d, 2) reaches out along the line of sight: what two ways to tell it say together.

    An arm of known length that looks short reaches in or out by the rest, which is sharp while the arm points at the
    camera and says next to nothing when it lies in the picture: there a small error of its ends is a large one of the
    rest. World landmarks tell the depth itself, equally badly everywhere. Each weighs by the inverse of its variance
    (first order).
    """
    length, seen = scene.lengths_px["upper_arm"], np.hypot(arm[..., 0], arm[..., 1])
    rest = np.sqrt(np.maximum(length**2 - seen**2, 0.0))
    # Of the rest, times its own length: from the arm's ends and from its length.
    spread = np.hypot(seen * scene.arm_ends_sigma_px, length * scene.length_spread * length)
    ours, theirs = rest**2 * scene.arm_out_sigma_px**2, spread**2
    weight = ours / (ours + theirs)
    return np.asarray(weight * np.sign(scene.arm_out_px) * rest + (1.0 - weight) * scene.arm_out_px)


def arm_abduction(scene: Scene, moments: Sequence[Points]) -> FloatArray:
    """Frontal angle of the support-side upper arm against the trunk: 0 hanging, + away from the body, - across it.

    The vendor asks for more than 60 at the backswing and less than 0 after impact.
    """
    p = moments[0]
    arm = p["left_elbow"] - p["left_shoulder"]
    trunk = _middle(p, "shoulder") - _middle(p, "hip")
    down = -np.sum(arm * trunk, axis=-1) / np.hypot(trunk[..., 0], trunk[..., 1])
    if scene.view == "front":
        outward = arm[..., 0] * np.sign(p["left_shoulder"][..., 0] - p["right_shoulder"][..., 0])
    else:
        outward = _arm_in_depth_px(scene, arm)
    return np.asarray(np.degrees(np.arctan2(outward, down)))


def trunk_lean(scene: Scene, moments: Sequence[Points]) -> FloatArray:
    """Lean of the line from mid-hip to mid-shoulder against the upright in the sagittal plane at impact, + forward.

    The vendor asks for more than 0: the centre of mass moves forward.
    """
    return _trunk_lean_deg(scene, moments[0]) + scene.roll_deg


def kicking_shank(scene: Scene, moments: Sequence[Points]) -> FloatArray:
    """Angle of the kicking shank against the trunk in the sagittal plane: 0 in line with it, - behind, + in front.

    The pelvis has no sagittal axis on a skeleton of keypoints, so the trunk stands for it. The vendor asks for about
    -90 at the backswing and 80 at the finish.
    """
    p = moments[0]
    return unfolded_deg(_from_down_deg(scene, p["right_ankle"] - p["right_knee"]) + _trunk_lean_deg(scene, p))


def hip_velocity(scene: Scene, moments: Sequence[Points]) -> FloatArray:
    """Mean angular velocity of the kicking hip, thigh against trunk, over the 0.1 s before contact; + in flexion.

    "The faster, the faster the kick" (vendor). Nothing after contact is used.
    """
    start, end = (_from_down_deg(scene, p["right_knee"] - p["right_hip"]) + _trunk_lean_deg(scene, p) for p in moments)
    return _wrap(end - start) / HIP_WINDOW_S


def kicking_knee(scene: Scene, moments: Sequence[Points]) -> FloatArray:
    """Included angle of the kicking knee at contact, 180 straight; how it is read is said in ``knee``.

    156.2 (10.1) degrees are published (Scurr & Hall 2009, table 2).
    """
    p = moments[0]
    picture = included_deg(*(p[name] for name in _KICKING_LEG))
    if not scene.leg_in_space:
        return picture
    return (picture + included_deg(*(p[name + WORLD] for name in _KICKING_LEG))) / 2.0


@dataclass(frozen=True)
class KickMetric:
    """One value of the documented result.

    Attributes:
        key: The metric's documented name.
        phase: The documented phase under it.
        unit: Degrees, degrees per second or ball diameters.
        event: The event at which it is taken.
        keypoints: What it is computed from.
        views: Camera positions from which it can be told at all.
        measure: The formula, vectorised over draws.
        tolerance: Half-width of the 95 % interval up to which a value is simply reported.
        limit: Half-width above which it is withheld.
        offsets_s: Times of the needed poses, relative to the event.
        needs_ball, needs_depth_from: What it cannot be told without, the latter by camera position.
        world: Whether it is computed from world landmarks too.
    """

    key: str
    phase: str
    unit: Unit
    event: EventName
    keypoints: tuple[str, ...]
    views: frozenset[View]
    measure: Callable[[Scene, Sequence[Points]], FloatArray]
    tolerance: float
    limit: float
    offsets_s: tuple[float, ...] = (0.0,)
    needs_ball: bool = False
    needs_depth_from: frozenset[View] = frozenset()
    world: bool = False


_SIDE: frozenset[View] = frozenset({"side"})
_FRONT: frozenset[View] = frozenset({"front"})
_EITHER = _SIDE | _FRONT
_ARM = (*_TRUNK, "left_elbow")
_SWUNG = (*_TRUNK, "right_knee", "right_ankle")


def _bend(phase: str, event: EventName) -> KickMetric:
    key = "upper_pelvis_shoulder_y"
    return KickMetric(key, phase, "deg", event, _TRUNK, _EITHER, lateral_bend, 8, 25, needs_depth_from=_SIDE)


def _abduction(phase: str, event: EventName) -> KickMetric:
    key = "upper_left_shoulder_y"
    return KickMetric(key, phase, "deg", event, _ARM, _EITHER, arm_abduction, 15, 45, needs_depth_from=_SIDE)


def _swung(phase: str, event: EventName) -> KickMetric:
    return KickMetric("kick_right_knee_pelvis_x", phase, "deg", event, _SWUNG, _SIDE, kicking_shank, 8, 25)


#: In the order of the vendor's example.
METRICS: tuple[KickMetric, ...] = (
    KickMetric(
        "stepping_foot_position",
        "before_impact",
        "ball_diameters",
        "impact",
        ("left_ankle",),
        _EITHER,
        foot_position,
        tolerance=0.25,
        limit=0.6,
        needs_ball=True,
    ),
    KickMetric("stepping_knee_global_y", "impact", "deg", "impact", _LEGS, _FRONT, support_shank_lean, 8, 20),
    KickMetric("stepping_knee_x", "impact", "deg", "impact", _LEGS, _SIDE, support_knee_flexion, 8, 20),
    _bend("before_impact", "backswing"),
    _bend("impact", "follow_through"),
    _abduction("before_impact", "backswing"),
    _abduction("after_impact", "follow_through"),
    KickMetric("upper_pelvis_shoulder_x", "impact", "deg", "impact", _TRUNK, _SIDE, trunk_lean, 5, 15),
    _swung("before_impact", "backswing"),
    _swung("after_impact", "follow_through"),
    KickMetric("impact_right_knee_global_y", "impact", "deg", "impact", _LEGS, _FRONT, kicking_shank_lean, 8, 20),
    KickMetric(
        "kick_right_hip_x",
        "impact",
        "deg_s",
        "impact",
        (*_TRUNK, "right_knee"),
        _SIDE,
        hip_velocity,
        tolerance=50,
        limit=200,
        offsets_s=(-HIP_WINDOW_S, 0.0),
    ),
)

#: Beside the documented ones: what coaches ask for first. Judged like the support knee.
KICKING_KNEE = KickMetric(
    "kicking_knee", "impact", "deg", "impact", _KICKING_LEG, _SIDE, kicking_knee, tolerance=8, limit=20, world=True
)
