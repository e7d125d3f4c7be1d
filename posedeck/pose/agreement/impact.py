"""What a disagreement changes: posture metrics of both answers, grades that flip, and the joint that causes it."""

import math
from dataclasses import dataclass

from posedeck.pose.capture import faces_front, faces_side
from posedeck.pose.geometry import wrap_deg
from posedeck.pose.grades import Profile
from posedeck.pose.pose import Pose
from posedeck.pose.posture import METRICS, Metric, View


@dataclass(frozen=True)
class MetricDifference:
    """One posture metric in both answers.

    Attributes:
        key: Metric key.
        left_deg, right_deg: Degrees; NaN when a needed point is absent.
        left_grade, right_grade: Grade by the profile; None without a value or a band.
        flips: Whether both have a grade and the grades differ.
        cause: The joint that explains most of the difference, when the grade flips.
        attribution: Degrees of the difference (right minus left) that each joint explains.
    """

    key: str
    left_deg: float
    right_deg: float
    left_grade: int | None
    right_grade: int | None
    flips: bool
    cause: str | None
    attribution: dict[str, float]


def common_view(left: Pose, right: Pose) -> View | None:
    """The view that at least one of two located poses shows and the other does not contradict."""
    front = faces_front(left) or faces_front(right)
    if front == (faces_side(left) or faces_side(right)):
        return None
    return View.FRONT if front else View.SIDE


def compare_metrics(left: Pose, right: Pose, profile: Profile) -> tuple[MetricDifference, ...]:
    """The posture metrics of the view that two located poses show; none when the view cannot be told."""
    view = common_view(left, right)
    return tuple(_compare(metric, left, right, profile) for metric in METRICS if metric.view is view)


def _compare(metric: Metric, left: Pose, right: Pose, profile: Profile) -> MetricDifference:
    values = (metric.measure(left), metric.measure(right))
    grades = (profile.grade(metric.key, values[0]), profile.grade(metric.key, values[1]))
    flips = None not in grades and grades[0] != grades[1]
    difference_deg = wrap_deg(values[1] - values[0])
    attribution = {} if math.isnan(difference_deg) else _attribution(metric, left, right, values)
    cause = _cause(attribution, difference_deg) if flips else None
    return MetricDifference(metric.key, *values, *grades, flips, cause, attribution)


def _attribution(metric: Metric, left: Pose, right: Pose, values: tuple[float, float]) -> dict[str, float]:
    """Leave one joint out: how far the metric moves when one joint is taken from the other side.

    The mean of taking it from right into left and from left into right, so that exchanging the sides only changes the
    sign. Joints whose exchange leaves no measurable line are not in it.
    """
    explained = {}
    for name in metric.keypoints:
        if not (left.has((name,)) and right.has((name,))):
            continue
        moves = (
            wrap_deg(_with_joint_of(metric, left, right, name) - values[0]),
            wrap_deg(values[1] - _with_joint_of(metric, right, left, name)),
        )
        match [move for move in moves if not math.isnan(move)]:
            case [forth, back]:
                # Of two angles the mean is taken along the shorter way round.
                explained[name] = wrap_deg(forth + wrap_deg(back - forth) / 2.0)
            case [only]:
                explained[name] = only
    return explained


def _with_joint_of(metric: Metric, pose: Pose, donor: Pose, name: str) -> float:
    x, y = donor[name]
    return metric.measure(pose.with_points({name: (float(x), float(y))}))


def _cause(attribution: dict[str, float], difference_deg: float) -> str | None:
    towards = {name: math.copysign(1.0, difference_deg) * share for name, share in attribution.items()}
    best = max(towards, key=towards.__getitem__, default=None)
    return best if best is not None and towards[best] > 0 else None
