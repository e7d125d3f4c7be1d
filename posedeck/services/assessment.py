"""What a posture answer means: each metric with its interval, the probability of each grade, and the camera's share.

An assessment is computed from an answer without a new call, so switching the profile, the calibration or a keypoint
shows at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from posedeck.pose.calibration import Calibration, load_calibration
from posedeck.pose.grades import DECIMALS, Profile
from posedeck.pose.pose import FloatArray, Pose
from posedeck.pose.posture import METRICS, Metric, View
from posedeck.pose.roll import TILT_KEYS, CommonMode, common_mode
from posedeck.pose.uncertainty import (
    Estimate,
    default_sigma_px,
    grade_probabilities,
    is_borderline,
    keypoint_sigma_deg,
    metric_gradient,
)
from posedeck.services.posture import PostureResult

#: Keypoints moved by hand: name to (x, y) in pixels of the photo.
Edits = Mapping[View, Mapping[str, tuple[float, float]]]

#: Standard deviation per axis of a keypoint set by hand, as a share of the torso: about two pixels of a body that fills
#: a photo of a thousand.
HAND_SIGMA_TORSO = 0.008


@dataclass(frozen=True)
class MetricAssessment:
    """One metric with its uncertainty.

    Attributes:
        metric: Which one.
        estimate: Value in degrees with its standard deviation; None when it was not measured.
        raw_value: Uncalibrated value; equal to the estimate's where nothing is calibrated.
        grade: Grade of the value by the profile; None without a band.
        probabilities: Probability of each grade; empty without a band.
        answered_value, answered_grade: What the answer itself says.
        corrected: Whether a keypoint that turns it was moved by hand; then it is measured anew and not calibrated.
    """

    metric: Metric
    estimate: Estimate | None
    raw_value: float | None
    grade: int | None
    probabilities: dict[int, float]
    answered_value: float | None
    answered_grade: int | None
    corrected: bool

    @property
    def value(self) -> float | None:
        """The value that is shown, in degrees."""
        return None if self.estimate is None else self.estimate.value

    @property
    def borderline(self) -> bool:
        """Whether no grade has 80 %."""
        return bool(self.probabilities) and is_borderline(self.probabilities)

    @property
    def likeliest(self) -> int | None:
        """The likeliest grade; None without a band."""
        return max(self.probabilities, key=self.probabilities.__getitem__) if self.probabilities else None


@dataclass(frozen=True, eq=False)
class Assessment:
    """All metrics of an answer under one profile.

    Attributes:
        profile: By which it is graded.
        metrics: In the order of ``METRICS``.
        levelled: The five frontal tilts with the common mode taken out, and the other metrics as they are.
        common: What the frontal tilts share; None when fewer than three were measured.
        calibration: What the values were calibrated by; None when they are as measured or a vendor's.
        poses: Poses with the keypoints as corrected.
        edits: The corrected keypoints.
    """

    profile: Profile
    metrics: tuple[MetricAssessment, ...]
    levelled: tuple[MetricAssessment, ...]
    common: CommonMode | None
    calibration: Calibration | None
    poses: dict[View, Pose]
    edits: Edits = field(default_factory=dict)

    def findings(self, limit: int = 3) -> list[MetricAssessment]:
        """The most certain findings: metrics whose likeliest grade is not normal, the surest first."""
        # Wide tails alone can make danger the likeliest grade of a normal value; that is no finding.
        abnormal = [entry for entry in self.metrics if entry.likeliest and entry.grade]
        return sorted(abnormal, key=lambda entry: (entry.probabilities.get(0, 0.0), -abs(entry.likeliest or 0)))[:limit]


def assess(
    result: PostureResult, profile: Profile, *, calibrated: bool = True, edits: Edits | None = None
) -> Assessment:
    """Assess an answer under a profile.

    Args:
        result: The answer, of our engine or a vendor's.
        profile: Bands to grade by.
        calibrated: Whether our own engine's values are shown calibrated; a vendor's never are.
        edits: Keypoints moved by hand.
    """
    edits = edits or {}
    calibration = load_calibration()
    ours = result.method is not None
    poses = {view: pose.with_points(edits.get(view, {})) for view, pose in result.poses.items()}
    sigmas = {view: _sigma_px(pose, edits.get(view, {})) for view, pose in poses.items()}
    by_hand = {m.key: _share_by_hand(m, poses[m.view], edits.get(m.view, {})) for m in METRICS if m.view in poses}
    corrected = {key for key, share in by_hand.items() if share > 0}
    answered = {entry.metric.key: entry.value for entry in result.metrics}
    raw = {
        # Rounded as printed, for then our server's values are met to the last decimal.
        m.key: round(m.measure(poses[m.view]) if ours or m.key in corrected else _number(answered[m.key]), DECIMALS)
        for m in METRICS
        if m.view in poses
    }
    applied = calibration if ours and calibrated else None
    values = {**(applied.apply(raw) if applied else raw), **{key: raw[key] for key in corrected if key in raw}}
    estimates = {
        m.key: Estimate(
            round(values[m.key], DECIMALS), _sigma_deg(m, poses, sigmas, calibration, applied, by_hand[m.key])
        )
        for m in METRICS
        if m.key in values and np.isfinite(values[m.key])
    }
    tilts = {key: Estimate(raw[key], estimates[key].sigma) for key in TILT_KEYS if key in estimates}
    common = common_mode(tilts) if len(tilts) >= 3 else None
    answered_grades = {entry.metric.key: entry.grade for entry in result.metrics}

    def graded(estimate_of: Mapping[str, Estimate]) -> tuple[MetricAssessment, ...]:
        return tuple(
            _graded(
                m, estimate_of.get(m.key), raw.get(m.key), profile,
                answered.get(m.key), answered_grades.get(m.key), m.key in corrected,
            )
            for m in METRICS
        )  # fmt: skip

    return Assessment(
        profile=profile,
        metrics=graded(estimates),
        levelled=graded(_levelled(estimates, common)),
        common=common,
        calibration=applied,
        poses=poses,
        edits=edits,
    )


def _levelled(estimates: Mapping[str, Estimate], common: CommonMode | None) -> dict[str, Estimate]:
    if common is None:
        return dict(estimates)
    roll = common.estimate
    return {
        key: Estimate(estimate.value - roll.value, float(np.hypot(estimate.sigma, roll.sigma)))
        if key in TILT_KEYS
        else estimate
        for key, estimate in estimates.items()
    }


def _graded(
    metric: Metric,
    estimate: Estimate | None,
    raw: float | None,
    profile: Profile,
    answered_value: float | None,
    answered_grade: int | None,
    corrected: bool,
) -> MetricAssessment:
    bands = profile.bands.get(metric.key)
    return MetricAssessment(
        metric=metric,
        estimate=estimate,
        raw_value=None if raw is None or raw != raw else raw,
        grade=bands.grade(estimate.value) if estimate and bands else None,
        probabilities=grade_probabilities(estimate, bands) if estimate and bands else {},
        answered_value=answered_value,
        answered_grade=answered_grade,
        corrected=corrected,
    )


def _sigma_deg(
    metric: Metric,
    poses: Mapping[View, Pose],
    sigmas: Mapping[View, FloatArray],
    calibration: Calibration,
    applied: Calibration | None,
    by_hand: float,
) -> float:
    noise = keypoint_sigma_deg(metric, poses[metric.view], sigmas[metric.view])
    if by_hand == 1.0:
        return noise
    entry = calibration.metrics[metric.key]
    if applied is not None and by_hand == 0.0:
        return float(np.hypot(noise * entry.slope, entry.residual_deg))
    # A vendor's model is not known to be better than ours without its calibration.
    return float(np.hypot(noise, entry.raw_residual_deg or entry.residual_deg))


def _share_by_hand(metric: Metric, pose: Pose, moved: Mapping[str, tuple[float, float]]) -> float:
    """Share of the keypoints that turn the metric which were set by hand; those that only tell the facing do not."""
    if not moved:
        return 0.0
    turning = np.flatnonzero(metric_gradient(metric, pose).any(axis=1))
    set_by_hand = [pose.skeleton.names[index] in moved for index in turning]
    return float(np.mean(set_by_hand)) if set_by_hand else 0.0


def _sigma_px(pose: Pose, moved: Mapping[str, tuple[float, float]]) -> FloatArray:
    sigma = default_sigma_px(pose) if pose.sigma_px is None else pose.sigma_px.copy()
    for name in moved:
        sigma[pose.skeleton.index[name]] = HAND_SIGMA_TORSO * pose.torso_px
    return sigma


def _number(value: float | None) -> float:
    return float("nan") if value is None else value
