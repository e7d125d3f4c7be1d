"""Drawings for the reference guide: a mannequin with each metric's line, bent far enough that the sign can be seen."""

from collections.abc import Callable, Sequence
from html import escape

import numpy as np

from posedeck.pose.geometry import rotate, wrap_deg
from posedeck.pose.lines import MetricLine, metric_lines
from posedeck.pose.pose import FloatArray, Pose
from posedeck.pose.posture import Metric, View, c7_px
from posedeck.pose.skeleton import BLAZEPOSE_33
from posedeck.texts import Texts

#: Size of one figure in the drawing's units; the caption stands below it.
_WIDTH, _HEIGHT, _CAPTION = 220, 410, 30
#: Degrees that a figure is bent by; the neck of an upright person already leans forward.
_SHOWN = {"turtle_neck": (48.0, -14.0), "body_tilt": (9.0, -9.0), "side_body_tilt": (9.0, -9.0)}
_SHOWN_ELSE = (16.0, -16.0)
# Middle tones, so that they show on a light and on a dark page.
_MEASURED = "#d2449c"

_HEAD = ("nose", "left_eye", "right_eye", "left_ear", "right_ear")
_ARMS = ("left_elbow", "right_elbow", "left_wrist", "right_wrist")
_SHOULDERS, _HIPS = ("left_shoulder", "right_shoulder"), ("left_hip", "right_hip")
_KNEES, _ANKLES = ("left_knee", "right_knee"), ("left_ankle", "right_ankle")
_UPPER = (*_HEAD, *_SHOULDERS, *_ARMS)

_LIMBS = (
    ("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle"), ("ankle", "foot_index"),
)  # fmt: skip

#: Half of a level, symmetric person from the front: distance from the middle, and height.
_FRONT_HALF = {
    "eye": (8, 42), "ear": (19, 45), "shoulder": (38, 100), "elbow": (52, 160), "wrist": (60, 216), "hip": (20, 210),
    "knee": (22, 292), "ankle": (22, 372), "foot_index": (30, 390),
}  # fmt: skip
#: An upright person in profile who faces image right; left and right lie on top of each other.
_PROFILE = {
    "eye": (123, 45), "ear": (99, 48), "shoulder": (102, 102), "elbow": (101, 162), "wrist": (108, 216),
    "hip": (106, 210), "knee": (106, 292), "ankle": (102, 372), "foot_index": (128, 390),
}  # fmt: skip
_NOSE = {View.FRONT: (_WIDTH / 2, 52), View.SIDE: (136, 56)}


def guide_svg(metric: Metric, t: Texts) -> str:
    """An SVG of two figures, with a positive and a negative value of the metric, captioned in the language of ``t``.

    Ink is the text colour of the page (``currentColor``).
    """
    figures = []
    for place, (sign, word) in enumerate((("+", "positive"), ("−", "negative"))):
        caption = f"{sign} {t(f'metric.{metric.key}.{word}')}"
        pose = shown_pose(metric, positive=word == "positive")
        figures.append(f'<g transform="translate({place * _WIDTH} 0)">{_figure(metric, pose, caption, t)}</g>')
    label = t("guide.drawing", name=t(f"metric.{metric.key}.name"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * _WIDTH} {_HEIGHT + _CAPTION}" role="img" '
        f'aria-label="{escape(label)}" fill="none" stroke-linecap="round" '
        f'stroke-linejoin="round">{"".join(figures)}</svg>'
    )


def shown_pose(metric: Metric, *, positive: bool) -> Pose:
    """The mannequin with a clearly positive or negative value of the metric, in the drawing's units."""
    upright = _mannequin(metric.view)
    target = _SHOWN.get(metric.key, _SHOWN_ELSE)[0 if positive else 1]
    return _BEND[metric.key](upright, target - metric.measure(upright))


def _mannequin(view: View) -> Pose:
    points: dict[str, tuple[float, float]] = {"nose": _NOSE[view]}
    for side, outward in (("left", 1), ("right", -1)):
        if view is View.FRONT:
            points |= {f"{side}_{name}": (_WIDTH / 2 + outward * x, y) for name, (x, y) in _FRONT_HALF.items()}
        else:
            points |= {f"{side}_{name}": (float(x), float(y)) for name, (x, y) in _PROFILE.items()}
    n = len(BLAZEPOSE_33)
    return Pose(BLAZEPOSE_33, np.full((n, 2), np.nan), np.full(n, np.nan)).with_points(points)


def _turned(pose: Pose, names: Sequence[str], angle_deg: float, centre: FloatArray) -> Pose:
    indices = pose.skeleton.indices(names)
    xy = pose.xy_px.copy()
    xy[indices] = rotate(xy[indices], angle_deg, centre)
    return pose.with_xy(xy)


def _about_middle(joints: Sequence[str], *also: str) -> Callable[[Pose, float], Pose]:
    return lambda pose, angle: _turned(pose, (*joints, *also), angle, pose.middle(*joints))


def _shoulders(pose: Pose, angle: float) -> Pose:
    # The arms hang from the shoulders; they do not turn with them.
    bent = _turned(pose, _SHOULDERS, angle, pose.middle(*_SHOULDERS))
    hung = {name: bent[_shoulder_of(name)] - pose[_shoulder_of(name)] + pose[name] for name in _ARMS}
    return bent.with_points({name: (x, y) for name, (x, y) in hung.items()})


def _shoulder_of(name: str) -> str:
    return f"{name.split('_')[0]}_shoulder"


def _leg(side: str, outward: float) -> Callable[[Pose, float], Pose]:
    def bend(pose: Pose, angle: float) -> Pose:
        # Both halves of the leg are about equally long, so the knee turns it by half the angle on either side.
        hip, knee, ankle = (pose[f"{side}_{joint}"] for joint in ("hip", "knee", "ankle"))
        x = (hip[0] + ankle[0]) / 2 + outward * np.tan(np.radians(angle / 2)) * (ankle[1] - hip[1]) / 2
        return pose.with_points({f"{side}_knee": (float(x), float(knee[1]))})

    return bend


def _forward(names: Sequence[str], centre: Callable[[Pose], FloatArray]) -> Callable[[Pose, float], Pose]:
    # The profile faces image right, where forward is clockwise.
    return lambda pose, angle: _turned(pose, names, -angle, centre(pose))


_BEND: dict[str, Callable[[Pose, float], Pose]] = {
    "head_tilt": lambda pose, angle: _turned(pose, _HEAD, angle, pose.middle(*_SHOULDERS)),
    "shoulder_tilt": _shoulders,
    "pelvis_tilt": _about_middle(_HIPS),
    "knee_tilt": _about_middle(_KNEES),
    "body_tilt": lambda pose, angle: _turned(pose, (*_UPPER, *_HIPS, *_KNEES), angle, pose.middle(*_ANKLES)),
    "left_leg": _leg("left", 1.0),
    "right_leg": _leg("right", -1.0),
    "turtle_neck": _forward(_HEAD, c7_px),
    "round_shoulder": _forward(_UPPER, lambda pose: pose.middle(*_HIPS)),
    "side_body_tilt": _forward((*_UPPER, *_HIPS, *_KNEES), lambda pose: pose.middle(*_ANKLES)),
    "side_head_tilt": _forward(_HEAD, lambda pose: pose.middle("left_ear", "right_ear")),
}


def _figure(metric: Metric, pose: Pose, caption: str, t: Texts) -> str:
    line = next(line for line in metric_lines(pose, metric.view) if line.metric_key == metric.key)
    middle = _WIDTH / 2
    text = f'<text x="{middle}" y="{_HEIGHT + 18}" text-anchor="middle" font-size="15" fill="currentColor">'
    parts = [_body(pose, metric.view), _measured(line), f"{text}{escape(caption)}</text>"]
    if metric.view is View.FRONT:
        for side, x in (("right", 44), ("left", _WIDTH - 44)):
            word = escape(t(f"guide.drawing.{side}"))
            parts.append(f'<text x="{x}" y="394" text-anchor="middle" font-size="14" fill="currentColor">{word}</text>')
    return "".join(parts)


def _body(pose: Pose, view: View) -> str:
    limbs = [(f"{side}_{a}", f"{side}_{b}") for side in ("left", "right") for a, b in _LIMBS]
    parts = [_path((pose[a], pose[b]), 13) for a, b in limbs]
    shoulders, hips = pose.middle(*_SHOULDERS), pose.middle(*_HIPS)
    parts.append(_path((shoulders, pose.middle("left_ear", "right_ear")), 15))
    if view is View.FRONT:
        corners = ("right_shoulder", "left_shoulder", "left_hip", "right_hip")
        parts.append(_path([pose[name] for name in corners], 16, closed=True))
    else:
        parts.append(_path((shoulders, hips), 36))
    # One group: where limbs overlap, the figure must not get darker.
    return f'<g opacity="0.26" stroke="currentColor">{"".join(parts)}{_head(pose, view)}</g>'


def _head(pose: Pose, view: View) -> str:
    centre = pose.middle("left_ear", "right_ear", "left_eye", "right_eye")
    if view is View.FRONT:
        (dx, dy), radii = pose["left_ear"] - pose["right_ear"], (21, 27)
    else:
        (dx, dy), radii = pose["left_eye"] - pose["left_ear"], (23, 26)
    angle = wrap_deg(float(np.degrees(np.arctan2(dy, dx))))
    x, y = centre
    nose = _path((centre, pose["nose"]), 9) if view is View.SIDE else ""
    return (
        f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{radii[0]}" ry="{radii[1]}" fill="currentColor" stroke="none" '
        f'transform="rotate({angle:.1f} {x:.1f} {y:.1f})"/>{nose}'
    )


def _measured(line: MetricLine) -> str:
    joints = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{_MEASURED}"/>' for x, y in line.points)
    reference = _track(line.reference)
    return (
        f'<path d="{reference}" stroke="currentColor" stroke-width="2" stroke-dasharray="1 6"/>'
        f'<path d="{_track(line.points)}" stroke="{_MEASURED}" stroke-width="4"/>{joints}'
    )


def _path(points: Sequence[FloatArray], width: float, *, closed: bool = False) -> str:
    fill = ' fill="currentColor"' if closed else ""
    return f'<path d="{_track(points)}{"Z" if closed else ""}" stroke-width="{width}"{fill}/>'


def _track(points: Sequence[FloatArray] | FloatArray) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
