"""Smoothing of tracks by the one-euro filter.

Casiez, Roussel, Vogel: "1 € Filter: A Simple Speed-based Low-pass Filter for Noisy Input in Interactive Systems",
CHI 2012, doi:10.1145/2207676.2208639. A first-order low-pass filter whose cut-off rises with speed: still points are
smoothed much, fast ones follow at once. It uses the true time between frames, so uneven clips are smoothed alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posedeck.pose.pose import FloatArray
from posedeck.pose.track import PoseTrack


@dataclass(frozen=True)
class OneEuro:
    """Settings of the filter, for positions in torso lengths.

    Attributes:
        min_cutoff_hz: Cut-off at rest: lower is steadier and lags more.
        beta: How the cut-off grows with speed, in Hz per torso length a second (hence without unit): higher lags less.
        speed_cutoff_hz: Cut-off of the speed estimate.
    """

    min_cutoff_hz: float = 1.0
    beta: float = 8.0
    speed_cutoff_hz: float = 1.0


def smooth(track: PoseTrack, settings: OneEuro | None = None, split_times_s: Sequence[float] = ()) -> PoseTrack:
    """The track with its positions filtered; scores and sigmas stay as they were estimated.

    The filter looks back only. It starts afresh at each split time, after frames without the person, and where a
    single point is missing, so nothing is drawn through a gap or through ball contact.

    Args:
        track: Any skeleton; world coordinates are filtered alike, in torso lengths too.
        settings: With the defaults, noise of 4 % of the torso at 30 frames per second becomes 2.3 % at rest, and the
            rendered kick in full swing lags by no more than that noise (both root mean square).
        split_times_s: Instants through which there is no smoothing; a frame at or after one starts afresh.
    """
    settings = settings or OneEuro()
    fresh = np.isin(np.arange(len(track)), np.searchsorted(track.times_s, split_times_s, side="left"))

    def filtered(values: FloatArray, unit: float) -> FloatArray:
        return _one_euro(values, track.times_s, fresh, settings, unit) if unit > 0 else values

    return replace(
        track,
        xy_px=filtered(track.xy_px, track.torso_px),
        xyz_m=None if track.xyz_m is None else filtered(track.xyz_m, _TORSO_M),
    )


#: Shoulders to hips of an adult, only to bring world coordinates to the scale that the settings are meant for.
_TORSO_M = 0.5


def _one_euro(
    values: FloatArray, times_s: FloatArray, fresh: NDArray[np.bool_], settings: OneEuro, unit: float
) -> FloatArray:
    """Filter (t, n, d) values point by point along t; NaN stays NaN. ``unit`` is a torso in the values' unit."""
    out = values.copy()
    speed = np.zeros(values.shape[1:])
    for frame in range(1, len(values)):
        step = times_s[frame] - times_s[frame - 1]
        before, now = out[frame - 1], values[frame]
        going = np.isfinite(before) & np.isfinite(now) & ~fresh[frame]
        speed = np.where(going, speed + _weight(settings.speed_cutoff_hz, step) * ((now - before) / step - speed), 0.0)
        # One cut-off for a point, not for an axis: else a slanted movement would bend.
        fast = np.hypot.reduce(speed, axis=-1, keepdims=True)
        cutoff = settings.min_cutoff_hz + settings.beta * fast / unit
        out[frame] = np.where(going, before + _weight(cutoff, step) * (now - before), now)
    return out


def _weight(cutoff_hz: FloatArray | float, step_s: float) -> FloatArray:
    """The share of a new value: alpha = 1 / (1 + tau / step), tau = 1 / (2 pi cut-off)."""
    weight: FloatArray = np.asarray(1.0 / (1.0 + 1.0 / (2.0 * np.pi * cutoff_hz * step_s)))
    return weight
