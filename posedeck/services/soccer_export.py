"""A kick as JSON and CSV."""

from typing import Any

import msgspec

from posedeck import __version__
from posedeck.pose.kick.references import references
from posedeck.pose.kick.score import BANDS
from posedeck.services.collapse import collapse_base64
from posedeck.services.csv_table import csv_table
from posedeck.services.soccer import KickMetricResult, KickResult
from posedeck.services.soccer_wording import UNITS
from posedeck.services.sources import origin_of

FORMAT = "posedeck-kick"
FORMAT_VERSION = 1
_DIGITS = 3
_METRIC_COLUMNS = (
    "metric", "phase", "value", "unit", "low_95", "high_95", "status", "reason", "points", "full_marks_from",
    "full_marks_to", "total_score", "kicking_side", "source", "answered_at",
)  # fmt: skip


def export_json(result: KickResult) -> bytes:
    """The result with intervals, points, events and curves, the published values beside it, and the body as it came."""
    document = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "application": {"name": "PoseDeck", "version": __version__},
        "source": result.source.value,
        "label": result.source.label_for("remo", origin_of(result.exchange)),
        "recorded_from": origin_of(result.exchange),
        "uuid": result.uuid,
        "answered_at": result.answered_at,
        **_figures(result),
        "analysis": result.analysis,
        "references": references(),
        "body": collapse_base64({name: value for name, value in result.body.items() if name != "x_kick"}),
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def saved_kick(result: KickResult) -> bytes:
    """The figures of a result as they are shown, as a run keeps them: JSON."""
    return msgspec.json.encode(_figures(result))


def answer_of(document: dict[str, Any]) -> dict[str, Any]:
    """The answer in an export, with its analysis where it had one. Raises ValueError when there is none."""
    body = document.get("body")
    if not isinstance(body, dict):
        raise ValueError("the export holds no answer")
    return body if document.get("analysis") is None else body | {"x_kick": document["analysis"]}


def export_csv(result: KickResult) -> bytes:
    """The twelve values, a row each; empty cells were withheld."""
    side = result.analysis.side if result.analysis else ""
    rows = []
    for metric in result.metrics:
        validity, band = metric.validity, BANDS[metric.key]
        rows.append(
            [
                *metric.key,
                _number(metric.value),
                UNITS[metric.key],
                _number(validity.low if validity else None),
                _number(validity.high if validity else None),
                validity.status if validity else "",
                (validity.reason or "") if validity else "",
                metric.points,
                _number(band.low),
                _number(band.high),
                _number(result.total_score),
                side,
                result.source.label_for("remo", origin_of(result.exchange)),
                result.answered_at.isoformat(),
            ]
        )
    return csv_table(_METRIC_COLUMNS, rows)


def export_curves_csv(result: KickResult) -> bytes:
    """Joint angles and foot speed per frame. Raises ValueError for an answer without curves."""
    analysis = result.analysis
    if analysis is None:
        raise ValueError("the answer holds no curves")
    names = list(analysis.angles_deg)
    # The speed between two frames stands in the row of the later one.
    speed = [None, *analysis.foot_speed.m_s] if analysis.foot_speed.m_s else [None] * len(analysis.times_s)
    rows = [
        [frame, f"{time:.4f}", *(_number(analysis.angles_deg[name][frame]) for name in names), _number(speed[frame])]
        for frame, time in enumerate(analysis.times_s)
    ]
    return csv_table(("frame", "time_s", *(f"{name}_deg" for name in names), "foot_speed_m_s"), rows)


def _figures(result: KickResult) -> dict[str, Any]:
    return {"total_score": result.total_score, "metrics": [_metric(metric) for metric in result.metrics]}


def _metric(metric: KickMetricResult) -> dict[str, Any]:
    return {
        "metric": metric.key[0],
        "phase": metric.key[1],
        "value": metric.value,
        "unit": UNITS[metric.key],
        "validity": metric.validity,
        "points": metric.points,
        "full_marks": BANDS[metric.key],
    }


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.{_DIGITS}f}"
