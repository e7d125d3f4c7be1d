"""Builders of results and of saved results, without any inference."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from posedeck.contracts.remo.skeleton import parse_answer
from posedeck.pose.calibration import load_calibration
from posedeck.pose.grades import REMO_2024, Profile, load_profile
from posedeck.pose.posture import METRICS, View
from posedeck.pose.uncertainty import Estimate
from posedeck.services.posture import MetricResult, PostureResult
from posedeck.services.saved import (
    SavedAnswered,
    SavedApplication,
    SavedEstimate,
    SavedMetric,
    SavedPhoto,
    SavedResult,
    SavedSource,
)
from posedeck.services.sources import Source
from tests.app.support import sample_result
from tests.support.answers import clean_answer


def own_result(**changes: Any) -> PostureResult:
    """A result of our own engine: its poses, raw values and method as its server sends them."""
    body = clean_answer()
    answer = parse_answer(body)
    metrics = tuple(
        MetricResult(m, answer.values.get(m.key), answer.raw_values.get(m.key), answer.grades.get(m.key))
        for m in METRICS
    )
    result = replace(
        sample_result(), metrics=metrics, poses=answer.poses, method=answer.method, uuid=answer.uuid, body=body
    )
    return replace(result, **changes)


def saved_result(
    values: Mapping[str, float | None],
    *,
    sigma: float = 0.5,
    profile: Profile | None = None,
    answered_at: datetime = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    source: Source = Source.LOCAL,
    calibration: str | None = load_calibration().version,
    roll: float = 0.0,
    corrected: bool = False,
) -> SavedResult:
    """A saved result with these values in degrees, each with the same standard deviation; others are missing."""
    profile = profile or load_profile(REMO_2024)
    roll_estimate = Estimate(roll, sigma)
    return SavedResult(
        application=SavedApplication("PoseDeck", "0.1.0"),
        source=SavedSource(source, source.label_for("remo"), "http://127.0.0.1:8600"),
        answered_at=answered_at,
        uuid=f"uuid of {answered_at:%H%M%S}",
        profile=profile,
        calibration=calibration,
        common_mode=SavedEstimate(roll, sigma, roll_estimate.interval_95),
        method=None,
        metrics=tuple(
            _saved_metric(metric.key, metric.view, values.get(metric.key), sigma, profile, corrected)
            for metric in METRICS
        ),
        photos={view: SavedPhoto("0" * 64, 768, 1024) for view in View},
        poses={},
    )


def _saved_metric(
    key: str, view: View, value: float | None, sigma: float, profile: Profile, corrected: bool
) -> SavedMetric:
    grade = None if value is None else profile.grade(key, value)
    return SavedMetric(
        key=key,
        view=view,
        value=value,
        sigma_deg=None if value is None else sigma,
        interval_95=None if value is None else Estimate(value, sigma).interval_95,
        raw_value=value,
        grade=grade,
        probabilities={} if grade is None else {grade: 1.0},
        borderline=False,
        corrected=corrected,
        answered=SavedAnswered(value, grade),
    )
