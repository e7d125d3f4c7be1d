"""What one camera can honestly say about each metric: reported, reported as a range, or withheld with the reason.

The interval comes from Monte Carlo draws (fixed seed, so that the same clip gives the same answer) of everything that
is not known: keypoint noise, motion blur, when the event fell between two frames, and what the camera does not see.
Each cause is also drawn alone; the widest is named as the reason when the whole is too wide.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from posedeck.pose.kick.events import Moment
from posedeck.pose.kick.metrics import WORLD, KickMetric, Points
from posedeck.pose.kick.motion import at, frame_s, sigma_of
from posedeck.pose.kick.scene import Setting, draw_scene
from posedeck.pose.pose import FloatArray

Status = Literal["reported", "range", "withheld"]
Reason = Literal["frame_rate", "blur", "scale", "view", "ball_not_found", "not_seen"]

DRAWS = 300
# A shutter open for half the frame (180 degrees) smears a keypoint evenly along its way.
_SHUTTER = 0.5
_SEED = 20
# Scatter of world landmarks of the legs in a kick, per axis in metres: across the line of sight such that a knee's
# angle in space scatters by the 6 degrees of the rendered kick, along it as much as their depth is off there.
_WORLD_SIGMA_M = np.array([0.018, 0.018, 0.06])
_SOURCES = ("keypoints", "blur", "timing", "scene")
_REASONS: dict[str, "Reason"] = {"keypoints": "scale", "blur": "blur", "timing": "frame_rate", "scene": "view"}


@dataclass(frozen=True)
class Judged:
    """A value with its 95 % interval and what may be said about it; a withheld one has none of the three."""

    status: Status
    reason: Reason | None
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, eq=False)
class _Noise:
    keypoints: FloatArray
    blur: FloatArray
    timing: FloatArray
    scene: FloatArray
    world: FloatArray


def _draws(rng: np.random.Generator, moments: int, points: int) -> _Noise:
    return _Noise(
        rng.standard_normal((DRAWS, moments, points, 2)),
        rng.uniform(-0.5, 0.5, (DRAWS, moments, points)),
        rng.uniform(0.0, 1.0, DRAWS),
        rng.standard_normal((DRAWS, 10)),
        rng.standard_normal((DRAWS, moments, points, 3)),
    )


def _moment_of(metric: KickMetric, setting: Setting) -> Moment:
    """When a metric is taken. The foot's place is read in the last frame before contact."""
    if metric.event == "impact":
        if metric.needs_ball:
            last = float(setting.track.times_s[setting.swing.impact.before])
            return Moment(last, last, last)
        return setting.swing.impact.moment
    moment: Moment = getattr(setting.swing, metric.event)
    return moment


def judge(metric: KickMetric, setting: Setting) -> Judged:
    """Measure one metric and say what its value is worth."""
    view, impact = setting.view, setting.swing.impact
    if view not in metric.views or (view in metric.needs_depth_from and setting.track.xyz_m is None):
        return _withheld("view")
    if metric.needs_ball and not (impact.by_ball and setting.ball.found[: impact.before + 1].any()):
        return _withheld("ball_not_found")
    trial = _Trial(metric, setting)
    best = float(trial.values(())[0])
    values = trial.values(_SOURCES)
    if not np.isfinite(best) or np.isfinite(values).mean() < 0.9:
        return _withheld("not_seen")
    margin = trial.curvature()
    low, high = (float(end) for end in np.nanquantile(values, [0.025, 0.975]))
    low, high = min(low, best) - margin, max(high, best) + margin
    half = (high - low) / 2
    if half <= metric.tolerance:
        return Judged("reported", None, best, low, high)
    spread = {source: float(np.nanstd(trial.values((source,)))) for source in _SOURCES}
    spread["timing"] += margin / 2
    reason = _REASONS[max(spread, key=spread.__getitem__)]
    if reason == "frame_rate" and metric.event == "impact" and not impact.by_ball:
        # More frames would help little: when contact was is told by the ball.
        reason = "ball_not_found"
    return Judged("range", reason, best, low, high) if half <= metric.limit else _withheld(reason)


def _withheld(reason: Reason) -> Judged:
    return Judged("withheld", reason, None, None, None)


class _Trial:
    """Repeated measurements of one metric under drawn doubts."""

    def __init__(self, metric: KickMetric, setting: Setting) -> None:
        self._metric, self._setting = metric, setting
        track = setting.track
        self._times = track.times_s
        self._step = frame_s(track.times_s)
        self._moment = _moment_of(metric, setting)
        self._noise = _draws(np.random.default_rng(_SEED), len(metric.offsets_s), len(metric.keypoints))
        indices = track.skeleton.indices(metric.keypoints)
        self._paths = track.xy_px[:, indices]
        self._world = track.xyz_m[:, indices] if metric.world and track.xyz_m is not None else None
        self._sigma = np.stack([sigma_of(track, name) for name in metric.keypoints], axis=1)

    def values(self, sources: tuple[str, ...]) -> FloatArray:
        """(d,) values with the named sources of doubt drawn and the others at their best estimate."""
        moment, noise = self._moment, self._noise
        shift = moment.earliest_s + noise.timing * (moment.latest_s - moment.earliest_s) - moment.time_s
        draws = DRAWS if sources else 1
        when = np.clip(moment.time_s + ("timing" in sources) * shift[:draws], self._times[0], self._times[-1])
        scene = draw_scene(self._setting, moment.time_s, ("scene" in sources) * noise.scene[:draws])
        poses = []
        for position, offset in enumerate(self._metric.offsets_s):
            places = at(self._times, self._paths, when + offset)
            if "keypoints" in sources:
                sigma = at(self._times, self._sigma, when + offset)
                places = places + sigma[..., None] * noise.keypoints[:, position]
            if "blur" in sources:
                places = places + self._way(moment.time_s + offset) * noise.blur[:, position, :, None]
            spread = _WORLD_SIGMA_M * noise.world[:, position] if "keypoints" in sources else 0.0
            poses.append(self._named(places, when + offset, spread))
        return self._metric.measure(scene, poses)

    def curvature(self) -> float:
        """How far a straight line between frames can miss: an eighth of the second difference over a frame."""
        when = self._moment.time_s + self._step * np.array([-1.0, 0.0, 1.0])
        scene = draw_scene(self._setting, self._moment.time_s, 0.0 * self._noise.scene[:3])
        poses = [
            self._named(at(self._times, self._paths, when + offset), when + offset) for offset in self._metric.offsets_s
        ]
        before, now, after = self._metric.measure(scene, poses)
        miss = abs(float(before - 2 * now + after)) / 8
        return miss if np.isfinite(miss) else 0.0

    def _way(self, when_s: float) -> FloatArray:
        """(k, 2) way of each keypoint while the shutter is open."""
        centre = float(np.clip(when_s, self._times[0] + self._step, self._times[-1] - self._step))
        start, end = at(self._times, self._paths, centre + self._step / 2 * np.array([-1.0, 1.0]))
        way: FloatArray = _SHUTTER * np.nan_to_num(end - start)
        return way

    def _named(self, places: FloatArray, when_s: FloatArray, spread_m: FloatArray | float = 0.0) -> Points:
        named = {name: places[:, k] for k, name in enumerate(self._metric.keypoints)}
        if self._world is not None:
            world = at(self._times, self._world, when_s) + spread_m
            named |= {name + WORLD: world[:, k] for k, name in enumerate(self._metric.keypoints)}
        return named
