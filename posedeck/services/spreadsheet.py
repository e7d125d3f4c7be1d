"""The result as CSV."""

from posedeck.services.assessment import Assessment
from posedeck.services.csv_table import csv_table
from posedeck.services.posture import PostureResult
from posedeck.services.sources import origin_of

_COLUMNS = (
    "metric",
    "view",
    "value_deg",
    "low_95_deg",
    "high_95_deg",
    "raw_value_deg",
    "grade",
    "probability",
    "borderline",
    "corrected",
    "answered_value_deg",
    "answered_grade",
    "profile",
    "calibration",
    "source",
    "answered_at",
)
_DIGITS = 3


def export_csv(result: PostureResult, assessment: Assessment) -> bytes:
    """The eleven metrics, a row each; empty cells were not measured."""
    calibration = assessment.calibration.version if assessment.calibration else ""
    rows = []
    for entry in assessment.metrics:
        low, high = entry.estimate.interval_95 if entry.estimate else (None, None)
        rows.append(
            [
                entry.metric.key,
                entry.metric.view.value,
                _number(entry.value),
                _number(low),
                _number(high),
                _number(entry.raw_value),
                entry.grade,
                _number(entry.probabilities.get(entry.grade)) if entry.grade is not None else "",
                entry.borderline,
                entry.corrected,
                _number(entry.answered_value),
                entry.answered_grade,
                f"{assessment.profile.name} {assessment.profile.version}",
                calibration,
                result.source.label_for("remo", origin_of(result.exchange)),
                result.answered_at.isoformat(),
            ]
        )
    return csv_table(_COLUMNS, rows)


def _number(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)
