"""Two kicks on one clock that reads zero at contact."""

from dataclasses import dataclass

import numpy as np

from posedeck.pose.kick.analysis import KickAnalysis
from posedeck.pose.pose import FloatArray


@dataclass(frozen=True, eq=False)
class AlignedKicks:
    """Two kicks over the time they share.

    Attributes:
        times_s: (t,) seconds from contact, evenly spaced.
        first_deg, second_deg: Curves (t,) of each kick by name; NaN where its keypoints were not seen.
        first_frames, second_frames: (t,) nearest frame of each clip.
        uncertainty_s: How far the two clocks can be apart: half the widths of both contact intervals.
    """

    times_s: FloatArray
    first_deg: dict[str, FloatArray]
    second_deg: dict[str, FloatArray]
    first_frames: list[int]
    second_frames: list[int]
    uncertainty_s: float


def align_at_impact(first: KickAnalysis, second: KickAnalysis) -> AlignedKicks:
    """Two kicks over the time both show, at the spacing of the one with more frames per second.

    A left-footed kick's curves are those of its mirror image, so kicking and support leg compare whatever the foot.

    Raises:
        ValueError: when the clips share no time about contact.
    """
    kicks = (first, second)
    clocks = [np.array(kick.times_s) - kick.event("impact").time_s for kick in kicks]
    start, end = max(clock[0] for clock in clocks), min(clock[-1] for clock in clocks)
    step = 1.0 / max(kick.fps for kick in kicks)
    if end - start < step:
        raise ValueError("the clips share no time about contact")
    # Contact itself is one of the times.
    times = step * np.arange(np.ceil(start / step), np.floor(end / step) + 1)
    curves = [
        {name: _at(clock, kick.angles_deg[name], times) for name in first.angles_deg}
        for kick, clock in zip(kicks, clocks, strict=True)
    ]
    frames = [[int(np.argmin(np.abs(clock - time))) for time in times] for clock in clocks]
    widths = [kick.event("impact").latest_s - kick.event("impact").earliest_s for kick in kicks]
    return AlignedKicks(times, curves[0], curves[1], frames[0], frames[1], sum(widths) / 2)


def _at(clock: FloatArray, curve: list[float | None], times_s: FloatArray) -> FloatArray:
    values = np.array([np.nan if value is None else value for value in curve])
    # Across a frame without a value the curve stays broken: NaN spreads to the times about it.
    return np.asarray(np.interp(times_s, clock, values))
