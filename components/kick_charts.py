"""Charts of a kick over time: joint angles and foot speed, and two kicks aligned at contact."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import streamlit as st

from posedeck.pose.kick.alignment import AlignedKicks
from posedeck.pose.kick.analysis import EVENTS, KickAnalysis, KneeAtImpact
from posedeck.pose.pose import FloatArray
from posedeck.services.wording import degrees_text
from posedeck.texts import Texts

#: In the order of their importance; the first are shown until others are chosen.
CURVES = ("kicking_knee", "kicking_shank", "kicking_hip", "support_knee", "support_hip", "trunk")
SHOWN_AT_FIRST = CURVES[:4]
# Told apart by dash as well as by colour (Okabe & Ito's palette, readable on light and dark).
_LOOK: Mapping[str, tuple[str, str]] = {
    "kicking_knee": ("#0072B2", "solid"),
    "kicking_shank": ("#D55E00", "solid"),
    "kicking_hip": ("#009E73", "solid"),
    "support_knee": ("#56B4E9", "dash"),
    "support_hip": ("#CC79A7", "dash"),
    "trunk": ("#E69F00", "dot"),
}
_HEIGHT, _SPEED_HEIGHT = 440, 290
#: Left and right of every chart of a kick, whatever its labels: one under the other, equal times lie under each other.
_LEFT_PX, _RIGHT_PX = 56, 16
#: Names of events stand above the chart, each in a row of its own, so that they never touch on a narrow screen. Behind
#: this share of the width a name is written to the left of its event.
_ROW_PX, _TURN_AT = 16, 0.7
#: Events; seen on light and on dark.
_MARK = "#888888"
_CONFIG = {"displayModeBar": False, "scrollZoom": False}


def angle_chart(analysis: KickAnalysis, names: Sequence[str], t: Texts, *, key: str) -> None:
    """Joint angles in degrees over the seconds of the clip, with contact and the other events marked."""
    figure = _figure(t("soccer.curves.angles"), t("soccer.curves.time"))
    for name in names:
        figure.add_scatter(
            x=analysis.times_s,
            y=analysis.angles_deg[name],
            mode="lines",
            name=t(f"kick.curve.{name}"),
            line={"color": _LOOK[name][0], "dash": _LOOK[name][1], "width": 2.5},
            hovertemplate="%{y:.0f}°",
        )
    knee = analysis.knee_at_impact
    if "kicking_knee" in names and knee is not None and knee.value is not None:
        _mark_knee(figure, analysis, knee, t)
    _over_time(figure, analysis, t)
    st.plotly_chart(figure, key=key, config=_CONFIG, alt=t("soccer.curves.alt"))


def speed_chart(analysis: KickAnalysis, t: Texts, *, key: str) -> None:
    """Foot speed over the seconds of the clip; why there is none where it is withheld."""
    speed = analysis.foot_speed
    if not speed.times_s:
        st.caption(t("soccer.speed.withheld", reason=t(f"kick.reason.{speed.reason or 'scale'}")))
        return
    figure = _figure(t("soccer.curves.speed"), t("soccer.curves.time"), height=_SPEED_HEIGHT)
    figure.add_scatter(
        x=speed.times_s,
        y=speed.m_s,
        mode="lines+markers",
        marker={"size": 5},
        line={"color": "#0072B2", "width": 2},
        hovertemplate="%{y:.1f} m/s<extra></extra>",
        showlegend=False,
    )
    _over_time(figure, analysis, t)
    st.plotly_chart(figure, key=key, config=_CONFIG, alt=t("soccer.speed.alt"))


def aligned_chart(pair: AlignedKicks, titles: tuple[str, str], name: str, t: Texts, *, key: str) -> None:
    """One curve of both kicks over the seconds from contact."""
    figure = _figure(t(f"kick.curve.{name}"), t("soccer.curves.since_contact"))
    for title, curves, dash in zip(titles, (pair.first_deg, pair.second_deg), ("solid", "dash"), strict=True):
        figure.add_scatter(
            x=pair.times_s,
            y=_gaps(curves[name]),
            mode="lines",
            name=title,
            line={"dash": dash, "width": 2.5, "color": "#0072B2" if dash == "solid" else "#D55E00"},
            hovertemplate="%{y:.0f}°",
        )
    figure.add_vline(x=0.0, line={"width": 1, "dash": "dot", "color": _MARK}, annotation_text=t("kick.event.impact"))
    st.plotly_chart(figure, key=key, config=_CONFIG, alt=t("soccer.curves.alt"))


def extremes_text(analysis: KickAnalysis, name: str) -> str:
    """Smallest and largest value of a curve, for those who do not see the chart."""
    known = [value for value in analysis.angles_deg[name] if value is not None]
    return f"{degrees_text(min(known))} … {degrees_text(max(known))}" if known else "–"


def _figure(y_title: str, x_title: str, height: int = _HEIGHT) -> go.Figure:
    figure = go.Figure()
    figure.update_layout(
        height=height,
        margin={"l": _LEFT_PX, "r": _RIGHT_PX, "t": 24, "b": 44},
        hovermode="x unified",
        legend={"orientation": "h", "y": -0.2, "yanchor": "top", "x": 0},
        dragmode=False,
    )
    figure.update_xaxes(title=x_title, fixedrange=True)
    figure.update_yaxes(title=y_title, fixedrange=True, automargin=False)
    return figure


def _over_time(figure: go.Figure, analysis: KickAnalysis, t: Texts) -> None:
    """Set the chart over the whole clip, with its events."""
    start, end = analysis.times_s[0], analysis.times_s[-1]
    figure.update_xaxes(range=[start, end])
    figure.update_layout(margin={"t": 8 + len(EVENTS) * _ROW_PX})
    before, after = (analysis.times_s[frame] for frame in analysis.impact_frames)
    figure.add_vrect(x0=before, x1=after, opacity=0.25, line_width=0, fillcolor=_MARK)
    events = sorted((analysis.event(name) for name in EVENTS), key=lambda event: event.time_s)
    turned = [event for event in events if event.time_s - start > _TURN_AT * (end - start)]
    # From the lowest row up, such that no line to a name passes through another name.
    for row, event in enumerate([*reversed(events[: len(events) - len(turned)]), *turned]):
        figure.add_vline(x=event.time_s, line={"width": 1, "dash": "dot", "color": _MARK})
        figure.add_shape(
            type="line", x0=event.time_s, x1=event.time_s, yref="paper", ysizemode="pixel", yanchor=1,
            y0=0, y1=(row + 1) * _ROW_PX, line={"width": 1, "color": _MARK},
        )  # fmt: skip
        figure.add_annotation(
            x=event.time_s, y=1, yref="paper", yshift=row * _ROW_PX, text=t(f"kick.event.{event.name}"),
            showarrow=False, xanchor="right" if event in turned else "left", yanchor="bottom", borderpad=1,
            font={"size": 11},
        )  # fmt: skip


def _mark_knee(figure: go.Figure, analysis: KickAnalysis, knee: KneeAtImpact, t: Texts) -> None:
    """The knee at contact with its interval, the very value that is shown in words."""
    value, low, high = knee.value or 0.0, knee.low or 0.0, knee.high or 0.0
    figure.add_scatter(
        x=[analysis.event("impact").time_s],
        y=[value],
        error_y={"type": "data", "array": [high - value], "arrayminus": [value - low], "thickness": 1.5, "width": 4},
        mode="markers",
        marker={"symbol": "diamond", "size": 9, "color": _LOOK["kicking_knee"][0]},
        name=t("soccer.knee"),
        hovertemplate="%{y:.0f}°",
        showlegend=False,
    )


def _gaps(values: FloatArray) -> list[float | None]:
    return [None if value != value else float(value) for value in values]
