"""The vendor's published bands of full marks and the points below them."""

import math
from collections.abc import Iterable

import msgspec

FULL_MARKS = 10
#: With fewer scored values there is no total.
LEAST_SCORED = 4
_PRINTED_DECIMALS = 3


class Band(msgspec.Struct, frozen=True):
    """Where a value earns full marks.

    Attributes:
        low, high: Ends of the band; None when it is open on that side.
        step: Each begun step outside the band costs one point.
        inclusive: Whether the ends themselves earn full marks.
        unsigned: Whether the sign of the value is ignored: it only tells to which side a leg leans.
    """

    low: float | None
    high: float | None
    step: float
    inclusive: bool = True
    unsigned: bool = False

    def points(self, value: float) -> int:
        """Points 0..10 of a value, which is rounded as printed first."""
        printed = round(abs(value) if self.unsigned else value, _PRINTED_DECIMALS)
        below = self.low - printed if self.low is not None else -math.inf
        above = printed - self.high if self.high is not None else -math.inf
        outside = max(below, above)
        if outside < 0 or (outside == 0 and self.inclusive):
            return FULL_MARKS
        # Rounded so that 1.8 is one step of 0.1 above 1.7, whatever the binary fraction says.
        steps = max(1, math.ceil(round(outside / self.step, 6)))
        return max(0, FULL_MARKS - steps)


#: By metric and documented phase (the vendor's page of September 2024).
BANDS: dict[tuple[str, str], Band] = {
    ("stepping_foot_position", "before_impact"): Band(1.3, 1.7, 0.1),
    ("stepping_knee_global_y", "impact"): Band(42, 48, 1, unsigned=True),
    ("stepping_knee_x", "impact"): Band(40, 60, 1),
    ("upper_pelvis_shoulder_y", "before_impact"): Band(0, None, 1, inclusive=False),
    ("upper_pelvis_shoulder_y", "impact"): Band(None, 0, 1, inclusive=False),
    ("upper_left_shoulder_y", "before_impact"): Band(60, None, 1, inclusive=False),
    ("upper_left_shoulder_y", "after_impact"): Band(None, 0, 1, inclusive=False),
    ("upper_pelvis_shoulder_x", "impact"): Band(0, None, 1, inclusive=False),
    ("kick_right_knee_pelvis_x", "before_impact"): Band(-110, -85, 2),
    ("kick_right_knee_pelvis_x", "after_impact"): Band(70, 90, 2),
    ("impact_right_knee_global_y", "impact"): Band(42, 48, 1, unsigned=True),
    ("kick_right_hip_x", "impact"): Band(170, None, 1),
}


def points(metric: str, phase: str, value: float | None) -> int | None:
    """Points 0..10 of a value; None stays None. Raises KeyError for a metric or phase that is not documented."""
    band = BANDS[metric, phase]
    return None if value is None else band.points(value)


def total_score(scored: Iterable[int | None]) -> float | None:
    """Ten times the mean of the points that exist, 0..100; None when fewer than four exist."""
    known = [value for value in scored if value is not None]
    if len(known) < LEAST_SCORED:
        return None
    return round(FULL_MARKS * sum(known) / len(known), 1)
