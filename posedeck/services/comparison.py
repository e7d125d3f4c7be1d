"""Two results of one person: what got nearer to normal, what got further, and what the photos cannot tell.

Normal is the profile's normal band of a metric when both results were graded by the same band; else 0 degrees (level,
straight, upright), since two rulers cannot measure one change. A deviation is the distance to it, so that a change
within normal is neither better nor worse. A change counts when it exceeds the 95 % interval of the difference of both
values, their errors taken as independent. That is cautious: the part of an error that a body brings along is the same
in both photos.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from posedeck.pose.grades import Bands
from posedeck.pose.posture import METRICS, Metric
from posedeck.pose.uncertainty import Z_95, Estimate
from posedeck.services.saved import SavedMetric, SavedResult

_NO_BAND = (0.0, 0.0)


class Verdict(StrEnum):
    """What became of a metric."""

    IMPROVED = "improved"
    WORSENED = "worsened"
    UNCHANGED = "unchanged"
    """No measurable change."""
    SHIFTED = "shifted"
    """A measurable change that is neither: within normal, or as far off to the other side."""
    UNKNOWN = "unknown"
    """Not measured in both."""


class Caveat(StrEnum):
    """Why two results are not like for like."""

    SAME = "same"
    """It is one result, compared with itself."""
    ORDER = "order"
    """What is called before was answered later."""
    SOURCE = "source"
    ENGINE = "engine"
    PROFILE = "profile"
    CALIBRATION = "calibration"
    ROLL = "roll"
    """The camera or the whole body is turned otherwise, which turns every frontal line."""
    CORRECTED = "corrected"
    """Keypoints were moved by hand in only one."""


@dataclass(frozen=True)
class MetricChange:
    """One metric before and after.

    Attributes:
        before, after: None when the result does not hold the metric.
        change: After minus before in degrees, with the uncertainty of the difference; None unless both were measured.
        deviation_change: Degrees by which the distance to normal grew; negative is better.
    """

    metric: Metric
    before: SavedMetric | None
    after: SavedMetric | None
    change: Estimate | None = None
    deviation_change: float = 0.0

    @property
    def margin_deg(self) -> float:
        """Half the 95 % interval of the difference in degrees: the smallest change that counts."""
        return Z_95 * self.change.sigma if self.change else math.inf

    @property
    def verdict(self) -> Verdict:
        """Better, worse, or neither."""
        if self.change is None:
            return Verdict.UNKNOWN
        if abs(self.deviation_change) > self.margin_deg:
            return Verdict.IMPROVED if self.deviation_change < 0 else Verdict.WORSENED
        return Verdict.SHIFTED if abs(self.change.value) > self.margin_deg else Verdict.UNCHANGED

    @property
    def effect(self) -> float:
        """Change of the deviation in standard deviations of the difference; negative is better, 0 when unknown."""
        if self.change is None or self.deviation_change == 0:
            return 0.0
        if self.change.sigma == 0:
            return math.copysign(math.inf, self.deviation_change)
        return self.deviation_change / self.change.sigma

    @property
    def grade_changed(self) -> bool:
        """Whether the grades are known and differ."""
        grades = {entry.grade for entry in (self.before, self.after) if entry is not None}
        return len(grades) == 2 and None not in grades


@dataclass(frozen=True)
class Comparison:
    """Two results side by side.

    Attributes:
        changes: All metrics, the most improved first, the most worsened last, those not measured in both at the end.
        caveats: Why the values are not comparable like with like; empty when they are.
    """

    before: SavedResult
    after: SavedResult
    changes: tuple[MetricChange, ...]
    caveats: tuple[Caveat, ...]


def compare(before: SavedResult, after: SavedResult) -> Comparison:
    """Compare two results of one person."""
    changes = [_change(metric, before, after) for metric in METRICS]
    changes.sort(key=lambda change: (change.verdict is Verdict.UNKNOWN, change.effect))
    return Comparison(before, after, tuple(changes), tuple(_caveats(before, after)))


def _change(metric: Metric, before: SavedResult, after: SavedResult) -> MetricChange:
    one, other = before.metric(metric.key), after.metric(metric.key)
    old, new = (None if entry is None else entry.estimate for entry in (one, other))
    if old is None or new is None:
        return MetricChange(metric, one, other)
    bands = before.profile.bands.get(metric.key)
    low, high = _normal(bands) if bands == after.profile.bands.get(metric.key) else _NO_BAND
    return MetricChange(
        metric,
        one,
        other,
        change=Estimate(new.value - old.value, math.hypot(old.sigma, new.sigma)),
        deviation_change=_distance(new.value, low, high) - _distance(old.value, low, high),
    )


def _normal(bands: Bands | None) -> tuple[float, float]:
    """Ends of the normal band in degrees; infinite where it is open."""
    if bands is None or 0 not in bands.grades:
        return _NO_BAND
    ends = pairwise((-math.inf, *bands.edges, math.inf))
    normal = [end for end, grade in zip(ends, bands.grades, strict=True) if grade == 0]
    return normal[0][0], normal[-1][1]


def _distance(value: float, low: float, high: float) -> float:
    return max(low - value, value - high, 0.0)


def _caveats(before: SavedResult, after: SavedResult) -> Iterator[Caveat]:
    if (before.uuid, before.answered_at) == (after.uuid, after.answered_at):
        yield Caveat.SAME
    if before.answered_at > after.answered_at:
        yield Caveat.ORDER
    if before.source.kind is not after.source.kind:
        yield Caveat.SOURCE
    elif _engine(before) != _engine(after):
        yield Caveat.ENGINE
    if before.profile != after.profile:
        yield Caveat.PROFILE
    if before.calibration != after.calibration:
        yield Caveat.CALIBRATION
    if _rolled(before, after):
        yield Caveat.ROLL
    if any(entry.corrected for entry in before.metrics) != any(entry.corrected for entry in after.metrics):
        yield Caveat.CORRECTED


def _engine(result: SavedResult) -> tuple[object, ...] | None:
    method = result.method
    return None if method is None else (method.engine, method.models, method.passes)


def _rolled(before: SavedResult, after: SavedResult) -> bool:
    one, other = before.common_mode, after.common_mode
    if one is None or other is None:
        return False
    return abs(other.value_deg - one.value_deg) > Z_95 * math.hypot(one.sigma_deg, other.sigma_deg)
