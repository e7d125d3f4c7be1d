"""What is different between two kicks: values and times against their intervals, and the bodies at contact."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from posedeck.contracts.remo.soccer import Key
from posedeck.pose.kick.analysis import KickAnalysis, KickEvent
from posedeck.pose.pose import FloatArray, Pose
from posedeck.services.soccer import KickMetricResult, KickResult

#: ``inside``: no more than the intervals allow; ``outside``: a real difference; ``unknown``: there is no interval.
Verdict = Literal["inside", "outside", "unknown"]
#: A value with the ends of its 95 % interval.
Interval = tuple[float, float, float]
_TRUNK = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")


@dataclass(frozen=True)
class Delta:
    """A change, second minus first, with the ends of its 95 % interval; None where there is none."""

    value: float | None
    low: float | None
    high: float | None
    verdict: Verdict


@dataclass(frozen=True)
class MetricDelta:
    """One documented value of both kicks."""

    key: Key
    before: KickMetricResult
    after: KickMetricResult
    delta: Delta


@dataclass(frozen=True)
class EventDelta:
    """An event of both kicks in seconds from contact."""

    name: str
    before_s: float
    after_s: float
    delta: Delta


@dataclass(frozen=True, eq=False)
class BodiesAtContact:
    """Both bodies at contact in one frame: hips at the origin, in torso lengths, x to the right, y down.

    Attributes:
        before, after: The poses.
        mirrored: Whether the second was turned to kick the same way.
        distances: By keypoint, how far apart both are in torso lengths, the furthest first.
    """

    before: Pose
    after: Pose
    mirrored: bool
    distances: dict[str, float]


def metric_deltas(before: KickResult, after: KickResult) -> list[MetricDelta]:
    """All twelve values in the order of the vendor's example."""
    pairs = zip(before.metrics, after.metrics, strict=True)
    return [MetricDelta(one.key, one, other, _delta_of(_interval(one), _interval(other))) for one, other in pairs]


def event_deltas(before: KickAnalysis, after: KickAnalysis) -> list[EventDelta]:
    """Plant, backswing and follow-through, counted from contact: clips begin when they like."""
    contacts = (before.event("impact"), after.event("impact"))
    found = []
    for event in before.events:
        if event.name != "impact":
            one, other = _from_contact(event, contacts[0]), _from_contact(after.event(event.name), contacts[1])
            found.append(EventDelta(event.name, one[0], other[0], _delta_of(one, other)))
    return found


def delta(before: Interval, after: Interval) -> Delta:
    """The change from one value to another with its 95 % interval.

    The intervals are joined by the method of variance estimates recovery (Zou and Donner, Statistics in Medicine 27,
    2008), which takes each end's own distance, so lopsided ones are not evened out.
    """
    (one, one_low, one_high), (other, other_low, other_high) = before, after
    change = other - one
    low = change - math.hypot(other - other_low, one_high - one)
    high = change + math.hypot(other_high - other, one - one_low)
    return Delta(change, low, high, "inside" if low <= 0.0 <= high else "outside")


def bodies_at_contact(before: KickResult, after: KickResult) -> BodiesAtContact | None:
    """Both bodies at contact; None when the keypoints of one are not known, or its trunk is not seen."""
    one, other = _at_contact(before), _at_contact(after)
    if one is None or other is None:
        return None
    mirrored = _direction(before) != _direction(after)
    first, second = _in_torsos(one), _in_torsos(other)
    if mirrored:
        second = second * np.array([-1.0, 1.0])
    apart = np.linalg.norm(first - second, axis=1)
    distances = {name: float(d) for name, d in zip(one.skeleton.names, apart, strict=True) if np.isfinite(d)}
    ordered = dict(sorted(distances.items(), key=lambda entry: -entry[1]))
    return BodiesAtContact(one.with_xy(first), other.with_xy(second), mirrored, ordered)


def _delta_of(before: Interval | float | None, after: Interval | float | None) -> Delta:
    if isinstance(before, tuple) and isinstance(after, tuple):
        return delta(before, after)
    values = [each[0] if isinstance(each, tuple) else each for each in (before, after)]
    if values[0] is None or values[1] is None:
        return Delta(None, None, None, "unknown")
    return Delta(values[1] - values[0], None, None, "unknown")


def _interval(metric: KickMetricResult) -> Interval | float | None:
    """The value with its interval, of a range without a value its middle; the bare value where no interval is told."""
    validity = metric.validity
    if validity is None or validity.low is None or validity.high is None:
        return metric.value
    middle = (validity.low + validity.high) / 2 if metric.value is None else metric.value
    return middle, validity.low, validity.high


def _from_contact(event: KickEvent, contact: KickEvent) -> Interval:
    away = event.time_s - contact.time_s
    low = away - math.hypot(event.time_s - event.earliest_s, contact.latest_s - contact.time_s)
    high = away + math.hypot(event.latest_s - event.time_s, contact.time_s - contact.earliest_s)
    return away, low, high


def _at_contact(result: KickResult) -> Pose | None:
    if result.track is None or result.analysis is None:
        return None
    pose = result.track.track().pose(result.analysis.event("impact").frame)
    return pose if pose.has(_TRUNK) else None


def _in_torsos(pose: Pose) -> FloatArray:
    hips = (pose["left_hip"] + pose["right_hip"]) / 2
    placed: FloatArray = (pose.xy_px - hips) / pose.torso_px
    return placed


def _direction(result: KickResult) -> int:
    """+1 when the foot swings to the right of the picture, -1 when to the left."""
    if result.track is None or result.analysis is None:
        return 1
    foot = result.track.track().point(f"{result.analysis.side}_ankle")[:, 0]
    back, through = (result.analysis.event(name).frame for name in ("backswing", "follow_through"))
    return 1 if foot[through] >= foot[back] else -1
