"""The table of the posture metrics: value with interval, grade, bullet chart of the bands, details on demand."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import streamlit as st

from components.assets import read_assets
from posedeck.pose.grades import Bands, Profile
from posedeck.pose.posture import View
from posedeck.pose.uncertainty import Estimate
from posedeck.services.assessment import MetricAssessment
from posedeck.services.wording import (
    MAX_LEVEL,
    degrees_text,
    directed_grade_text,
    direction_text,
    edge_text,
    grade_text,
    half_width_text,
    interval_text,
    level,
    probability_text,
)
from posedeck.texts import Texts

#: The chart shows this share of the span of the cut points beyond the outermost ones.
_MARGIN_TWO_SIDED = 0.25
_MARGIN_ONE_SIDED = 1.0
#: A value further out widens the chart up to this multiple, then it is drawn as an arrow at the end.
_MAX_WIDENING = 2.5
#: Grades less likely than this are left out of the list of probabilities.
_LEAST_LISTED = 0.005

_mount = st.components.v2.component(
    "posedeck_metric_table",
    html='<div class="metrics"></div>',
    css=read_assets("metric_table.css"),
    js=read_assets("dom.js", "metric_table.js"),
)


def metric_table(entries: Sequence[MetricAssessment], profile: Profile, *, key: str, t: Texts) -> None:
    """Show the assessed metrics grouped by photo, over the bands of the profile that they were graded by."""
    texts = ("title", "metric", "value", "grade", "bands", "more", "interval")
    _mount(
        key=key,
        data={
            "groups": [
                {
                    "title": t(f"photo.{view.value}.title"),
                    "rows": [_row(entry, profile, t) for entry in entries if entry.metric.view is view],
                }
                for view in View
            ],
            "levels": [{"level": grade, "label": grade_text(grade, t)} for grade in range(MAX_LEVEL + 1)],
            "text": {
                **{name: t(f"table.{name}") for name in texts},
                "legend": t("table.legend", profile=profile.title),
                "borderline": t("borderline"),
                "borderline_help": t("borderline.help"),
            },
        },
    )


def _row(entry: MetricAssessment, profile: Profile, t: Texts) -> dict[str, Any]:
    key, bands = entry.metric.key, profile.bands.get(entry.metric.key)
    row: dict[str, Any] = {
        "key": key,
        "name": t(f"metric.{key}.name"),
        "value": None,
        "level": level(entry.grade),
        "grade": t("table.missing"),
        "missing": t("table.missing.reason", view=t(f"view.{entry.metric.view.value}")),
        "about_label": t("table.more.of", name=t(f"metric.{key}.name")),
        "about": _about(key, t),
    }
    if entry.estimate is None:
        return row
    row |= _measured(entry, entry.estimate, bands, t)
    if bands is not None:
        edges = ", ".join(f"{edge_text(edge)}°" for edge in bands.edges)
        values = {"value": row["value"], "interval": row["interval"], "grade": row["grade"], "edges": edges}
        row["chart"] = {**band_chart(bands, entry.estimate), "label": t("table.bands.label", **values)}
        row["odds"] = _odds(entry, bands, t)
    return row


def _measured(entry: MetricAssessment, estimate: Estimate, bands: Bands | None, t: Texts) -> dict[str, Any]:
    printed = degrees_text(estimate.value, bands)
    raw = None if entry.raw_value is None else degrees_text(entry.raw_value, bands)
    answered = entry.answered_grade if bands and entry.answered_grade != entry.grade else None
    return {
        "value": printed,
        "half": half_width_text(estimate),
        "interval": interval_text(estimate, t),
        "raw": t("table.raw", value=raw) if raw not in (None, printed) else None,
        "grade": grade_text(entry.grade, t) if bands else t("grade.no_band"),
        "borderline": entry.borderline,
        "answered": None if answered is None else t("table.answered", grade=grade_text(answered, t)),
        "corrected": t("table.corrected") if entry.corrected else None,
        "direction": direction_text(entry.metric.key, estimate.value, t),
    }


def _odds(entry: MetricAssessment, bands: Bands, t: Texts) -> dict[str, Any]:
    listed = {grade: share for grade, share in entry.probabilities.items() if share >= _LEAST_LISTED}
    return {
        "title": t("table.odds"),
        "parts": [
            {
                "level": level(grade),
                "share": round(100 * share, 2),
                "label": f"{directed_grade_text(entry.metric.key, grade, bands, t)} {probability_text(share)}",
            }
            for grade, share in listed.items()
        ],
    }


def _about(key: str, t: Texts) -> list[list[str]]:
    sign = t("table.sign.text", positive=t(f"metric.{key}.positive"), negative=t(f"metric.{key}.negative"))
    return [
        [t("table.definition"), t(f"metric.{key}.definition")],
        [t("table.sign"), sign],
        [t("table.source"), t(f"metric.{key}.source")],
        [t("table.limit"), t(f"metric.{key}.limit")],
    ]


def band_chart(bands: Bands, estimate: Estimate) -> dict[str, Any]:
    """Geometry of a bullet chart in percent of its width.

    Returns:
        ``zones`` (from, to, level), ``ticks`` (at, label), ``at`` of the value, ``whisker`` (from, to, and whether
        either end is cut off) of the 95 % interval, and ``beyond``: ``"low"`` or ``"high"`` when the value lies outside
        the chart and ``at`` is its end, else None.
    """
    value, interval = estimate.value, estimate.interval_95
    low, high = _domain(bands, value)

    def percent(x: float) -> float:
        return round(100 * (min(max(x, low), high) - low) / (high - low), 2)

    return {
        "zones": [
            {"from": percent(start), "to": percent(end), "level": level(grade)}
            for (start, end), grade in zip(pairwise((low, *bands.edges, high)), bands.grades, strict=True)
        ],
        "ticks": [{"at": percent(edge), "label": edge_text(edge)} for edge in bands.edges],
        "at": percent(value),
        "whisker": {
            "from": percent(interval[0]),
            "to": percent(interval[1]),
            "cut_low": interval[0] < low,
            "cut_high": interval[1] > high,
        },
        "beyond": "low" if value < low else "high" if value > high else None,
    }


def _domain(bands: Bands, value: float) -> tuple[float, float]:
    span = bands.edges[-1] - bands.edges[0] or abs(bands.edges[0]) or 1.0
    margin = span * (_MARGIN_TWO_SIDED if bands.grades[0] else _MARGIN_ONE_SIDED)
    low, high = bands.edges[0] - margin, bands.edges[-1] + margin
    room = (high - low) * (_MAX_WIDENING - 1)
    clear = margin / 4
    if low - room < value - clear < low:
        low = value - clear
    elif high < value + clear < high + room:
        high = value + clear
    return low, high
