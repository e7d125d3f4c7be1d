"""Charts of a kick over time: joint angles and foot speed, and two kicks aligned at contact."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import streamlit as st

from posedeck.pose.kick.alignment import AlignedKicks
from posedeck.pose.kick.analysis import EVENTS, KickAnalysis
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
_HEIGHT = 380
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
    _mark_events(figure, analysis, t)
    st.plotly_chart(figure, key=key, config=_CONFIG, alt=t("soccer.curves.alt"))


def speed_chart(analysis: KickAnalysis, t: Texts, *, key: str) -> None:
    """Foot speed over the seconds of the clip; why there is none where it is withheld."""
    speed = analysis.foot_speed
    if not speed.times_s:
        st.caption(t("soccer.speed.withheld", reason=t(f"kick.reason.{speed.reason or 'scale'}")))
        return
    figure = _figure(t("soccer.curves.speed"), t("soccer.curves.time"), height=230)
    figure.add_scatter(
        x=speed.times_s,
        y=speed.m_s,
        mode="lines+markers",
        marker={"size": 5},
        line={"color": "#0072B2", "width": 2},
        hovertemplate="%{y:.1f} m/s<extra></extra>",
        showlegend=False,
    )
    figure.update_xaxes(range=[analysis.times_s[0], analysis.times_s[-1]])
    _mark_events(figure, analysis, t)
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
        margin={"l": 56, "r": 16, "t": 56 if height == _HEIGHT else 20, "b": 44},
        hovermode="x unified",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        dragmode=False,
    )
    figure.update_xaxes(title=x_title, fixedrange=True)
    figure.update_yaxes(title=y_title, fixedrange=True)
    return figure


def _mark_events(figure: go.Figure, analysis: KickAnalysis, t: Texts) -> None:
    for name in EVENTS:
        event = analysis.event(name)
        if name == "impact":
            before, after = (analysis.times_s[frame] for frame in analysis.impact_frames)
            figure.add_vrect(x0=before, x1=after, opacity=0.25, line_width=0, fillcolor=_MARK)
        figure.add_vline(x=event.time_s, line={"width": 1, "dash": "dot", "color": _MARK})
        figure.add_annotation(
            x=event.time_s, y=0, yref="paper", text=t(f"kick.event.{name}"), showarrow=False, textangle=-90,
            xanchor="right", yanchor="bottom", font={"size": 11},
        )  # fmt: skip


def _gaps(values: FloatArray) -> list[float | None]:
    return [None if value != value else float(value) for value in values]
